"""Chinese working days: statutory holidays, days off in lieu, weekends that are worked.

The days of known years come from the package `chinesecalendar`; a later year (or a local holiday) comes from a
holiday notice that the locality enters, see `notices`. Days are kept in one table with running counts, so adding
working days is a subtraction and a look-up, however long the distance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from chinese_calendar import constants

from yifa.law.errors import YifaError
from yifa.law.notices import Notice, notice_example, read_notice

CHINA = ZoneInfo("Asia/Shanghai")  # by whose clock a day begins, whatever the machine's own says
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
WORKED = "调休上班"
_SATURDAY = 5
_DAY = timedelta(days=1)


class UnknownYearError(YifaError):
    """The holiday arrangement of `year` is not known, so its working days cannot be told."""

    code = "unknown_year"

    def __init__(self, year: int, known: tuple[int, int]) -> None:
        first, last = known
        self.year = year
        gap = ""
        if year > last + 1:
            gap = f"（现有 {first} 至 {last} 年，须从 {last + 1} 年起逐年录入）"
        elif year < first - 1:
            gap = f"（现有 {first} 至 {last} 年，须从 {first - 1} 年起往前逐年录入）"
        super().__init__(
            f"没有 {year} 年的放假安排，算不出该年的工作日{gap}。"
            f"请按国务院办公厅当年部分节假日安排的通知，在数据文件夹下建 calendar/{year}.yaml，"
            f"或写好后用命令 yifa calendar import {year}.yaml 录入。格式如下（日期以通知为准）：\n"
            f"{notice_example(year)}"
        )


class Calendar:
    """The working days of a run of years without gaps. Immutable."""

    __slots__ = ("_before", "_days", "_off", "_origin", "_worked", "first_year", "last_year")

    def __init__(
        self, first_year: int, last_year: int, off: Mapping[date, str], worked: Iterable[date]
    ) -> None:
        self.first_year = first_year
        self.last_year = last_year
        self._off = dict(off)
        self._worked = frozenset(worked)
        start = date(first_year, 1, 1)
        self._origin = start.toordinal()
        self._days: list[date] = []  # every working day in order
        self._before: list[int] = []  # for each day of the table: working days up to and including it
        for ordinal in range(self._origin, date(last_year + 1, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            if day in self._worked or (day.weekday() < _SATURDAY and day not in self._off):
                self._days.append(day)
            self._before.append(len(self._days))

    @property
    def digest(self) -> str:
        """What tells it from a calendar with other working days."""
        days = ",".join(str(day.toordinal()) for day in self._days)
        return sha256(f"{self.first_year}-{self.last_year}:{days}".encode()).hexdigest()

    def knows(self, year: int) -> bool:
        """Whether the holidays of this year are known."""
        return self.first_year <= year <= self.last_year

    def workdays_until(self, day: date) -> int:
        """Working days from the first day of the table up to and including `day`."""
        index = day.toordinal() - self._origin
        if index < 0 or index >= len(self._before):
            raise self._unknown(day.year)
        return self._before[index]

    def workday_number(self, number: int) -> date:
        """The working day with this running number, as `workdays_until` counts them (from 1)."""
        if number < 1:
            raise self._unknown(self.first_year - 1)
        try:
            return self._days[number - 1]
        except IndexError:
            raise self._unknown(self.last_year + 1) from None

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day."""
        count = self.workdays_until(day)
        return count > 0 and self._days[count - 1] == day

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself is not counted; before it for a negative n.

        For 0 the day itself, working or not.
        """
        index = day.toordinal() - self._origin
        if n > 0 and 0 <= index < len(self._before):
            number = self._before[index] + n - 1
            if number < len(self._days):
                return self._days[number]
        if n == 0:
            return day
        if n > 0:
            return self.workday_number(self.workdays_until(day) + n)
        return self.workday_number(self.workdays_until(day) - self.is_workday(day) + 1 + n)

    def next_workday(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first."""
        return self.workdays_until(end) - self.workdays_until(start)

    def reason(self, day: date) -> str | None:
        """Why the day is off (a holiday's name, 星期六, 星期日) or worked on a weekend (调休上班); else None."""
        if not self.knows(day.year):
            raise self._unknown(day.year)
        if day in self._worked:
            return WORKED
        if day in self._off:
            return self._off[day]
        return WEEKDAYS[day.weekday()] if day.weekday() >= _SATURDAY else None

    def with_notice(self, notice: Notice) -> Calendar:
        """This calendar with a notice laid over it.

        A notice for a whole year replaces what was known from the December before it to its November (the
        December days move with the coming New Year); a supplement only changes the days it names.
        """
        if not notice.supplement and not self.first_year - 1 <= notice.year <= self.last_year + 1:
            raise self._unknown(self.last_year + 1 if notice.year > self.last_year else self.first_year - 1)
        if notice.supplement and not self.knows(notice.year):
            raise self._unknown(notice.year)
        replaced = notice.replaces
        off = {d: name for d, name in self._off.items() if not replaced(d) and d not in notice.worked}
        worked = {d for d in self._worked if not replaced(d) and d not in notice.off}
        return Calendar(
            min(self.first_year, notice.year),
            max(self.last_year, notice.year),
            off | dict(notice.off),
            worked | notice.worked,
        )

    def _unknown(self, year: int) -> UnknownYearError:
        return UnknownYearError(year, (self.first_year, self.last_year))


def load_notices(folder: Path, base: Calendar) -> Calendar:
    """`base` with all notices (`*.yaml`) of a folder: whole years in order, then supplements.

    A folder that does not exist holds none. Raises NoticeError for a wrong file, UnknownYearError for a gap.
    """
    return _lay_over([read_notice(path) for path in _files(folder)], base)


def keep_notice(file: Path, folder: Path, base: Calendar) -> Path:
    """Check a notice and copy it into the folder of notices; returns where it is kept.

    The notice of a whole year replaces the one kept before; a supplement stands beside it. `file` may have any
    name. Nothing is written if the notice is wrong or would leave a gap between the years.
    """
    notice = read_notice(file, any_name=True)
    name = f"{notice.year}.yaml"
    if notice.supplement:
        name = f"{notice.year}-{file.stem.removeprefix(str(notice.year)).strip('-') or '补充'}.yaml"
    kept = folder / name
    others = [read_notice(path) for path in _files(folder) if path != kept]
    _lay_over([*others, notice], base)
    content = file.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(".part")
    partial.write_bytes(content)
    partial.replace(kept)
    return kept


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml")) if folder.is_dir() else []


def _lay_over(notices: list[Notice], base: Calendar) -> Calendar:
    """Years after those known go forward, years before them backward, then the supplements."""
    years = sorted((n for n in notices if not n.supplement), key=lambda n: n.year)
    before = [n for n in reversed(years) if n.year < base.first_year]
    after = [n for n in years if n.year >= base.first_year]
    for notice in [*before, *after, *(n for n in notices if n.supplement)]:
        base = base.with_notice(notice)
    return base


@lru_cache(maxsize=1)
def default_calendar() -> Calendar:
    """The calendar shipped with Yifa."""
    names = {holiday.value: _chinese_name(holiday.chinese) for holiday in constants.Holiday}
    off = {day: names[name] for day, name in constants.holidays.items()}
    return Calendar(min(off).year, max(off).year, off, constants.workdays)


def _chinese_name(short: str) -> str:
    """The holiday's name as notices write it: 清明 → 清明节, 元旦 stays."""
    return f"{short}节" if short in {"清明", "端午", "中秋"} else short
