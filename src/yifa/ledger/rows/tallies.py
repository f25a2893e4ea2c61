"""Storing what counts: spans, grouped by the rules that count the same thing, so that a case has few rows.

Each act of a case may be counted by a dozen rules. What they count is one row (`CountedSpan`) that names a tally:
the set of those rules, with the part each puts it in. There are few different tallies, whatever the number of cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from yifa.ledger.chain.canonical import canonical, sm3
from yifa.ledger.models import CountedRule, CountedSpan, Tally, TallyRule
from yifa.ledger.rows.ruling import definition, kind_of, part_is_listed, rules_over, spanned_rules
from yifa.ledger.tables import storing
from yifa.procedures.spans import STATES, Span

MILLION = 1_000_000
MOST = 2**63 - 1
Part = tuple[str, str | None]  # a rule's id and the part it puts the thing in
Sort = tuple[str, bool]  # the kind, and whether plain


class Row(NamedTuple):
    """What several rules count alike, as a row says it."""

    kind: str
    position: int
    standing: bool
    on: date
    since: date
    until: date
    amount: int | None
    told: str | None
    part: str | None

    @property
    def sort(self) -> Sort:
        """Which tallies it may have."""
        return self.kind, self.told is None and self.part is None


@dataclass(frozen=True, slots=True)
class Spanned:
    """A case or an entry with its spans; `records` are the ids of records by position of act, or by version."""

    organization_id: int
    case_id: UUID | None
    entry_id: UUID | None
    spans: Sequence[Span]
    records: Mapping[int, int]


def in_millionths(value: Decimal) -> int | None:
    """A value as stored; None where millionths do not hold it."""
    scaled = value.scaleb(6)
    whole = int(scaled)
    return whole if whole == scaled and abs(whole) <= MOST else None


def from_millionths(amount: int) -> Decimal:
    """A stored value."""
    value = Decimal(amount).scaleb(-6).normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


Group = Mapping[Row, frozenset[Part]]


def grouped(spans: Iterable[Span]) -> Group:
    """Rows and their tallies. The part of a breakdown by unit is left to whoever asks: units change their names."""
    found: dict[Row, set[Part]] = defaultdict(set)
    for span in spans:
        rule, match = span.rule, span.match
        listed = part_is_listed(rule)
        part = None if rule.breakdown == "unit" else match.part
        row = Row(
            kind=kind_of(rule),
            position=match.position,
            standing=rule.counts in STATES,
            on=match.on,
            since=span.since,
            until=span.until,
            amount=in_millionths(match.value),
            told=match.kind,
            part=None if listed else part,
        )
        found[row].add((rule.counting_rule, part if listed else None))
    return {row: frozenset(parts) for row, parts in found.items()}


Wanted = tuple[Sort, frozenset[Part]]


def tally_digest(wanted: Wanted) -> str:
    """What names a tally: its rules in their present definitions, and the parts."""
    rules = spanned_rules()
    sort, parts = wanted
    said = sorted([rule, definition(rules[rule]), part or "", part is None] for rule, part in parts)
    return sm3(canonical([*sort, said]).encode())


def tally_ids(wanted: Iterable[Wanted]) -> dict[Wanted, int]:
    """The tallies of these sorts and parts, made where there are none yet."""
    digests = {each: tally_digest(each) for each in set(wanted)}
    known = _known(digests.values())
    new = {each: digest for each, digest in digests.items() if digest not in known}
    if new:
        _make(new)
        known |= _known(new.values())
    return {each: known[digest] for each, digest in digests.items()}


def _known(digests: Iterable[str]) -> dict[str, int]:
    return dict(Tally._default_manager.filter(digest__in=list(digests)).values_list("digest", "id"))


def _make(new: Mapping[Wanted, str]) -> None:
    """Two who make the same tally at once make one: what is there already is left as it is."""
    Tally._default_manager.bulk_create(
        [Tally(digest=digest, kind=kind, plain=plain) for ((kind, plain), _), digest in new.items()],
        ignore_conflicts=True,
    )
    made = _known(new.values())
    rules = rule_ids({rule for _, parts in new for rule, _ in parts})
    TallyRule._default_manager.bulk_create(
        [
            TallyRule(tally_id=made[digest], rule_id=rules[rule], part=part)
            for (_, parts), digest in new.items()
            for rule, part in parts
        ],
        ignore_conflicts=True,
    )


def rule_ids(names: Iterable[str]) -> dict[str, int]:
    """The present definitions of rules, noted where they are new."""
    rules = spanned_rules()
    wanted = {name: definition(rules[name]) for name in names}
    found = _definitions(wanted)
    new = [CountedRule(rule=name, digest=digest) for name, digest in wanted.items() if name not in found]
    if new:
        CountedRule._default_manager.bulk_create(new, ignore_conflicts=True)
        found = _definitions(wanted)
    return found


def _definitions(wanted: dict[str, str]) -> dict[str, int]:
    rows = CountedRule._default_manager.filter(digest__in=list(wanted.values())).values_list(
        "rule", "digest", "id"
    )
    return {rule: id_ for rule, digest, id_ in rows if wanted.get(rule) == digest}


def values_of(
    things: Sequence[tuple[Spanned, Group]], known: dict[Wanted, int] | None = None
) -> list[dict[str, Any]]:
    """The columns of the rows of cases and entries; `known` remembers ids of tallies for those who ask again."""
    ids = {} if known is None else known
    wanted = {(row.sort, parts) for _, group in things for row, parts in group.items()}
    ids.update(tally_ids(wanted - ids.keys()))
    return [_row(thing, row, ids[row.sort, parts]) for thing, group in things for row, parts in group.items()]


def rows_of(things: Sequence[Spanned]) -> list[CountedSpan]:
    """The rows of cases and entries, not stored."""
    groups = [(thing, grouped(thing.spans)) for thing in things]
    return [CountedSpan(**values) for values in values_of(groups)]


def _row(thing: Spanned, row: Row, tally: int) -> dict[str, Any]:
    return {
        "tally_id": tally,
        "organization_id": thing.organization_id,
        "case_id": thing.case_id,
        "entry_id": thing.entry_id,
        "record_id": thing.records[row.position],
        **columns_of(row),
        "position": row.position if thing.case_id is not None else 0,
    }


def columns_of(row: Row) -> dict[str, Any]:
    """What a row says whatever it is counted of, by column."""
    return {
        "position": row.position,
        "standing": row.standing,
        "on": row.on,
        "since": row.since,
        "until": row.until,
        "amount": row.amount,
        "told": row.told,
        "part": row.part,
    }


def write(things: Sequence[Spanned]) -> None:
    """Stores what counts of cases and entries, in the place of what did."""
    for parent in ("case", "entry"):
        some = [each for each in things if getattr(each, f"{parent}_id")]
        there = storing.standing([(CountedSpan, parent)], [getattr(each, f"{parent}_id") for each in some])
        storing.store_children(CountedSpan, rows_of(some), there)


def retire(kinds: Collection[str]) -> None:
    """Notes that spans of some kinds are no longer all made under definitions that are not the present ones.

    Else a rule changed and then changed back would be counted from what is left of its first spans.
    """
    present = rule_ids(spanned_rules()).values()
    names = [rule.counting_rule for kind in kinds for rule in rules_over(kind)]
    own = Q(rule__in=names) | Q(tallies__tally__kind__in=list(kinds)) | ~Q(rule__in=list(spanned_rules()))
    stale = CountedRule._default_manager.filter(own, complete=True).exclude(pk__in=present)
    CountedRule._default_manager.filter(pk__in=list(stale.values_list("pk", flat=True))).update(
        complete=False
    )


def note_complete(kinds: Iterable[str]) -> None:
    """Notes that the spans of all rules over these kinds stand in their present definitions, and forgets earlier ones."""
    named = {kind: [rule.counting_rule for rule in rules_over(kind)] for kind in kinds}
    present = set(rule_ids(name for names in named.values() for name in names).values())
    CountedRule._default_manager.filter(pk__in=present, complete=False).update(complete=True)
    spans = CountedSpan._default_manager.filter(tally_id=OuterRef("pk"))
    earlier = TallyRule._default_manager.filter(tally_id=OuterRef("pk")).exclude(rule_id__in=present)
    Tally._default_manager.filter(Exists(earlier), ~Exists(spans), kind__in=list(named)).delete()


def complete() -> bool:
    """Whether every rule has the spans of all cases and entries under its present definition."""
    known = set(CountedRule._default_manager.filter(complete=True).values_list("rule", "digest"))
    return all((name, definition(rule)) in known for name, rule in spanned_rules().items())
