"""Valid values for any register of the catalogue, so that tests do not depend on its fields."""

from __future__ import annotations

from typing import Any

from yifa.law.loader import catalogue
from yifa.law.schema import FieldSpec, FieldType

SAMPLES: dict[FieldType, Any] = {
    FieldType.NUMBER: 3,
    FieldType.MONEY: 100,
    FieldType.DATE: "2024-03-01",
    FieldType.BOOLEAN: True,
    FieldType.LIST: ["示例"],
}


def value(spec: FieldSpec) -> Any:
    if spec.choices:
        return spec.choices[0]
    found = SAMPLES.get(spec.type, "示例文字")
    if isinstance(found, list) and spec.min_items:
        return [f"示例{number}" for number in range(spec.min_items)]
    if spec.minimum is not None and isinstance(found, int):
        return max(found, spec.minimum)
    return found


def sample(register: str, given: dict[str, Any]) -> dict[str, Any]:
    """Required fields filled in; `given` uses "code" for the key and "name" for the title."""
    kind = catalogue().registers[register]
    data = {name: value(spec) for name, spec in kind.fields.items() if spec.required}
    renamed = {"code": kind.key, "name": kind.title_field}
    return data | {
        renamed.get(name, name): what
        for name, what in given.items()
        if renamed.get(name, name) in kind.fields
        and not (name in renamed and kind.fields[renamed[name]].choices)  # there the choice stands
    }
