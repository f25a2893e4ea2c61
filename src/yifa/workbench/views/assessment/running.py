"""Scores of units by the indicator sets: all units of a set, and one unit with every indicator and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.assessment.behind import Lost
from yifa.assessment.computing import measured, scores_of
from yifa.law.loader import catalogue
from yifa.law.schema import Indicator, IndicatorSet
from yifa.ledger.models import Organization, User
from yifa.ledger.people.pinyin import units_by_sound
from yifa.procedures.scoring import Scored, Scores, shown
from yifa.workbench.figures.scope import Scope, scope_of
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest, sees
from yifa.workbench.views.assessment.keptscores import kept

HEADS = ("单位", "指标部分", "指标", "分值", "得分", "失分", "说明")


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with the page of the figure or gap list behind it."""

    scored: Scored
    url: str
    behind: str = ""  # the records of others that name the unit and cost it points

    @property
    def share(self) -> int:
        """How much of its points was earned, in percent."""
        return int(100 * self.scored.points / self.scored.of) if self.scored.of else 0


@login_required
def running_scores(request: SignedInRequest) -> HttpResponseBase:
    """All units below the chosen one that a set measures, with their totals; by name, never by rank."""
    scope, given = scope_of(request, request.user), _set(request.GET.get("set", ""))
    units = measured(given, Organization.objects.below(scope.unit)) if not scope.wrong else []
    rows = _scores(given, units_by_sound(units), scope)
    if request.GET.get("format") == "xlsx":
        return sheet_response(given.title, HEADS, _cells(rows))
    context = {
        "title": "平时计分",
        "crumbs": [("考核", reverse("assessments"))],
        "scope": scope,
        "sets": catalogue().indicator_sets,
        "given": given,
        "rows": [(unit, scores, _lost(scores)) for unit, scores in rows],
    }
    return render(request, "workbench/assessment/running_all.html", context)


@login_required
def running_score(request: SignedInRequest, indicator_set: str, unit: str) -> HttpResponse:
    """One unit: every indicator with its points, why, and the records behind them."""
    scope, given = scope_of(request, request.user), _set(indicator_set, known=True)
    found = next((one for one in scope.units if one.code == unit), None)
    if found is None or given.class_of(found.level) is None or scope.wrong:
        raise Http404
    ((_, scores),) = _scores(given, [found], scope)
    parts: dict[str, list[Line]] = {}
    for line in scores.lines:
        parts.setdefault(line.part, []).append(
            Line(
                line,
                record_url(request.user, line.indicator, found, scope.start, scope.end),
                behind(line, found, Span(scope.start, scope.end)),
            )
        )
    query = urlencode({"set": given.indicator_set, "from": scope.start, "to": scope.end})
    context = {
        "title": f"{found}平时计分",
        "crumbs": [("考核", reverse("assessments")), ("平时计分", f"{reverse('running_scores')}?{query}")],
        "scope": scope,
        "given": given,
        "scores": scores,
        "parts": [(title, lines, sum(one.scored.points for one in lines)) for title, lines in parts.items()],
    }
    return render(request, "workbench/assessment/running_one.html", context)


def _set(name: str, *, known: bool = False) -> IndicatorSet:
    sets = catalogue().indicator_sets
    if known and name not in sets:
        raise Http404
    return sets.get(name) or next(iter(sets.values()))


def _scores(
    given: IndicatorSet, units: list[Organization], scope: Scope
) -> list[tuple[Organization, Scores]]:
    return list(scores_of(given, units, scope.start, scope.end, count=kept))


def _lost(scores: Scores) -> list[Scored]:
    """The indicators that lost most, the worst first."""
    return sorted((line for line in scores.lines if line.lost), key=lambda line: -line.lost)[:3]


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are looked at."""

    start: date
    end: date


def behind(line: Scored, unit: Organization, period: Span) -> str:
    """The records of others that cost the unit points: the unit itself has no page that lists them."""
    if not line.lost or line.indicator.named_in is None:
        return ""
    return Lost(unit, period.start, period.end).behind(line.indicator).words


def record_url(user: User, indicator: Indicator, unit: Organization, start: date, end: date) -> str:
    """The page of the figure or gap list behind an indicator; nothing where people judge it.

    What others recorded stands on the page of the whole body, for those who see it.
    """
    if indicator.gap is None and indicator.figure is None:
        return ""
    if indicator.named_in is not None:
        unit = Organization.objects.get(code=unit.ancestor_codes()[0])
        if not sees(user, unit):
            return ""
    query = urlencode({"unit": unit.code, "from": start, "to": end})
    name, what = ("gap", indicator.gap) if indicator.gap is not None else ("figure", indicator.figure)
    return f"{reverse(name, args=[what])}?{query}"


def _cells(rows: list[tuple[Organization, Scores]]) -> Iterator[tuple[object, ...]]:
    for unit, scores in rows:
        for line in scores.lines:
            title = line.indicator.title
            yield unit.name, line.part, title, shown(line.of), shown(line.points), shown(line.lost), line.why
        for event in scores.capped:
            yield unit.name, "", event.event.title, "", "", "", event.why
        yield (
            unit.name,
            "",
            "总分",
            shown(scores.full),
            shown(scores.total),
            shown(scores.full - scores.total),
            "",
        )
