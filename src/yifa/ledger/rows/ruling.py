"""Which counting rules spans are made for, and what tells one definition of a rule from another."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from yifa.law.loader import Catalogue, catalogue
from yifa.law.overdue import overdue_rules_of
from yifa.law.schema import CountingRule, FieldType, Unit
from yifa.ledger.chain.canonical import sm3
from yifa.ledger.legal import calendar, no_power, rules_digest

SPOKEN = {
    "title",
    "unit",
    "explain",
    "basis",
    "answers",
    "version",
    "earlier",
}  # changes nothing that is counted
# what changes no row: of a field, what helps to fill it in and when it is asked; of a case type, what is only shown,
# and to whom it stands handed, which nothing that counts follows from (`kinds` adds it)
FILLING = {"help", "known_from", "counted_from", "copied_from", "personal", "asked_with", "as_before"}
SHOWN: dict[str, Any] = {
    **dict.fromkeys(("summary", "domain", "unit", "basis", "title_fact", "receipt", "handing"), True),
    "facts": {"__all__": FILLING},
    "acts": {"__all__": {"fields": {"__all__": FILLING}}},
}
# where a kind says one of these, its deadlines depend on which days are worked; others are plain calendar days
WORKED = ('"workdays"', '"roll_over":true')
LISTED = frozenset({FieldType.CHOICE, FieldType.BOOLEAN})
AT = "@"  # between a rule's id and the version, of rules that stand in no list
Rules = Mapping[str, tuple[CountingRule, ...]]


def rules_over(kind: str) -> tuple[CountingRule, ...]:
    """The rules over a case type or register that spans are made for."""
    return _by_kind(catalogue().digest)[0].get(kind, ())


def spanned_rules() -> Mapping[str, CountingRule]:
    """All rules that spans are made for, by id."""
    return _by_kind(catalogue().digest)[1]


@lru_cache(maxsize=2)
def _by_kind(_: str) -> tuple[Rules, Mapping[str, CountingRule]]:
    law = catalogue()
    found: dict[str, list[CountingRule]] = defaultdict(list)
    known: set[str] = set()
    for rule in [*law.counting_rules.values(), *_overdue(law), *_earlier(law)]:
        if why_not(rule) is None and not (apart(rule) and meaning(rule) in known):
            found[kind_of(rule)].append(rule)
            known.add(meaning(rule))
    by_kind = {kind: tuple(rules) for kind, rules in found.items()}
    return by_kind, {rule.counting_rule: rule for rules in by_kind.values() for rule in rules}


def apart(rule: CountingRule) -> bool:
    """Whether it is no rule of today: how one counted before, or what one of the years before counts."""
    return AT in rule.counting_rule


def _earlier(law: Catalogue) -> Iterator[CountingRule]:
    """How rules counted before, and what rules of the years before count, each as a rule of its own."""
    for rule in law.counting_rules.values():
        held = [rule, *(rule.at(one.version) for one in rule.earlier)]
        for one in held:
            if one is not None and (one is not rule or one.years_before):
                name = f"{rule.counting_rule}{AT}{one.version}"
                yield one.model_copy(update={"counting_rule": name, "earlier": [], "years_before": 0})


def meaning(rule: CountingRule) -> str:
    """What a rule counts, whatever its name."""
    said = rule.model_dump(mode="json", exclude=SPOKEN | {"counting_rule", "years_before"})
    return json.dumps(said, sort_keys=True)


def twin_of(rule: CountingRule) -> CountingRule | None:
    """The rule with spans that counts the same."""
    return _twins(catalogue().digest).get(meaning(rule))


@lru_cache(maxsize=2)
def _twins(_: str) -> Mapping[str, CountingRule]:
    found: dict[str, CountingRule] = {}
    for rule in spanned_rules().values():
        found.setdefault(meaning(rule), rule)
    return found


def _overdue(law: Catalogue) -> Sequence[CountingRule]:
    return [rule for case_type in law.case_types.values() for rule in overdue_rules_of(case_type)]


def why_not(rule: CountingRule) -> str | None:
    """Why a rule has no spans; None where it has."""
    if rule.rate is not None:
        return "a rate is made of two figures"
    if rule.units is not None:
        return "counts organizations, of which there are few"
    if rule.years_before:
        return "is the figure of its own rule for an earlier period"
    return None


def kind_of(rule: CountingRule) -> str:
    """The case type or register a rule counts over."""
    return rule.case_type or rule.register_ or ""


def part_is_listed(rule: CountingRule) -> bool:
    """Whether the catalogue lists the parts there can be; else the part stands with what is counted."""
    if rule.breakdown is None or rule.breakdown in {"outcome", "act", "unit"}:
        return True
    sort, _, name = rule.breakdown.partition(":")
    law = catalogue()
    if rule.register_ is not None:
        fields = [law.registers[rule.register_].fields]
    elif sort == "fact":
        fields = [law.case_types[rule.case_type or ""].facts]
    else:
        fields = [act.fields for act in law.case_types[rule.case_type or ""].acts.values()]
    return all(field[name].type in LISTED for field in fields if name in field)


def definition(rule: CountingRule) -> str:
    """The digest of all that the rule's counting follows from: its own words, its kind's, and the calendar's."""
    known = spanned_rules().get(rule.counting_rule)
    if known is rule:
        return _definitions(rules_digest())[rule.counting_rule]
    return _definition(rule)


def definitions() -> Mapping[str, str]:
    """The same of every rule that has spans: whether the rules changed is looked at once, not for each."""
    return _definitions(rules_digest())


@lru_cache(maxsize=2)
def _definitions(_: str) -> Mapping[str, str]:
    return {name: _definition(rule) for name, rule in spanned_rules().items()}


def _definition(rule: CountingRule) -> str:
    """Defaults are not said: a field the format has gained since changes nothing for rules and kinds without it."""
    own = rule.model_dump(mode="json", exclude=SPOKEN, exclude_defaults=True)
    timed = timing_of(kind_of(rule)) if rule.clock is not None else ()
    worked = rule.takes is not None and rule.takes.unit is Unit.WORKDAYS
    around = [*timed, *([calendar().digest] if worked else [])]
    said = [own, _kind_definition(catalogue().digest, kind_of(rule)), "\0".join(around)]
    return sm3(json.dumps(said, sort_keys=True, ensure_ascii=False).encode())


@lru_cache(maxsize=512)
def _kind_definition(_: str, kind: str) -> str:
    """Of what a kind says; a rule that looks at clocks follows from `timing_of` the kind too."""
    return sm3(said_of(kind).encode())


def said_of(kind: str) -> str:
    """What the rows of a kind follow from, in its own words. What a new version lets kinds say besides changes nothing."""
    law = catalogue()
    case_type, register = law.case_types.get(kind), law.registers.get(kind)
    if case_type is not None:
        acts = {id_: act.model_copy(update={"fields": act.weighed}) for id_, act in case_type.acts.items()}
        told = case_type.model_copy(update={"acts": acts})
        return told.model_dump_json(exclude=SHOWN, exclude_defaults=True)
    if register is None:
        return ""
    return register.model_dump_json(
        exclude={"approval": True, "listed_from": True, "fields": {"__all__": FILLING}}, exclude_defaults=True
    )


def timing_of(kind: str) -> tuple[str, ...]:
    """What clocks follow from besides their kind's words: which levels deal with it, local lengths, working days."""
    return _timing_of(rules_digest(), kind)


@lru_cache(maxsize=512)
def _timing_of(_: str, kind: str) -> tuple[str, ...]:
    law, said = catalogue(), said_of(kind)
    powers = [f"{level}:{no_power(level, case_type=kind)}" for level in law.levels]
    local = [
        f"{place}:{one.model_dump_json(exclude_defaults=True)}"
        for place, own in sorted(law.jurisdictions.items())
        for one in own.durations
        if one.case_type == kind
    ]
    worked = any(word in text for text in (said, *local) for word in WORKED)
    return (*sorted(powers), *local, calendar().digest if worked else "")
