"""The years of assessment, and one of them: how far it is, every unit with this year's and last year's result."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.assessment.actions import (
    FreezeResult,
    HandResult,
    IssueSet,
    NameScorers,
    PublishResult,
)
from yifa.assessment.models import Assessment, Judging, Result, ResultVersion
from yifa.assessment.results import differing, digest, earlier, later, scores_in, standing_result
from yifa.ledger.models import Organization
from yifa.ledger.people.needs import BUSINESS
from yifa.procedures.scoring import Scored, Scores
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.views.assessment.access import assessment_named, assessments_for, now, shown_units

State = Assessment.State


@login_required
def assessments(request: SignedInRequest) -> HttpResponse:
    """All years, the latest first, with what waits for the user."""
    rows = list(assessments_for(request.user)[:100])
    if not rows and not has_role(request.user, BUSINESS):
        raise Http404
    waiting = set(
        Judging.objects.filter(
            scorer=request.user, points=None, turn__lte=Judging.THIRD, assessment__state=State.RUNNING
        ).values_list("assessment_id", flat=True)
    )
    context = {
        "title": "考核",
        "rows": [(row, row.pk in waiting) for row in rows],
        "may_issue": has_role(request.user, IssueSet.needs.roles),
    }
    return render(request, "workbench/assessment/years.html", context)


@dataclass(frozen=True, slots=True)
class Row:
    """One unit: its scores or its result, and last year's."""

    unit: Organization
    unit_class: str
    scores: Scores
    result: Result | None
    last: Result | None
    objections: int

    @property
    def lost(self) -> list[Scored]:
        """The indicators that lost most."""
        return sorted((line for line in self.scores.lines if line.lost), key=lambda line: -line.lost)[:3]


@login_required
def assessment_year(request: SignedInRequest, assessment_id: Any) -> HttpResponse:
    """One assessment."""
    assessment = assessment_named(request.user, assessment_id)
    units, version = shown_units(request.user, assessment), assessment.latest
    above = has_role(request.user, BUSINESS, assessment.organization)
    context: dict[str, Any] = {
        "title": str(assessment),
        "crumbs": [("考核", reverse("assessments"))],
        "assessment": assessment,
        "version": version,
        "versions": list(assessment.versions.select_related("signed_by", "published_by")),
        "rows": _rows(assessment, units, version),
        "last": earlier(assessment),
        "objections": _objections(version, units),
        "handed": version.handed.all() if version and above else [],
        "above": above,
        "terms": _terms(assessment),
        **_may(request, assessment),
    }
    frozen = assessment.frozen
    if frozen is not None and above:
        context |= {"frozen": frozen, "sound": digest(frozen) == frozen.digest}
        if "since" in request.GET:  # all units are scored anew for it
            context |= _since(assessment, frozen, units)
    return render(request, "workbench/assessment/year.html", context)


def _rows(assessment: Assessment, units: list[Organization], version: ResultVersion | None) -> list[Row]:
    last = standing_result(earlier(assessment))
    classes = dict(assessment.units.values_list("organization_id", "unit_class"))
    kept = scores_in(version) if version else {unit.code: scores for unit, scores in now(assessment, units)}
    objected = Counter(version.objections.values_list("unit_id", flat=True) if version else ())
    results = {row.unit_id: row for row in version.results.all()} if version else {}
    return [
        Row(
            unit, assessment.set.classes[classes[unit.pk]].title, kept[unit.code], results.get(unit.pk),
            last.get(unit.code), objected[unit.pk],
        )
        for unit in units
        if unit.code in kept
    ]  # fmt: skip


def _objections(version: ResultVersion | None, units: list[Organization]) -> list[Any]:
    if version is None:
        return []
    today, given = timezone.localdate(), version.assessment.set
    rows = version.objections.filter(unit__in=units).select_related("unit", "answered_by")
    return [(one, given.indicator(one.indicator), one.late(today)) for one in rows]


def _terms(assessment: Assessment) -> list[str]:
    """The terms of the set in words."""
    words = {"workdays": "个工作日", "days": "日"}
    given = assessment.set
    named = (("提出异议", given.objections), ("答复异议", given.answers))
    return [f"{what}{one.length}{words[one.unit]}" for what, one in named if one is not None]


def _may(request: SignedInRequest, assessment: Assessment) -> dict[str, bool]:
    """Which steps are offered."""
    state, body, user = assessment.state, assessment.organization, request.user
    judged = [one for part in assessment.set.parts for one in part.indicators if one.judged]
    own = Judging.objects.filter(
        assessment=assessment, scorer=user, points=None, turn__lte=Judging.THIRD
    ).exists()
    return {
        "may_judge": state == State.RUNNING and own,
        "may_name": bool(judged) and has_role(user, NameScorers.needs.roles, body),
        "may_publish": state != State.PUBLISHED and has_role(user, PublishResult.needs.roles, body),
        "may_freeze": state == State.PUBLISHED and has_role(user, FreezeResult.needs.roles, body),
        "may_hand": state == State.FROZEN and has_role(user, HandResult.needs.roles, body),
    }


def _since(assessment: Assessment, frozen: ResultVersion, units: list[Organization]) -> dict[str, Any]:
    """What the ledger would give otherwise than what was signed, and what was recorded since."""
    lines, totals = differing(frozen, now(assessment, units))
    return {
        "since": True,
        "differing": [(one, *totals[one.unit.code]) for one in lines],
        "later": later(assessment, frozen),
    }
