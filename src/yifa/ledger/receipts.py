"""What somebody outside may see and do with the number of his own case: how it stands, and rate the answer.

The number is the receipt: who has it sees dates and steps, and no name, paper or text of the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.law.loader import catalogue
from yifa.ledger.actions.acts import RecordAct
from yifa.ledger.cases import state_of
from yifa.ledger.models import Case
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.model import ClockStatus

RATING = "rate"  # the act by which a case type lets the party rate the answer


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, as its title and its day."""

    title: str
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands. `due` is the nearest last day by which the body must act; None where nothing runs."""

    number: str
    kind: str
    organization: str
    status: str
    opened: date
    steps: tuple[Step, ...]
    due: date | None


def look_up(case_type: str, number: str, on: date) -> Standing:
    """The case of a number as it stands on a day; refused where there is none."""
    case = _case(case_type, number)
    kind = catalogue().case_types[case.case_type]
    state = state_of(case, on)
    running = [
        clock.due
        for clock in state.clocks.values()
        if clock.state is ClockStatus.RUNNING
        and clock.due is not None
        and not clock.minimum
        and kind.clocks[clock.id].party is None
    ]
    return Standing(
        number=case.number,
        kind=kind.title,
        organization=case.organization.name_on(on),
        status=state.status,
        opened=state.opened_on or on,
        steps=tuple(Step(kind.acts[act.act].title, act.on) for act in state.acts if act.on <= on),
        due=min(running, default=None),
    )


def rate(case_type: str, number: str, outcome: str, on: date, remark: str = "") -> None:
    """Records how the party rates the answer; refused where the law of the case does not allow it (yet)."""
    case = _case(case_type, number)
    fields = catalogue().case_types[case.case_type].acts[RATING].fields
    said = {"receipt": number, "remark": remark}
    RecordAct(
        actor=None,
        case=case,
        act=RATING,
        on=on,
        outcome=outcome,
        fields={name: value for name, value in said.items() if value and name in fields},
    ).execute()


def _case(case_type: str, number: str) -> Case:
    case = Case.objects.filter(case_type=case_type, number=number).exclude(number="").first()
    if case is None:
        raise ActionRefused(f"没有编号为「{number}」的事项。请核对回执上的编号后再查。", code="missing")
    return case
