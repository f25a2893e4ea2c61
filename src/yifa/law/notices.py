"""Holiday notices: the days off and the worked weekends of one year, entered by the locality as YAML.

    year: 2026
    document: 国务院办公厅关于2026年部分节假日安排的通知
    holidays:
      - {name: 元旦, from: 2026-01-01, to: 2026-01-03}
      …
    workdays: [2026-01-04, …]          # Saturdays and Sundays that are worked
    supplement: true                   # only for a notice that changes single days, e.g. a local holiday

Everything is checked: a day read wrongly here moves deadlines of a whole year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pydantic import ConfigDict, Field

from yifa.law.errors import YifaError
from yifa.law.messages import validate
from yifa.law.nodes import Text, YamlError, read_yaml
from yifa.law.schema import Model

_SATURDAY = 5
_MOST_DAYS = 15  # no holiday has been longer
# Since 2008 each notice names these seven; 中秋节 and 国庆节 are one holiday in some years.
_NAMES = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
_NAMES_SINCE = 2008
# Days that are a holiday in every year: 全国年节及纪念日放假办法.
_FIXED = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"))


class NoticeError(YifaError):
    """A holiday notice is wrong; the message names the file, the line and the key."""

    code = "notice"


@dataclass(frozen=True)
class Notice:
    """The days a notice names. `off` gives each day off its holiday's name."""

    year: int
    document: str
    off: Mapping[date, str]
    worked: frozenset[date]
    supplement: bool = False

    def replaces(self, day: date) -> bool:
        """Whether what was known of this day before is void: December before the year to its November."""
        first, last = date(self.year - 1, 12, 1), date(self.year, 11, 30)
        return not self.supplement and first <= day <= last


class _Holiday(Model):
    name: str = Field(min_length=1)
    first: date = Field(alias="from")
    last: date = Field(alias="to")


class _NoticeFile(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)

    year: int = Field(ge=1949, le=2200)
    document: str = Field(min_length=4)
    holidays: list[_Holiday] = Field(default_factory=list)
    workdays: list[date] = Field(default_factory=list)
    supplement: bool = False


def notice_example(year: int) -> str:
    """What a notice file of this year looks like; the days are only an example."""
    sunday = date(year, 2, 1)
    while sunday.weekday() <= _SATURDAY:
        sunday += timedelta(days=1)
    return (
        f"year: {year}\n"
        f"document: 国务院办公厅关于{year}年部分节假日安排的通知\n"
        "holidays:\n"
        f"  - {{name: 元旦, from: {year}-01-01, to: {year}-01-03}}\n"
        f"  - {{name: 国庆节, from: {year}-10-01, to: {year}-10-07}}\n"
        "  # 春节、清明节、劳动节、端午节、中秋节照此逐项写全\n"
        f"workdays: [{sunday}]   # 调休上班的星期六、星期日\n"
    )


def read_notice(path: Path, *, any_name: bool = False) -> Notice:
    """Read and check one notice file, which bears its year as name unless it may have any.

    Raises NoticeError with everything that is wrong in it.
    """
    try:
        text = read_yaml(path)
    except YamlError as error:
        raise NoticeError(f"放假通知文件 {path.name} 有误：\n第 {error.line} 行：{error.what}") from None
    found, problems = validate(_NoticeFile, text)
    if found is None:
        raise NoticeError(_message(text, problems))
    problems = _problems(found, None if any_name else path.stem)
    if problems:
        raise NoticeError(_message(text, problems))
    off = {day: h.name for h in found.holidays for day in _days(h.first, h.last)}
    return Notice(found.year, found.document, off, frozenset(found.workdays), found.supplement)


def _message(text: Text, problems: list[tuple[tuple[str | int, ...], str]]) -> str:
    lines = [f"放假通知文件 {text.path.name} 有误："]
    lines += [f"第 {text.line(place)} 行 {text.key(place)}：{what}" for place, what in problems]
    return "\n".join(lines)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def _problems(file: _NoticeFile, stem: str | None) -> list[tuple[tuple[str | int, ...], str]]:
    """All that is wrong with the dates of a notice, as (place, what)."""
    problems: list[tuple[tuple[str | int, ...], str]] = []
    if stem is not None and not stem.startswith(str(file.year)):
        problems.append(
            (("year",), f"年份是 {file.year}，文件名却是 {stem}.yaml；文件名应为 {file.year}.yaml")
        )
    if not file.holidays and not file.workdays:
        problems.append((("holidays",), "没有任何放假或上班的日期"))
    off: dict[date, str] = {}
    for i, holiday in enumerate(file.holidays):
        place = ("holidays", i)
        problems += [(place, what) for what in _holiday_problems(file, holiday, off)]
        if holiday.first <= holiday.last:
            off |= dict.fromkeys(_days(holiday.first, holiday.last)[:_MOST_DAYS], holiday.name)
    for i in range(len(file.workdays)):
        problems += [(("workdays", i), what) for what in _workday_problems(file, i, off)]
    if not file.supplement and not problems:
        problems += [(("holidays",), what) for what in _gaps(file, off)]
    return problems


def _holiday_problems(file: _NoticeFile, holiday: _Holiday, off: Mapping[date, str]) -> list[str]:
    if holiday.first > holiday.last:
        return [f"{holiday.name}从 {holiday.first} 到 {holiday.last}，起止颠倒"]
    days = _days(holiday.first, holiday.last)
    if len(days) > _MOST_DAYS:
        return [f"{holiday.name}放假 {len(days)} 天，超过 {_MOST_DAYS} 天，请核对起止日期"]
    twice = [d for d in days if d in off]
    if twice:
        return [f"{twice[0]} 已在{off[twice[0]]}的假期里，不能写两次"]
    return [_outside(file, d) for d in (days[0], days[-1]) if _outside(file, d)][:1]


def _workday_problems(file: _NoticeFile, index: int, off: Mapping[date, str]) -> list[str]:
    day = file.workdays[index]
    if day in file.workdays[:index]:
        return [f"{day} 写了两次"]
    if day in off:
        return [f"{day} 又放假（{off[day]}）又上班，请核对"]
    if day.weekday() < _SATURDAY:
        return [f"{day} 不是星期六或星期日，本来就上班，请核对调休日期"]
    return [_outside(file, day)] if _outside(file, day) else []


def _outside(file: _NoticeFile, day: date) -> str:
    """Why a day cannot stand in the notice of the year; empty if it can."""
    if file.supplement:
        return "" if day.year == file.year else f"{day} 不在 {file.year} 年内"
    if date(file.year - 1, 12, 1) <= day <= date(file.year, 11, 30):
        return ""
    if day.year == file.year:
        return f"{day} 在 12 月：年底的调休随次年元旦的通知，请写在 {file.year + 1}.yaml"
    return f"{day} 不在 {file.year} 年的安排内（上年 12 月至本年 11 月）"


def _gaps(file: _NoticeFile, off: Mapping[date, str]) -> list[str]:
    """Holidays a whole year's notice must have and this one lacks."""
    gaps = [
        f"{month}月{day}日是{name}，法定放假，通知里却没有"
        for month, day, name in _FIXED
        if date(file.year, month, day) not in off
    ]
    if file.year >= _NAMES_SINCE:
        named = "".join(off.values())
        missing = [name for name in _NAMES if name not in named]
        if missing:
            gaps.append(
                f"缺 {'、'.join(missing)}。全年的通知应写全各个节日（两节连放的写“国庆节、中秋节”）；"
                "只改个别日子的，加一行 supplement: true"
            )
    return gaps
