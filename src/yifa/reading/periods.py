"""The days a document says it covers: 「2026年1月1日至11月22日」, 「2017年至2019年」, 「2023年上半年」."""

from __future__ import annotations

import re
from datetime import date

from yifa.reading.dates import make_date, month_end

_TO = r"\s*(?:[-—–－~～至到]|——)+\s*"
_DAYS = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})年?度?(?:(?P<month>\d{1,2})月?(?:(?P<day>\d{1,2})日)?)?"
    rf"{_TO}(?:(?P<to_year>(?:19|20)\d{{2}})(?:年度?|(?!\d)))?(?:(?P<to_month>\d{{1,2}})月(?:(?P<to_day>\d{{1,2}})日|底|末|份)?)?"
)
_TITLED = re.compile(r"《[^《》\n]{0,120}》")
_MONTHS = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})年)?(?<![\d.])(?P<first>\d{1,2})月?[ ]?[-—－–~～至到]{1,2}[ ]?(?P<last>\d{1,2})月(?!\d{1,2}日)"
)
_PART = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})年)?(?P<name>上半年|下半年|前三季度|前两季度|第?[一二三四1234]季度)"
)
PARTS_OF_YEAR = {"上半年": (1, 6), "下半年": (7, 12), "前三季度": (1, 9), "前两季度": (1, 6)}
QUARTERS = "一二三四"


def period_in(text: str, year: int | None) -> tuple[date, date] | None:
    """The first period a text names; None where it names a year at most. `year`: for 上半年 without one."""
    text = _TITLED.sub("", text)
    for found in _DAYS.finditer(text):
        if found["to_year"] or found["to_month"]:
            period = _period(found)
            if period and period[0] <= period[1]:
                return period
    months = _MONTHS.search(text)
    if months and (in_year := int(months["year"] or year or 0)):
        return _whole_months(in_year, int(months["first"]), int(months["last"]))
    part = _PART.search(text)
    if part and (in_year := int(part["year"] or year or 0)):
        return _whole_months(in_year, *months_of(part["name"]))
    return None


def months_of(name: str) -> tuple[int, int]:
    """The first and the last month of 「前三季度」, 「第二季度」."""
    if name in PARTS_OF_YEAR:
        return PARTS_OF_YEAR[name]
    sign = name.removeprefix("第")[0]
    quarter = QUARTERS.index(sign) if sign in QUARTERS else int(sign) - 1
    return 3 * quarter + 1, 3 * quarter + 3


def _whole_months(year: int, first: int, last: int) -> tuple[date, date] | None:
    begins, ends = make_date(year, first, 1), month_end(year, last)
    return (begins, ends) if begins and ends and begins <= ends else None


def _period(found: re.Match[str]) -> tuple[date, date] | None:
    begins = int(found["year"])
    ends = int(found["to_year"] or begins)
    first = make_date(begins, int(found["month"] or 1), int(found["day"] or 1))
    month = int(found["to_month"] or 12)
    last = make_date(ends, month, int(found["to_day"])) if found["to_day"] else month_end(ends, month)
    return (first, last) if first and last else None
