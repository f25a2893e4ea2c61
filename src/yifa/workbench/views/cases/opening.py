"""A new case: choose the kind, fill in the facts and the first act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.documents.actions import LinkCases
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.ledger.actions import OpenCase
from yifa.ledger.models import Case, Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.search.similar import Similar, opened_alike, similar
from yifa.ledger.search.usual import as_before, only_entries, usual_kinds
from yifa.procedures.asking import Folded, folded_at_opening
from yifa.workbench.forms import SpecForm
from yifa.workbench.forms.acts import ActForm, UnitField
from yifa.workbench.forms.specs import PREFIX
from yifa.workbench.lists.domains import by_domain
from yifa.workbench.rights.access import SignedInRequest, home_organization, units_that_open
from yifa.workbench.views.cases.acting import first_values
from yifa.workbench.views.cases.evidence import received, standing

USUAL = 6  # kinds named before all others
MANY_KINDS = 12


class FactsForm(SpecForm):
    """Whose case it is, and its facts; `listed`: what lists say of the unit, `before`: what its last cases say of it."""

    organization = forms.CharField()
    title = forms.CharField(label="事项名称", max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        type: CaseType,
        act: str,
        units: list[Organization],
        listed: Mapping[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.folded = folded_at_opening(type, act)
        known = {**(before or {}), **(listed or {})}
        super().__init__(*args, specs=type.told, values=known, **kwargs)
        for name in known:
            said = "在清单上的登记" if name in (listed or {}) else "前几件的写法"
            field = self.fields[PREFIX + name]
            field.help_text = f"已按本单位{said}填好。{field.help_text}"
        for name, one in self.folded.items():
            field = self.fields[PREFIX + name]
            field.help_text = f"{_when_asked(one)}{field.help_text}"
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

    def asked(self) -> list[forms.BoundField]:
        """What the first act needs."""
        return [self[PREFIX + name] for name in self.specs if name not in self.folded]

    def more(self) -> list[forms.BoundField]:
        """What may be given already."""
        return [self[PREFIX + name] for name in self.folded]

    @property
    def unfolded(self) -> bool:
        """Whether something stands in what may be given already, or is wrong there."""
        return any(one.errors or one.value() not in (None, "") for one in self.more())


def _when_asked(one: Folded) -> str:
    if one.source:
        return f"不填的，按“{one.source}”在清单上的写法带出。"
    return f"办理“{'”“'.join(one.later)}”时再问。" if one.later else ""


@login_required
def new_case(request: SignedInRequest) -> HttpResponse:
    """Which kind of case."""
    seen = list(Organization.objects.for_user(request.user))
    kinds = [one for one in catalogue().case_types.values() if units_that_open(request.user, one, seen)]
    groups = by_domain(kinds, lambda kind: kind.domain)
    home = home_organization(request.user)
    if home is not None and len(kinds) > MANY_KINDS:
        here = {kind.case_type: kind for kind in kinds}
        if often := [here[name] for name in usual_kinds(home) if name in here][:USUAL]:
            groups.insert(0, ("本单位常办", often))
    context = {
        "title": "新建事项",
        "groups": groups,
        "crumbs": [("事项台账", reverse("cases"))],
    }
    return render(request, "workbench/cases/kinds.html", context)


def _alike(request: SignedInRequest, kind: CaseType, facts: FactsForm) -> list[Similar]:
    """The cases that bear the same number; to open one more takes a reason, which links them.

    Raises:
        ActionRefused: there are such cases and no reason is given.
    """
    said = facts.spec_values()
    same = [one for one in similar(request.user, kind, said, timezone.localdate()) if one.same]
    # the form sent once more, after going back to it
    same = same or opened_alike(facts.cleaned_data["organization"], kind, said, timezone.localdate())
    if same and not request.POST.get("anyway", "").strip():
        raise ActionRefused(
            f"可能已经立过：“{same[0].case.title}”（{same[0].case.organization}，{same[0].case.status}）的{same[0].why}。"
            "确属另一件的，请写明仍要登记的理由再提交。",
            code="duplicate",
        )
    return same


def _opened(request: SignedInRequest, kind: CaseType, facts: FactsForm, act: Mapping[str, Any]) -> Case:
    """The case, linked with those it was opened beside."""
    like = _alike(request, kind, facts)
    case = OpenCase(
        actor=request.user,
        organization=facts.cleaned_data["organization"],
        case_type=kind.case_type,
        facts=facts.spec_values(),
        title=facts.cleaned_data.get("title", ""),
        **act,
    ).execute()
    for one in like:
        reason = f"登记时已知{one.why}，仍登记：{request.POST['anyway'].strip()}"[:300]
        LinkCases(actor=request.user, case=case, other=one.case, kind="like", reason=reason).execute()
    return case


@login_required
def similar_cases(request: SignedInRequest, case_type: str) -> HttpResponse:
    """Cases like the one being typed in; asked for while it is."""
    kind = catalogue().case_types.get(case_type)
    if kind is None:
        raise Http404
    facts = {name: request.POST.get(f"facts-f_{name}", "").strip() for name, spec in kind.facts.items()}
    found = similar(request.user, kind, facts, timezone.localdate())
    context = {
        "title": "相似的事项",
        "similar": found,
        "same": any(one.same for one in found),
        "opening": True,
        "anyway": request.POST.get("anyway", ""),
    }
    part = getattr(request, "htmx", False)
    return render(request, f"workbench/cases/similar{'' if part else '_page'}.html", context)


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
        facts = FactsForm(request.POST, type=kind, act=first, units=units, prefix="facts")
        form = ActForm(request.POST, **options)
        try:
            papers = received(request, request.user, act.evidence)
            if all([facts.is_valid(), form.is_valid()]):
                with transaction.atomic():
                    User.objects.select_for_update().get(
                        pk=request.user.pk
                    )  # sent twice: one after the other
                    given = {"act": first, "evidence": papers.given(), **form.given()}
                    case = _opened(request, kind, facts, given)
                messages.success(
                    request, f"已登记：{case.title}{f'（{case.number}）' if case.number else ''}。"
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
        started = {"organization": own.pk} | told
        ours = (
            {"listed": only_entries(own, kind, timezone.localdate()), "before": as_before(own, kind)}
            if len(units) == 1
            else {}
        )
        facts = FactsForm(type=kind, act=first, units=units, prefix="facts", initial=started, **ours)
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
        "duplicate": refused is not None and refused.code == "duplicate",
        "anyway": request.POST.get("anyway", ""),
        "crumbs": [("事项台账", reverse("cases")), ("新建事项", reverse("new_case"))],
    }
    return render(request, "workbench/cases/open.html", context, status=422 if facts.is_bound else 200)
