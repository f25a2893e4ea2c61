"""What leaves on paper: the letter to a unit, the result for whoever uses it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase

from yifa.assessment.models import Objection
from yifa.assessment.results import earlier, standing_result
from yifa.ledger.people.needs import BUSINESS
from yifa.workbench.lists.files import excel_response, word_response
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.serving.files import stored_file
from yifa.workbench.views.assessment.access import assessment_named, shown_unit, shown_units


@login_required
def assessment_file(request: SignedInRequest, assessment_id: Any, number: int) -> HttpResponseBase:
    """A version of the result as an office list, for those who see all of it."""
    from yifa.assessment.papers import write_results  # writing papers is needed by few pages

    assessment = assessment_named(request.user, assessment_id)
    version = assessment.versions.filter(number=number).first()
    if version is None or not has_role(request.user, BUSINESS, assessment.organization):
        raise Http404
    before = standing_result(earlier(assessment))
    return excel_response(f"{assessment}结果", lambda target: write_results(target, version, before))


@login_required
def unit_letter(request: SignedInRequest, assessment_id: Any, unit: str) -> HttpResponse:
    """The letter to a unit."""
    from yifa.assessment.papers import write_letter  # as above

    assessment = assessment_named(request.user, assessment_id)
    found, version = shown_unit(request.user, assessment, unit), assessment.latest
    if version is None:
        raise Http404
    result = version.results.select_related("unit", "version__assessment__organization").get(unit=found)
    return word_response(f"{assessment}反馈（{found}）", lambda path: write_letter(path, result))


@login_required
def assessment_paper(request: SignedInRequest, assessment_id: Any, sha256: str) -> HttpResponseBase:
    """A file of a daily entry or an objection, for those who see the unit's result."""
    assessment = assessment_named(request.user, assessment_id)
    units = shown_units(request.user, assessment)
    objections = Objection.objects.filter(version__assessment=assessment, unit__in=units)
    lists = [
        *objections.values_list("papers", flat=True),
        *assessment.entries.filter(unit__in=units).values_list("papers", flat=True),
    ]
    if not any(paper["attachment"] == sha256 for papers in lists for paper in papers):
        raise Http404
    return stored_file(sha256)
