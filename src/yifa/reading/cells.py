"""What cells of lists say: days in every way they are written, amounts, yes and no."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from yifa.reading.dates import DAY, date_in, make_date
from yifa.reading.numerals import integer

EPOCH = date(1899, 12, 30).toordinal()
EARLIEST, LATEST = 1900, 2100
_WIDE = str.maketrans("０１２３４５６７８９／－．：（），＋％", "0123456789/-.:(),+%")
_CLOCK = r"(?:[ tT日号]*\d{1,2}[:时点]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?[zZ]?(?:\+\d\d:?\d\d)?(?: ?[AaPp][Mm])?)?"
_DIGITS = re.compile(
    rf"(\d{{4}})[-/.年 ](\d{{1,2}})[-/.月 ](\d{{1,2}})[日号]?(?: ?\(?(?:星期|周).\)?)?{_CLOCK}"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?")
_AMERICAN = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_CLOCK}")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_WORDS = re.compile(rf"{DAY.pattern}(?:[上下]午)?{_CLOCK}")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?")
_SIGNS = re.compile(r"^(?:人民币|RMB|￥|¥|约|共)+|[,\s]|(?:元整?|圆整?|人民币)$")
_TENFOLD = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3}
_TRUE = frozenset(
    {"是", "有", "对", "真", "已", "√", "✓", "✔", "y", "yes", "true", "1", "t", "需要", "同意", "符合"}
)
_FALSE = frozenset(
    {
        "否",
        "无",
        "不",
        "错",
        "假",
        "未",
        "×",
        "✗",
        "x",
        "n",
        "no",
        "false",
        "0",
        "f",
        "没有",
        "不需要",
        "不是",
    }
)
NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "空", "暂无", "null", "NULL", "None", "N/A", "n/a", "#N/A"}
)
_BETWEEN = re.compile(r"[、，,；;/\n|]+")


def day(text: str) -> date | None:
    """The day a cell means; None where it is no day, or no certain one (day and month without a year)."""
    plain = " ".join(text.translate(_WIDE).split()).strip("。,; ")
    if match := _DIGITS.fullmatch(plain):
        return _in_range(int(match[1]), int(match[2]), int(match[3]))
    if match := _COMPACT.fullmatch(plain):
        return _in_range(int(match[1]), int(match[2]), int(match[3]))
    if match := _SERIAL.fullmatch(plain):  # 1927 to 2100: as spreadsheets count
        return date.fromordinal(EPOCH + int(match[1])) if 10_000 <= int(match[1]) <= 73_050 else None
    if match := _WORDS.fullmatch(plain.replace(" ", "")):
        return date_in(match)
    if (match := _AMERICAN.fullmatch(plain)) and int(match[2]) > 12:  # 3/14/2025: only where it is clear
        return _in_range(int(match[3]), int(match[1]), int(match[2]))
    return None


def _in_range(year: int, month: int, number: int) -> date | None:
    return make_date(year, month, number) if EARLIEST <= year <= LATEST else None


def amount(text: str, *, tens: str = "") -> int | float | None:
    """A number: 12,000 / 1.2万元 / ￥300.50 / 三百; `tens` is what the head says of the unit, e.g. 万."""
    plain = _SIGNS.sub("", text.translate(_WIDE).strip())
    plain = _SIGNS.sub("", plain)
    times = Decimal(_TENFOLD.get(tens, 1))
    for word, factor in _TENFOLD.items():
        if plain.endswith(word) and plain != word and plain[0] not in "一二三四五六七八九十":
            plain, times = plain.removesuffix(word), Decimal(factor)
            break
    if _NUMBER.fullmatch(plain):
        try:
            return _plain(Decimal(plain) * times)
        except InvalidOperation:
            return None
    found = integer(plain) if plain else None
    return None if found is None else _plain(found * times)


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def tens_in(head: str) -> str:
    """Of what unit the amounts below a head are: 万 for 金额（万元）."""
    named = re.search(r"(亿|千万|百万|万|千)元", head)
    return named[1] if named else ""


def truth(text: str) -> bool | None:
    """Yes or no; None where it is neither."""
    plain = text.strip().lower()
    return True if plain in _TRUE else False if plain in _FALSE else None


def items(text: str) -> list[str]:
    """The things a cell lists."""
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def is_nothing(text: str) -> bool:
    """Whether a cell is empty, or holds a sign for it."""
    return text.strip() in NOTHING
