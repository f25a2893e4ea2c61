"""The pages of a check-up: the table of many files, one file with its marks, and what was read in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.reading.document import Span
from yifa.workbench.checkups import shown
from yifa.workbench.checkups.kept import Checked, CheckUp
from yifa.workbench.checkups.marking import marked_text
from yifa.workbench.checkups.overview import alike, overview, rule_chart
from yifa.workbench.checkups.shown import KINDS, SEVERITIES
from yifa.workbench.views.checks.access import find, for_checkers, gone
from yifa.workbench.views.checks.filing import may_file

PARTS = {"figures": "数字", "tasks": "任务与指标", "citations": "引用", "repairs": "读取说明"}
MOST_ROWS = 500


@for_checkers
def check_results(request: HttpRequest, token: str) -> HttpResponse:
    """The table of all files; a single file opens at once."""
    checkup = find(request, token)
    if checkup is None:
        return gone(request)
    if len(checkup.items) == 1 and checkup.items[0].document:
        return redirect("check_result", token, 1)
    table = overview(checkup, request.GET)
    context = {
        "title": f"体检结果：{len(checkup.items)} 份文稿",
        "checkup": checkup,
        "table": table,
        "chart": rule_chart(table.columns, reverse("check_results", args=[token])),
        "alike": alike(checkup),
        "kinds": KINDS,
        "severities": SEVERITIES,
        "totals": [(name, word, sum(one.count(name) for one in checkup.items)) for name, word in SEVERITIES],
    }
    template = (
        "workbench/check/table.html" if request.headers.get("HX-Request") else "workbench/check/many.html"
    )
    return render(request, template, context)


@for_checkers
def check_result(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """One text with its marks, and its findings beside it."""
    checkup, one = _of(request, token, number)
    if checkup is None or one is None or one.document is None:
        return gone(request)
    document = one.document
    findings = shown.shown_findings(one, (*checkup.items, *checkup.others))
    headings = tuple(document.headings())
    rules: dict[str, list[shown.Shown]] = {}
    for row in findings:
        rules.setdefault(row.finding.rule, []).append(row)
    context = context_of(request, checkup, one, number, "findings") | {
        "findings": findings,
        "left_out": len(one.findings) - len(findings),
        "text": marked_text(
            document.text, one.findings[: shown.MOST_SHOWN], headings, _look(request, document.text)
        ),
        "headings": [(heading, shown.heading_name(heading)) for heading in headings],
        "rules": [(rule, rows[0].title, rows[0].finding.severity, len(rows)) for rule, rows in rules.items()],
        "severities": [(name, word, one.count(name)) for name, word in SEVERITIES],
        "chart": shown.severity_by_section(one),
    }
    return render(request, "workbench/check/result.html", context)


@for_checkers
def check_part(request: HttpRequest, token: str, number: int, part: str) -> HttpResponse:
    """What was read in one text: figures, tasks and targets, citations, repairs."""
    checkup, one = _of(request, token, number)
    if checkup is None or one is None or one.document is None or part not in PARTS:
        return gone(request)
    document = one.document
    search, unit = request.GET.get("q", ""), request.GET.get("unit", "")
    figures = shown.figure_rows(document, search, unit) if part == "figures" else []
    context = context_of(request, checkup, one, number, part) | {
        "figures": figures[:MOST_ROWS],
        "figures_found": len(figures),
        "search": search,
        "unit": unit,
        "units": shown.units(document),
        "tasks": document.tasks[:MOST_ROWS],
        "targets": [
            (target, shown.COMPARE.get(target.compare, target.compare), shown.PER.get(target.per or "", ""))
            for target in document.targets[:MOST_ROWS]
        ],
        "citations": [
            (citation, shown.STATUS.get(citation.status, citation.status))
            for citation in document.citations[:MOST_ROWS]
        ],
        "repairs": [
            (shown.REPAIRS.get(repair.kind, repair.kind), repair) for repair in document.repairs[:MOST_ROWS]
        ],
        "repairs_count": len(document.repairs),
    }
    return render(request, f"workbench/check/{part}.html", context)


def _of(request: HttpRequest, token: str, number: int) -> tuple[CheckUp | None, Checked | None]:
    checkup = find(request, token)
    if checkup is None or not 1 <= number <= len(checkup.items):
        return None, None
    return checkup, checkup.items[number - 1]


def context_of(
    request: HttpRequest, checkup: CheckUp, one: Checked, number: int, part: str
) -> dict[str, object]:
    """What every page of one file shows around its part."""
    document = one.document
    assert document is not None  # noqa: S101  # the callers looked
    many = len(checkup.items) > 1
    counts = {
        "figures": len(document.figures),
        "tasks": len(document.tasks),
        "citations": len(document.citations),
        "repairs": len(document.repairs),
    }
    tabs: list[tuple[str, str, int | None, str]] = [
        ("findings", "问题", len(one.findings), reverse("check_result", args=[checkup.token, number]))
    ]
    tabs += [
        (name, word, counts[name], reverse("check_part", args=[checkup.token, number, name]))
        for name, word in PARTS.items()
        if counts[name] or name in {"figures", "repairs"}
    ]
    if request.user.is_authenticated:
        tabs.append(("ledger", "与台账比对", None, reverse("check_ledger", args=[checkup.token, number])))
    above = ("体检结果", reverse("check_results", args=[checkup.token]))
    return {
        "title": one.title,
        "crumbs": [("文稿体检", reverse("check")), *([above] if many else [])],
        "checkup": checkup,
        "one": one,
        "document": document,
        "number": number,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < len(checkup.items) else None,
        "kind": KINDS.get(document.kind, ""),
        "tabs": tabs,
        "part": part,
        "many": many,
        "may_file": may_file(request),
    }


def _look(request: HttpRequest, text: str) -> Span | None:
    """The place the address asks to show: ?at=120-128."""
    start, _, end = request.GET.get("at", "").partition("-")
    if not (start.isdecimal() and end.isdecimal() and len(start) < 9 and len(end) < 9):
        return None
    span = (int(start), min(int(end), len(text)))
    return span if span[0] < span[1] else None
