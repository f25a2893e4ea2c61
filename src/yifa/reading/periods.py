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
_HALF = re.compile(r"(?:(\d{4})年)?上半年")


def period_in(text: str, year: int | None) -> tuple[date, date] | None:
    """The first period a text names; None where it names a year at most. `year`: for 上半年 without one."""
    text = _TITLED.sub("", text)
    for found in _DAYS.finditer(text):
        if found["to_year"] or found["to_month"]:
            period = _period(found)
            if period and period[0] <= period[1]:
                return period
    half = _HALF.search(text)
    if half and (half[1] or year):
        return date(int(half[1] or year or 0), 1, 1), date(int(half[1] or year or 0), 6, 30)
    return None


def _period(found: re.Match[str]) -> tuple[date, date] | None:
    begins = int(found["year"])
    ends = int(found["to_year"] or begins)
    first = make_date(begins, int(found["month"] or 1), int(found["day"] or 1))
    month = int(found["to_month"] or 12)
    last = make_date(ends, month, int(found["to_day"])) if found["to_day"] else month_end(ends, month)
    return (first, last) if first and last else None
