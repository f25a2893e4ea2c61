"""Until when, as cells and fields of plans write it: what the reader of texts knows, and days in digits."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import normalize

from yifa.reading.dates import make_date, month_end
from yifa.reading.dues import due, due_note
from yifa.reading.numerals import chinese_number

LONGEST = 60  # characters of a cell that may be a time
DIGITS = re.compile(
    r"(?:(?P<year>20\d\d)[-－—./／．年])?(?P<month>1[0-2]|0?[1-9])"
    r"(?:[-－—./／．月](?P<day>3[01]|[12]\d|0?[1-9]))?[日号]?(?P<part>底|末|份)?(?:之?以?前)?(?:完成)?"
)
YEAR_ONLY = re.compile(r"(20\d\d)年?(?:底|末)?(?:之?以?前)?")
CHINESE = re.compile(r"[〇零一二三四五六七八九十]+(?=[年月日号])")
QUARTER = re.compile(r"[Qq]([1-4])")
NEXT_YEAR = re.compile(r"^(?:明年|次年|翌年)")
COMPACT = re.compile(r"(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
SERIAL = re.compile(r"4\d{4}|5\d{4}")  # a day as spreadsheets count: 2009 to 2064
CLAUSE = re.compile(r"[，,。；;\n]")
TIME_ALONE = re.compile(
    r"(?:20\d\d年)?\d{1,2}月(?:\d{1,2}[日号]?|底|末|份|[上中下]旬)?(?:之?以?前)?(?:完成)?"
)
WRITTEN_YEAR = re.compile(r"20\d\d")
EPOCH = date(1899, 12, 30).toordinal()


def day_of(words: str, year: int) -> tuple[date | None, str]:
    """The last day that the words set and, where they set none, the words that stay; both empty for nothing."""
    text = " ".join(words.split()).strip("。；;，, ")
    if not text:
        return None, ""
    if len(text) > LONGEST:
        return None, text
    plain = _plain(text)
    day = _in_digits(plain.replace(" ", ""), year) or _in_words(plain, year)
    return (day, "") if day and day.year >= year else (None, text)


def _plain(text: str) -> str:
    """The words with the numbers of years, months and days in plain digits, however they were written."""
    return CHINESE.sub(_in_plain_digits, normalize("NFKC", text))


def _in_plain_digits(found: re.Match[str]) -> str:
    number = chinese_number(found[0])
    return found[0] if number is None else str(number)


def _in_words(text: str, year: int) -> date | None:
    try:
        return due(f"完成时限：{text}", year)
    except (ValueError, OverflowError):
        return None


def _in_digits(text: str, year: int) -> date | None:
    if match := COMPACT.fullmatch(text):
        return make_date(int(match[1]), int(match[2]), int(match[3]))
    if match := SERIAL.fullmatch(text):
        return date.fromordinal(EPOCH + int(text))
    if match := YEAR_ONLY.fullmatch(text):
        return date(int(match[1]), 12, 31)
    if match := QUARTER.fullmatch(text.removeprefix(str(year)).lstrip("年")):
        return month_end(year, int(match[1]) * 3)
    match = DIGITS.fullmatch(text)
    if match is None or (match["year"] is None and match["day"] is None):
        return None  # a bare number says nothing
    in_year = int(match["year"]) if match["year"] else year
    if match["day"]:
        return make_date(in_year, int(match["month"]), int(match["day"]))
    return month_end(in_year, int(match["month"]))


def bare_day(text: str, year: int) -> date | None:
    """The day of the only clause of a sentence that says a time and nothing else: 「选取2件，6月底。」."""
    clauses = (_plain(clause.strip()).replace(" ", "") for clause in CLAUSE.split(text))
    times = (clause for clause in clauses if TIME_ALONE.fullmatch(clause))
    days = [day for clause in times if (day := day_of(clause, year)[0])]
    return days[0] if len(days) == 1 else None


def is_earlier(words: str, year: int) -> bool:
    """Whether the words name a day, but one of a year before."""
    named = WRITTEN_YEAR.search(words)
    return named is not None and int(named[0]) < year and day_of(words, int(named[0]))[0] is not None


def is_time(cell: str) -> bool:
    """Whether a cell says until when, as a day or as words that set none."""
    day, words = day_of(cell, 2020)
    return day is not None or (
        bool(words) and len(words) <= 20 and due_note(f"完成时限：{words}") is not None
    )
