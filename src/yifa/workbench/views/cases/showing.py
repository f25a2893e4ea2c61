"""The page of one case, a change of its facts, its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.actions import ChangeFacts
from yifa.ledger.actions.cases import recorders
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, User
from yifa.ledger.people.desks import Desks
from yifa.ledger.receipts import receipt_of
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions.draws import SERVED, CloseDraw
from yifa.supervision.models import Draw
from yifa.workbench.cases.casefile import CaseFile, open_file
from yifa.workbench.cases.papers import from_address
from yifa.workbench.cases.unlisted import unlisted
from yifa.workbench.forms import SpecForm
from yifa.workbench.rights.access import SignedInRequest, has_role, may_correct, may_do, require_here
from yifa.workbench.rights.reading import readable_case
from yifa.workbench.serving.files import stored_file
from yifa.workbench.views.cases.acting import seen_case
from yifa.workbench.views.registers.listing import may_keep


@login_required
def case(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """One case, its deadline first."""
    found = seen_case(request.user, case_id)
    file = open_file(found, timezone.localdate())
    acts = [*(one.id for one in file.next), *(one.id for one in file.barred)]
    desks = Desks(found, file.type)
    may = {act for act in acts if may_do(request.user, desks, act, recorders(file.type, act))}
    context = {
        "title": found.title,
        "file": file,
        "case": found,
        "may": may,
        "mends": _mends(request.user, desks, file),
        "may_correct": may_correct(request.user, found),
        "unlisted": list(unlisted(file)) if may_keep(request.user, found.organization) else [],
        "today": timezone.localdate(),
        "drawing": _drawing(request.user, found),
        "has_receipt": receipt_of(found) is not None,
        "crumbs": [("事项台账", reverse("cases"))],
    }
    return render(request, "workbench/cases/case.html", context)


def _drawing(user: User, case: Case) -> tuple[str, str] | None:
    """Where the draw of a task is made, with what the button says: its pools are closed, or it waits for its seed."""
    purpose = next((str(purpose) for purpose, kind in SERVED.items() if kind == case.case_type), None)
    if purpose is None or case.closed_on or not has_role(user, CloseDraw.needs.roles, case.organization):
        return None
    waiting = Draw.objects.filter(case=case, drawn_on__isnull=True).first()
    if waiting is not None:
        return reverse("draw", args=[waiting.pk]), "名录已封存，去抽取"
    return f"{reverse('close_draw', args=[purpose])}?case={case.pk}", "用随机抽取办理"


def _mends(user: User, desks: Desks, file: CaseFile) -> set[int]:
    """The acts that the user may correct since the unit recorded them that the case was handed to."""
    acts = {line.act.position: line.act for line in file.timeline if not line.withdrawn}
    own = desks.case.organization
    units = {at: desks.mending(user, act, recorders(file.type, act.act)) for at, act in acts.items()}
    return {at for at, unit in units.items() if unit != own}


@login_required
def attachment(request: SignedInRequest, case_id: UUID, sha256: str) -> HttpResponseBase:
    """A file of a case, for those who see the case or review it; the case's page may show it within itself."""
    found = readable_case(request.user, case_id)
    if not any(paper.get("attachment") == sha256 for act in found.acts.all() for paper in act.evidence):
        raise Http404
    file = stored_file(sha256)
    file["X-Frame-Options"] = "SAMEORIGIN"
    file._csp_replace = {"frame-ancestors": ["'self'"], "object-src": ["'self'"]}  # type: ignore[attr-defined]
    return file


ADDED = "补填原来没有填写的内容"


class ChangeFactsForm(SpecForm):
    """The facts as they should stand, and why; what only fills blanks needs no words.

    `held` are the facts as they stand.
    """

    reason = forms.CharField(
        label="修改理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="只补填原来空着的，可以不写。",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, held: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held

    def clean(self) -> dict[str, Any]:
        """A reason for what is changed or taken away."""
        given = super().clean() or self.cleaned_data
        if not given.get("reason", "").strip():
            now = self.spec_values()
            if any(now.get(name) != value for name, value in self.held.items() if name in self.specs):
                self.add_error("reason", "请写明修改理由。")
            given["reason"] = ADDED
        return given


@login_required
def change_facts(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Change the facts of a case, with a reason that stands in the ledger."""
    found = seen_case(request.user, case_id)
    case_type = case_type_of(found.case_type)
    require_here(request, found.organization, case=found.pk)
    refused: ActionRefused | None = None
    if request.method == "POST":
        form = ChangeFactsForm(request.POST, specs=case_type.told, held=found.facts)
        if form.is_valid():
            now = form.spec_values()
            facts = {name: now.get(name) for name in case_type.told if now.get(name) != found.facts.get(name)}
            try:
                ChangeFacts(
                    actor=request.user,
                    case=found,
                    facts=facts,
                    reason=form.cleaned_data["reason"],
                    expected_length=form.cleaned_data["seen"],
                ).execute()
                messages.success(request, "基本情况已修改，原内容留在台账中。")
                return redirect("case", case_id=found.pk)
            except ActionRefused as error:
                refused = error
                found.refresh_from_db()
                form.show_again(seen=str(found.length))
    else:
        values = {**found.facts, **from_address(request.GET, case_type.told)}
        initial = {"seen": found.length, "reason": request.GET.get("reason", "")}
        form = ChangeFactsForm(specs=case_type.told, values=values, initial=initial, held=found.facts)
    context = {
        "title": "修改基本情况",
        "case": found,
        "form": form,
        "refused": refused,
        "crumbs": [("事项台账", reverse("cases")), (found.title, reverse("case", args=[found.pk]))],
    }
    return render(request, "workbench/cases/facts.html", context, status=422 if form.is_bound else 200)
