"""Lengths of time that the law leaves to the locality: which are missed, which are given, and giving one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.local import Length, LocalLength, left_open, lengths_in_force
from yifa.law.phrases import UNITS
from yifa.ledger.actions import GiveLocalLength
from yifa.ledger.installation.local import given, missed
from yifa.ledger.legal import no_power
from yifa.ledger.models import Organization
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms.laws import LocalLengthForm, length_text
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.laws.listing import may_follow


@login_required
def local_lengths(request: SignedInRequest) -> HttpResponse:
    """What is still to be given, that for which cases wait first, and what has been given."""
    body = Organization.objects.body()
    waiting = missed(body) if body else {}
    levels = set(Organization.objects.values_list("level", flat=True))
    used = [
        (one, waiting.get((one.case_type, one.clock), 0) if one.extension is None else 0)
        for one in left_open(catalogue())
        if any(no_power(level, case_type=one.case_type) is None for level in levels)
    ]
    used.sort(key=lambda row: -row[1])
    titles = {one.place: one for one in lengths_in_force(catalogue())}
    context = {
        "title": "本地期限",
        "missing": used,
        "waiting": sum(number for _, number in used),
        "given": [(one, titles[one.place], _text(one)) for one in given() if one.place in titles],
        "may_follow": may_follow(request),
        "crumbs": [("法律法规", reverse("laws"))],
    }
    return render(request, "workbench/laws/local.html", context)


@login_required
def local_length(
    request: SignedInRequest, case_type: str, clock: str, extension: str | None = None
) -> HttpResponseBase:
    """Gives one length."""
    place = (case_type, clock, extension)
    one = next((one for one in lengths_in_force(catalogue()) if one.place == place), None)
    if one is None or not (one.now.length is None or any(known.place == place for known in given())):
        raise Http404
    require_here(request, Organization.objects.body())
    form = LocalLengthForm(request.POST or None, initial=_initial(one))
    if request.method == "POST" and form.is_valid():
        try:
            GiveLocalLength(actor=request.user, length=form.local_length(place)).execute()
            messages.success(request, f"已填写“{one.title}”；各事项的到期日在一小时内按此重算。")
            return redirect("local_lengths")
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    context = {
        "title": f"{one.case_title}：{one.title}",
        "form": form,
        "one": one,
        "now": length_text(one.now),
        "crumbs": [("法律法规", reverse("laws")), ("本地期限", reverse("local_lengths"))],
    }
    return render(
        request, "workbench/laws/local_form.html", context, status=422 if request.method == "POST" else 200
    )


def _initial(one: Length) -> dict[str, object]:
    return {"unit": one.now.unit.value, "valid_from": timezone.localdate().replace(month=1, day=1)}


def _text(one: LocalLength) -> str:
    return f"{one.length}{UNITS[one.unit]}"
