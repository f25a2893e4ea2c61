from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.law.calendar import Calendar, UnknownYearError, default_calendar, keep_notice, load_notices
from yifa.law.notices import Notice, NoticeError, notice_example, read_notice

CALENDAR = default_calendar()
FIRST, LAST = date(CALENDAR.first_year, 1, 1), date(CALENDAR.last_year, 12, 31)
# The New Year of 2006 took its days off from the weekend before; the two sources differ on that one Saturday.
DISPUTED = {date(2005, 12, 31)}


def all_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def test_agrees_with_an_independent_source() -> None:
    peer = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    differing = {d for d in all_days(FIRST, LAST) if CALENDAR.is_workday(d) != peer.is_working_day(d)}
    assert differing <= DISPUTED


@pytest.mark.parametrize(
    ("day", "works", "reason"),
    [
        (date(2024, 9, 13), True, None),  # a Friday
        (date(2024, 9, 14), True, "调休上班"),
        (date(2024, 9, 15), False, "中秋节"),  # a Sunday within the holiday
        (date(2024, 9, 18), True, None),
        (date(2024, 9, 29), True, "调休上班"),
        (date(2024, 10, 1), False, "国庆节"),
        (date(2024, 10, 12), True, "调休上班"),
        (date(2024, 10, 13), False, "星期日"),
        (date(2020, 1, 31), False, "春节"),  # the holiday prolonged in the epidemic
        (date(2020, 2, 3), True, None),
        (date(2018, 12, 29), True, "调休上班"),  # moved by the notice for 2019
        (date(2018, 12, 31), False, "元旦"),
        (date(2021, 4, 5), False, "清明节"),
        (date(2023, 5, 6), True, "调休上班"),
        (date(2026, 2, 14), True, "调休上班"),
        (date(2026, 6, 20), False, "端午节"),
        (date(2025, 8, 9), False, "星期六"),
    ],
)
def test_days_checked_by_hand(day: date, works: bool, reason: str | None) -> None:
    assert CALENDAR.is_workday(day) is works
    assert CALENDAR.reason(day) == reason


def test_reason_and_workday_agree_everywhere() -> None:
    for day in all_days(FIRST, LAST):
        assert CALENDAR.is_workday(day) == (CALENDAR.reason(day) in {None, "调休上班"})


def test_an_answer_due_over_the_national_holiday() -> None:
    assert CALENDAR.add_workdays(date(2024, 9, 25), 20) == date(2024, 10, 28)


def naive(day: date, n: int) -> date:
    """The n-th working day by walking."""
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while not CALENDAR.is_workday(day):
            day += step
    return day


days = st.dates(date(2005, 1, 1), date(2024, 12, 31))


@given(days, st.integers(-200, 300))
def test_adding_is_walking(day: date, n: int) -> None:
    assert CALENDAR.add_workdays(day, n) == naive(day, n)


@given(days, days)
def test_between_counts_the_working_days(start: date, end: date) -> None:
    first, last = min(start, end), max(start, end)
    walked = sum(CALENDAR.is_workday(d) for d in all_days(first, last)[1:])
    assert CALENDAR.workdays_between(first, last) == walked
    assert CALENDAR.workdays_between(last, first) == -walked


@given(days, st.integers(1, 200), st.integers(1, 200))
def test_adding_twice_is_adding_once(day: date, first: int, second: int) -> None:
    assert CALENDAR.add_workdays(CALENDAR.add_workdays(day, first), second) == CALENDAR.add_workdays(
        day, first + second
    )


@given(days)
def test_next_workday_is_the_first_from_the_day_on(day: date) -> None:
    found = CALENDAR.next_workday(day)
    assert CALENDAR.is_workday(found)
    assert not any(CALENDAR.is_workday(d) for d in all_days(day, found)[:-1])


def test_the_first_and_the_last_day_known() -> None:
    assert CALENDAR.reason(FIRST) == "元旦"
    assert CALENDAR.next_workday(FIRST) == date(2004, 1, 2)
    assert CALENDAR.add_workdays(date(2004, 1, 2), 0) == date(2004, 1, 2)
    with pytest.raises(UnknownYearError) as before:
        CALENDAR.add_workdays(date(2004, 1, 2), -1)
    assert before.value.year == 2003
    assert CALENDAR.is_workday(LAST)
    with pytest.raises(UnknownYearError) as after:
        CALENDAR.add_workdays(LAST, 1)
    assert after.value.year == LAST.year + 1


@pytest.mark.parametrize("ask", [CALENDAR.is_workday, CALENDAR.reason, CALENDAR.next_workday])
@pytest.mark.parametrize("year", [1999, 2003, LAST.year + 1, LAST.year + 9])
def test_a_year_without_a_notice_is_an_error_that_says_how_to_enter_it(ask, year: int) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnknownYearError) as raised:
        ask(date(year, 6, 1))
    message = str(raised.value)
    assert raised.value.year == year
    assert f"没有 {year} 年的放假安排" in message
    assert f"calendar/{year}.yaml" in message
    assert f"yifa calendar import {year}.yaml" in message
    assert f"year: {year}" in message
    assert "holidays:" in message


def test_a_far_year_says_where_to_begin() -> None:
    with pytest.raises(UnknownYearError, match=f"须从 {LAST.year + 1} 年起逐年录入"):
        CALENDAR.is_workday(date(LAST.year + 3, 1, 4))


# Notices


def full_notice(year: int, extra: str = "", workdays: str = "") -> str:
    return (
        f"year: {year}\ndocument: 国务院办公厅关于{year}年部分节假日安排的通知\nholidays:\n"
        f"  - {{name: 元旦, from: {year}-01-01, to: {year}-01-03}}\n"
        f"  - {{name: 春节, from: {year}-02-05, to: {year}-02-11}}\n"
        f"  - {{name: 清明节, from: {year}-04-03, to: {year}-04-05}}\n"
        f"  - {{name: 劳动节, from: {year}-05-01, to: {year}-05-05}}\n"
        f"  - {{name: 端午节, from: {year}-06-09, to: {year}-06-09}}\n"
        f"  - {{name: 国庆节、中秋节, from: {year}-10-01, to: {year}-10-08}}\n{extra}"
        f"workdays: [{workdays}]\n"
    )


NEXT = LAST.year + 1


def saturday(year: int, month: int) -> date:
    return next(d for d in all_days(date(year, month, 8), date(year, month, 20)) if d.weekday() == 5)


def test_a_notice_opens_the_year(tmp_path: Path) -> None:
    worked = saturday(NEXT, 10) + timedelta(days=7)
    (tmp_path / f"{NEXT}.yaml").write_text(full_notice(NEXT, workdays=str(worked)), encoding="utf-8")
    longer = load_notices(tmp_path, CALENDAR)
    assert longer.is_workday(worked)
    assert longer.reason(date(NEXT, 10, 5)) == "国庆节、中秋节"
    assert longer.add_workdays(LAST, 1) > date(NEXT, 1, 3)
    assert not CALENDAR.knows(NEXT)  # the other calendar is as it was
    for day in all_days(FIRST, LAST):
        assert longer.reason(day) == CALENDAR.reason(day)


def test_notices_of_several_years_and_one_before(tmp_path: Path) -> None:
    for year in (NEXT + 1, NEXT, 2003):
        (tmp_path / f"{year}.yaml").write_text(full_notice(year), encoding="utf-8")
    longer = load_notices(tmp_path, CALENDAR)
    assert (longer.first_year, longer.last_year) == (2003, NEXT + 1)
    assert longer.add_workdays(date(2003, 12, 31), 1) == date(2004, 1, 2)


def test_a_gap_between_years_is_an_error_that_names_the_year(tmp_path: Path) -> None:
    (tmp_path / f"{NEXT + 1}.yaml").write_text(full_notice(NEXT + 1), encoding="utf-8")
    with pytest.raises(UnknownYearError) as raised:
        load_notices(tmp_path, CALENDAR)
    assert raised.value.year == NEXT


def test_a_notice_replaces_its_year_but_not_the_december_of_the_next_one() -> None:
    notice = Notice(2018, "本地试验安排", {date(2018, 10, 1): "国庆节"}, frozenset())
    changed = CALENDAR.with_notice(notice)
    assert changed.reason(date(2018, 10, 2)) is None
    assert changed.reason(date(2018, 12, 31)) == "元旦"  # belongs to the notice for 2019
    assert changed.is_workday(date(2018, 12, 29))
    assert changed.reason(date(2017, 10, 2)) == CALENDAR.reason(date(2017, 10, 2))


def test_a_local_holiday_is_a_supplement(tmp_path: Path) -> None:
    text = (
        "year: 2025\ndocument: 自治区人民政府关于地方节日放假的通知\nsupplement: true\n"
        "holidays:\n  - {name: 三月三, from: 2025-03-31, to: 2025-04-02}\n"
    )
    (tmp_path / "2025-地方.yaml").write_text(text, encoding="utf-8")
    local = load_notices(tmp_path, CALENDAR)
    assert local.reason(date(2025, 4, 1)) == "三月三"
    assert local.reason(date(2025, 10, 1)) == "国庆节"
    assert CALENDAR.is_workday(date(2025, 4, 1))


def test_no_folder_no_notices(tmp_path: Path) -> None:
    assert load_notices(tmp_path / "calendar", CALENDAR) is CALENDAR


def test_keeping_a_notice(tmp_path: Path) -> None:
    folder, file = tmp_path / "calendar", tmp_path / "通知.yaml"
    file.write_text(full_notice(NEXT), encoding="utf-8")
    assert keep_notice(file, folder, CALENDAR) == folder / f"{NEXT}.yaml"
    file.write_text(full_notice(NEXT, workdays=str(saturday(NEXT, 3))), encoding="utf-8")
    keep_notice(file, folder, CALENDAR)  # the year entered again, corrected
    local = (
        f"year: {NEXT}\ndocument: 地方节日放假的通知\nsupplement: true\n"
        f"holidays: [{{name: 地方节日, from: {NEXT}-07-05, to: {NEXT}-07-06}}]\n"
    )
    (tmp_path / "本地.yaml").write_text(local, encoding="utf-8")
    assert keep_notice(tmp_path / "本地.yaml", folder, CALENDAR) == folder / f"{NEXT}-本地.yaml"
    longer = load_notices(folder, CALENDAR)
    assert longer.is_workday(saturday(NEXT, 3))
    assert longer.reason(date(NEXT, 7, 5)) == "地方节日"
    assert sorted(p.name for p in folder.iterdir()) == [f"{NEXT}-本地.yaml", f"{NEXT}.yaml"]


@pytest.mark.parametrize("year", [NEXT + 1, 1990])
def test_a_notice_that_would_leave_a_gap_is_not_kept(tmp_path: Path, year: int) -> None:
    file = tmp_path / "通知.yaml"
    file.write_text(full_notice(year), encoding="utf-8")
    with pytest.raises(UnknownYearError):
        keep_notice(file, tmp_path / "calendar", CALENDAR)
    file.write_text(full_notice(NEXT).replace("劳动节", "五一"), encoding="utf-8")
    with pytest.raises(NoticeError):
        keep_notice(file, tmp_path / "calendar", CALENDAR)
    assert not (tmp_path / "calendar").exists()


def test_a_calendar_of_ones_own() -> None:
    own = Calendar(2030, 2030, {date(2030, 1, 1): "元旦"}, [date(2030, 1, 5)])
    assert own.add_workdays(date(2029, 12, 31) + timedelta(days=1), 4) == date(2030, 1, 5)


def test_the_example_in_the_message_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / f"{NEXT}.yaml"
    path.write_text(notice_example(NEXT), encoding="utf-8")
    with pytest.raises(NoticeError) as raised:
        read_notice(path)
    assert "5月1日是劳动节" in str(raised.value)  # what the example leaves out, and nothing else
    assert "缺 春节、清明、劳动节、端午、中秋。" in str(raised.value)
    assert str(raised.value).count("\n") == 2


BAD_NOTICES = {
    "wrong_file_name": (full_notice(2031), ["年份是 2031", "文件名应为 2031.yaml"]),
    "reversed": (full_notice(NEXT).replace("02-11}", "02-01}"), ["起止颠倒", "第 5 行"]),
    "too_long": (full_notice(NEXT).replace("02-11}", "03-11}"), ["放假 35 天"]),
    "overlap": (
        full_notice(NEXT, f"  - {{name: 抗战纪念日, from: {NEXT}-10-08, to: {NEXT}-10-09}}\n"),
        ["已在国庆节、中秋节的假期里"],
    ),
    "worked_weekday": (full_notice(NEXT, workdays=f"{NEXT}-03-03"), ["不是星期六或星期日"]),
    "worked_holiday": (full_notice(NEXT, workdays=f"{NEXT}-10-02"), ["又放假", "又上班"]),
    "worked_twice": (
        full_notice(NEXT, workdays=f"{saturday(NEXT, 3)}, {saturday(NEXT, 3)}"),
        ["写了两次"],
    ),
    "other_year": (
        full_notice(NEXT).replace(f"from: {NEXT}-06-09", f"from: {NEXT - 1}-06-09"),
        ["超过 15 天"],
    ),
    "outside": (full_notice(NEXT, workdays=str(saturday(NEXT + 1, 3))), [f"不在 {NEXT} 年的安排内"]),
    "december": (full_notice(NEXT, workdays=str(saturday(NEXT, 12))), [f"请写在 {NEXT + 1}.yaml"]),
    "no_national_day": (
        full_notice(NEXT).replace(
            f"  - {{name: 国庆节、中秋节, from: {NEXT}-10-01, to: {NEXT}-10-08}}\n", ""
        ),
        ["10月1日是国庆节", "缺 中秋、国庆"],
    ),
    "unknown_key": (full_notice(NEXT) + "workday: []\n", ["不认识的键“workday”", "是不是“workdays”"]),
    "no_document": (full_notice(NEXT).replace("document", "# document"), ["缺少“document”"]),
    "no_real_day": (full_notice(NEXT).replace("06-09}", "06-31}"), ["不是一个真实的日期"]),
    "text_for_a_day": (
        full_notice(NEXT).replace(f"to: {NEXT}-06-09", "to: 六月九日"),
        ["应为日期", "“六月九日”"],
    ),
    "nothing": ("year: 2027\ndocument: 一份通知\n", ["没有任何放假或上班的日期"]),
    "empty": ("", ["文件是空的"]),
    "list": ("- 2027-01-01\n", ["应为一组“键: 值”"]),
}


@pytest.mark.parametrize("name", BAD_NOTICES)
def test_a_wrong_notice_says_what_and_where(name: str, tmp_path: Path) -> None:
    text, words = BAD_NOTICES[name]
    path = tmp_path / f"{NEXT}.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NoticeError) as raised:
        read_notice(path)
    for word in [f"{NEXT}.yaml", "行", *words]:
        assert word in str(raised.value), str(raised.value)
