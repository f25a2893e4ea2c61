"""Who sees which assessment, and whose results in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.assessment.models import Assessment
from yifa.assessment.results import running, units_of
from yifa.ledger.actions.base import Action
from yifa.ledger.models import Organization, User
from yifa.ledger.people.needs import BUSINESS
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.scoring import Scores
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.views.assessment.keptscores import kept
from yifa.workbench.views.cases.evidence import Papers, received, standing


def assessments_for(user: User) -> QuerySet[Assessment]:
    """Those of the user's bodies, those in which a unit of the user is assessed, those the user has to judge."""
    mine = Organization.objects.for_user(user).values("pk")
    known = Q(organization__in=mine) | Q(units__organization__in=mine) | Q(judgings__scorer=user)
    rows = Assessment.objects.filter(known) if not user.is_superuser else Assessment.objects.all()
    return Assessment.objects.filter(pk__in=rows.values("pk")).select_related("organization")


def assessment_named(user: User, id_: UUID) -> Assessment:
    """One of them, else 404."""
    found = assessments_for(user).filter(pk=id_).first()
    if found is None:
        raise Http404
    return found


def shown_units(user: User, assessment: Assessment) -> list[Organization]:
    """The units whose results the user sees: all for those above, else one's own."""
    units = units_of(assessment)
    if has_role(user, BUSINESS, assessment.organization):
        return units
    mine = set(Organization.objects.for_user(user).values_list("pk", flat=True))
    return [unit for unit in units if unit.pk in mine]


def shown_unit(user: User, assessment: Assessment, code: str) -> Organization:
    """One of them, else 404."""
    found = next((unit for unit in shown_units(user, assessment) if unit.code == code), None)
    if found is None:
        raise Http404
    return found


def now(assessment: Assessment, units: Sequence[Organization]) -> list[tuple[Organization, Scores]]:
    """The scores of units as the ledger has them now."""
    return list(running(assessment, units, timezone.localdate(), count=kept))


def crumbs(assessment: Assessment) -> list[tuple[str, str]]:
    """Where one is."""
    return [
        ("考核", reverse("assessments")),
        (str(assessment), reverse("assessment_year", args=[assessment.pk])),
    ]


def done(request: SignedInRequest, action: Action[Any], form: StyledForm, said: str) -> bool:
    """Makes a change; what it refuses is said at its field or above the form."""
    try:
        action.execute()
    except ActionRefused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    messages.success(request, said)
    return True


def papers_sent(request: SignedInRequest, form: StyledForm) -> tuple[Papers, bool]:
    """The files sent with a form, stored at once; and whether all could be. What was refused is said above the form."""
    if not form.is_bound:
        return standing((), ()), True
    try:
        return received(request, request.user, ()), True
    except ActionRefused as error:
        form.add_error(None, error.message)
        return standing((), ()), False


def form_page(
    request: SignedInRequest, title: str, form: StyledForm, button: str, **more: Any
) -> HttpResponse:
    """A page with one form."""
    context = {"title": title, "form": form, "button": button, **more}
    return render(request, "workbench/assessment/form.html", context, status=422 if form.errors else 200)


def back(assessment: Assessment) -> HttpResponse:
    """To the page of the assessment."""
    return redirect("assessment_year", assessment.pk)
