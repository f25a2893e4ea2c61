from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.law.calendar import default_calendar
from yifa.law.clocks import Extended, Paused, Restarted, due_date, in_force, length_text, trace
from yifa.law.schema import Duration, Unit

CALENDAR = default_calendar()


def duration(length: int | None, unit: Unit = Unit.WORKDAYS, *, roll_over: bool = False) -> Duration:
    return Duration(law="某法", length=length, unit=unit, roll_over=roll_over)


@pytest.mark.parametrize(
    ("start", "length", "unit", "due"),
    [
        (date(2024, 9, 25), 20, Unit.WORKDAYS, date(2024, 10, 28)),
        (date(2024, 9, 25), 0, Unit.WORKDAYS, date(2024, 9, 25)),
        (date(2024, 1, 1), 60, Unit.DAYS, date(2024, 3, 1)),  # a leap year
        (date(2023, 1, 1), 60, Unit.DAYS, date(2023, 3, 2)),
        (date(2024, 1, 31), 1, Unit.MONTHS, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, Unit.MONTHS, date(2023, 2, 28)),
        (date(2023, 11, 30), 3, Unit.MONTHS, date(2024, 2, 29)),
        (date(2024, 12, 15), 3, Unit.MONTHS, date(2025, 3, 15)),
        (date(2024, 2, 29), 12, Unit.MONTHS, date(2025, 2, 28)),
    ],
)
def test_plain_lengths(start: date, length: int, unit: Unit, due: date) -> None:
    assert due_date(CALENDAR, start, duration(length, unit)) == due


def test_a_last_day_on_a_holiday_moves_only_where_the_law_moves_it() -> None:
    start = date(2024, 8, 2)  # sixty days end on 1 October
    assert due_date(CALENDAR, start, duration(60, Unit.DAYS)) == date(2024, 10, 1)
    assert due_date(CALENDAR, start, duration(60, Unit.DAYS, roll_over=True)) == date(2024, 10, 8)


def test_a_worked_sunday_does_not_move_the_last_day() -> None:
    assert due_date(CALENDAR, date(2024, 9, 19), duration(10, Unit.DAYS, roll_over=True)) == date(2024, 9, 29)


def test_without_a_number_there_is_no_date() -> None:
    assert due_date(CALENDAR, date(2024, 9, 25), duration(None)) is None
    assert "时长由本地规定" in trace(CALENDAR, date(2024, 9, 25), duration(None))[-1][1]
    assert length_text(None, Unit.DAYS) == "时长由本地规定"


def test_extensions_of_one_unit_add_up_and_another_unit_follows() -> None:
    start = date(2024, 1, 31)
    one = Extended(date(2024, 2, 1), 1, Unit.MONTHS)
    assert due_date(CALENDAR, start, duration(1, Unit.MONTHS), extensions=[one]) == date(2024, 3, 31)
    ten = Extended(date(2024, 2, 1), 10, Unit.DAYS)
    assert due_date(CALENDAR, start, duration(1, Unit.MONTHS), extensions=[ten]) == date(2024, 3, 10)


def test_a_pause_takes_out_only_working_days_from_working_days() -> None:
    # 27 September to 9 October: the 29th and 30th, the 8th and 9th are working days.
    pause = Paused(date(2024, 9, 27), date(2024, 10, 9))
    assert due_date(CALENDAR, date(2024, 9, 25), duration(20), pauses=[pause]) == CALENDAR.add_workdays(
        date(2024, 9, 25), 24
    )
    assert due_date(CALENDAR, date(2024, 9, 25), duration(20, Unit.DAYS), pauses=[pause]) == date(
        2024, 10, 27
    )


def test_a_pause_at_the_start_is_a_start_at_its_end() -> None:
    begin, end = date(2024, 3, 4), date(2024, 3, 20)
    for unit in Unit:
        paused = due_date(CALENDAR, begin, duration(2, unit), pauses=[Paused(begin, end)])
        if unit is not Unit.MONTHS:  # months of different length: the pause itself is counted in days
            assert paused == due_date(CALENDAR, end, duration(2, unit))


def test_an_open_pause_holds_the_clock_unless_the_time_was_over() -> None:
    start = date(2024, 3, 4)
    assert due_date(CALENDAR, start, duration(10, Unit.DAYS), pauses=[Paused(date(2024, 3, 8), None)]) is None
    late = Paused(date(2024, 3, 14), None)  # begins on the last day, so nothing is left to exclude
    assert due_date(CALENDAR, start, duration(10, Unit.DAYS), pauses=[late]) == date(2024, 3, 14)


def test_a_restart_forgets_what_was_before() -> None:
    due = due_date(
        CALENDAR,
        date(2024, 9, 20),
        duration(20),
        extensions=[Extended(date(2024, 9, 23), 20, Unit.WORKDAYS)],
        pauses=[Paused(date(2024, 9, 23), date(2024, 9, 25))],
        restarts=[Restarted(date(2024, 9, 25))],
    )
    assert due == date(2024, 10, 28)


def test_the_duration_of_the_day_that_governs() -> None:
    old = Duration.model_validate({"law": "旧法", "length": 10, "to": date(2023, 12, 31)})
    new = Duration.model_validate({"law": "新法", "length": 20, "from": date(2024, 1, 1)})
    assert in_force([old, new], date(2023, 12, 31)) is old
    assert in_force([old, new], date(2024, 1, 1)) is new
    assert in_force([new], date(2023, 6, 1)) is None


# Against the plainest model: count day by day.

days = st.dates(date(2008, 1, 1), date(2022, 12, 31))
units = st.sampled_from([Unit.WORKDAYS, Unit.DAYS])


@st.composite
def _pauses(draw: st.DrawFn) -> tuple[date, list[Paused]]:
    start = draw(days)
    spans = []
    for _ in range(draw(st.integers(0, 4))):
        begins = start + timedelta(days=draw(st.integers(-5, 60)))
        spans.append(Paused(begins, begins + timedelta(days=draw(st.integers(0, 30)))))
    return start, spans


def by_walking(start: date, length: int, unit: Unit, pauses: Sequence[Paused]) -> date:
    day, counted = start, 0
    while counted < length:
        day += timedelta(days=1)
        excluded = any(p.ends and p.starts < day <= p.ends for p in pauses)
        if not excluded and (unit is Unit.DAYS or CALENDAR.is_workday(day)):
            counted += 1
    return day


@given(_pauses(), st.integers(1, 60), units)
def test_pauses_in_any_order_and_overlapping_are_days_not_counted(
    case: tuple[date, list[Paused]], length: int, unit: Unit
) -> None:
    start, pauses = case
    assert due_date(CALENDAR, start, duration(length, unit), pauses=pauses) == by_walking(
        start, length, unit, pauses
    )


@given(_pauses(), st.integers(1, 40), units, st.booleans())
def test_the_trace_ends_with_the_due_date_and_is_in_order(
    case: tuple[date, list[Paused]], length: int, unit: Unit, roll_over: bool
) -> None:
    start, pauses = case
    what = duration(length, unit, roll_over=roll_over)
    lines = trace(CALENDAR, start, what, pauses=pauses)
    assert lines[0][0] == start
    assert lines[-1][0] == due_date(CALENDAR, start, what, pauses=pauses)
    assert [day for day, _ in lines] == sorted(day for day, _ in lines)


def test_a_trace_names_every_day_that_is_not_counted() -> None:
    lines = trace(
        CALENDAR,
        date(2024, 9, 20),
        duration(20),
        extensions=[Extended(date(2024, 10, 10), 5, Unit.WORKDAYS, "批准延长")],
        pauses=[Paused(date(2024, 10, 14), date(2024, 10, 16), "征求第三方意见")],
        restarts=[Restarted(date(2024, 9, 25), "收到补正")],
        why="收到申请",
    )
    assert lines == (
        (date(2024, 9, 20), "收到申请，当日不计，从次日起算20个工作日"),
        (date(2024, 9, 25), "收到补正，期限重新计算，当日不计"),
        (date(2024, 9, 28), "9月28日 星期六，不计"),
        (date(2024, 9, 29), "9月29日 调休上班，计入"),
        (date(2024, 10, 1), "10月1日至7日 国庆节，不计"),
        (date(2024, 10, 10), "批准延长，延长5个工作日"),
        (date(2024, 10, 12), "10月12日 调休上班，计入"),
        (date(2024, 10, 13), "10月13日 星期日，不计"),
        (date(2024, 10, 15), "10月15日至16日 征求第三方意见，不计2个工作日"),
        (date(2024, 10, 19), "10月19日至20日 星期六、星期日，不计"),
        (date(2024, 10, 26), "10月26日至27日 星期六、星期日，不计"),
        (date(2024, 11, 2), "11月2日至3日 星期六、星期日，不计"),
        (date(2024, 11, 6), "11月6日 期限届满"),
    )


def test_the_trace_of_a_moved_last_day_a_minimum_and_an_open_pause() -> None:
    moved = trace(CALENDAR, date(2024, 8, 2), duration(60, Unit.DAYS, roll_over=True))
    assert moved[-2:] == (
        (date(2024, 10, 1), "期限最后一日是国庆节，顺延至其后第一个工作日"),
        (date(2024, 10, 8), "10月8日 期限届满"),
    )
    least = trace(CALENDAR, date(2024, 3, 1), duration(30, Unit.DAYS), minimum=True)
    assert least[-1] == (date(2024, 3, 31), "3月31日 期满，最早可在当日办理")
    open_ = trace(CALENDAR, date(2024, 3, 1), duration(30), pauses=[Paused(date(2024, 3, 5), None, "鉴定")])
    assert open_[-1] == (date(2024, 3, 5), "鉴定，次日起不计，尚未恢复，期限届满日待定")
