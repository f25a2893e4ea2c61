"""Dates and periods as documents write them."""

from __future__ import annotations

import calendar
import re
from datetime import date

from yifa.reading.numerals import integer

DIGIT = r"[\d〇零○OＯ０一二三四五六七八九]"
SMALL = r"(?:[\d一二三四五六七八九十]{1,3}|元(?=月))"
DAY = re.compile(rf"(?P<year>{DIGIT}{{4}})年(?P<month>{SMALL})月(?P<day>{SMALL})日?")
DOTTED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})[ ]?[.．\-—/][ ]?(?P<month>\d{1,2})[ ]?[.．\-—/][ ]?(?P<day>\d{1,2})"
    r"(?:[ ]?\d{1,2}[ ]?[:：][ ]?\d{2}(?:[ ]?[:：][ ]?\d{2})?)?"
)
YEAR = re.compile(rf"(?<![\d〇])(?P<year>(?:19|20)\d{{2}}|[一二][九〇零○OＯ][{DIGIT[1:-1]}]{{2}})(?=年)")
RANGE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})年?(?P<from>\d{1,2}月)?(?:\d{1,2}日)?\s*(?:[-—–~～至到]|——)+\s*((?:19|20)\d{2})年?(?:(?P<to>\d{1,2})月)?"
)


def make_date(year: int | None, month: int | None, day: int | None) -> date | None:
    """A date, or None where there is no such day."""
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


def date_in(match: re.Match[str]) -> date | None:
    """The date a match of DAY or DOTTED stands for."""
    return make_date(integer(match["year"]), integer(match["month"]), integer(match["day"]))


def month_end(year: int, month: int) -> date | None:
    """The last day of a month."""
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def years_in(text: str) -> list[int]:
    """All years a text names, in order, between 1978 and 2099."""
    values = [integer(match["year"]) for match in YEAR.finditer(text)]
    return [value for value in values if value is not None and 1978 <= value <= 2099]
