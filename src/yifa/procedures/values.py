"""Values against the fields of the catalogue: type, choices, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yifa.law.schema import Basis, CaseType, FieldSpec, FieldType
from yifa.procedures import wording
from yifa.procedures.noting import Noted

_TEXTS = {
    FieldType.TEXT,
    FieldType.LONG_TEXT,
    FieldType.ORGANIZATION,
    FieldType.PERSON,
    FieldType.ENTRY,
    FieldType.CASE,
}
_NUMERIC = {FieldType.NUMBER, FieldType.MONEY}
_SIZED = {*_NUMERIC, FieldType.LIST}
_EXPECTED = {
    FieldType.NUMBER: "数字",
    FieldType.MONEY: "金额（元）",
    FieldType.DATE: "日期，如 2024-09-20",
    FieldType.BOOLEAN: "是或否",
    FieldType.LIST: "若干项",
}


def value_faults(
    fields: Mapping[str, FieldSpec], values: Mapping[str, Any], *, complete: bool = True
) -> Iterator[tuple[str, str, Basis | None]]:
    """Each fault as (field id, what is wrong in Chinese with its article, basis).

    With `complete` false a required value may be missing.
    """
    for name in values:
        if name not in fields:
            yield name, f"没有“{name}”这一项", None
    noted = values if isinstance(values, Noted) else None
    for name, spec in fields.items():
        free = noted is not None and spec.type in _TEXTS and spec.choices is None and not spec.unique
        reason = _fault(spec, noted.text(name) if noted is not None and free else values.get(name), complete)
        if reason is not None:
            yield name, f"“{spec.title}”{reason}{wording.cite(spec.basis)}", spec.basis


def fact_faults(
    case_type: CaseType, facts: Mapping[str, Any], *, complete: bool = True
) -> tuple[tuple[str, str, Basis | None], ...]:
    """What is wrong with the facts of a case: to be asked when they are entered or changed."""
    return tuple(value_faults(case_type.facts, facts, complete=complete))


def _fault(spec: FieldSpec, value: Any, complete: bool) -> str | None:
    if value is None or value == "" or (value == [] and spec.min_items is None):
        return "须填写" if spec.required and complete else None
    if not _has_type(spec.type, value):
        return f"应为{_EXPECTED.get(spec.type, '文字')}，现为“{value}”"
    if spec.choices is not None:
        wrong = [item for item in _items(value) if item not in spec.choices]
        if wrong:
            return f"没有“{wrong[0]}”这一选项，可选{'、'.join(spec.choices)}"
    return limit_fault(spec, value)


def limit_fault(spec: FieldSpec, value: Any) -> str | None:
    """Why a value is less or more than its field may be; a value of another type is judged elsewhere."""
    unit = spec.unit or ""
    size = size_of(value) if _has_type(spec.type, value) else None
    if size is not None and spec.type in _SIZED:
        shown = value if spec.type in _NUMERIC else f"{size:g}"
        if spec.minimum is not None and size < spec.minimum:
            return f"不得少于{spec.minimum:g}{unit}，现为{shown}{unit}"
        if spec.maximum is not None and size > spec.maximum:
            return f"不得超过{spec.maximum:g}{unit}，现为{shown}{unit}"
    if spec.unique and (twice := [item for item in _items(value) if _items(value).count(item) > 1]):
        return f"“{twice[0]}”写了两次"
    if spec.min_items is not None and len(_items(value)) < spec.min_items:
        return f"不得少于{spec.min_items}{unit or '项'}，现为{len(_items(value))}{unit or '项'}"
    return None


def size_of(value: Any) -> float | None:
    """A number itself, the length of a list; anything else has no size."""
    if isinstance(value, list | tuple):
        return len(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return float(value)


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _has_type(kind: FieldType, value: Any) -> bool:
    if kind in _TEXTS:
        return isinstance(value, str)
    if kind in {FieldType.NUMBER, FieldType.MONEY}:
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if kind is FieldType.BOOLEAN:
        return isinstance(value, bool)
    if kind is FieldType.LIST:
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if kind is FieldType.DATE:
        return isinstance(value, date) or (isinstance(value, str) and _is_iso(value))
    return isinstance(value, str)  # CHOICE; the choices themselves are checked by the caller


def _is_iso(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
