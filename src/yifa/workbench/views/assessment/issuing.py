"""Issuing a set for a year: whom it measures, with which weights; what other weights would do, before."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.assessment.actions import IssueSet, weighed
from yifa.assessment.actions.issuing import Weights
from yifa.assessment.computing import Seeing, quantities_of
from yifa.assessment.describing import how
from yifa.law.loader import catalogue
from yifa.law.schema import IndicatorSet
from yifa.ledger.models import Entry, Organization
from yifa.ledger.people.pinyin import units_by_sound
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.search.queries import in_force
from yifa.procedures.scoring import Scores, score
from yifa.workbench.rights.access import SignedInRequest, has_role, home_organization, require_here
from yifa.workbench.views.assessment.keptscores import kept

TRIED, ISSUED = "try", "issue"


@dataclass
class Draft:
    """What the form says. `wrong`: what is wrong with it, in words."""

    given: IndicatorSet
    year: int
    body: Organization
    weights: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    units: dict[Organization, str] = field(default_factory=dict)
    rules: Entry | None = None
    wrong: list[str] = field(default_factory=list)

    @property
    def changed(self) -> Weights:
        """Only those that differ from the catalogue's."""
        return {
            one.id: self.weights[one.id]
            for part in self.given.parts
            for one in part.indicators
            if self.weights.get(one.id) and self.weights[one.id] != one.points
        }


@login_required
def issue_set(request: SignedInRequest) -> HttpResponse:
    """The form; tried or issued."""
    body = _body(request)
    require_here(request, body)
    sets = catalogue().indicator_sets
    asked = request.POST or request.GET
    given = sets.get(asked.get("set", "")) or sets.get("county_units") or next(iter(sets.values()))
    draft = _draft(request, given, body)
    tried: list[tuple[Organization, Scores, Scores]] = []
    if request.method == "POST" and not draft.wrong:
        try:
            if request.POST.get("do") == ISSUED:
                made = IssueSet(
                    actor=request.user, organization=body, given=given, year=draft.year, units=draft.units,
                    weights=draft.changed, rules=draft.rules,
                ).execute()  # fmt: skip
                messages.success(request, "已印发，分值和单位从现在起不再变。")
                return redirect("assessment_year", made.pk)
            tried = _tried(draft)
        except ActionRefused as error:
            draft.wrong.append(error.message)
    context = {
        "title": "印发年度考核指标",
        "crumbs": [("考核", reverse("assessments"))],
        "sets": sets,
        "draft": draft,
        "parts": _parts(draft),
        "choices": _choices(draft),
        "rules": _rules(body),
        "tried": tried,
    }
    return render(request, "workbench/assessment/issue.html", context, status=422 if draft.wrong else 200)


def _body(request: SignedInRequest) -> Organization:
    """The highest organization in which the user may issue; else where the user is, to be refused there."""
    rows = Organization.objects.for_user(request.user).order_by("path")
    may = (one for one in rows if has_role(request.user, IssueSet.needs.roles, one))
    found = next(may, None) or home_organization(request.user)
    assert found is not None  # noqa: S101 - the gate lets in only who has a role somewhere
    return found


def _rules(body: Organization) -> list[Entry]:
    rows = in_force(Entry.objects.filter(register="assessment_rules"), timezone.localdate())
    return list(rows.filter(organization__path__startswith=body.path))


def _draft(request: SignedInRequest, given: IndicatorSet, body: Organization) -> Draft:
    today, post = timezone.localdate(), request.POST
    year = post.get("year", str(today.year))
    draft = Draft(given, int(year) if year.isdecimal() and len(year) == 4 else today.year, body)
    if not (year.isdecimal() and len(year) == 4):
        draft.wrong.append("考核年度应为四位数字的年份。")
    for part in given.parts:
        for one in part.indicators:
            draft.weights[one.id] = {
                name: _points(post.get(f"w-{one.id}-{name}"), points, f"“{one.title}”", draft)
                for name, points in one.points.items()
            }
    for unit in units_by_sound(Organization.objects.below(body)):
        default = given.class_of(unit.level) or ""
        name = post.get(f"u-{unit.code}", default) if request.method == "POST" else default
        if name in given.classes:
            draft.units[unit] = name
    known = _rules(body)
    draft.rules = next((one for one in known if str(one.pk) == post.get("rules")), None)
    if request.method != "POST" and len(known) == 1:
        draft.rules = known[0]
    return draft


def _points(written: str | None, otherwise: Decimal, what: str, draft: Draft) -> Decimal:
    if written is None:
        return otherwise
    try:
        points = Decimal(written.strip())
    except InvalidOperation:
        points = Decimal(-1)
    if not points.is_finite() or not 0 <= points <= draft.given.full:
        draft.wrong.append(f"{what}的分值应为0至{draft.given.full}的数字。")
        return otherwise
    return points


def _tried(draft: Draft) -> list[tuple[Organization, Scores, Scores]]:
    """Every unit's scores with the catalogue's weights and with those written; nothing is stored."""
    other = weighed(draft.given, draft.weights)
    today = timezone.localdate()
    first = today.replace(year=min(draft.year, today.year), month=1, day=1)
    last = min(today, first.replace(month=12, day=31))
    units = list(draft.units)
    return [
        (
            unit,
            score(draft.given, draft.units[unit], Seeing(seen)),
            score(other, draft.units[unit], Seeing(seen)),
        )
        for unit, seen in quantities_of(draft.given, units, first, last, count=kept)
    ]


def _parts(draft: Draft) -> list[tuple[str, list[tuple[Any, str, list[tuple[str, str, Any, bool]]]]]]:
    """The indicators, part by part, each with how it is scored and a field for the points of each class."""
    return [
        (
            part.title,
            [
                (
                    one,
                    how(one),
                    [
                        (
                            f"w-{one.id}-{name}" if name in one.points else "",
                            f"{one.title}（{held.title}）",
                            draft.weights[one.id].get(name),
                            draft.weights[one.id].get(name) != one.points.get(name),
                        )
                        for name, held in draft.given.classes.items()
                    ],
                )
                for one in part.indicators
            ],
        )
        for part in draft.given.parts
    ]


def _choices(draft: Draft) -> list[tuple[Organization, list[tuple[str, str, bool]]]]:
    """Each unit the set may measure with the classes it may be in."""
    found = []
    for unit in units_by_sound(Organization.objects.below(draft.body)):
        classes = [(name, one.title) for name, one in draft.given.classes.items() if unit.level in one.levels]
        if classes:
            now = draft.units.get(unit, "")
            found.append((unit, [(name, title, name == now) for name, title in classes]))
    return found
