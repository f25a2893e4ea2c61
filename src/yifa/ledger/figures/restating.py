"""A figure under each version its counting rule had: as it was counted then, and restated under today's rule.

A rate has an edition for each day on which it or one of its parts changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.figures.counting import Counted, Counting
from yifa.ledger.figures.recordsets import Difference, compare
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.totals import rate


@dataclass(frozen=True, slots=True)
class Edition:
    """The versions of a rule and of its parts that were in force together; `valid_to` None: today's."""

    valid_from: date | None
    valid_to: date | None
    versions: Mapping[str, int]

    def covers(self, day: date) -> bool:
        """Whether it was in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure under one edition.

    Attributes:
        rule: As it was then; `changed` and `why` say what the next version did.
        held: Whether it was in force at the cut-off: the figure of that time.
        difference: What today's edition counts otherwise; nothing for today's own. Of a rate that of its parts.
    """

    edition: Edition
    rule: CountingRule
    counted: Counted
    held: bool
    difference: Difference
    changed: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


def editions(rule: CountingRule) -> tuple[Edition, ...]:
    """The editions of a rule, today's first."""
    rules = _with_parts(rule)
    ends = sorted({one.valid_to for part in rules.values() for one in part.earlier})
    first = next((one.valid_from for one in rule.earlier[:1]), None)
    found, since = [], first
    for end in ends:
        found.append(Edition(since, end, {name: part.on(end).version for name, part in rules.items()}))
        since = end + timedelta(days=1)
    found.append(Edition(since if ends else None, None, {name: part.version for name, part in rules.items()}))
    return tuple(reversed(found))


def _with_parts(rule: CountingRule) -> dict[str, CountingRule]:
    """The rule and all rules it ever divided, by id."""
    known = catalogue().counting_rules
    rates = [one.rate for one in (rule, *rule.earlier) if one.rate is not None]
    parts = [name for one in rates for name in (one.numerator, one.denominator)]
    return {rule.counting_rule: rule, **{name: known[name] for name in parts}}


def count_version(rule_id: str, counting: Counting, versions: Mapping[str, int]) -> Counted:
    """The figure under given versions of the rule and its parts; one that is not named counts as today.

    Raises:
        ActionRefused: the catalogue does not have the rule, or not in that version.
    """
    rule = catalogue().counting_rules.get(rule_id)
    held = rule.at(versions.get(rule_id, rule.version)) if rule is not None else None
    if rule is None or held is None:
        version = f"的第{versions[rule_id]}版" if rule_id in versions else ""
        raise ActionRefused(
            f"目录里没有口径「{rule_id}」{version}，不能按它重算。请核对口径编号，或者补全目录文件里的 earlier。",
            code="missing",
        )
    if held.rate is not None:
        above = count_version(held.rate.numerator, counting, versions)
        below = count_version(held.rate.denominator, counting, versions)
        return rate_of(held, above, below)
    return counting.count(rule_id) if held is rule else counting.count_rule(held)


def rate_of(rule: CountingRule, above: Counted, below: Counted) -> Counted:
    """The figure of a rate from those of its parts."""
    assert rule.rate is not None  # noqa: S101 - the caller has looked
    lacking = next((part.status for part in (above, below) if part.status != "counted"), None)
    value: Decimal | None = None
    if above.value is not None and below.value is not None and lacking is None:
        value = rate(rule.rate, above.value, below.value)
    return Counted(
        rule=rule.counting_rule,
        version=rule.version,
        value=value,
        status=lacking or "counted",
        unit=rule.unit,
        start=above.start,
        end=above.end,
        numerator=above,
        denominator=below,
        missing=tuple(dict.fromkeys((*above.missing, *below.missing))),
    )


def restate(rule_id: str, counting: Counting) -> tuple[Restated, ...]:
    """The figure under every edition of its rule, today's first."""
    rule = catalogue().counting_rules.get(rule_id)
    if rule is None:
        raise ActionRefused(f"目录里没有「{rule_id}」这个口径。请检查目录文件。", code="missing")
    today: Counted | None = None
    found: list[Restated] = []
    for edition in editions(rule):
        counted = count_version(rule_id, counting, edition.versions)
        today = today or counted
        held = rule.at(edition.versions[rule_id]) or rule
        found.append(
            Restated(
                edition=edition,
                rule=held,
                counted=replace(counted, start=counting.start, end=counting.end),
                held=edition.covers(counting.end),
                difference=difference_of(counted, today),
                **_told(rule, edition),
            )
        )
    return tuple(found)


def _told(rule: CountingRule, edition: Edition) -> dict[str, tuple[str, ...]]:
    """What was changed on the last day of an edition, and why."""
    ended = [
        one for part in _with_parts(rule).values() for one in part.earlier if one.valid_to == edition.valid_to
    ]
    return {"changed": tuple(one.changed for one in ended), "why": tuple(one.why for one in ended)}


def difference_of(before: Counted, after: Counted) -> Difference:
    """The records that make the difference of two figures; of rates those of both parts."""
    if before is after or _same(before, after):
        return Difference()
    if before.numerator is None or after.numerator is None:
        return compare(before.records, after.records)
    assert before.denominator is not None  # noqa: S101 - a rate has both
    assert after.denominator is not None  # noqa: S101
    over = compare(before.numerator.records, after.numerator.records)
    under = compare(before.denominator.records, after.denominator.records)
    return Difference(
        added=tuple(dict.fromkeys((*over.added, *under.added))),
        removed=tuple(dict.fromkeys((*over.removed, *under.removed))),
        changed=tuple(dict.fromkeys((*over.changed, *under.changed))),
    )


def _same(one: Counted, other: Counted) -> bool:
    """Whether value, parts and digest are the same: then nobody need read the records."""
    return (one.value, one.digest, dict(one.parts)) == (other.value, other.digest, dict(other.parts))
