"""Give texts to the check-up: all at once with a plain form, or one after the other by the page's script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.checking import RULES, Rule
from yifa.ledger.installation.options import Open, choice_of, choose
from yifa.workbench.checkups import running
from yifa.workbench.checkups.kept import Checked, CheckUp, kept
from yifa.workbench.checkups.limits import Limits, TooMuchError, count_recent, limits_of, turn
from yifa.workbench.checkups.shown import KINDS, explanation
from yifa.workbench.rights.access import has_role
from yifa.workbench.rights.permits import OPEN_CHECK
from yifa.workbench.views.checks.access import browser_of, find, for_checkers, gone, remember, user_id

SAMPLE = "示例报告.txt"
SUFFIXES = (
    ".txt",
    ".html",
    ".htm",
    ".mht",
    ".mhtml",
    ".docx",
    ".doc",
    ".wps",
    ".pdf",
    ".xlsx",
    ".xls",
    ".et",
    ".ofd",
)


@cache
def sample() -> str:
    """An invented report that shows what the check finds."""
    return (Path(__file__).parents[2] / "samples" / "report.txt").read_text(encoding="utf-8")


@cache
def rules() -> tuple[tuple[Rule, str], ...]:
    """All rules with what they say of themselves."""
    return tuple((rule, explanation(rule.id)) for rule in RULES)


@for_checkers
def check_texts(request: HttpRequest) -> HttpResponse:
    """Drop files or paste a text; see what the check says."""
    if request.method != "POST":
        return _page(request)
    try:
        checkup = _whole(request)
    except TooMuchError as error:
        return _page(request, error.message, error.status)
    return remember(request, redirect("check_results", checkup.token), checkup.browser)


def _page(request: HttpRequest, wrong: str = "", status: int = 200) -> HttpResponse:
    limits = limits_of(request)
    context = {
        "title": "文稿体检",
        "wrong": wrong,
        "text": request.POST.get("text", ""),
        "rules": rules(),
        "sample": sample(),
        "limits": limits,
        "suffixes": ",".join(SUFFIXES),
        "choice": choice_of(Open.CHECK),
        "may_open": has_role(request.user, OPEN_CHECK.roles),
    }
    return remember(
        request, render(request, "workbench/check/check.html", context, status=status), browser_of(request)
    )


def _whole(request: HttpRequest) -> CheckUp:
    """A check-up from one plain form."""
    limits = limits_of(request)
    files, others = request.FILES.getlist("files"), request.FILES.getlist("others")
    text = sample() if "sample" in request.POST else request.POST.get("text", "")
    if not files and not text.strip():
        raise TooMuchError("请选择文件，或粘贴要检查的文字。")
    size = sum(file.size or 0 for file in (*files, *others)) + len(text)
    running.refuse_too_much(len(files) + len(others), size, limits)
    count_recent(request, max(1, len(files) + len(others)), size)
    with turn():
        checkup = kept.open(browser_of(request), user_id(request))
        for file in files:
            running.add_file(checkup, file, limits)
        if text.strip():
            running.add_text(
                checkup, text, limits, name=SAMPLE if "sample" in request.POST else running.PASTED
            )
        for file in others:
            running.add_file(checkup, file, limits, compared=True)
        running.finish(checkup, limits)
    kept.make_room(checkup)
    return checkup


@require_POST
@for_checkers
def check_read(request: HttpRequest) -> HttpResponse:
    """Read one file (`file`, or `text`) into a check-up, a new one where none is named; answers in JSON."""
    limits, browser = limits_of(request), browser_of(request)
    token = request.POST.get("checkup", "")
    try:
        checkup = find(request, token) if token else kept.open(browser, user_id(request))
        if checkup is None or checkup.done:
            raise TooMuchError("这次检查已经结束或被清除，请重新选择文件。", status=409)
        with turn():
            read = _one(request, checkup, limits)
    except TooMuchError as error:
        return JsonResponse({"error": error.message}, status=error.status)
    kept.make_room(checkup)
    return remember(request, JsonResponse({"checkup": checkup.token, **_told(read)}), checkup.browser)


def _one(request: HttpRequest, checkup: CheckUp, limits: Limits) -> Checked:
    file, compared = request.FILES.get("file"), request.POST.get("role") == "others"
    text = request.POST.get("text", "")
    if file is None and not text.strip():
        raise TooMuchError("没有收到文件，请重新选择。")
    size = (file.size or 0) if file else len(text)
    files = len(checkup.items) + len(checkup.others) + 1
    running.refuse_too_much(files, checkup.taken + size, limits)
    count_recent(request, 1, size)
    checkup.taken += size
    return (
        running.add_file(checkup, file, limits, compared=compared)
        if file
        else running.add_text(checkup, text, limits)
    )


def _told(read: Checked) -> dict[str, Any]:
    if read.document is None:
        return {"name": read.name, "error": read.error}
    document = read.document
    return {
        "name": read.name,
        "characters": len(document.text),
        "kind": KINDS.get(document.kind, ""),
        "figures": len(document.figures),
    }


@require_POST
@for_checkers
def check_finish(request: HttpRequest, token: str) -> HttpResponse:
    """Check what was read one after the other; answers with the address of the results."""
    checkup = find(request, token)
    if checkup is None or not checkup.items:
        return JsonResponse({"error": "这次检查已被清除，请重新选择文件。"}, status=409)
    try:
        with turn():
            if not checkup.done:
                running.finish(checkup, limits_of(request))
    except TooMuchError as error:
        return JsonResponse({"error": error.message}, status=error.status)
    return JsonResponse({"url": reverse("check_results", args=[token])})


@require_POST
@for_checkers
def check_forget(request: HttpRequest, token: str) -> HttpResponse:
    """Throw a check-up away now."""
    if find(request, token) is None:
        return gone(request)
    kept.forget(token)
    return redirect("check")


@require_POST
@for_checkers
def check_open(request: HttpRequest) -> HttpResponse:
    """The administrator lets everybody in, or only those with an account."""
    choose(
        Open.CHECK, request.POST.get("open") == "1", by=request.user.get_username(), at=timezone.localdate()
    )
    return redirect("check")
