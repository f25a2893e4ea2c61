"""How the entries and cases that an act names stood on its day: asked once, when the act is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from yifa.law.schema import CaseType, FieldSpec, FieldType
from yifa.procedures.model import FACT, Listing


class Lists(Protocol):
    """What can say how an entry of a register, or a case, stood on a day."""

    def entry(self, register: str, key: str, on: date, holder: str | None = None) -> Listing:
        """Of the entry with this key. `holder`: its field that names the unit that alone may refer to it."""

    def case(self, case_type: str, number: str, on: date) -> Listing:
        """Of the case with this number."""


def listed(
    case_type: CaseType,
    act: str,
    on: date,
    fields: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    lists: Lists,
) -> dict[str, Listing]:
    """The standing of everything the act names; of the facts too where the act opens the case."""
    kind = case_type.acts.get(act)
    if kind is None:
        return {}
    named = list(_named(kind.fields, fields, ""))
    if act in case_type.opens_with:
        named += _named(case_type.facts, facts, FACT)
    return {name: _standing(spec, value, on, lists) for name, spec, value in named}


def _named(
    specs: Mapping[str, FieldSpec], values: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, FieldSpec, str]]:
    for name, spec in specs.items():
        names_one = spec.type is FieldType.ENTRY or spec.type is FieldType.CASE
        if not names_one and spec.register_ is None:
            continue
        value = values.get(name)
        if names_one and isinstance(value, str) and value:
            yield prefix + name, spec, value
        elif spec.register_ is not None and isinstance(value, list | tuple):
            for item in value:
                yield f"{prefix}{name}[{item}]", spec, str(item)


def part_named(name: str) -> tuple[str, str | None]:
    """The field of a listing's name and, of a list of keys, the item: officers[LT01] -> officers, LT01."""
    field, bracket, item = name.partition("[")
    return field, item.removesuffix("]") if bracket else None


def _standing(spec: FieldSpec, value: str, on: date, lists: Lists) -> Listing:
    if spec.register_ is not None:
        return lists.entry(spec.register_, value, on, spec.holder)
    return lists.case(spec.case_type or "", value, on)
