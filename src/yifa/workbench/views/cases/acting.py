"""Recording an act and correcting one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.documents.actions import BindDocument
from yifa.law.schema import ActType
from yifa.ledger.actions import CorrectAct, RecordAct
from yifa.ledger.actions.cases import recorders
from yifa.ledger.chain.history import CaseHistory
from yifa.ledger.deciding.cases import advice_of, history_of, state_of
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, CaseAct, Organization, User
from yifa.ledger.people.desks import Desks
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.asking import asked_with
from yifa.procedures.known import known
from yifa.procedures.model import Act
from yifa.workbench.cases.papers import Begun, begun, filled_with, from_address
from yifa.workbench.cases.timeline import said_of
from yifa.workbench.forms import SpecForm
from yifa.workbench.forms.acts import ActForm
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.cases.evidence import Papers, received, standing

CONFLICT = (
    "您填写期间，这个事项又有了新的记录。您填的内容都还在下面：请先看一看右侧的最新情况，确认无误后再次提交。"
)
OFFERED = ("on", "outcome", "by", "reason")  # what a link that offers a correction may begin the form with


def seen_case(user: User, case_id: UUID) -> Case:
    """A case within the user's units; anything else does not exist for them."""
    return get_object_or_404(Case.objects.for_user(user).select_related("organization"), pk=case_id)


def units_for(user: User, case_organization: Organization) -> list[Organization]:
    """The units an act can be of: those the user sees, and the case's own."""
    units = list(Organization.objects.for_user(user))
    return units if case_organization in units else [case_organization, *units]


def first_values(request: SignedInRequest, act: ActType, organization: Organization) -> dict[str, Any]:
    """What a form of a new act begins with."""
    own = {} if act.party else {"by": request.user.display_name or request.user.get_username()}
    return {"on": timezone.localdate(), "unit": organization.pk, **own}


@login_required
def record(request: SignedInRequest, case_id: UUID, act: str) -> HttpResponse:
    """The form of one act; sent, it records the act or says why not and keeps what was typed."""
    case = seen_case(request.user, case_id)
    case_type = case_type_of(case.case_type)
    act_type = case_type.acts.get(act)
    if act_type is None:
        raise Http404
    roles = recorders(case_type, act)
    unit = Desks(case, case_type).of(request.user, act, roles)
    require_here(request, unit, roles, case.pk)
    today = timezone.localdate()
    options: dict[str, Any] = {"act": act_type, "units": units_for(request.user, unit), "today": today}
    facts = SpecForm(request.POST or None, specs=asked_with(case_type, case.facts, act), prefix="facts")
    paper = begun(request.user, case, act, request.GET.get("document", ""))
    papers = standing(act_type.evidence, paper.evidence if paper is not None else ())
    refused: ActionRefused | None = None
    if request.method == "POST":
        form = ActForm(request.POST, **options)
        try:
            papers = received(request, request.user, act_type.evidence)
            if all([form.is_valid(), facts.is_valid()]):
                done = _recorded(
                    request.user, case, form, act=act, said=facts.spec_values(), papers=papers, paper=paper
                )
                messages.success(request, said_of(act_type, case, done))
                if act_type.repeat and "again" in request.POST:
                    return redirect(f"{reverse('record_act', args=[case.pk, act])}?after={done.position}")
                return redirect("case", case_id=case.pk)
        except ActionRefused as error:
            refused = error
    else:
        first = first_values(request, act_type, unit) | (paper.initial if paper is not None else {})
        acts = state_of(case, today).acts
        after = next(
            (one for one in acts if (one.act, str(one.position)) == (act, request.GET.get("after"))), None
        )
        if after is not None:  # one of a row: the day and what was chosen mostly stay the same
            first |= {"on": after.on, "by": after.by, "back": after.entered == "back"}
        given = paper.fields if paper is not None else _chosen(act_type, after)
        held = known(case_type, case.facts, acts, act)
        form = ActForm(initial={**first, "seen": case.length}, values=given, known=held, **options)
    return _form_page(
        request,
        case,
        form,
        papers=papers,
        refused=refused,
        title=f"办理：{act_type.title}",
        act_type=act_type,
        asked=facts.spec_fields(),
        paper=paper,
        # sent again after going back, or in another window before
        stands=refused is not None
        and form.is_valid()
        and any((one.act, one.on) == (act, form.cleaned_data["on"]) for one in state_of(case, today).acts),
        advice=advice_of(case, act, today, {}) if act_type.tables else (),
    )


def _chosen(act_type: ActType, after: Act | None) -> dict[str, Any]:
    """What was chosen from menus in the act recorded just before."""
    fields = after.fields if after is not None else {}
    return {
        name: fields[name]
        for name, spec in act_type.fields.items()
        if spec.type == "choice" and name in fields
    }


def _recorded(
    user: User,
    case: Case,
    form: ActForm,
    *,
    act: str,
    said: Mapping[str, Any],
    papers: Papers,
    paper: Begun | None,
) -> CaseAct:
    """The act in the ledger with what the form, the facts asked beside it and the papers say."""
    with transaction.atomic():
        given, evidence = form.given(), papers.given()
        if paper is not None:
            evidence = filled_with(user, paper, given, said, evidence)
        done = RecordAct(
            actor=user,
            case=case,
            act=act,
            facts=said,
            evidence=evidence,
            expected_length=form.cleaned_data["seen"],
            **given,
        ).execute()
        if paper is not None:
            _bind(user, paper, case)
    return done


def _bind(user: User, paper: Begun, case: Case) -> None:
    """The paper with which an act was recorded belongs to it from now on."""
    last = case.acts.filter(act=paper.document.act).order_by("-position").first()
    if last is not None:
        BindDocument(actor=user, document=paper.document, position=last.position).execute()


def _form_page(
    request: SignedInRequest,
    case: Case,
    form: ActForm,
    *,
    papers: Papers,
    refused: ActionRefused | None,
    title: str,
    act_type: ActType,
    **extra: Any,
) -> HttpResponse:
    status = 200
    if refused is not None:
        status = 409 if refused.code == "conflict" else 422
        case.refresh_from_db()
        if refused.code == "conflict":
            form.show_again(seen=str(case.length))
    elif form.is_bound:
        status = 422
    today = timezone.localdate()
    context = {
        "title": title,
        "case": case,
        "type": case_type_of(case.case_type),
        "act": act_type,
        "form": form,
        "papers": papers,
        "refused": refused,
        "conflict": CONFLICT if refused is not None and refused.code == "conflict" else "",
        "state": state_of(case, today),
        "today": today,
        "crumbs": [("事项台账", reverse("cases")), (case.title, reverse("case", args=[case.pk]))],
        **extra,
    }
    return render(request, "workbench/cases/act.html", context, status=status)


class CorrectionForm(ActForm):
    """An act as it should have been recorded, and why it was not."""

    reason = forms.CharField(
        label="更正理由",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="随更正永久留痕，例如：送达回证上的日期是 3 月 5 日，录入时误为 3 月 6 日。",
        error_messages={"required": "请写明更正理由。"},
    )
    withdraws = forms.BooleanField(
        label="这一环节并未发生，整条撤销",
        required=False,
        help_text="撤销后这一环节不再起作用，但仍在时间线上以删除线显示。",
    )


def _before(act: Act, organization: Organization | None) -> dict[str, Any]:
    return {
        "on": act.on,
        "outcome": act.outcome,
        "by": act.by,
        "unit": organization,
        "fields": dict(act.fields),
    }


def _standing(history: CaseHistory, position: int) -> Act:
    act = history.act_at(position)
    if act is None:
        raise Http404
    return act


@login_required
def correct(request: SignedInRequest, case_id: UUID, position: int) -> HttpResponse:
    """The form to correct or withdraw one act."""
    case = seen_case(request.user, case_id)
    case_type = case_type_of(case.case_type)
    history = history_of(case)
    act = _standing(history, position)
    act_type = case_type.acts[act.act]
    roles = recorders(case_type, act.act)
    require_here(request, Desks(case, case_type).mending(request.user, act, roles), roles, case.pk)
    organization = Organization.objects.filter(code=act.unit).first() if act.unit else None
    before = _before(act, organization)
    options: dict[str, Any] = {
        "act": act_type,
        "units": list(
            {*units_for(request.user, case.organization), *([organization] if organization else [])}
        ),
        "today": timezone.localdate(),
        "mending": True,
        "values": act.fields,
    }
    evidence = history.evidence[position]
    papers = standing(act_type.evidence, evidence)
    refused: ActionRefused | None = None
    if request.method == "POST":
        form = CorrectionForm(request.POST, **options)
        try:
            papers = received(request, request.user, act_type.evidence)
            if form.is_valid():
                changes = form.changes(before)
                if papers.given() != standing(act_type.evidence, evidence).given():
                    changes["evidence"] = papers.given()
                CorrectAct(
                    actor=request.user,
                    case=case,
                    position=position,
                    changes=changes,
                    reason=form.cleaned_data["reason"],
                    withdraws=form.cleaned_data["withdraws"],
                    expected_length=form.cleaned_data["seen"],
                ).execute()
                messages.success(request, f"已更正：{act_type.title}。原记录仍在时间线上。")
                return redirect("case", case_id=case.pk)
        except ActionRefused as error:
            refused = error
    else:
        initial = {**before, "unit": organization.pk if organization else None, "seen": case.length}
        initial |= {name: value for name in OFFERED if (value := request.GET.get(name))}
        options["values"] = {**act.fields, **from_address(request.GET, act_type.fields)}
        form = CorrectionForm(initial=initial, **options)
    return _form_page(
        request,
        case,
        form,
        papers=papers,
        refused=refused,
        title=f"更正：{act_type.title}",
        act_type=act_type,
        mending=True,
    )
