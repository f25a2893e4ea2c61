"""All laws that something rests on, and one law with everything that rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.amending import Touched, resting
from yifa.law.articles import article_numbers, on_articles
from yifa.law.loader import catalogue
from yifa.law.schema import Law
from yifa.ledger.amending import followed
from yifa.ledger.models import Organization, Role
from yifa.workbench.figures.keyfigures import KEPT_SECONDS
from yifa.workbench.forms.laws import FileForm, NewTextForm
from yifa.workbench.rights.access import SignedInRequest, has_role

KINDS = {
    "case_type": "程序",
    "register": "清单名录",
    "counting_rule": "口径",
    "gap": "缺口清单",
    "outline": "报告提纲",
}
STATES = {
    "in_force": "现行有效",
    "revised_since": "现行有效",
    "not_yet": "尚未施行",
    "repealed": "已废止",
    "unknown": "施行日期待核",
}


@dataclass(frozen=True, slots=True)
class LawRow:
    """One law of the list."""

    law: Law
    state: str
    since: date | None
    places: int


def places() -> dict[str, tuple[Touched, ...]]:
    """What rests on each law, by its id; worked out once for each state of the catalogue."""
    known = catalogue()
    key = f"laws:{known.digest}"
    found: dict[str, tuple[Touched, ...]] | None = cache.get(key)
    if found is None:
        found = resting(known)
        cache.set(key, found, KEPT_SECONDS)
    return found


def address(one: Touched) -> str:
    """Where a place of the catalogue is shown in the workbench."""
    if one.kind == "case_type":
        return f"{reverse('cases')}?type={one.id}"
    if one.kind in {"counting_rule", "register", "gap"}:
        name = {"counting_rule": "figure"}.get(one.kind, one.kind)
        return reverse(name, args=[one.id])
    return reverse("reports")


def may_follow(request: SignedInRequest) -> bool:
    """Whether the user may look at what a new text does to open cases, and follow it."""
    body = Organization.objects.body()
    return body is not None and has_role(request.user, [Role.COORDINATOR], body)


@login_required
def laws(request: SignedInRequest) -> HttpResponse:
    """The laws on which something rests, those with most first, or those whose name contains the words sought."""
    today, sought = timezone.localdate(), request.GET.get("q", "").strip()
    found = places()
    rows = [
        LawRow(
            one, STATES[catalogue().laws.status(one, today)], _since(one, today), len(found.get(one.id, ()))
        )
        for one in catalogue().laws
        if (sought in one.title or sought in (one.short or "") if sought else one.id in found)
    ]
    rows.sort(key=lambda row: -row.places)
    context = {
        "title": "法律法规",
        "rows": rows,
        "sought": sought,
        "followed": followed(),
        "may_follow": may_follow(request),
        "file_form": FileForm(),
    }
    return render(request, "workbench/laws/laws.html", context)


@login_required
def law(request: SignedInRequest, law_id: str) -> HttpResponse:
    """One law: its texts, everything that rests on it, and the form for a new text."""
    one = known_law(law_id)
    return render(request, "workbench/laws/law.html", law_context(request, one, None))


def known_law(law_id: str) -> Law:
    """The law of an address line; 404 for an unknown one."""
    found = catalogue().laws.by_id.get(law_id)
    if found is None:
        raise Http404
    return found


def law_context(
    request: SignedInRequest, one: Law, form: NewTextForm | None, wrong: str = ""
) -> dict[str, object]:
    """What the page of one law shows; `wrong` says why a new text was not taken."""
    article = request.GET.get("article", "").strip()
    found = places().get(one.id, ())
    if article:
        numbers = article_numbers(article) or ()
        found = tuple(place for place in found if on_articles(place.cites or None, numbers))
    return {
        "title": one.title,
        "law": one,
        "state": STATES[catalogue().laws.status(one, timezone.localdate())],
        "article": article,
        "groups": [
            (label, [(place, address(place)) for place in found if place.kind == kind])
            for kind, label in KINDS.items()
        ],
        "total": len(found),
        "may_follow": may_follow(request),
        "form": form or NewTextForm(law=one),
        "wrong": wrong,
        "crumbs": [("法律法规", reverse("laws"))],
    }


def _since(one: Law, today: date) -> date | None:
    """Since when the text in force holds."""
    days = [
        day for day in (one.effective, *(text.effective for text in one.versions)) if day and day <= today
    ]
    return max(days, default=one.effective)
