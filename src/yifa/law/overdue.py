"""Counting rules that follow from the catalogue's clocks: the cases of a type in which a deadline was not kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yifa.law.schema import Basis, CaseType, ClockType, CountedState, CountingRule


def overdue_rules_of(case_type: CaseType) -> Iterator[CountingRule]:
    """One rule for each deadline of the body's own."""
    for clock_id, clock in case_type.clocks.items():
        if clock.at_most is not None and clock.party is None:
            yield _rule(case_type, clock_id, clock)


def said_overdue(case_types: Mapping[str, CaseType]) -> dict[str, CountingRule]:
    """The rules by the words in which a report says it: 「行政处罚超过办案期限」."""
    return {
        f"{case_type.title}超过{case_type.clocks[str(rule.clock)].title}": rule
        for case_type in case_types.values()
        for rule in overdue_rules_of(case_type)
    }


def rule_id(case_type: str, clock: str) -> str:
    """The id of the rule that counts overdue cases."""
    return f"late_{case_type}_{clock}"


def _rule(case_type: CaseType, clock_id: str, clock: ClockType) -> CountingRule:
    return CountingRule(
        counting_rule=rule_id(case_type.case_type, clock_id),
        title=f"{case_type.title}“{clock.title}”超期",
        unit=case_type.unit,
        explain=(
            f"统计期间内开始的{case_type.title}事项中，“{clock.title}”的期限到统计截止日已经超过"
            "（逾期才完成，或者到期仍未完成）的，一件计一次；依法延长、中止、重新起算的时间按法律扣除。"
        ),
        basis=_basis(clock),
        case_type=case_type.case_type,
        counts=CountedState.ACT,
        acts=list(case_type.opens_with),
        clock=clock_id,
        clock_state=["broken"],
        breakdown="unit",
    )


def _basis(clock: ClockType) -> Basis | None:
    durations = clock.at_most or []
    return Basis(law=durations[-1].law, article=durations[-1].article) if durations else None
