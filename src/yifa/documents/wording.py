"""How papers write days, lengths of time and amounts."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

DIGITS = "〇一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
_NUMBER = re.compile(r"\d+")


def chinese_day(value: date) -> str:
    """二〇二六年三月四日."""
    year = "".join(DIGITS[int(digit)] for digit in str(value.year))
    return f"{year}年{count(value.month)}月{count(value.day)}日"


def count(number: int) -> str:
    """A number below ten thousand as it is said: 十五, 六十, 一百零五."""
    if number < 0 or number >= 10_000:
        return str(number)
    if number < 10:
        return "零一二三四五六七八九"[number]
    said, gap = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            said += ("零" if gap else "") + DIGITS[digit] + unit
            gap = False
        elif said:
            gap = True
    return said[1:] if said.startswith("一十") else said


def counted(text: str) -> str:
    """The digits of a length of time as they are said: 60日 becomes 六十日."""
    return _NUMBER.sub(lambda match: count(int(match.group())), text)


def plain(number: float | Decimal) -> str:
    """A number without needless decimals."""
    value = Decimal(str(number))
    return str(int(value)) if value == value.to_integral_value() else f"{value.normalize():f}"


def capital(amount: float | Decimal) -> str:
    """An amount in yuan as it is written out on papers: 壹万贰仟元整."""
    cents = int((Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    yuan, rest = divmod(abs(cents), 100)
    said = ("负" if cents < 0 else "") + (_capital_yuan(yuan) + "元" if yuan else "")
    jiao, fen = divmod(rest, 10)
    if not rest:
        return (said or "零元") + "整"
    if jiao:
        said += f"{CAPITALS[jiao]}角"
    elif yuan:
        said += "零"
    return said + (f"{CAPITALS[fen]}分" if fen else "整")


def _capital_yuan(yuan: int) -> str:
    groups: list[int] = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    said = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            continue
        if said and (group < 1000 or groups[place + 1] % 10 == 0):
            said += "零"
        said += _capital_group(group) + GROUPS[place]
    return said


def _capital_group(group: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + CAPITALS[digit] + UNITS[place]
            gap = False
        else:
            gap = True
    return said
