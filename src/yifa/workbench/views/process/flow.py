"""All procedures with what happened in them; one procedure drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.ledger.process.happened import Kept, Passage, kept, passages
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.process.asked import Asked, act_title, asked, kind_title
from yifa.workbench.views.process.flowdrawing import MANY, drawing


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure: how often acts were done, what was amiss, its slowest passage."""

    case_type: str
    title: str
    many: int
    early: int
    again: int
    skipped: int
    waits: int
    kept: Kept
    slowest: Passage | None

    @property
    def slowest_said(self) -> str:
        """The passage in words."""
        if self.slowest is None:
            return ""
        one = self.slowest
        names = (act_title(self.case_type, one.source), act_title(self.case_type, one.target))
        return f"{names[0]} → {names[1]}"


def _procedures(ask: Asked) -> list[Procedure]:
    """Those of which anything happened, by their titles."""
    clocks: dict[str, Kept] = {}
    for ((kind, _), _), one in kept(ask.span, ask.today).items():
        clocks[kind] = clocks.get(kind, Kept()).plus(one)
    found = []
    happened = passages(ask.span)
    for kind in {*happened, *clocks}:
        some = happened.get(kind, [])
        between = [one for one in some if one.source and one.many]
        found.append(
            Procedure(
                kind,
                kind_title(kind),
                sum(one.many for one in some),
                sum(one.early for one in some),
                sum(one.again for one in some),
                sum(one.skipped for one in some),
                sum(one.waits for one in some),
                clocks.get(kind, Kept()),
                max(between, key=lambda one: (one.days.median, one.days.p90, one.many), default=None),
            )
        )
    order = {kind: place for place, kind in enumerate(catalogue().case_types)}
    return sorted(found, key=lambda one: (-one.many, order.get(one.case_type, len(order))))


@login_required
@opens_as_kept
def overview(request: SignedInRequest) -> HttpResponseBase:
    """All procedures."""
    ask = asked(request)
    rows = _procedures(ask)
    context = ask.context("办理过程", "process") | {"rows": rows}
    if request.GET.get("format") == "xlsx":
        lines = [
            (
                one.title, one.many, one.early, one.again, one.skipped, one.waits, one.kept.kept, one.kept.broken,
                one.slowest_said, one.slowest and one.slowest.days.median, one.slowest and one.slowest.days.p90,
            )
            for one in rows
        ]  # fmt: skip
        return sheet_response(context["file_title"], ALL_HEADS, lines)
    return render(request, "workbench/process/overview.html", context)


@login_required
def flow(request: SignedInRequest, case_type: str) -> HttpResponseBase:
    """One procedure: drawn, and the same as a table."""
    kind = catalogue().case_types.get(case_type)
    if kind is None:
        raise Http404
    ask = asked(request)
    some = passages(ask.span, case_type).get(case_type, [])
    context = ask.context(f"{kind.title}的实际流程", "process")
    if request.GET.get("format") == "xlsx":
        return sheet_response(context["file_title"], HEADS, _lines(case_type, some))
    shown = _shown(ask, kind, some, whole="whole" in request.GET)
    return render(request, "workbench/process/flow.html", context | shown)


TIMES = ["半数不超过（天）", "九成不超过（天）"]
ALL_HEADS = [
    *("事项类型", "办理环节（次）", "未按法定次序", "重复办理", "应办未办", "停在中途（件）"),
    *("时限按期", "时限超期", "最慢的一步", *TIMES),
]
HEADS = [
    *("前一环节", "环节", "次数", *TIMES, "最长（天）"),
    *("未按法定次序", "重复办理", "停在此处", "到此办结", "应办未办"),
]


def _lines(case_type: str, some: list[Passage]) -> Iterator[tuple[Any, ...]]:
    for one in some:
        times = (one.days.median, one.days.p90, one.days.longest) if one.many else ("", "", "")
        yield (
            act_title(case_type, one.source), act_title(case_type, one.target), one.many, *times,
            one.early, one.again, one.waits, one.ends, one.skipped,
        )  # fmt: skip


def _shown(ask: Asked, kind: CaseType, some: list[Passage], *, whole: bool) -> dict[str, Any]:
    name = kind.case_type
    done = {one.target for one in some if one.many}
    skipped: dict[str, int] = {}
    for one in some:
        if one.skipped:
            skipped[one.target] = skipped.get(one.target, 0) + one.skipped
    happened = [one for one in some if one.many]
    whole = whole or len(kind.acts) <= MANY
    return {
        "kind": kind,
        "drawing": drawing(kind, happened, whole=whole) if happened else None,
        "rows": [(one, act_title(name, one.source), act_title(name, one.target)) for one in happened],
        "undone": [act for act_id, act in kind.acts.items() if act_id not in done] if happened else [],
        "skipped": [(act, act_title(name, act), many) for act, many in sorted(skipped.items())],
        "cases": sum(one.many for one in happened if not one.source),
        "many": sum(one.many for one in happened),
        "early": sum(one.early for one in happened),
        "again": sum(one.again for one in happened),
        "waits": sum(one.waits for one in happened),
        "crumbs": [("办理过程", f"{reverse('process')}?{ask.link}")],
    }
