"""One reconciliation: its columns, what the two sides have, what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yifa.exchange import reconciling, running, settling
from yifa.exchange.keeping import keep
from yifa.exchange.mapping import applied, lacking, propose, reading_from
from yifa.exchange.models import ReconciledRow, Reconciliation
from yifa.exchange.staging import stage
from yifa.exchange.targets import target_of
from yifa.law.errors import YifaError
from yifa.ledger.models import Organization
from yifa.workbench.forms.given import whole
from yifa.workbench.lists import as_day
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.exchange.access import may_bring, paged, refuse_unless_may_bring, seen_one
from yifa.workbench.views.exchange.columns import read_form, shown
from yifa.workbench.views.exchange.importing import crumbs

PAGE = 50
How = ReconciledRow.How
ORDER = (How.DIFFERENT, How.THERE, How.HERE, How.DOUBTFUL, How.MATCHED)


@login_required
def reconciliation(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Match the columns and compare; then the result, side by side."""
    rec = seen_one(request.user, Reconciliation.objects.select_related("other", "unit"), run_id)
    wrong = ""
    if request.method == "POST":
        try:
            _compare(request, rec)
            return redirect("reconciliation", run_id=rec.pk)
        except YifaError as error:
            wrong = error.message
    target = target_of(rec.target)
    how = request.GET.get("how", "")
    if how not in How.values:
        how = next((str(one) for one in ORDER if rec.counts.get(one)), "")
    rows = rec.rows.filter(how=how).order_by("row", "key", "id")
    left = dict(rec.rows.filter(settled="").order_by().values_list("how").annotate(many=Count("pk")))
    context: dict[str, Any] = {
        "title": f"对账：{target.title}", "rec": rec, "target": target, "wrong": wrong, "crumbs": crumbs(),
        "choices": _choices(rec), "how": how,
        "hows": [(one.value, one.label, rec.counts.get(one, 0), left.get(one, 0)) for one in ORDER],
        "left": left.get(how, 0),
        **paged(request, rows, PAGE), "units": Organization.objects.for_user(request.user),
        "may_bring": may_bring(request.user, target), "apart": _apart(rec), "done": settling.DONE,
        "here": "第二份表" if rec.other_id else "本台账", "there": "第一份表" if rec.other_id else "外来表",
    }  # fmt: skip
    return render(request, "workbench/exchange/reconciliation.html", context, status=422 if wrong else 200)


def _apart(rec: Reconciliation) -> str:
    """By what nothing at all was known again though both sides have something; "" otherwise."""
    counts = rec.counts
    if (
        not (counts.get(How.THERE) and counts.get(How.HERE))
        or counts.get(How.MATCHED)
        or counts.get(How.DIFFERENT)
    ):
        return ""
    meanings = target_of(rec.target).meanings
    return "、".join(meanings[key].title for key in reading_from(rec.mapping).keys)


def _choices(rec: Reconciliation) -> list[Any]:
    """The columns of the list, and of the second where there is one."""
    target = target_of(rec.target)
    staged = stage(rec.attachment, rec.sheet)
    found = [shown(target, staged, reading_from(rec.mapping), rec.organization, complete=False)]
    if rec.other is not None:
        staged = stage(rec.other, rec.other_sheet)
        found.append(
            shown(target, staged, reading_from(rec.other_mapping), rec.organization, "other-", complete=False)
        )
    return found


def _compare(request: SignedInRequest, rec: Reconciliation) -> None:
    target = target_of(rec.target)
    given = request.POST
    rec.sheet, rec.mapping = _remapped(rec, target, given, "", rec.attachment, rec.sheet, rec.mapping)
    if rec.other is not None:
        rec.other_sheet, rec.other_mapping = _remapped(
            rec, target, given, "other-", rec.other, rec.other_sheet, rec.other_mapping
        )
    rec.unit = Organization.objects.for_user(request.user).filter(code=given.get("unit", "")).first()
    rec.starts, rec.ends = as_day(given.get("starts", "")), as_day(given.get("ends", ""))
    if rec.starts and rec.ends and rec.ends < rec.starts:
        raise YifaError("期间止早于期间起，请核对。", code="invalid")
    rec.save()
    reconciling.run(rec)
    name = given.get("name", "").strip()
    if name and keep(rec.organization, target, name, reading_from(rec.mapping), request.user):
        messages.success(request, f"对照已存为“{name}”，下次同样表头的表会自动用上。")


def _remapped(  # noqa: PLR0917 - one side of a comparison
    rec: Reconciliation,
    target: Any,
    given: Any,
    prefix: str,
    attachment: Any,
    sheet: int,
    mapping: dict[str, Any],
) -> tuple[int, dict[str, Any]]:
    wanted = whole(given.get(f"{prefix}sheet"))
    if wanted is not None and wanted != sheet:
        return wanted, propose(target, stage(attachment, wanted)).as_json()
    staged, before = stage(attachment, sheet), reading_from(mapping)
    for saved in shown(target, staged, before, rec.organization).kept:
        if str(saved.pk) == given.get(f"{prefix}kept", ""):
            return sheet, applied(reading_from(saved.data), before, target).as_json()
    return sheet, read_form(target, staged, before, given, prefix).as_json()


@login_required
@require_POST
def settle_rows(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Follow the list, note why not, or hand rows to the import: those ticked, or all of this kind."""
    rec = seen_one(request.user, Reconciliation.objects.all(), run_id)
    how = request.POST.get("how", "")
    ticked = request.POST.getlist("row")
    rows = (
        rec.rows.filter(settled="", how=how)
        if "all" in request.POST
        else rec.rows.exclude(settled__in=settling.DONE).filter(
            pk__in=[key for key in map(whole, ticked) if key is not None]
        )
    )
    back = f"{reverse('reconciliation', args=[rec.pk])}?how={how}"
    try:
        return redirect(_settled(request, rec, list(rows)) or back)
    except YifaError as error:
        messages.error(request, error.message)
    return redirect(back)


def _settled(request: SignedInRequest, rec: Reconciliation, rows: Sequence[ReconciledRow]) -> str:
    deed, reason = request.POST.get("deed", ""), request.POST.get("reason", "")
    if not rows:
        raise YifaError("没有选中还没有处理的行。", code="invalid")
    if deed == "import" and not rec.other_id:
        refuse_unless_may_bring(request.user, target_of(rec.target))
        made = settling.hand_over(rec, rows, request.user)
        if not lacking(target_of(made.target), reading_from(made.mapping)):
            running.check(made)
        return reverse("import_list", args=[made.pk])
    if deed == "follow" and not rec.other_id:
        refused = settling.follow(rec, rows, request.user, reason)
        done = sum(row.how == How.DIFFERENT for row in rows) - len(refused)
        if done and settling.waits_for_approval(rec):
            messages.success(request, f"已按表起草 {done} 行的变更并送审，另一人审核后公布。")
        elif done:
            messages.success(request, f"已按表更正 {done} 行，台账里都留有理由。")
        for number, why in list(refused.items())[:5]:
            messages.error(request, f"第 {number} 行没有更正：{why}")
    elif deed == "note":
        settling.note(rows, request.user, reason)
        messages.success(request, f"已说明 {len(rows)} 行。")
    return ""


@login_required
def reconciliation_file(request: SignedInRequest, run_id: UUID) -> HttpResponseBase:
    """The whole result as a sheet."""
    rec = seen_one(request.user, Reconciliation.objects.all(), run_id)
    here = "第二份表" if rec.other_id else "本台账"
    there = "第一份表" if rec.other_id else "外来表"
    heads = ["结果", "凭以认出", "名称", "表中第几行", "不同之处", here, there, "处理", "说明"]
    return sheet_response("对账结果", heads, _lines(rec))


def _lines(rec: Reconciliation) -> Iterator[list[Any]]:
    for row in rec.rows.order_by("how", "row", "id").iterator(chunk_size=2000):
        for one in row.differences or [{}]:
            yield [
                _how(rec, row), row.key, row.title, row.row, one.get("title"), one.get("here"), one.get("there"),
                row.settled, row.note,
            ]  # fmt: skip


def _how(rec: Reconciliation, row: ReconciledRow) -> str:
    """How the sides stand; of two lists by what the page calls them."""
    of_two = {How.THERE: "只在第一份表", How.HERE: "只在第二份表"} if rec.other_id else {}
    return of_two.get(How(row.how), row.get_how_display())
