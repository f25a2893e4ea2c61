"""Form fields made from `FieldSpec`: for the facts of a case, the fields of an act, the data of an entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yifa.law.schema import FieldSpec, FieldType
from yifa.ledger.deciding.lists import entries_in_force, recent_cases
from yifa.ledger.models import Organization
from yifa.ledger.people.pinyin import units_by_sound
from yifa.workbench.forms.look import DayInput, PickingLines, StyledForm, SuggestingInput, style
from yifa.workbench.templatetags.yifa import basis

PREFIX = "f_"


class ListField(forms.CharField):
    """Short texts, one a line."""

    def __init__(self, *, min_items: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_items = min_items

    def prepare_value(self, value: Any) -> Any:
        """A stored list as lines."""
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The lines that say something."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def _text(spec: FieldSpec, **common: Any) -> forms.Field:
    return forms.CharField(max_length=500, **common)


def _long_text(spec: FieldSpec, **common: Any) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)


def _number(spec: FieldSpec, **common: Any) -> forms.Field:
    return forms.DecimalField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)


def _date(spec: FieldSpec, **common: Any) -> forms.Field:
    return forms.DateField(widget=DayInput(), **common)


def _boolean(spec: FieldSpec, **common: Any) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("", "（未填）"), ("yes", "是"), ("no", "否")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        **common,
    )


def _choice(spec: FieldSpec, **common: Any) -> forms.Field:
    return forms.ChoiceField(
        choices=[("", "（请选择）"), *((one, one) for one in spec.choices or [])], **common
    )


def _list(spec: FieldSpec, **common: Any) -> forms.Field:
    said = "" if common["help_text"].startswith("每行") else "每行一项。"
    hint = said + (f"至少 {spec.min_items} 项。" if spec.min_items else "")
    common["help_text"] = f"{common['help_text']} {hint}".strip()
    rows = {"rows": 3}
    if spec.register_ is None:
        return ListField(widget=forms.Textarea(attrs=rows), **common)
    return ListField(widget=PickingLines(partial(entries_in_force, spec.register_), rows), **common)


def _unit(spec: FieldSpec, **common: Any) -> forms.Field:
    return forms.CharField(max_length=120, widget=SuggestingInput(_units), **common)


def _units() -> list[tuple[str, str]]:
    return [(unit.name, unit.short_name) for unit in units_by_sound(Organization.objects.all())]


def _entry(spec: FieldSpec, **common: Any) -> forms.Field:
    widget = SuggestingInput(partial(entries_in_force, spec.register_ or ""))
    return forms.CharField(max_length=120, widget=widget, **common)


def _case(spec: FieldSpec, **common: Any) -> forms.Field:
    widget = SuggestingInput(partial(recent_cases, spec.case_type or ""))
    return forms.CharField(max_length=200, widget=widget, **common)


MAKERS: Mapping[FieldType, Callable[..., forms.Field]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.DATE: _date,
    FieldType.BOOLEAN: _boolean,
    FieldType.CHOICE: _choice,
    FieldType.LIST: _list,
    FieldType.ORGANIZATION: _unit,
    FieldType.PERSON: _text,
    FieldType.ENTRY: _entry,
    FieldType.CASE: _case,
}
WIDE = {FieldType.LONG_TEXT, FieldType.LIST}


def label_of(spec: FieldSpec) -> str:
    """The field's title with its unit of measure."""
    unit = "元" if spec.type is FieldType.MONEY else spec.unit
    return f"{spec.title}（{unit}）" if unit else spec.title


def field_of(spec: FieldSpec) -> forms.Field:
    """One form field. Nothing is compulsory for Django: what the law asks for is checked by `SpecForm`."""
    hints = [spec.help or "", basis(spec.basis)]
    field = MAKERS[spec.type](
        spec, required=False, label=label_of(spec), help_text=" ".join(hint for hint in hints if hint)
    )
    field.marked = spec.required  # type: ignore[attr-defined]
    field.wide = spec.type in WIDE  # type: ignore[attr-defined]
    return field


def limits(spec: FieldSpec, value: Any) -> str | None:
    """What is wrong with a value, or None."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        if spec.minimum is not None and value < spec.minimum:
            return f"不得小于 {spec.minimum:g}。"
        if spec.maximum is not None and value > spec.maximum:
            return f"不得大于 {spec.maximum:g}。"
    if spec.min_items and isinstance(value, list) and value and len(value) < spec.min_items:
        return f"至少要 {spec.min_items} 项，现有 {len(value)} 项。"
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def stored_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as the ledger keeps them: JSON values, dates as 2026-03-05, nothing where nothing was given."""
    return {
        name: _plain(value) for name, value in values.items() if value is not None and value not in ("", [])
    }


class SpecForm(StyledForm):
    """Fields of the form's own class, and below them one for each specification (named `f_<id>`).

    `lenient()` says whether missing required values are let through (back-entry: the fault stands as a finding).
    """

    def __init__(
        self,
        *args: Any,
        specs: Mapping[str, FieldSpec],
        values: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.specs = specs
        initial = {PREFIX + name: _initial(spec, (values or {}).get(name)) for name, spec in specs.items()}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for name, spec in specs.items():
            self.fields[PREFIX + name] = field_of(spec)
            style(self.fields[PREFIX + name])

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, spec in self.specs.items():
            key = PREFIX + name
            if key not in self.cleaned_data:
                continue
            value = self.cleaned_data[key]
            if spec.required and not self.lenient() and (value is None or value in ("", [])):
                self.add_error(key, ValidationError(f"请填写{spec.title}。"))
            elif wrong := limits(spec, value):
                self.add_error(key, ValidationError(f"{spec.title}{wrong}"))

    def lenient(self) -> bool:
        """Whether required values may be missing."""
        return False

    def spec_fields(self) -> list[forms.BoundField]:
        """The catalogue's fields, for the template."""
        return [self[PREFIX + name] for name in self.specs]

    def spec_values(self) -> dict[str, Any]:
        """The catalogue's values as the ledger keeps them, by field id."""
        return stored_values({name: self.cleaned_data.get(PREFIX + name) for name in self.specs})


def _initial(spec: FieldSpec, value: Any) -> Any:
    if spec.type is FieldType.BOOLEAN and isinstance(value, bool):
        return "yes" if value else "no"
    return value
