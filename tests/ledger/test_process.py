"""What really happened, counted by hand in a small ledger; and made anew from the records, the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger import happened_by_hand as by_hand
from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from tests.ledger.test_projections import walk
from yifa.ledger.actions import CorrectAct, PublishEntry, RecordAct
from yifa.ledger.models import Amendment, Case, CaseAct, StaleChain, Step, TermRun
from yifa.ledger.process import keeping
from yifa.ledger.process.happened import (
    Days,
    Kept,
    Passage,
    Span,
    broken_ones,
    kept,
    outliers,
    passages,
    units_below,
)
from yifa.ledger.process.idle import powers_held
from yifa.ledger.rows.rebuilding import rebuild

KIND, ANSWER = "information_request", ("information_request", "answer")
YEAR = Span(None, date(2024, 1, 1), date(2024, 12, 31))
TODAY = date(2025, 1, 10)


def everything() -> list[list[tuple[Any, ...]]]:
    """All rows, told apart by what they say."""
    keeping.refresh()
    edge = ("edge__case_type", "edge__source", "edge__target")
    own = ("case", "organization")
    step = Step._default_manager.values_list(*own, "mark", "stands", "days", "on", "position", *edge)
    term = ("term__case_type", "term__clock", "state", "due", "stopped_on", "signs")
    run = TermRun._default_manager.values_list(*own, *term, *edge)
    late = Amendment._default_manager.values_list(
        "record", "case", "entry", "kind", "what", "days", "recorded_on"
    )
    return [sorted(rows, key=repr) for rows in (step, run, late)]


def told_by_hand() -> list[list[tuple[Any, ...]]]:
    """The same as `everything` says of cases, told act by act."""
    step, run, late = [], [], []
    for case in Case.objects.all():
        own, kind = (case.pk, case.organization_id), case.case_type
        step += [(*own, *said[:5], kind, *said[5:]) for said in by_hand.steps(case)]
        run += [(*own, kind, *said) for said in by_hand.runs(case)]
        late += [(said[0], case.pk, None, kind, *said[1:]) for said in by_hand.amendments(case)]
    return [sorted(rows, key=repr) for rows in (step, run, late)]


def test_rows_are_those_told_act_by_act_and_made_anew_the_same(place: Town) -> None:
    walk(place, 7)
    assert StaleChain._default_manager.exists()
    first = everything()
    assert not StaleChain._default_manager.exists() and all(first)
    steps, runs, late = told_by_hand()
    assert (
        first[0] == steps
        and {row[2] for row in steps} == {*Step.Mark}
        and {row[3] for row in steps} == {*Step.Stands}
    )
    assert sorted((row[:7] for row in first[1]), key=repr) == runs
    assert [row for row in first[2] if row[1]] == late and {row[4] for row in late} >= {0, 1, 2, 3}
    broken = [row for row in first[1] if row[4] == TermRun.State.BROKEN]
    assert len(broken) >= sum(Case.objects.values_list("broken", flat=True))
    assert all(row[-1] for row in broken)  # each with the place where it waited
    counted = sum(one.many for some in passages(Span(None, date.min, date.max)).values() for one in some)
    assert counted == CaseAct.objects.count()
    Step._default_manager.all().update(days=99)
    TermRun._default_manager.all().delete()
    rebuild()
    assert everything() == first


@pytest.fixture
def three(place: Town) -> list[Case]:
    """One answered in time, one late by another unit's officer, one of the town that nobody answers."""
    one, two = place.request(on=date(2024, 9, 2)), place.request(on=date(2024, 9, 2))
    three = place.request(on=date(2024, 9, 3), organization=place.town)
    place.answer(one, on=date(2024, 9, 12))
    place.answer(two, on=date(2024, 11, 1), by="乙某")
    keeping.refresh()
    return [one, two, three]


def test_steps_by_hand(place: Town, three: list[Case]) -> None:
    some = {(one.source, one.target): one for one in passages(YEAR)[KIND]}
    assert {key: one.many for key, one in some.items()} == {("", "receive"): 3, ("receive", "answer"): 2}
    assert some["", "receive"].waits == 1
    answered = some["receive", "answer"].days
    assert dict(answered.counts) == {10: 1, 60: 1}
    assert (answered.median, answered.p90, answered.longest) == (10, 60, 60)
    town = Span(units_below(place.town), YEAR.start, YEAR.end)
    assert [(one.target, one.many) for one in passages(town, KIND)[KIND]] == [("receive", 1)]
    autumn = passages(Span(None, date(2024, 10, 1), date(2024, 12, 31)))[KIND]
    assert [(one.target, one.many, one.days.median) for one in autumn] == [("answer", 1, 60)]


def test_deadlines_by_hand(place: Town, three: list[Case]) -> None:
    counted = kept(YEAR, TODAY)
    assert counted[ANSWER, place.office.pk] == Kept(kept=1, broken=1)
    assert counted[ANSWER, place.town.pk] == Kept(broken=1)
    assert kept(YEAR, date(2024, 9, 10))[ANSWER, place.town.pk] == Kept(runs=1)
    found = {one.organization: one for one in broken_ones(YEAR, TODAY) if one.term == ANSWER}
    late, waits = found[place.office.pk], found[place.town.pk]
    assert late.edge == (KIND, "receive", "answer") and not late.still
    assert waits.edge == (KIND, "receive", "answer") and waits.still
    assert late.signs & TermRun.Sign.EXTENSION and late.signs & TermRun.Sign.PAUSE
    assert not late.signs & TermRun.Sign.BACK


def test_a_correction_changes_what_happened_and_is_reported(place: Town, three: list[Case]) -> None:
    two = Case.objects.get(pk=three[1].pk)
    CorrectAct(
        actor=None, case=two, position=2, changes={"on": date(2024, 9, 22)}, reason="日期写错"
    ).execute()
    keeping.refresh()
    some = {(one.source, one.target): one for one in passages(YEAR)[KIND]}
    assert dict(some["receive", "answer"].days.counts) == {10: 1, 20: 1}
    assert kept(YEAR, TODAY)[ANSWER, place.office.pk] == Kept(kept=2)
    reported = Amendment._default_manager.filter(case=two, what=Amendment.What.CORRECTED)
    assert [one.record.kind for one in reported] == ["act.corrected"]
    withdrawn = Case.objects.get(pk=two.pk)
    CorrectAct(
        actor=None, case=withdrawn, position=2, changes={}, reason="没有答复", withdraws=True
    ).execute()
    keeping.refresh()
    assert some["receive", "answer"].many - 1 == passages(YEAR)[KIND][1].many
    assert Amendment._default_manager.filter(case=two, what=Amendment.What.WITHDRAWN).count() == 1


@pytest.mark.mechanism("D10-07", "works")
def test_late_records_say_how_late(place: Town, three: list[Case]) -> None:
    late = Amendment._default_manager.filter(case=three[0], what=Amendment.What.BACK).order_by("record")
    days = [
        (one.recorded_on - on).days
        for one, on in zip(late, (date(2024, 9, 2), date(2024, 9, 12)), strict=True)
    ]
    assert [one.days for one in late] == days and all(one > 0 for one in days)
    entry = PublishEntry(
        actor=None, organization=place.office, register="powers", on=date(2024, 3, 1),
        data=sample("powers", {"code": "1", "name": "示例"}),
    ).execute()  # fmt: skip
    keeping.refresh()
    (one,) = Amendment._default_manager.filter(entry=entry)
    assert one.kind == "powers" and one.days == (one.recorded_on - date(2024, 3, 1)).days


def test_out_of_order_and_again(place: Town) -> None:
    case = place.request(on=date(2024, 9, 2), entered="back")
    for act, day in (("answer", 5), ("extend", 9), ("answer", 12)):
        outcome = "予以公开" if act == "answer" else None
        RecordAct(
            actor=None, case=case, act=act, on=date(2024, 9, day), outcome=outcome, entered="back"
        ).execute()
        case.refresh_from_db()
    keeping.refresh()
    some = {(one.source, one.target): one for one in passages(YEAR)[KIND]}
    assert some["answer", "extend"].early == 1 and some["receive", "answer"].early == 0
    assert some["extend", "answer"].again + some["extend", "answer"].early == 1
    found = set(case.findings.filter(kind="order").values_list("position", flat=True))
    assert found == set(
        Step._default_manager.filter(case=case, mark=Step.Mark.EARLY).values_list("position", flat=True)
    )


def test_what_is_noted_twice_is_read_once(place: Town, three: list[Case]) -> None:
    before = everything()
    keeping.note_all()
    keeping.note_all()
    assert keeping.refresh(seconds=-1) is False
    assert everything() == before


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_that_of_the_list(days: list[int], share: float) -> None:
    counted = Days()
    for one in days:
        counted.add(one, 1)
    found = counted.within(share)
    assert found in days
    assert sum(one <= found for one in days) >= share * len(days)
    assert sum(one < found for one in days) < share * len(days)


def test_what_stands_out_is_measured_robustly() -> None:
    def passage(*days: int) -> Passage:
        made = Passage("a", "b")
        for one in days:
            made.add(Step.Mark.PLAIN, Step.Stands.FOLLOWED, one, 1)
        return made

    many = passage(*[9, 10, 10, 11] * 6, 400, 500, 16)
    assert (many.days.median, many.days.deviation, many.days.limit) == (10, 1, 15)
    (found,) = outliers({"k": [many]}, {"k": [many]})
    assert (found.many, found.longest, found.limit) == (3, 500, 15)
    assert outliers({"k": [passage(10, 10)]}, {"k": [many]}) == []
    assert outliers({"k": [passage(1, 2, 900)]}, {"k": [passage(1, 2, 900)]}) == []  # too few to say


def test_units_with_powers_and_no_case(place: Town) -> None:
    held = {"name": "罚款", "kind": "行政处罚", "organ": place.office.name, "effective": "2024-01-01"}
    for number, more in enumerate(
        ({}, {"kind": "行政许可"}, {"organ": place.town.name}, {"kind": "其他职权"})
    ):
        PublishEntry(
            actor=None, organization=place.office, register="powers", on=date(2024, 1, 1),
            data=sample("powers", held | more | {"code": str(number)}),
        ).execute()  # fmt: skip
    Case.objects.create(
        organization=place.town,
        case_type="administrative_penalty",
        opened_on=date(2024, 3, 1),
        status="办理中",
    )

    def found(start: date) -> dict[tuple[str, str], int]:
        rows = powers_held(place.body, start, start + timedelta(days=365))
        return {(one.unit.code, one.kind): one.cases for one in rows}

    assert found(date(2024, 1, 1)) == {("sfj", "行政处罚"): 0, ("sfj", "行政许可"): 0, ("yxz", "行政处罚"): 1}
    assert found(date(2025, 1, 1))["yxz", "行政处罚"] == 0
    assert found(date(2022, 1, 1)) == {}
