"""What is not in order: all gap lists with their numbers, and one list with everything on it."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.law.schema import GapType
from yifa.ledger.figures.gaps import Finding, Gap
from yifa.ledger.legal import no_power
from yifa.ledger.models import Organization
from yifa.workbench.figures.keyfigures import KEPT_SECONDS, few_cases
from yifa.workbench.figures.latest import Latest, kinds_of_gap
from yifa.workbench.lists.domains import by_domain
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.figures import scope_of

SHOWN = 500


@login_required
@opens_as_kept
def gaps(request: SignedInRequest) -> HttpResponse:
    """All gap lists of a unit and those below it, by domain; those with something on them first."""
    scope = scope_of(request, request.user)
    lists = _Lists(scope.unit, scope.end)
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
    found = _Lists(scope.unit, scope.end).of(kind)
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


def warm(today: date) -> None:
    """Find the body's gaps ahead of who opens the page first; in a large ledger they wait until somebody asks."""
    body = Organization.objects.body()
    if body is None or not few_cases():
        return
    lists = _Lists(body, today)
    for kind in catalogue().gaps.values():
        if lists.has(kind):
            lists.of(kind)


class _Lists:
    """The gap lists of a unit, each remembered until something it looks at is recorded or a rule changes."""

    def __init__(self, unit: Organization, on: date) -> None:
        self._finding, self._unit, self._latest = Finding(unit, on), unit, Latest()
        self._latest.ask(kind for gap in catalogue().gaps.values() for kind in kinds_of_gap(gap))
        below = Organization.objects.below(unit).order_by("level").values_list("level", flat=True)
        self._levels = list(below.distinct())

    def has(self, kind: GapType) -> bool:
        """Whether the unit, or one below it, has what the list looks at."""
        if kind.levels is not None:
            return bool({*kind.levels} & {*self._levels})
        of = {"case_type": kind.case_type, "register": kind.register_}
        return any(no_power(level, **of) is None for level in self._levels)

    def of(self, kind: GapType) -> tuple[Gap, ...]:
        """What is on a list."""
        last = self._latest.of(kinds_of_gap(kind))
        key = f"gap:{kind.gap}:{self._unit.pk}:{self._finding.on}:{last}:{self._latest.world}"
        known: tuple[Gap, ...] | None = cache.get(key)
        if known is None:
            known = self._finding.gaps(kind)
            cache.set(key, known, KEPT_SECONDS)
        return known


def _url(one: Gap) -> str:
    if one.kind == "organization":
        return f"{reverse('figures')}?unit={one.id}"
    return reverse(one.kind, args=[one.id])
