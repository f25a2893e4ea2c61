"""How every form field looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yifa.ledger.models import Organization, User
from yifa.ledger.people.pinyin import people_by_sound, units_by_sound

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.HiddenInput, ""),
    (forms.Widget, "form-control"),
)


class Renderer(DjangoTemplates):
    """Draws a field with its label, hint and errors in Tabler's shapes."""

    field_template_name = "workbench/forms/field.html"


class DayInput(forms.DateInput):
    """A date picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def style(field: forms.Field) -> None:
    """Give a field's widget the class of its kind."""
    for kind, css in CLASSES:
        if isinstance(field.widget, kind):
            known = field.widget.attrs.get("class", "")
            field.widget.attrs["class"] = f"{known} {css}".strip()
            return


ORDERS: Mapping[Any, Callable[[Any], list[Any]]] = {Organization: units_by_sound, User: people_by_sound}


class BySound(ModelChoiceIterator):  # type: ignore[type-arg]  # not generic when it runs
    """The units or people of a menu by their names."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from map(self.choice, ORDERS[self.queryset.model](self.queryset))


def in_order(field: forms.Field) -> forms.Field:
    """A field whose menu, if it is one of units or people, is in their order."""
    queryset = field.queryset if isinstance(field, forms.ModelChoiceField) else None
    if queryset is not None and queryset.model in ORDERS and field.iterator is not BySound:  # type: ignore[attr-defined]
        field.iterator = BySound  # type: ignore[attr-defined]
        field.widget.choices = field.choices  # type: ignore[attr-defined]
    return field


class StyledForm(forms.Form):
    """A form in the workbench's look; marks required fields and, after an error, the wrong ones.

    No `required` attributes: the browser's bubbles would hide the Chinese messages that say how to mend it.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            style(field)
            field.marked = getattr(field, "marked", field.required)  # type: ignore[attr-defined]

    def show_again(self, **values: str) -> None:
        """Draw what was sent, but with these values, e.g. the new length after somebody else was faster."""
        data = cast(QueryDict, self.data).copy()
        for name, value in values.items():
            data[name] = value
        self.data = data

    def __getitem__(self, name: str) -> forms.BoundField:
        """A field as it is drawn."""
        if name in self.fields:
            in_order(self.fields[name])
        return super().__getitem__(name)

    def full_clean(self) -> None:
        """Validate, then mark the wrong fields for the eye."""
        super().full_clean()
        for name in self.errors:
            if name in self.fields:
                attributes = self.fields[name].widget.attrs
                attributes["class"] = f"{attributes.get('class', '')} is-invalid".strip()


class SuggestingInput(forms.TextInput):
    """A line of text with suggestions below it, asked for when the form is shown."""

    def __init__(self, suggestions: Callable[[], Sequence[tuple[str, str]]]) -> None:
        super().__init__()
        self._suggestions = suggestions

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The input with its list."""
        known = f"known-{name}"
        line = super().render(name, value, {**(attrs or {}), "list": known, "autocomplete": "off"}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self._suggestions())
        return format_html('{}<datalist id="{}">{}</datalist>', line, known, options)


class PickingLines(forms.Textarea):
    """Keys, one a line, with what may stand there listed below."""

    def __init__(self, known: Callable[[], Sequence[tuple[str, str]]], attrs: Mapping[str, Any]) -> None:
        super().__init__(dict(attrs))
        self._known = known

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The lines with the entries that may stand in them."""
        lines = super().render(name, value, dict(attrs or {}), renderer)
        known = format_html_join("", "<li>{} {}</li>", self._known())
        return format_html(
            '{}<details class="form-hint"><summary>可填的条目</summary><ul>{}</ul></details>', lines, known
        )
