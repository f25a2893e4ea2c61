"""The pages on which an empty installation becomes a body: only while it is empty, and with the one-time word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.ledger.installation.founding import (
    ADMINISTRATORS,
    BodyLine,
    CellFault,
    PersonLine,
    UnitLine,
    found,
    person_lines,
    refuse_joined,
    unit_lines,
)
from yifa.ledger.installation.options import forget_opening_word, opens
from yifa.ledger.legal import calendar
from yifa.ledger.models import Organization, Role
from yifa.ledger.refusal import ActionRefused
from yifa.reading.sheets import read_sheets, text_sheets
from yifa.workbench.forms.cellgrid import MOST_ROWS, Column, Row, from_sheet, shown, typed
from yifa.workbench.forms.divisions import find_division
from yifa.workbench.forms.founding import PEOPLE, UNITS, BodyForm, local_rules

KEPT = "founding"  # what was typed so far, in the session
MOST_TRIES = 20
STEPS = (
    ("body", "本级"),
    ("units", "单位"),
    ("people", "人员"),
    ("calendar", "工作日和地方规定"),
    ("confirm", "核对建立"),
)


@never_cache
def init(request: HttpRequest, step: str = "") -> HttpResponse:
    """One of the pages; not there once there is a body."""
    if Organization.objects.exists():
        raise Http404("已经建立了单位。")
    kept: dict[str, Any] = request.session.get(KEPT, {})
    if not kept:
        return _door(request)
    pages: dict[str, Callable[[HttpRequest, dict[str, Any]], HttpResponse]] = {
        "body": _body, "units": _units, "people": _people, "calendar": _calendar, "confirm": _confirm,
    }  # fmt: skip
    if step and step not in pages:
        raise Http404("没有这一步。")
    step = step or "body"
    if step != "body" and "body" not in kept:
        return redirect("init_step", step="body")
    return pages[step](request, kept)


def _door(request: HttpRequest) -> HttpResponse:
    wrong = ""
    if request.method == "POST":
        cache.add("opening-tries", 0, None)
        tries = cache.incr("opening-tries")
        if tries <= MOST_TRIES and opens(request.POST.get("word", "")):
            cache.delete("opening-tries")
            request.session.cycle_key()
            request.session[KEPT] = {"begun": True}
            return redirect("init_step", step="body")
        wrong = "口令不对。请照服务器窗口里印出的口令输入；找不到时在服务器上运行 yifa init --web 换发一个。"
        if tries > MOST_TRIES:
            forget_opening_word()
            cache.delete("opening-tries")
            wrong = "输错次数太多，口令已作废。请在服务器上运行 yifa init --web 换发一个。"
    context = {"title": "建立单位", "wrong": wrong}
    return render(request, "workbench/founding/door.html", context, status=422 if wrong else 200)


def _keep(request: HttpRequest, kept: dict[str, Any], **more: Any) -> None:
    request.session[KEPT] = {**kept, **more}


def _page(request: HttpRequest, step: str, status: int = 200, **more: Any) -> HttpResponse:
    names = [name for name, _ in STEPS]
    at = names.index(step)
    context = {
        "title": f"建立单位：{dict(STEPS)[step]}",
        "steps": [(name, title, place) for place, (name, title) in enumerate(STEPS)],
        "at": at,
        "step": step,
        "back": names[at - 1] if at else "",
        **more,
    }
    return render(request, f"workbench/founding/{more.get('page', step)}.html", context, status=status)


def _body(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    form = BodyForm(request.POST or None, initial=kept.get("body"))
    if request.method == "POST" and form.is_valid():
        _keep(request, kept, body=form.cleaned_data)
        return redirect("init_step", step="units")
    return _page(request, "body", 422 if form.errors else 200, form=form)


def _sent(request: HttpRequest, columns: tuple[Column, ...]) -> tuple[list[Row], str]:
    """The rows of the table after what was sent, and what went wrong with a file or a pasted text."""
    rows = typed(request.POST, columns)
    try:
        if upload := request.FILES.get("file"):
            sheets, _ = read_sheets(upload.read(), upload.name or "表格")
            rows += from_sheet(max(sheets, key=lambda sheet: len(sheet.rows)), columns)
        if pasted := request.POST.get("paste", "").strip():
            rows += from_sheet(text_sheets(pasted, "粘贴的内容")[0], columns)
    except YifaError as error:
        return rows, error.message
    return (
        (rows, "")
        if len(rows) <= MOST_ROWS
        else (rows[:MOST_ROWS], f"一次最多 {MOST_ROWS} 行，其余没有读入。")
    )


def _grid_step(
    request: HttpRequest,
    kept: dict[str, Any],
    step: str,
    columns: tuple[Column, ...],
    rows: list[Row],
    **more: Any,
) -> HttpResponse:
    """A table: filled, looked over with its faults, and left when it has none."""
    wrong, faults = "", []
    if request.method == "POST":
        rows, wrong = _sent(request, columns)
        _keep(request, kept, **{step: rows})
        faults = _faults({**kept, step: rows}, step)
        if request.POST.get("do") == "next" and not faults and not wrong:
            refusal = _joined({**kept, step: rows}) if step == "people" else ""
            if not refusal:
                return redirect("init_step", step=more["next"])
            wrong = refusal
    elif rows:
        faults = _faults(kept, step) if kept.get(step) else []
    grid = shown(columns, rows, faults)
    status = (
        422 if request.method == "POST" and (wrong or (faults and request.POST.get("do") == "next")) else 200
    )
    return _page(
        request,
        step,
        status,
        page="grid",
        grid=grid,
        wrong=wrong,
        count=len(rows),
        total=len(grid.lines),
        **more,
    )


def _read(kept: dict[str, Any]) -> tuple[list[UnitLine], list[CellFault], list[PersonLine], list[CellFault]]:
    body = kept["body"]["name"]
    units, wrong_units = unit_lines(kept.get("units", []), body)
    people, wrong_people = person_lines(kept.get("people", []), body, units)
    return units, wrong_units, people, wrong_people


def _faults(kept: dict[str, Any], step: str) -> list[CellFault]:
    _, wrong_units, _, wrong_people = _read(kept)
    return wrong_units if step == "units" else wrong_people


def _joined(kept: dict[str, Any]) -> str:
    try:
        refuse_joined(_read(kept)[2])
    except ActionRefused as refused:
        return refused.message
    return ""


def _units(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    levels = tuple(profile.title for profile in catalogue().levels.values())
    columns = tuple(
        Column(one.name, one.title, one.heads, one.hint, levels if one.name == "level" else ())
        for one in UNITS
    )
    says = "每行一个单位。只有名称必填；现在可以只填几个，其余以后由系统管理员新增。"
    return _grid_step(request, kept, "units", columns, kept.get("units", []), says=says, next="people")


def _people(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    units = tuple(line.name for line in unit_lines(kept.get("units", []), kept["body"]["name"])[0])
    options = {"unit": units, "roles": tuple(str(role.label) for role in Role)}
    columns = tuple(
        Column(one.name, one.title, one.heads, one.hint, options.get(one.name, ())) for one in PEOPLE
    )
    proposed = [
        {"display_name": "", "username": username, "unit": "", "roles": str(role.label)}
        for username, _, role in ADMINISTRATORS
    ] + [{"display_name": "", "username": "fazhi", "unit": "", "roles": "法治办统筹、承办人"}]
    says = (
        "前三行是三名管理员，必须是三个不同的人（三员分立）：系统管理员开设账号，安全管理员授予角色，审计管理员查看日志。"
        "第四行是法治办的统筹人员。其余的人可以现在填，也可以以后由系统管理员开设。"
    )
    rows = kept.get("people") or proposed
    return _grid_step(request, kept, "people", columns, rows, says=says, next="calendar")


def _calendar(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    if request.method == "POST":
        return redirect("init_step", step="confirm")
    chosen = _jurisdiction(kept)
    local = catalogue().jurisdictions.get(chosen)
    last, this = calendar().last_year, timezone.localdate().year
    return _page(
        request, "calendar", last=last, this=this, enough=last >= this, local=local,
        rules=len(local.durations) if local else 0,
    )  # fmt: skip


def _jurisdiction(kept: dict[str, Any]) -> str:
    said = kept["body"].get("jurisdiction", "")
    return "" if said == "none" else said or local_rules(kept["body"].get("region", ""))


def _confirm(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    units, wrong_units, people, wrong_people = _read(kept)
    for step, wrong in (("units", bool(wrong_units)), ("people", bool(wrong_people) or bool(_joined(kept)))):
        if wrong:
            return redirect("init_step", step=step)
    said = kept["body"]
    region = find_division(said["region"]) if said["region"] else None
    chosen = _jurisdiction(kept)
    body = BodyLine(
        said["name"],
        said["level"],
        said["short_name"],
        chosen,
        region.code if region else "",
        said["document_code"],
    )
    refused = ""
    if request.method == "POST":
        try:
            accounts = found(body, units, people)
        except ActionRefused as error:
            refused = error.message
        else:
            forget_opening_word()
            request.session.flush()
            context = {
                "title": "账号和初始密码",
                "accounts": accounts,
                "name": body.name,
                "site": _site(request),
            }
            return render(request, "workbench/founding/sheet.html", context)
    local = catalogue().jurisdictions.get(chosen)
    return _page(
        request, "confirm", 422 if refused else 200, body=body, region=region, units=units, people=people,
        level=catalogue().levels[body.level].title, levels=catalogue().levels,
        local=local.title if local else "", refused=refused,
        names={unit.code: unit.name for unit in units} | {"body": body.name},
    )  # fmt: skip


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("login"))
