"""What stands out: passages that took far longer than the rest, and units that hold powers and have no cases."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.ledger.process.happened import FACTOR, LEAST, Outlier, Span, outliers, passages
from yifa.ledger.process.idle import exercised_by, powers_held
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.process.asked import Asked, act_title, asked, kind_title


@login_required
@opens_as_kept
def outlying(request: SignedInRequest) -> HttpResponseBase:
    """Steps with passages that stand out; measured among all units, so that a slow unit is no measure of itself."""
    ask = asked(request)
    own = passages(ask.span)
    everybody = own if ask.span.units is None else passages(Span(None, ask.scope.start, ask.scope.end))
    rows = [(one, _said(one), _link(ask, one)) for one in outliers(own, everybody)]
    context = ask.context("用时异常", "process_outliers")
    if request.GET.get("format") == "xlsx":
        heads = [
            "事项类型", "环节", "全部次数", "半数不超过（天）", "通常相差（天）", "界限（天）", "超过界限", "最长（天）",
        ]  # fmt: skip
        lines = [
            (
                kind_title(one.case_type), said, one.passage.many, one.passage.days.median, one.passage.days.deviation,
                one.limit, one.many, one.longest,
            )
            for one, said, _ in rows
        ]  # fmt: skip
        return sheet_response(context["file_title"], heads, lines)
    more = {"rows": [(one, kind_title(one.case_type), said, link) for one, said, link in rows]}
    return render(
        request, "workbench/process/outliers.html", context | more | {"factor": FACTOR, "least": LEAST}
    )


def _said(one: Outlier) -> str:
    names = (act_title(one.case_type, one.passage.source), act_title(one.case_type, one.passage.target))
    return f"{names[0]} → {names[1]}"


def _link(ask: Asked, one: Outlier) -> str:
    chosen = {
        "unit": ask.scope.unit.code,
        "from": ask.scope.start,
        "to": ask.scope.end,
        "source": one.passage.source,
        "target": one.passage.target,
        "over": one.limit,
    }
    return f"{reverse('process_steps', args=[one.case_type])}?{urlencode(chosen)}"


@login_required
@opens_as_kept
def idle_units(request: SignedInRequest) -> HttpResponseBase:
    """Units without a case of a kind of power they hold; those with cases can be shown beside."""
    ask = asked(request)
    every = powers_held(ask.scope.unit, ask.scope.start, ask.scope.end)
    kinds = [kind for kind in exercised_by() if any(one.kind == kind for one in every)]
    wanted = request.GET.get("kind", "")
    some = [one for one in every if wanted in {"", one.kind} or wanted not in kinds]
    none = [one for one in some if not one.cases]
    context = ask.context("零办件单位", "idle_units")
    if request.GET.get("format") == "xlsx":
        heads = ["单位", "职权类别", "职权（项）", "期间办件", "职权名称"]
        lines = [
            (
                one.unit.name,
                one.kind,
                len(one.powers),
                one.cases,
                "；".join(power.title for power in one.powers),
            )
            for one in some
        ]
        return sheet_response(context["file_title"], heads, lines)
    more = {
        "none": none,
        "some": [one for one in some if one.cases],
        "kinds": [(kind, kind) for kind in kinds],
        "wanted": wanted if wanted in kinds else "",
        "listed": bool(every),
    }
    return render(request, "workbench/process/idle.html", context | more)
