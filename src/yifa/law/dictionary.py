"""The dictionary of counting rules (口径字典): search, history, where a rule is used. What a rule says is in `rulewords`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yifa.law.loader import Catalogue
from yifa.law.phrases import cited
from yifa.law.rulewords import Lines, in_words
from yifa.law.schema import CaseType, CountingRule, Definition, Domain

LACKING = "（没有这一项）"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule, with what the next one changed; `differs` names the labels that say something else there."""

    rule: CountingRule
    valid_from: date | None
    valid_to: date | None  # None: in force
    words: Lines
    changed: str = ""
    why: str = ""
    differs: frozenset[str] = frozenset()


def history(rule: CountingRule, known: Catalogue) -> tuple[Version, ...]:
    """All versions of a rule, today's first."""
    versions = [Version(rule, rule.since, None, in_words(rule, known))]
    for one in reversed(rule.earlier):
        held = rule.at(one.version)
        assert held is not None  # noqa: S101 - it stands in `earlier`
        words, later = in_words(held, known), dict(versions[-1].words)
        differs = {label for label in {*later, *dict(words)} if dict(words).get(label) != later.get(label)}
        lacking = tuple((label, LACKING) for label, _ in versions[-1].words if label not in dict(words))
        words = (*words, *lacking)
        versions.append(
            Version(
                held,
                one.valid_from or held.since,
                one.valid_to,
                words,
                one.changed,
                one.why,
                frozenset(differs),
            )
        )
    return tuple(versions)


def kind_of(rule: Definition, known: Catalogue) -> str:
    """The case type or register a rule counts over; a rate's is its denominator's."""
    if rule.rate is not None:
        return kind_of(known.counting_rules[rule.rate.denominator], known)
    return rule.case_type or rule.register_ or ""


def domain_of(rule: Definition, known: Catalogue) -> Domain | None:
    """The field of work a rule belongs to."""
    kind = kind_of(rule, known)
    thing = known.case_types.get(kind) or known.registers.get(kind)
    return thing.domain if thing is not None else None


def search(known: Catalogue, words: str = "", domain: str = "", kind: str = "") -> list[CountingRule]:
    """The rules in which every word stands somewhere, those that have them in the title first, else by the catalogue."""
    wanted = [word.lower() for word in words.split()]
    found = [
        rule
        for rule in known.counting_rules.values()
        if (not kind or kind_of(rule, known) == kind)
        and (not domain or str(domain_of(rule, known) or "") == domain)
        and _stands(wanted, _said(rule, known))
    ]
    return sorted(found, key=lambda rule: not _stands(wanted, rule.title.lower()))


def used_in(rule: CountingRule, known: Catalogue) -> tuple[CountingRule, ...]:
    """The rates of which the rule is a part."""
    return tuple(
        other
        for other in known.counting_rules.values()
        if other.rate is not None and rule.counting_rule in {other.rate.numerator, other.rate.denominator}
    )


def _stands(words: Iterable[str], text: str) -> bool:
    return all(word in text for word in words)


def _said(rule: CountingRule, known: Catalogue) -> str:
    kind = known.case_types.get(kind_of(rule, known)) or known.registers.get(kind_of(rule, known))
    acts = (
        [kind.acts[act].title for act in rule.acts] if isinstance(kind, CaseType) and rule.case_type else []
    )
    parts = (
        rule.title, rule.counting_rule, rule.explain, rule.unit, kind.title if kind else "", cited(rule.basis), *acts,
        *(rule.outcomes or ()), *(answer.replace(" ", "") for answer in rule.answers), *rule.answers,
    )  # fmt: skip
    return "\n".join(parts).lower()
