"""How a figure and a day are printed."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from yifa.law.phrases import day

NO_POWER = "本级无此职权"
NOT_COLLECTED = "数据未采集"
NO_BASE = "无发生"  # a rate over nothing
MONEY = "元"
TEN_THOUSAND = Decimal(10_000)


def amount(value: Decimal, unit: str) -> str:
    """Value with unit: 「12件」「98.5%」「3.25万元」; no separators within digits."""
    if unit in ("%", "％"):
        return f"{percentage(value)}%"
    if unit == MONEY and abs(value) >= TEN_THOUSAND:
        return f"{trimmed(value / TEN_THOUSAND)}万{MONEY}"
    return f"{trimmed(value)}{unit}"


def trimmed(value: Decimal, places: int = 2) -> str:
    """At most `places` decimals, no trailing zeros."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return format(rounded.normalize(), "f")


def percentage(value: Decimal) -> str:
    """One decimal; what is short of 100 is never printed as 100, what is above 0 never as 0.

    A value that is itself rounded to a half (93.548 stored as 93.55) keeps both decimals: rounded a second time it would
    be wrong (93.6).
    """
    text = trimmed(value, 1)
    if value * 10 % 1 == Decimal("0.5"):
        return trimmed(value)
    if (text == "100") == (value == 100) and (text == "0") == (value == 0):
        return text
    if text == "100":
        return (
            format(value.quantize(Decimal("0.1"), ROUND_DOWN).normalize(), "f")
            if value < 100
            else trimmed(value)
        )
    return trimmed(value, 4)


def printed(status: str, value: Decimal | None, unit: str) -> str:
    """What stands in the text for a figure of this status: a value, or the words that say why there is none."""
    if status == "no_power":
        return NO_POWER
    if status == "not_collected":
        return NOT_COLLECTED
    return NO_BASE if value is None else amount(value, unit)


def period(start: date, end: date) -> str:
    """「2025年」 for a whole year, else 「2026年1月1日至11月22日」."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return f"{start.year}年"
    until = f"{end.month}月{end.day}日" if start.year == end.year else day(end)
    return f"{day(start)}至{until}"
