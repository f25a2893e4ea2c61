"""What a paper says of a fact, read back as a value: for the correction that is offered."""

from __future__ import annotations

import re
from typing import Any

from yifa.law.schema import FieldSpec, FieldType

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SAID = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {"零": "0"}


def value_of(text: str, spec: FieldSpec) -> Any:
    """The value as the ledger keeps it; None where the words give none."""
    text = text.strip()
    if spec.type is FieldType.DATE:
        return day_of(text)
    if spec.type in {FieldType.NUMBER, FieldType.MONEY}:
        found = _NUMBER.search(text.replace(",", ""))
        return (float(found[0]) if "." in found[0] else int(found[0])) if found else None
    if spec.type is FieldType.BOOLEAN:
        return {"是": True, "否": False}.get(text)
    if spec.type is FieldType.LIST:
        return [part for part in text.split("、") if part]
    return text or None


def day_of(text: str) -> str | None:
    """2026-03-05 from 2026年3月5日 or 二〇二六年三月五日."""
    found = _DAY.search(text) or _DAY.search(_digits(text))
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _digits(text: str) -> str:
    """Chinese numerals of a day as digits: 二十三日 becomes 23日."""

    def number(match: re.Match[str]) -> str:
        tens, _, ones = match[0].partition("十")
        return f"{_SAID.get(tens, '1')}{_SAID.get(ones, '0')}"

    return "".join(
        _SAID.get(char, char) for char in re.sub(r"[一二三]?十[一二三四五六七八九]?", number, text)
    )
