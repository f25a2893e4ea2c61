"""The form of an act: when, with which outcome, by whom, and the fields the catalogue gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yifa.law.schema import ActType
from yifa.ledger.models import Organization
from yifa.procedures.known import Known
from yifa.procedures.model import Entered
from yifa.workbench.forms.look import DayInput, SuggestingInput, style
from yifa.workbench.forms.specs import PREFIX, SpecForm

BACK_HELP = (
    "事情早已办过、现在才记入台账的，勾选补录。补录照实记录当时的日期；顺序、期限、材料上的毛病不会拦下，"
    "但会作为问题留在事项上，并标明是补录。"
)

SHOWN = 6  # of a list that are named


def _left(one: Known) -> list[tuple[str, str]]:
    """What may be taken, as suggestions."""
    return [(str(value), "") for value in (one.value, *one.rest)]


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """One of the units given."""

    def __init__(self, units: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(
            Organization.objects.filter(pk__in=[unit.pk for unit in units]),
            empty_label="（请选择）",
            **kwargs,
        )


class ActForm(SpecForm):
    """An act about to be recorded, or, with `mending`, as it should have been."""

    on = forms.DateField(label="发生日期", widget=DayInput(), error_messages={"required": "请填写发生日期。"})
    outcome = forms.ChoiceField(label="结果", required=False)
    by = forms.CharField(label="经办人", max_length=60, required=False)
    unit = forms.CharField(label="经办单位", required=False)
    back = forms.BooleanField(label="补录", required=False, help_text=BACK_HELP)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,
        act: ActType,
        units: Sequence[Organization],
        today: date,
        mending: bool = False,
        known: Mapping[str, Known] | None = None,
        **kwargs: Any,
    ) -> None:
        self.act, self.today, self.mending = act, today, mending
        held = known or {}
        values = {name: one.value for name, one in held.items()} | dict(kwargs.pop("values", None) or {})
        super().__init__(*args, specs=act.fields, values=values, **kwargs)
        for name, one in held.items():
            field = self.fields[PREFIX + name]
            if one.rest:
                field.widget = SuggestingInput(partial(_left, one))
                style(field)
                rest = f"{'、'.join(map(str, one.rest[:SHOWN]))}{'等' if len(one.rest) > SHOWN else ''}"
                field.help_text = (
                    f"已按“{one.said_in}”填了下一个，还有{len(one.rest)}个：{rest}。{field.help_text}"
                )
            else:
                field.help_text = f"已按“{one.said_in}”填好，有变化的可以改。{field.help_text}"
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.fields["by"].label = act.party or "经办人"
        self._outcomes(act.outcomes)
        if act.party:
            del self.fields["unit"]
        else:
            self.fields["unit"] = UnitField(units, label="经办单位", required=False)
            self.fields["unit"].widget.attrs["class"] = "form-select"
        if mending:
            del self.fields["back"]
        else:
            self.order_fields([name for name in self.fields if name != "back"] + ["back"])

    def _outcomes(self, outcomes: Sequence[str]) -> None:
        if not outcomes:
            del self.fields["outcome"]
            return
        field = self.fields["outcome"]
        field.choices = [("", "（请选择）"), *((one, one) for one in outcomes)]  # type: ignore[attr-defined]
        field.marked = True  # type: ignore[attr-defined]

    def lenient(self) -> bool:
        """Back-entry and corrections say what was, complete or not."""
        return self.mending or bool(self.data.get("back"))

    def clean_on(self) -> date:
        """Nothing that has not happened yet."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("这一天还没有到；还没有发生的事不能记入台账。")
        return on

    def clean_outcome(self) -> str:
        """An outcome, unless it is entered afterwards."""
        outcome: str = self.cleaned_data["outcome"]
        if not outcome and not self.lenient():
            raise ValidationError("请选择结果。")
        return outcome

    def given(self) -> dict[str, Any]:
        """The parts `RecordAct` and `OpenCase` take."""
        given = {
            "on": self.cleaned_data["on"],
            "outcome": self.cleaned_data.get("outcome") or None,
            "by": self.cleaned_data.get("by") or None,
            "unit": self.cleaned_data.get("unit") or None,
            "fields": self.spec_values(),
        }
        if not self.mending:
            given["entered"] = Entered.BACK if self.cleaned_data.get("back") else Entered.LIVE
        return given

    def changes(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Only the parts that differ from what the act said."""
        given = self.given()
        changes = {
            name: given[name]
            for name in ("on", "outcome", "by", "unit")
            if name in before and given[name] != before[name]
        }
        fields = given["fields"]
        old = before.get("fields") or {}
        differing = {
            name: fields.get(name)
            for name in {*fields, *(set(old) & set(self.specs))}
            if fields.get(name) != old.get(name)
        }
        if differing:
            changes["fields"] = differing
        return changes
