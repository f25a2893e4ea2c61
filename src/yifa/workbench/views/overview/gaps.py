"""What is not in order: all gap lists with their numbers, and one list with everything on it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.figures.gaps import Gap
from yifa.workbench.figures.gaplists import GapLists
from yifa.workbench.figures.scope import scope_of
from yifa.workbench.lists.domains import by_domain
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest

SHOWN = 500


@login_required
@opens_as_kept
def gaps(request: SignedInRequest) -> HttpResponse:
    """All gap lists of a unit and those below it, by domain; those with something on them first."""
    scope = scope_of(request, request.user)
    lists = GapLists(scope.unit, scope.end)
    rows = [(kind, len(lists.of(kind))) for kind in catalogue().gaps.values() if lists.has(kind)]
    rows.sort(key=lambda row: row[1] == 0)
    groups = by_domain(rows, lambda row: row[0].domain)
    context = {"title": "缺口清单", "scope": scope, "groups": groups}
    return render(request, "workbench/gaps/gaps.html", context)


@login_required
def gap(request: SignedInRequest, gap: str) -> HttpResponseBase:
    """One gap list."""
    kind = catalogue().gaps.get(gap)
    if kind is None:
        raise Http404
    scope = scope_of(request, request.user)
    found = GapLists(scope.unit, scope.end).of(kind)
    if request.GET.get("format") == "xlsx":
        rows = [(one.title, one.organization, one.missing, one.found, one.wanted) for one in found]
        return sheet_response(kind.title, ["名称", "单位", "缺什么", "现有", "应有"], rows)
    context = {
        "title": kind.title,
        "kind": kind,
        "scope": scope,
        "rows": [(one, _url(one)) for one in found[:SHOWN]],
        "total": len(found),
        "more": max(0, len(found) - SHOWN),
        "crumbs": [("缺口清单", f"{reverse('gaps')}?unit={scope.unit.code}")],
    }
    return render(request, "workbench/gaps/gap.html", context)


def _url(one: Gap) -> str:
    if one.kind == "organization":
        return f"{reverse('figures')}?unit={one.id}"
    return reverse(one.kind, args=[one.id])
