"""Numbers as headings and lists write them: 一, 十二, 三十六."""

from __future__ import annotations

_DIGITS = "一二三四五六七八九"


def chinese(value: int) -> str:
    """A number from 1 to 99 in Chinese digits."""
    tens, ones = divmod(value, 10)
    return ("" if not tens else "十" if tens == 1 else _DIGITS[tens - 1] + "十") + (
        _DIGITS[ones - 1] if ones else ""
    )
