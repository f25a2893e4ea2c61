"""A register on two days: what came, what went, what changed, field by field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.entrychanges import MOST, changes
from yifa.ledger.models import Organization
from yifa.ledger.search.queries import entries
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.registers.showing import differences


class DaysForm(StyledForm):
    """The two days, and whose entries."""

    first = forms.DateField(label="从这一天", widget=DayInput(), error_messages={"required": "请填写日期。"})
    last = forms.DateField(label="到这一天", widget=DayInput(), error_messages={"required": "请填写日期。"})
    unit = forms.CharField(required=False)

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(units, label="单位（含下级）", required=False)
        self.fields["unit"].widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        """The first day comes first."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("first") and data.get("last") and data["first"] >= data["last"]:
            raise ValidationError("前一个日期应当早于后一个日期。")
        return data


@login_required
def compare_days(request: SignedInRequest, register: str) -> HttpResponse:
    """Choose two days; below them what differs."""
    found = catalogue().registers.get(register)
    if found is None:
        raise Http404
    today = timezone.localdate()
    given = {"first": date(today.year, 1, 1), "last": today} | request.GET.dict()
    form = DaysForm(given, units=list(Organization.objects.for_user(request.user)))
    compared, changed = None, []
    if form.is_valid():
        rows = entries(request.user, register, organization=form.cleaned_data["unit"])
        compared = changes(found, rows, form.cleaned_data["first"], form.cleaned_data["last"])
        changed = [(one, differences(found, one.before or {}, one.after or {})) for one in compared.changed]
    context = {
        "title": f"{found.title}：两个日期比较",
        "register": found,
        "form": form,
        "compared": compared,
        "changed": changed,
        "most": MOST,
        "crumbs": [
            ("清单名录", reverse("registers")),
            (found.title, reverse("register", args=[register])),
        ],
    }
    return render(request, "workbench/registers/compare.html", context)
