"""Fields made from the catalogue: what a person can type is what the ledger accepts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.conftest import World
from yifa.law.loader import catalogue
from yifa.law.schema import FieldSpec, FieldType
from yifa.procedures.values import value_faults
from yifa.workbench.forms import SpecForm


def form(spec: dict[str, Any], typed: str | None) -> SpecForm:
    return SpecForm({} if typed is None else {"f_x": typed}, specs={"x": FieldSpec(title="示例", **spec)})


@pytest.mark.parametrize(
    ("spec", "typed", "stored"),
    [
        ({}, " 文字 ", "文字"),
        ({"type": "number"}, "3", 3),
        ({"type": "number"}, "3.50", 3.5),
        ({"type": "money"}, "1200.5", 1200.5),
        ({"type": "date"}, "2026-03-05", "2026-03-05"),
        ({"type": "boolean"}, "yes", True),
        ({"type": "boolean"}, "no", False),
        ({"type": "choice", "choices": ["甲", "乙"]}, "乙", "乙"),
        ({"type": "list"}, "甲\n\n 乙 \n", ["甲", "乙"]),
        ({"type": "organization"}, "县司法局", "县司法局"),
    ],
)
def test_typed_values_are_stored_plain(spec: dict[str, Any], typed: str, stored: Any) -> None:
    filled = form(spec, typed)
    assert filled.is_valid(), filled.errors
    assert filled.spec_values() == {"x": stored}


NEEDED: dict[FieldType, dict[str, Any]] = {
    FieldType.CHOICE: {"choices": ["甲"]},
    FieldType.ENTRY: {"register": "powers"},
    FieldType.CASE: {"case_type": "petition"},
}


@pytest.mark.parametrize("kind", list(FieldType))
def test_nothing_typed_is_nothing_stored(kind: FieldType) -> None:
    filled = form({"type": kind, **NEEDED.get(kind, {})}, "")
    assert filled.is_valid()
    assert filled.spec_values() == {}


@pytest.mark.django_db
def test_entries_in_force_are_suggested(world: World) -> None:
    shown = str(form({"type": "entry", "register": "powers"}, None)["f_x"])
    assert f'<option value="{world.entry.key}">{world.entry.title}</option>' in shown


@pytest.mark.parametrize(
    ("spec", "typed", "words"),
    [
        ({"required": True}, "", "请填写示例"),
        ({"type": "number"}, "三", "数"),
        ({"type": "number", "minimum": 1}, "0", "不得小于 1"),
        ({"type": "number", "maximum": 100}, "101", "不得大于 100"),
        ({"type": "date"}, "2026-02-30", "日期"),
        ({"type": "choice", "choices": ["甲"]}, "丙", "丙"),
        ({"type": "list", "min_items": 3}, "甲\n乙", "至少要 3 项，现有 2 项"),
    ],
)
def test_wrong_values_are_said_at_the_field(spec: dict[str, Any], typed: str, words: str) -> None:
    filled = form(spec, typed)
    assert not filled.is_valid()
    assert words in "".join(filled.errors["f_x"])
    assert "is-invalid" in filled["f_x"].as_widget()


def test_stored_values_come_back_as_typed() -> None:
    specs = {
        "yes": FieldSpec(title="是否", type="boolean"),
        "names": FieldSpec(title="名单", type="list"),
        "day": FieldSpec(title="日期", type="date"),
    }
    values = {"yes": False, "names": ["甲", "乙"], "day": "2026-03-05"}
    shown = SpecForm(specs=specs, values=values)
    again = SpecForm({f"f_{name}": shown[f"f_{name}"].value() for name in specs}, specs=specs)
    assert again.is_valid()
    assert again.spec_values() == values


def all_specs() -> list[FieldSpec]:
    law = catalogue()
    return [
        *(spec for kind in law.case_types.values() for spec in kind.facts.values()),
        *(
            spec
            for kind in law.case_types.values()
            for act in kind.acts.values()
            for spec in act.fields.values()
        ),
        *(spec for register in law.registers.values() for spec in register.fields.values()),
    ]


@given(
    spec=st.sampled_from(all_specs()),
    typed=st.text(max_size=20) | st.integers().map(str) | st.dates().map(str),
)
def test_what_the_form_lets_through_the_ledger_accepts(spec: FieldSpec, typed: str) -> None:
    filled = SpecForm({"f_x": typed}, specs={"x": spec})
    if filled.is_valid():
        assert list(value_faults({"x": spec}, filled.spec_values())) == []


@pytest.mark.django_db
def test_units_are_suggested_wherever_one_is_named(world: World) -> None:
    shown = str(form({"type": "organization"}, None)["f_x"])
    for unit in (world.office, world.other):
        assert f'<option value="{unit.name}">' in shown
