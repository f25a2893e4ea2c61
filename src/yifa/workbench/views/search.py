"""One page that looks for words in everything the user may see."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.ledger.models import Organization
from yifa.ledger.models.scoping import remember_units
from yifa.ledger.people.pinyin import units_by_sound
from yifa.ledger.search.searching import MANY
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.search.commands import commands
from yifa.workbench.search.finding import KINDS, Finder

AT_A_GLANCE, OF_ONE_KIND = 6, 100
YEARS = 8  # so far back the years are offered


@login_required
@opens_as_kept
def search(request: SignedInRequest) -> HttpResponse:
    """The page, or what was found alone while somebody types."""
    today = timezone.localdate()
    remember_units(request.user)
    units = units_by_sound(Organization.objects.for_user(request.user))
    kind, year = request.GET.get("kind", ""), request.GET.get("year", "")
    unit = next((one for one in units if one.code == request.GET.get("unit")), None)
    years = [str(today.year - back) for back in range(-1, YEARS)]  # next year's plan is made in this one
    text = request.GET.get("q", "").strip()
    finder = Finder(request.user, text, today, unit, int(year) if year in years else None)
    kinds, most = ([kind], OF_ONE_KIND) if kind in KINDS else (list(KINDS), AT_A_GLANCE)
    context = {
        "title": "搜索",
        "text": text,
        "words": finder.words,
        "found": finder.found(kinds, most),
        "kinds": KINDS.items(),
        "units": units,
        "years": years,
        "chosen": {"kind": kind, "unit": unit.code if unit else "", "year": year if year in years else ""},
        "many": MANY,
    }
    live = getattr(request, "htmx", False) and request.headers.get("HX-Target") == "hits"
    response = render(request, "workbench/parts/hits.html" if live else "workbench/search.html", context)
    response["Vary"] = "HX-Request"
    return response


@login_required
def command_list(request: SignedInRequest) -> HttpResponse:
    """What the command box offers, for its script; without one the list as a page."""
    found = commands(request)
    if request.headers.get("Accept", "").startswith("application/json"):
        response = JsonResponse({"commands": [asdict(one) for one in found], "search": reverse("search")})
        response["Cache-Control"] = "private, no-store"
        return response
    kinds = list(dict.fromkeys(one.kind for one in found))
    groups = [(kind, [one for one in found if one.kind == kind]) for kind in kinds]
    return render(request, "workbench/commands.html", {"title": "命令和按键", "groups": groups})
