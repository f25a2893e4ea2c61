"""Numbers of headings as official documents have them: 一、（一）1.（1）."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese, e.g. 十二."""
    if not 1 <= number <= 99:
        raise ValueError(f"no heading number for {number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def heading_number(level: int, ordinal: int) -> str:
    """The number written before a heading of this rank (GB/T 9704: four ranks)."""
    match level:
        case 1:
            return f"{chinese(ordinal)}、"
        case 2:
            return f"（{chinese(ordinal)}）"
        case 3:
            return f"{ordinal}."
        case _:
            return f"（{ordinal}）"
