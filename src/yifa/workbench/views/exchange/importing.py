"""One import: its columns, the dry run, the bringing in with its progress, what came in, the undoing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Min
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.exchange import running, signs
from yifa.exchange.keeping import keep
from yifa.exchange.mapping import applied, lacking, propose, reading_from
from yifa.exchange.marked import marked_rows
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.staging import Staged, stage
from yifa.exchange.targets import Target, target_of
from yifa.law.errors import YifaError
from yifa.workbench.forms.given import whole
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.exchange.access import paged, seen_one
from yifa.workbench.views.exchange.columns import read_form, shown

FAULTS_SHOWN = 200
ROWS_SHOWN = 100
WHOLE_ROW = "整行"
CRUMBS_TITLE = "导入和对账"
State = Import.State


def crumbs() -> list[tuple[str, str]]:
    """The way back."""
    return [(CRUMBS_TITLE, reverse("exchange"))]


@login_required
def import_list(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Match, try, bring in; the page follows the state."""
    run = seen_one(request.user, Import.objects.all(), import_id)
    wrong = ""
    if request.method == "POST":
        try:
            if request.POST.get("deed") == "drop":
                return _dropped(request, run)
            _act(request, run)
            return redirect("import_list", import_id=run.pk)
        except YifaError as error:
            wrong = error.message
    status = 422 if wrong else 200
    if run.state in signs.WORKING:
        return render(
            request, "workbench/exchange/progress.html", _moving(run) | {"wrong": wrong}, status=status
        )
    target = target_of(run.target)
    context: dict[str, Any] = {
        "title": f"导入：{target.title}", "run": run, "target": target, "wrong": wrong or run.message, "crumbs": crumbs(),
        "approval": run.actor is not None and target.register is not None and target.register.approval,
        "counts": _counts(run), "labels": dict(ImportedRow.What.choices),
    }  # fmt: skip
    if run.state in {State.DONE, State.UNDONE}:
        rows = run.rows.all()
        what = request.GET.get("what", "")
        chosen = rows.filter(what=what) if what in ImportedRow.What.values else rows
        context |= {"what": what, **paged(request, chosen, ROWS_SHOWN)}
        return render(request, "workbench/exchange/result.html", context, status=status)
    if run.state == State.FAILED and not run.total:  # it could not be read
        return render(request, "workbench/exchange/unread.html", context, status=status)
    staged = stage(run.attachment, run.sheet)
    columns = shown(target, staged, reading_from(run.mapping), run.organization)
    faults = _alike(run) if run.state != State.OPEN else []
    cells = dict(_rows_of(staged, {fault["first"] for fault in faults}))
    context |= {
        "choice": columns,
        "faults": [
            (fault, _place(columns.columns, fault["column"]), _said(cells, fault)) for fault in faults
        ],
        "more_faults": max(run.counts.get("cells", 0) - sum(fault["many"] for fault in faults), 0),
        "came_in": run.rows.filter(what=ImportedRow.What.NEW).count() if run.state == State.FAILED else 0,
        "left": max(run.total - run.done, 0),
        "may_drop": running.may_drop(run),
    }
    return render(request, "workbench/exchange/import.html", context, status=status)


def _act(request: SignedInRequest, run: Import) -> None:
    """What the person asked for."""
    deed = request.POST.get("deed", "")
    if deed == "continue":
        running.start(run)
    elif deed == "stop":
        signs.stop(run)
        messages.success(request, "正在停下，做完手头这一批就停。")
    elif deed == "import":
        running.bring_in(run, request.POST.get("mode", ""), update="update" in request.POST)
        messages.success(
            request, f"导入{'完成' if run.state == State.DONE else '已经开始'}。"
        ) if run.state != State.FAILED else None
    elif deed == "check" and run.state not in signs.WORKING:
        _remap(request, run)


def _dropped(request: SignedInRequest, run: Import) -> HttpResponse:
    """Gives up a list of which nothing came in."""
    running.drop(run)
    messages.success(request, f"已放弃导入“{run.attachment.name}”，台账没有改动。")
    return redirect("exchange")


def _remap(request: SignedInRequest, run: Import) -> None:
    """Takes the columns as the person left them, keeps them under a name, and tries again."""
    target = target_of(run.target)
    sheet = whole(request.POST.get("sheet"))
    if sheet is not None and sheet != run.sheet:
        run.sheet = sheet
        reading = propose(target, stage(run.attachment, run.sheet))
    else:
        reading = _chosen(request, run, target)
    run.mapping = reading.as_json() | ({"only": run.mapping["only"]} if run.mapping.get("only") else {})
    run.total = stage(run.attachment, run.sheet).length
    run.state, run.message = State.OPEN, ""
    run.save(update_fields=["sheet", "mapping", "total", "state", "message"])
    name = request.POST.get("name", "").strip()
    if name and keep(run.organization, target, name, reading, request.user):
        messages.success(request, f"对照已存为“{name}”，下次同样表头的表会自动用上。")
    if not lacking(target, reading):
        running.check(run)


def _chosen(request: SignedInRequest, run: Import, target: Target) -> Any:
    staged, before = stage(run.attachment, run.sheet), reading_from(run.mapping)
    wanted = request.POST.get("kept", "")
    for saved in shown(target, staged, before, run.organization).kept:
        if str(saved.pk) == wanted:
            return applied(reading_from(saved.data), before, target)
    return read_form(target, staged, before, request.POST)


def _counts(run: Import) -> list[tuple[str, str, int]]:
    """The counts worth showing, with their words."""
    found = [(what, label, run.counts.get(what, 0)) for what, label in ImportedRow.What.choices]
    return [one for one in found if one[2]]


def _rows_of(staged: Staged, wanted: set[int]) -> Iterator[tuple[int, list[str]]]:
    if wanted:
        last = max(wanted)
        for number, cells in staged.rows(min(wanted) - 1):
            if number in wanted:
                yield number, cells
            if number >= last:
                return


def _place(columns: Any, column: int | None) -> str:
    if column is None or column >= len(columns):
        return WHOLE_ROW
    return f"{columns[column].letter} 列 {columns[column].head}"


def _alike(run: Import) -> list[dict[str, Any]]:
    """The faults, those that say the same of one column together: its first row and how many there are."""
    rows = run.faults.order_by().values("column", "message").annotate(first=Min("row"), many=Count("pk"))
    return [dict(row) for row in rows.order_by("first", "column")[:FAULTS_SHOWN]]


def _said(cells: dict[int, list[str]], fault: dict[str, Any]) -> str:
    row, column = cells.get(fault["first"], []), fault["column"]
    if column is None:
        return "—"
    return row[column] if column < len(row) else ""


def _moving(run: Import) -> dict[str, Any]:
    done, total = signs.progress(run)
    return {
        "title": run.get_state_display(), "run": run, "done": done, "total": total,
        "share": min(100, round(100 * done / total)) if total else 0, "stale": signs.is_stale(run), "crumbs": crumbs(),
    }  # fmt: skip


@login_required
def import_progress(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """How far it is; once it is at its end the page is loaded anew."""
    run = seen_one(request.user, Import.objects.all(), import_id)
    response = render(request, "workbench/exchange/bar.html", _moving(run))
    if run.state not in signs.WORKING:
        response["HX-Refresh"] = "true"
    return response


@login_required
def import_marked(request: SignedInRequest, import_id: UUID) -> HttpResponseBase:
    """The list with its wrong cells marked, to be mended and brought again."""
    run = seen_one(request.user, Import.objects.all(), import_id)
    heads, rows = marked_rows(run)
    return sheet_response("有错的格已标出", heads, rows)


@login_required
def import_rows(request: SignedInRequest, import_id: UUID) -> HttpResponseBase:
    """What became of each row, as a sheet."""
    run = seen_one(request.user, Import.objects.all(), import_id)
    rows = run.rows.all().iterator(chunk_size=2000)
    lines = ([row.row, row.get_what_display(), row.title, row.note] for row in rows)
    return sheet_response("导入结果", ["第几行", "结果", "名称", "说明"], lines)


@login_required
def undo_import(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Take the whole import back, with a reason."""
    run = seen_one(request.user, Import.objects.all(), import_id)
    wrong = ""
    if request.method == "POST":
        try:
            running.undo(run, request.POST.get("reason", ""))
            return redirect("import_list", import_id=run.pk)
        except YifaError as error:
            wrong = error.message
    context = {
        "title": "撤销这次导入", "run": run, "wrong": wrong, "target": target_of(run.target),
        "many": run.rows.filter(what=ImportedRow.What.NEW).count(),
        "changed": run.rows.filter(what=ImportedRow.What.CHANGED).count(),
        "crumbs": [*crumbs(), (target_of(run.target).title, reverse("import_list", args=[run.pk]))],
    }  # fmt: skip
    return render(request, "workbench/exchange/undo.html", context, status=422 if wrong else 200)
