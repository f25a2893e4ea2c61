"""A new text of a law: what it would change is shown first; then it is followed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.law.amending import Amending, Amendment, as_yaml, parse_amendment
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.ledger.actions import FollowNewText
from yifa.ledger.amending import OpenCase, impact
from yifa.ledger.models import Organization
from yifa.workbench.forms.laws import FileForm, NewTextForm
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.laws.listing import KINDS, address, known_law, law_context, laws

SHOWN = 200
FIXED = "依开始时的法律，不转换"


@login_required
@require_POST
def preview_law(request: SignedInRequest, law_id: str) -> HttpResponse:
    """What a new text would change, from the form of one law. Nothing is changed yet."""
    _require(request)
    one = known_law(law_id)
    form = NewTextForm(request.POST, law=one)
    if not form.is_valid():
        return render(request, "workbench/laws/law.html", law_context(request, one, form), status=422)
    try:
        return _preview(request, parse_amendment(as_yaml(form.amendment()), catalogue()))
    except YifaError as error:
        context = law_context(request, one, form, error.message)
        return render(request, "workbench/laws/law.html", context, status=422)


@login_required
@require_POST
def law_file(request: SignedInRequest) -> HttpResponse:
    """What a new text would change, from a file."""
    _require(request)
    form = FileForm(request.POST, request.FILES)
    wrong = ""
    if form.is_valid():
        try:
            return _preview(request, parse_amendment(form.cleaned_data["file"].read(), catalogue()))
        except YifaError as error:
            wrong = error.message
    else:
        wrong = "".join(str(error) for error in form.errors["file"])
    messages.error(request, wrong)
    return laws(request)


@login_required
@require_POST
def follow_law(request: SignedInRequest) -> HttpResponseBase:
    """Keeps the new text that was shown; or gives what was shown as a spreadsheet."""
    _require(request)
    content = request.POST.get("content", "").encode()
    try:
        if request.POST.get("format") == "xlsx":
            return _sheet(parse_amendment(content, catalogue()))
        followed = FollowNewText(actor=request.user, content=content, today=timezone.localdate()).execute()
    except YifaError as error:
        messages.error(request, error.message)
        return redirect("laws")
    messages.success(
        request,
        f"已录入《{followed.law}》{followed.effective:%Y年%-m月%-d日}起的文本；各事项的到期日在一小时内按此重算。",
    )
    return redirect("laws")


def _require(request: SignedInRequest) -> None:
    require_here(request, Organization.objects.body())


def _preview(request: SignedInRequest, amendment: Amendment) -> HttpResponse:
    laid = Amending(catalogue(), amendment)
    found = impact(laid, timezone.localdate())
    touched = laid.touched()
    context = {
        "title": f"《{laid.law.title}》新文本的影响",
        "amendment": amendment,
        "touched": [
            (label, [(place, address(place)) for place in touched if place.kind == kind])
            for kind, label in KINDS.items()
        ],
        "places": len(touched),
        "entries": found.entries[:SHOWN],
        "entries_total": len(found.entries),
        "cases": [(one, _moved(one)) for one in found.cases[:SHOWN]],
        "cases_total": len(found.cases),
        "shown": SHOWN,
        "content": as_yaml(amendment).decode(),
        "crumbs": [("法律法规", reverse("laws")), (laid.law.title, reverse("law", args=[laid.law.id]))],
    }
    return render(request, "workbench/laws/impact.html", context)


def _sheet(amendment: Amendment) -> HttpResponseBase:
    laid = Amending(catalogue(), amendment)
    found = impact(laid, timezone.localdate())
    rows = [(KINDS[one.kind], one.title, "", one.place, one.cites, "", "") for one in laid.touched()]
    rows += [
        ("条目", one.entry.title, one.entry.organization.name, one.register, one.cites, "", "")
        for one in found.entries
    ]
    rows += [
        (
            "在办事项",
            one.case.title,
            one.case.organization.name,
            one.title,
            "",
            str(one.due or ""),
            _moved(one),
        )
        for one in found.cases
    ]
    header = ["类别", "名称", "单位", "所在", "引用", "现在到期", "适用新文本则到期"]
    return sheet_response(f"{laid.law.title}新文本的影响", header, rows)


def _moved(one: OpenCase) -> str:
    return f"{one.moved:%Y-%m-%d}" if one.movable and one.moved else "—" if one.movable else FIXED
