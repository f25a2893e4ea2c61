"""A new case: choose the kind, fill in the facts and the first act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.ledger.actions import OpenCase
from yifa.ledger.actions.cases import recorders
from yifa.ledger.legal import no_power
from yifa.ledger.models import Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.access import SignedInRequest, has_role, home_organization
from yifa.workbench.domains import by_domain
from yifa.workbench.forms import SpecForm
from yifa.workbench.forms.acts import ActForm, UnitField
from yifa.workbench.views.cases.acting import first_values
from yifa.workbench.views.cases.evidence import received, standing


class FactsForm(SpecForm):
    """Whose case it is, and its facts."""

    organization = forms.CharField()
    title = forms.CharField(label="事项名称", max_length=200, required=False)

    def __init__(self, *args: Any, type: CaseType, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, specs=type.facts, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="承办单位", error_messages={"required": "请选择承办单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"
        self.fields["organization"].marked = True  # type: ignore[attr-defined]
        if type.title_fact:
            del self.fields["title"]
        else:
            self.fields["title"].help_text = "显示在列表中；不填时用事项类型的名称。"
        self.order_fields(["organization", "title"])


def units_that_open(user: User, case_type: CaseType, units: Iterable[Organization]) -> list[Organization]:
    """Those units that have this kind of case and in which the user may open one."""
    wanted = {role for act in case_type.opens_with for role in recorders(case_type, act)}
    return [
        unit
        for unit in units
        if no_power(unit.level, case_type=case_type.case_type) is None and has_role(user, wanted, unit)
    ]


@login_required
def new_case(request: SignedInRequest) -> HttpResponse:
    """Which kind of case."""
    seen = list(Organization.objects.for_user(request.user))
    kinds = [one for one in catalogue().case_types.values() if units_that_open(request.user, one, seen)]
    context = {
        "title": "新建事项",
        "groups": by_domain(kinds, lambda kind: kind.domain),
        "crumbs": [("事项台账", reverse("cases"))],
    }
    return render(request, "workbench/cases/kinds.html", context)


@login_required
def open_case(request: SignedInRequest, case_type: str) -> HttpResponse:
    """Facts and first act on one page."""
    kind = catalogue().case_types.get(case_type)
    seen = list(Organization.objects.for_user(request.user))
    units = units_that_open(request.user, kind, seen) if kind else []
    if kind is None or not units:
        raise Http404
    first = request.POST.get("first") or request.GET.get("first") or kind.opens_with[0]
    if first not in kind.opens_with:
        raise Http404
    act = kind.acts[first]
    home = home_organization(request.user)
    own = home if home in units else units[0]
    options: dict[str, Any] = {"act": act, "units": units, "today": timezone.localdate()}
    papers = standing(act.evidence, ())
    refused: ActionRefused | None = None
    if request.method == "POST":
        facts = FactsForm(request.POST, type=kind, units=units, prefix="facts")
        form = ActForm(request.POST, **options)
        try:
            papers = received(request, request.user, act.evidence)
            if all([facts.is_valid(), form.is_valid()]):
                case = OpenCase(
                    actor=request.user,
                    organization=facts.cleaned_data["organization"],
                    case_type=case_type,
                    facts=facts.spec_values(),
                    title=facts.cleaned_data.get("title", ""),
                    act=first,
                    evidence=papers.given(),
                    **form.given(),
                ).execute()
                messages.success(
                    request, f"已立案：{case.title}{f'（{case.number}）' if case.number else ''}。"
                )
                return redirect("case", case_id=case.pk)
        except ActionRefused as error:
            refused = error
    else:
        told = {
            key.removeprefix("facts-"): text
            for key, text in request.GET.items()
            if key.startswith("facts-f_")
        }
        facts = FactsForm(type=kind, units=units, prefix="facts", initial={"organization": own.pk} | told)
        form = ActForm(initial=first_values(request, act, own), **options)
    context = {
        "title": f"新建：{kind.title}",
        "kind": kind,
        "act": act,
        "first": first,
        "ways": [(name, kind.acts[name].title) for name in kind.opens_with],
        "facts": facts,
        "form": form,
        "papers": papers,
        "refused": refused,
        "units": [unit.name for unit in seen],
        "crumbs": [("事项台账", reverse("cases")), ("新建事项", reverse("new_case"))],
    }
    return render(request, "workbench/cases/open.html", context, status=422 if facts.is_bound else 200)
