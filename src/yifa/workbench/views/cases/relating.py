"""Cases that belong to a case: shown on its page, linked and unlinked with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.documents.actions import LinkCases, UnlinkCases
from yifa.documents.actions.linking import links_of
from yifa.documents.models import CaseLink
from yifa.documents.related import Related, related
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.search.queries import CaseFilter, looked_for
from yifa.ledger.search.similar import similar
from yifa.supervision.findings import ITEM, items_of, origin_of
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.cases.acting import seen_case

FOUND = 10


class LinkForm(StyledForm):
    """Which other case, what it is to this one, and why."""

    other = forms.CharField(
        label="另一事项的编号或者名称",
        max_length=200,
        help_text="写编号、全名，或者名称里的几个字；有几件相符的，再从中选。",
        error_messages={"required": "请写编号或者名称。"},
    )
    kind = forms.ChoiceField(label="它是本事项的", choices=CaseLink.Kind.choices)
    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明关联的理由。"},
    )


@login_required
def case_related(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """What belongs to a case; sent, the form links one more."""
    case = seen_case(request.user, case_id)
    form, refused, several = (
        LinkForm(request.POST or None, initial={"other": request.GET.get("other", "")}),
        None,
        [],
    )
    if request.method == "POST":
        require_here(request, case.organization, case=case.pk)
        if form.is_valid():
            several = _found(request, case, form.cleaned_data["other"])
            try:
                if len(several) != 1:
                    raise ActionRefused(_which(several), code="invalid")
                data = {name: form.cleaned_data[name] for name in ("kind", "reason")}
                LinkCases(actor=request.user, case=case, other=several[0], **data).execute()
                messages.success(request, f"已关联“{several[0].title}”。")
                return redirect("case", case_id=case.pk)
            except ActionRefused as error:
                refused = error
    part = getattr(request, "htmx", False) and request.method == "GET"
    belonging = [*related(case), *_of_rectification(case)]
    context = {
        "title": "相关事项",
        "case": case,
        "related": belonging,
        "seen": _seen(request, belonging),
        "form": form,
        "refused": refused,
        "several": several if len(several) > 1 else [],
        "may": has_role(request.user, LinkCases.needs.roles, case.organization, case.pk),
        "crumbs": [("事项台账", reverse("cases")), (case.title, reverse("case", args=[case.pk]))],
    }
    page = "related_card" if part else "related"
    status = 422 if form.is_bound else 200
    return render(request, f"workbench/cases/{page}.html", context, status=status)


@login_required
def case_similar(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Cases like this one, to be linked to it as likely the same."""
    case = seen_case(request.user, case_id)
    on = case.opened_on or timezone.localdate()
    known = {one.case.pk for one in related(case)}
    found = similar(request.user, case_type_of(case.case_type), case.facts, on, but=case.pk)
    context = {
        "title": "相似的事项",
        "case": case,
        "similar": [one for one in found if one.case.pk not in known],
        "may": has_role(request.user, LinkCases.needs.roles, case.organization, case.pk),
        "crumbs": [("事项台账", reverse("cases")), (case.title, reverse("case", args=[case.pk]))],
    }
    part = getattr(request, "htmx", False)
    return render(request, f"workbench/cases/similar{'' if part else '_page'}.html", context)


def _which(several: list[Case]) -> str:
    if not several:
        return "没有找到您看得到的这个事项，请核对编号或者名称。"
    return "相符的不止一件，请点下面要关联的那一件，再提交。"


def _found(request: SignedInRequest, case: Case, text: str) -> list[Case]:
    """The case with this number or title; otherwise those in which the words stand."""
    seen = Case.objects.for_user(request.user).select_related("organization").exclude(pk=case.pk)
    text = text.strip()
    exact = list(seen.filter(Q(number=text) | Q(title=text))[:FOUND])
    words = looked_for(request.user, CaseFilter(text=text)).condition
    return exact or list(seen.filter(words).order_by("-opened_on", "-id")[:FOUND])


def _of_rectification(case: Case) -> Iterator[Related]:
    """What was found in the case and is put right, or the case in which the problem was found."""
    if case.case_type == ITEM and (origin := origin_of(case)) is not None:
        yield Related(origin, "问题出自")
    for item in items_of(case):
        yield Related(item, "列入整改台账")


def _seen(request: SignedInRequest, belonging: Iterable[Related]) -> set[UUID]:
    """Which of the related cases the user may open."""
    ids = [one.case.pk for one in belonging]
    return set(Case.objects.for_user(request.user).filter(pk__in=ids).values_list("pk", flat=True))


@login_required
@require_POST
def unlink_case(request: SignedInRequest, case_id: UUID, link_id: UUID) -> HttpResponse:
    """Takes a link back."""
    case = seen_case(request.user, case_id)
    link = links_of(case).filter(pk=link_id).first()
    if link is None:
        raise Http404
    require_here(request, link.case.organization, case=link.case_id)
    try:
        UnlinkCases(actor=request.user, link=link, reason=request.POST.get("reason", "")).execute()
        messages.success(request, "已撤销关联，理由已留痕。")
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect("case_related", case_id=case.pk)
