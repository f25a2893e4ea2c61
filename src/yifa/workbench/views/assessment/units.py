"""One unit in an assessment: every indicator with its points, sentence and records; what the unit may say to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.assessment.actions import AnswerObjection, LeaveOut, Object, had_a_hand
from yifa.assessment.actions.base import own as of_unit
from yifa.assessment.models import Assessment, Objection, Result
from yifa.assessment.results import earlier, scores_in, standing_result
from yifa.assessment.storing import from_stored
from yifa.ledger.models import Organization, User
from yifa.procedures.scoring import Scored, Scores, written
from yifa.supervision.actions import ListFindings
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.assessment.access import (
    assessment_named,
    crumbs,
    done,
    form_page,
    now,
    shown_unit,
)
from yifa.workbench.views.assessment.running import Span, behind, record_url


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with what stands beside it."""

    scored: Scored
    url: str
    before: str  # last year's points
    objection: str
    extra: str
    behind: str

    @property
    def share(self) -> int:
        """How much of its points was earned, in percent."""
        return int(100 * self.scored.points / self.scored.of) if self.scored.of else 0


@login_required
def assessed_unit(request: SignedInRequest, assessment_id: Any, unit: str) -> HttpResponse:
    """The page."""
    assessment = assessment_named(request.user, assessment_id)
    found = shown_unit(request.user, assessment, unit)
    version = assessment.latest
    scores = scores_in(version)[found.code] if version else now(assessment, [found])[0][1]
    result = version.results.get(unit=found) if version else None
    objections = list(version.objections.filter(unit=found).select_related("answered_by")) if version else []
    last = standing_result(earlier(assessment)).get(found.code)
    running = assessment.state == Assessment.State.RUNNING
    keeps = running and has_role(request.user, LeaveOut.needs.roles, assessment.organization)
    published = assessment.state == Assessment.State.PUBLISHED
    own = published and _own(request, found)
    context = {
        "title": f"{found}考核情况", "crumbs": crumbs(assessment), "assessment": assessment, "unit": found,
        "version": version, "scores": scores, "result": result, "last": last,
        "parts": _parts(assessment, found, scores, last, objections, user=request.user, keeps=keeps),
        "objections": [
            (one, assessment.set.indicator(one.indicator), not had_a_hand(request.user, one)) for one in objections
        ],
        "may_object": own and result is not None and result.accepted_on is None,
        "may_accept": own and result is not None and result.accepted_on is None
        and not any(one.upheld is None for one in objections),
        "may_list": version is not None and has_role(request.user, ListFindings.needs.roles, assessment.organization),
        "may_answer": published and has_role(request.user, AnswerObjection.needs.roles, assessment.organization)
        and not of_unit(request.user, found),
    }  # fmt: skip
    return render(request, "workbench/assessment/unit.html", context)


def _own(request: SignedInRequest, unit: Organization) -> bool:
    return of_unit(request.user, unit) and has_role(request.user, Object.needs.roles, unit)


def _parts(
    assessment: Assessment, unit: Organization, scores: Scores, last: Result | None, objections: list[Objection],
    *, user: User, keeps: bool,
) -> list[tuple[str, list[Line], Any]]:  # fmt: skip
    before = _before(last)
    said = {one.indicator: _said(one) for one in objections}
    parts: dict[str, list[Line]] = {}
    period = Span(assessment.starts, assessment.ends)
    for line in scores.lines:
        name = line.indicator.id
        extra = reverse("leave_out", args=[assessment.pk, unit.code, name]) if keeps else ""
        url = record_url(user, line.indicator, unit, assessment.starts, assessment.ends)
        if line.indicator.daily:
            url = reverse("assessment_entries", args=[assessment.pk])
        parts.setdefault(line.part, []).append(
            Line(line, url, before.get(name, ""), said.get(name, ""), extra, behind(line, unit, period))
        )
    return [(title, lines, sum(one.scored.points for one in lines)) for title, lines in parts.items()]


def _before(last: Result | None) -> dict[str, str]:
    """Last year's points of each indicator."""
    if last is None:
        return {}
    scores = from_stored(last.version.assessment.set, last.scores)
    return {line.indicator.id: written(line.points) if line.of else "—" for line in scores.lines}


def _said(one: Objection) -> str:
    if one.upheld is None:
        return "有异议，待答复"
    return "异议成立，已改分" if one.upheld else "异议不成立，维持原分"


class OutForm(StyledForm):
    """Why an indicator does not count."""

    reason = forms.CharField(
        label="理由", max_length=300, required=False, help_text="例如年中新设、职能划转。清空为重新纳入。"
    )


@login_required
def leave_out(request: SignedInRequest, assessment_id: Any, unit: str, indicator: str) -> HttpResponse:
    """An indicator is left out of a unit's total, or taken in again."""
    assessment = assessment_named(request.user, assessment_id)
    require_here(request, assessment.organization)
    found, held = shown_unit(request.user, assessment, unit), assessment.set.indicator(indicator)
    if held is None:
        raise Http404
    out = assessment.asides.filter(unit=found, indicator=indicator).first()
    form = OutForm(
        request.POST if request.method == "POST" else None, initial={"reason": out.reason if out else ""}
    )
    if form.is_bound and form.is_valid():
        action = LeaveOut(
            actor=request.user, assessment=assessment, unit=found, indicator=indicator, **form.cleaned_data
        )
        said = "不纳入计分，分值由其他指标分担。" if form.cleaned_data["reason"] else "已重新纳入计分。"
        if done(request, action, form, said):
            return redirect("assessed_unit", assessment.pk, found.code)
    note = f"“{held.title}”不纳入{found}的计分，它的分值由其他指标按比例分担；没有评分不等于零分。"
    return form_page(request, "不纳入计分", form, "保存", crumbs=crumbs(assessment), note=note)
