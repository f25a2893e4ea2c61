from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.planning.models import Task, TaskProgress
from yifa.planning.quarters import Quarter, past_quarter, quarter_of, standing, state_said

LEAD, HELPER, BODY = 1, 2, 9
S = Task.State


def note(pk: int, state: str, unit: int | None = LEAD, quarter: int = 1, **more: object) -> TaskProgress:
    return TaskProgress(
        pk=pk, state=state, unit_id=unit, quarter=quarter, on=date(2026, 3 * quarter, 1), **more
    )


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_of_a_year_lies_in_exactly_its_quarter(day: date) -> None:
    quarters = [Quarter(day.year, number) for number in range(1, 5)]
    assert [q for q in quarters if q.start <= day <= q.end] == [quarter_of(day.year, day)]
    for one, other in pairwise(quarters):
        assert one.end + timedelta(days=1) == other.start
        assert other.before == one
    assert quarters[0].before is None
    assert quarters[3].end == date(day.year, 12, 31)


def test_what_is_said_after_the_year_belongs_to_its_last_quarter() -> None:
    assert quarter_of(2026, date(2027, 1, 12)).number == 4


@pytest.mark.parametrize(
    ("today", "past"),
    [
        (date(2026, 3, 31), None),
        (date(2026, 4, 1), 1),
        (date(2026, 12, 31), 3),
        (date(2027, 1, 1), 4),
        (date(2028, 5, 1), 4),
    ],
)
def test_a_quarter_is_past_on_the_day_after_it(today: date, past: int | None) -> None:
    found = past_quarter(2026, today)
    assert (found.number if found else None) == past


def test_a_supporting_unit_cannot_finish_what_another_leads() -> None:
    helped = [note(1, S.DONE, HELPER)]
    assert state_said(helped, {LEAD}, BODY) == S.IN_PROGRESS
    assert state_said([*helped, note(2, S.NOT_STARTED)], {LEAD}, BODY) == S.NOT_STARTED
    assert state_said([*helped, note(2, S.DONE)], {LEAD}, BODY) == S.DONE
    assert state_said([note(1, S.DONE, BODY)], {LEAD}, BODY) == S.DONE
    assert state_said([note(1, S.NOT_DONE, HELPER)], {LEAD}, BODY) == S.NOT_STARTED


def test_the_later_quarter_decides_not_the_later_entry() -> None:
    notes = [note(1, S.DONE, quarter=3), note(2, S.IN_PROGRESS, quarter=2)]
    assert state_said(notes, {LEAD}, BODY) == S.DONE


def test_a_returned_note_has_no_word_and_a_corrected_one_gives_way() -> None:
    first, second = note(1, S.IN_PROGRESS, quarter=1), note(2, S.DONE, quarter=2)
    assert state_said([first, second], {LEAD}, BODY) == S.DONE
    second.returned_on = date(2026, 7, 2)
    assert state_said([first, second], {LEAD}, BODY) == S.IN_PROGRESS
    answer = note(3, S.DONE, quarter=2, corrects_id=2)
    assert standing([first, second, answer]) == [first, answer]
    assert state_said([first, second, answer], {LEAD}, BODY) == S.DONE


@given(
    st.lists(
        st.tuples(st.sampled_from(S.values), st.sampled_from([LEAD, HELPER, BODY, None]), st.integers(1, 4))
    )
)
def test_nothing_but_a_word_of_those_who_answer_makes_a_task_done(
    said: list[tuple[str, int | None, int]],
) -> None:
    notes = [note(pk, *one) for pk, one in enumerate(said, 1)]
    state = state_said(notes, {LEAD}, BODY)
    if state in {S.DONE, S.NOT_DONE}:
        assert any(n.state == state and n.unit_id != HELPER for n in notes)
    if not notes:
        assert state == S.NOT_STARTED
