"""One act on many cases: what was chosen in the list, which act, on which it can be done, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.batches.choosing import MOST, Asked, Chosen, Judged, choose
from yifa.batches.models import CaseBatch
from yifa.batches.running import begin, do_all, do_some, undo
from yifa.law.loader import catalogue
from yifa.law.schema import ActType, CaseType
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.model import Entered
from yifa.workbench.forms import SpecForm
from yifa.workbench.forms.acts import ActForm
from yifa.workbench.forms.specs import PREFIX
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.cases.acting import first_values
from yifa.workbench.views.cases.evidence import Papers, received, standing
from yifa.workbench.views.cases.listing import CaseList, ChosenList

AT_ONCE = 20  # cases between two looks at the progress
SHOWN = 30
NAMED = 5  # cases named beside a fact they lack
ALL, SOME = "all", "some"


@login_required
@require_POST
def choose_cases(request: SignedInRequest) -> HttpResponseBase:
    """What was ticked in the list, or the first cases of its filters: exported, printed, or kept for one act."""
    found = _ticked(request)
    what = request.POST.get("do", "")
    if what in {"xlsx", "csv"}:
        return ChosenList(request, [case.pk for case in found], what).respond()
    if what == "print":
        return _sheets(request, found)
    try:
        return redirect("batch", batch_id=choose(request.user, found).pk)
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect(f"{reverse('cases')}?{request.POST.get('filter', '')}")


def _ticked(request: SignedInRequest) -> list[Case]:
    seen = Case.objects.for_user(request.user).select_related("organization")
    if request.POST.get("all"):
        request.GET = QueryDict(request.POST.get("filter", ""))  # as the list had it
        return list(CaseList(request).chosen()[:MOST])
    ids = [UUID(text) for text in request.POST.getlist("case") if _is_uuid(text)][: MOST + 1]
    found = seen.in_bulk(ids)
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _sheets(request: HttpRequest, found: list[Case]) -> HttpResponse:
    """A sheet for each case: its facts and what was done, to print together."""
    acts: dict[UUID, list[Any]] = {case.pk: [] for case in found}
    for case in Case.objects.filter(pk__in=list(acts)).prefetch_related("acts__unit"):
        acts[case.pk] = list(case.acts.all())
    sheets = []
    for case in found[:MOST]:
        case_type = case_type_of(case.case_type)
        facts = [(spec, case.facts[name]) for name, spec in case_type.told.items() if name in case.facts]
        done = [(act, case_type.acts[act.act].title) for act in acts[case.pk] if act.act in case_type.acts]
        sheets.append((case, case_type, facts, done))
    context = {
        "title": f"所选事项（{len(sheets)} 件）",
        "sheets": sheets,
        "crumbs": [("事项台账", reverse("cases"))],
    }
    return render(request, "workbench/cases/sheets.html", context)


class BatchForm(ActForm):
    """The act as it is done on each, and what to do where it cannot be done on one."""

    mode = forms.ChoiceField(
        label="有的不能办时",
        choices=[(SOME, "能办的先办，不能办的列出原因"), (ALL, "有一件不能办，就一件都不办")],
        widget=forms.RadioSelect,
        initial=SOME,
    )


def seen_batch(request: SignedInRequest, batch_id: UUID) -> CaseBatch:
    """A batch of the user's own; others' do not exist for them."""
    return get_object_or_404(CaseBatch.objects.filter(actor=request.user), pk=batch_id)


@login_required
def batches(request: SignedInRequest) -> HttpResponse:
    """What the user did in batches."""
    rows = [
        (one, _act_title(one))
        for one in CaseBatch.objects.filter(actor=request.user).exclude(state=CaseBatch.State.CHOSEN)[:SHOWN]
    ]
    context = {"title": "批量办理", "rows": rows, "most": MOST, "crumbs": [("事项台账", reverse("cases"))]}
    return render(request, "workbench/cases/batches.html", context)


def _act_title(batch: CaseBatch) -> str:
    case_type = catalogue().case_types.get(batch.case_type)
    act = case_type.acts.get(batch.act) if case_type else None
    return f"{case_type.title}：{act.title}" if case_type and act else batch.act


@login_required
def batch(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Choose the act, see on which it can be done, fill in one form; afterwards the results."""
    found = seen_batch(request, batch_id)
    if found.state != CaseBatch.State.CHOSEN:
        return _results(request, found)
    chosen = Chosen(found, request.user, timezone.localdate())
    wanted = request.POST.get("act") or request.GET.get("act") or ""
    if not wanted:
        context = {
            "title": f"批量办理（{len(chosen.cases)} 件）",
            "batch": found,
            "offered": chosen.offered(),
        }
        return render(request, "workbench/cases/batch.html", context | {"crumbs": _crumbs()})
    case_type, act_type, act = _known_act(wanted)
    return _act_page(request, found, chosen, case_type, act_type, act)


def _known_act(wanted: str) -> tuple[CaseType, ActType, str]:
    name, _, act = wanted.partition(".")
    case_type = catalogue().case_types.get(name)
    act_type = case_type.acts.get(act) if case_type else None
    if case_type is None or act_type is None:
        raise Http404
    return case_type, act_type, act


def _act_page(  # noqa: PLR0917 - one page
    request: SignedInRequest,
    found: CaseBatch,
    chosen: Chosen,
    case_type: CaseType,
    act_type: ActType,
    act: str,
) -> HttpResponse:
    units = list(Organization.objects.for_user(request.user))
    options: dict[str, Any] = {"act": act_type, "units": units, "today": timezone.localdate()}
    papers, refused = standing(act_type.evidence, ()), None
    asked = chosen.asked(case_type, act)
    specs = {name: one.spec for name, one in asked.items()}
    facts = SpecForm(request.POST or None, specs=specs, prefix="facts")
    _say_who_lacks(facts, asked)
    if request.method == "POST":
        form = BatchForm(request.POST, **options)
        try:
            papers = received(request, request.user, act_type.evidence)
            if all([form.is_valid(), facts.is_valid()]):
                _go(found, form, facts, papers, case_type, act)
                return redirect("batch", batch_id=found.pk)
        except ActionRefused as error:
            refused = error
    else:
        first = first_values(request, act_type, units[0]) | {"unit": None, "mode": SOME}
        form = BatchForm(initial=first, **options)
    judged = list(chosen.judged(case_type, act))
    context = {
        "title": f"批量办理：{act_type.title}",
        "batch": found,
        "case_type": case_type,
        "act": act_type,
        "key": f"{case_type.case_type}.{act}",
        "form": form,
        "asked": facts.spec_fields(),
        "papers": papers,
        "refused": refused,
        "can": sum(not one.why for one in judged),
        "judged": sorted(judged, key=_cannot),
        "crumbs": _crumbs(),
    }
    return render(request, "workbench/cases/batch_act.html", context, status=422 if form.is_bound else 200)


def _say_who_lacks(facts: SpecForm, asked: Mapping[str, Asked]) -> None:
    for name, one in asked.items():
        more = f"等 {len(one.titles)} 件" if len(one.titles) > NAMED else ""
        field = facts.fields[PREFIX + name]
        field.help_text = f"还没有的：{'、'.join(one.titles[:NAMED])}{more}。{field.help_text}"


def _cannot(one: Judged) -> bool:
    return not one.why  # those that cannot, first: they are what has to be decided


def _crumbs() -> list[tuple[str, str]]:
    return [("事项台账", reverse("cases")), ("批量办理", reverse("batches"))]


def _go(  # noqa: PLR0917 - what one form says
    found: CaseBatch, form: BatchForm, facts: SpecForm, papers: Papers, case_type: CaseType, act: str
) -> None:
    """Sets the batch going; all or none is done at once, the rest step by step from the page of results."""
    given = {**form.given(), "facts": facts.spec_values(), "evidence": papers.given()}
    given["entered"] = str(Entered(given["entered"]))
    begin(found, case_type.case_type, act, given)
    if form.cleaned_data["mode"] == ALL:
        do_all(found)


def _results(request: SignedInRequest, found: CaseBatch) -> HttpResponse:
    act = _act_title(found)
    context = {"title": f"批量办理：{act}", "batch": found, "rows": _rows(found), "crumbs": _crumbs()}
    part = getattr(request, "htmx", False)
    page = "workbench/cases/batch_progress.html" if part else "workbench/cases/batch_results.html"
    return render(request, page, context)


def _rows(found: CaseBatch) -> list[dict[str, Any]]:
    """The lines, those that were not done first."""
    order = [CaseBatch.Row.REFUSED, CaseBatch.Row.WAITING, CaseBatch.Row.DONE, CaseBatch.Row.UNDONE]
    return sorted(found.rows, key=lambda row: order.index(row["state"]))


@login_required
@require_POST
def batch_step(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """The next cases of a batch, then how far it is."""
    found = seen_batch(request, batch_id)
    do_some(found, AT_ONCE)
    found.refresh_from_db()
    if not getattr(request, "htmx", False):
        return redirect("batch", batch_id=found.pk)
    return _results(request, found)


@login_required
@require_POST
def drop_refused(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Takes out of a choice the cases on which the act cannot be done."""
    found = seen_batch(request, batch_id)
    wanted = request.POST.get("act", "")
    case_type, _, act = _known_act(wanted)
    if found.state == CaseBatch.State.CHOSEN:
        judged = Chosen(found, request.user, timezone.localdate()).judged(case_type, act)
        can = {str(one.case.pk) for one in judged if not one.why}
        found.rows = [row for row in found.rows if row["case"] in can]
        found.save(update_fields=["rows"])
    return redirect(f"{reverse('batch', args=[found.pk])}?act={wanted}")


@login_required
@require_POST
def undo_batch(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Withdraws what a batch recorded."""
    found = seen_batch(request, batch_id)
    try:
        undo(found, request.POST.get("reason", ""))
        found.refresh_from_db()
        left = found.done
        messages.success(request, "已撤销" + (f"，另有 {left} 件没有撤销，原因见下表。" if left else "。"))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect("batch", batch_id=found.pk)
