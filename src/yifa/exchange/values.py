"""What the text of a cell stands for: a unit, a day, an amount, a choice, in the type its meaning has."""

from __future__ import annotations

from datetime import date
from typing import Any

from yifa.exchange.targets import NUMBER, ON, TITLE, UNIT, Meaning
from yifa.exchange.units import UnitFinder
from yifa.law.schema import FieldType
from yifa.reading import cells as cell

SHOWN = 20  # characters of a cell repeated in a message


def converted(meaning: Meaning, text: str, tens: str, units: UnitFinder) -> tuple[Any, str]:
    """The value a text stands for, or why it stands for none."""
    shown = f"“{text[:SHOWN]}”"
    if meaning.key == UNIT:
        return units.find(text, shown)
    if meaning.key in {NUMBER, TITLE}:
        return text, ""
    if meaning.kind is FieldType.DATE:
        return _day(meaning, text, shown)
    if meaning.kind in {FieldType.NUMBER, FieldType.MONEY}:
        amount = cell.amount(text, tens=tens)
        unit = "元" if meaning.kind is FieldType.MONEY else ""
        return (
            amount,
            ""
            if amount is not None
            else f"{shown}不是数字。“{meaning.title}”请写成 12000 或者 1.2万{unit}。",
        )
    if meaning.kind is FieldType.BOOLEAN:
        truth = cell.truth(text)
        return (
            truth,
            "" if truth is not None else f"{shown}看不出是还是否。“{meaning.title}”请写“是”或者“否”。",
        )
    if meaning.choices:
        return _choice(meaning, text, shown)
    if meaning.kind is FieldType.LIST:
        return cell.items(text), ""
    return text, ""


def _day(meaning: Meaning, text: str, shown: str) -> tuple[Any, str]:
    day = cell.day(text)
    if day is None:
        wrong = f"{shown}看不出是哪年哪月哪日，或者没有这一天。“{meaning.title}”请写成 "
        return None, f"{wrong}2025-03-14 这样。"
    if meaning.key.startswith("act:") or meaning.key == ON:
        return day, ""
    return day.isoformat(), ""


def _choice(meaning: Meaning, text: str, shown: str) -> tuple[Any, str]:
    for choice in meaning.choices:
        if text == choice or _plain(text) == _plain(choice):
            return choice, ""
    some = f"“{'”“'.join(meaning.choices[:8])}”{'等' if len(meaning.choices) > 8 else ''}"
    return None, f"“{meaning.title}”没有{shown}这一选项，可选：{some}。可在“值的对照”里选定它对应哪一项。"


def _plain(text: str) -> str:
    return "".join(text.split()).replace("(", "（").replace(")", "）").lower()


def as_key(value: Any) -> str:
    """A value as part of a key: written alike whatever its type."""
    if isinstance(value, date):
        return value.isoformat()
    return "".join(str(value).split()) if value is not None else ""
