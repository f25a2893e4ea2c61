"""Reports of the units below: who owes one, what came in, what was found, what goes back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.models import Organization, Role, User
from yifa.ledger.models.scoping import scoped
from yifa.reporting.actions import AcceptReport, ReceiveReport, ReturnReport
from yifa.reporting.duedays import due_days
from yifa.reporting.incoming import sending_back
from yifa.reporting.incoming.owing import owed
from yifa.reporting.models import Delivery, IncomingReport
from yifa.workbench.checkups.running import short
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.reports.building import kind_of

ANNUAL = "annual_report"
SENDERS = (Role.COORDINATOR, Role.OFFICER)
PASTED = "粘贴的报告.txt"
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class DeliveryForm(StyledForm):
    """The text that came in."""

    file = forms.FileField(label="文件", required=False, help_text="可读 Word、WPS、PDF、OFD、网页、文本。")
    text = forms.CharField(
        label="或粘贴全文", required=False, widget=forms.Textarea(attrs={"rows": 6}), strip=False
    )
    on = forms.DateField(label="收到日期", required=False, widget=DayInput(), help_text="不填为今天。")

    def clean(self) -> dict[str, Any]:
        """A file or a text."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("file") or (cleaned.get("text") or "").strip()):
            raise ValidationError("请选择一个文件，或粘贴报告全文。")
        return cleaned

    def content(self) -> tuple[bytes, str]:
        """What came in, and what it is called."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            return file.read(), short(file.name or "报告")
        return self.cleaned_data["text"].encode(), PASTED


def units_below(user: User) -> list[Organization]:
    """The units within the user's sight that stand below a body."""
    return list(
        Organization.objects.for_user(user).exclude(parent=None).select_related("parent").order_by("path")
    )


def seen_unit(user: User, code: str) -> Organization:
    """A unit below a body, within the user's sight."""
    return get_object_or_404(
        Organization.objects.for_user(user).exclude(parent=None).select_related("parent"), code=code
    )


def chosen(request: HttpRequest) -> tuple[int, str]:
    """Year and outline from the address; last year's annual report where it says nothing."""
    today = timezone.localdate()
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else today.year - 1
    outline = request.GET.get("outline", ANNUAL)
    if outline not in catalogue().outlines or not 1990 <= year <= today.year:
        raise Http404
    return year, outline


@login_required
def incoming(request: SignedInRequest) -> HttpResponse:
    """All units and what they owe for a year."""
    year, outline = chosen(request)
    today = timezone.localdate()
    lines = owed(units_below(request.user), year, outline)
    context = {
        "title": "下级报告",
        "crumbs": [("年度报告", reverse("reports"))],
        "year": year,
        "years": range(today.year, today.year - 6, -1),
        "outline": outline,
        "outlines": [
            (name, kind_of(name)) for name, one in catalogue().outlines.items() if one.person is None
        ],
        "lines": [(line, line.overdue(today)) for line in lines],
        "missing": sum(line.delivery is None for line in lines),
        "waiting": sum(
            line.incoming is not None and line.incoming.state == IncomingReport.State.RECEIVED
            for line in lines
        ),
    }
    return render(request, "workbench/reports/incoming.html", context)


@login_required
def incoming_unit(request: SignedInRequest, code: str, year: int, outline: str) -> HttpResponse:
    """One unit's report: hand in, look at what was found, decide; all that came in before."""
    unit = seen_unit(request.user, code)
    if outline not in catalogue().outlines or not 1990 <= year <= timezone.localdate().year:
        raise Http404
    wrong: YifaError | None = None
    form = DeliveryForm()
    if request.method == "POST":
        require_here(request, unit)
        form = DeliveryForm(request.POST, request.FILES)
        if form.is_valid():
            content, name = form.content()
            try:
                ReceiveReport(
                    actor=request.user,
                    unit=unit,
                    year=year,
                    outline=outline,
                    content=content,
                    name=name,
                    on=form.cleaned_data["on"],
                ).execute()
                messages.success(request, "已收下并核对，意见见下。")
                return redirect("incoming_unit", code, year, outline)
            except YifaError as error:
                wrong = error
    found = _found(unit, year, outline)
    deliveries = list(found.deliveries.select_related("received_by", "decided_by")) if found else []
    last = deliveries[-1] if deliveries else None
    may_decide = unit.parent is not None and has_role(request.user, [Role.COORDINATOR], unit.parent)
    context = {
        "title": f"{unit.name}{year}年度：{kind_of(outline)}",
        "crumbs": [
            ("年度报告", reverse("reports")),
            ("下级报告", f"{reverse('incoming')}?year={year}&outline={outline}"),
        ],
        "unit": unit,
        "year": year,
        "outline": outline,
        "due": due_days(outline, unit.level, year),
        "incoming": found,
        "last": last,
        "before": deliveries[:-1],
        "findings": last.findings if last else [],
        "compared": last.compared if last else [],
        "verdicts": sending_back.VERDICTS,
        "form": form,
        "wrong": wrong,
        "may_send": has_role(request.user, SENDERS, unit)
        and (found is None or found.state != IncomingReport.State.ACCEPTED),
        "may_decide": may_decide,
        "waiting": found is not None and found.state == IncomingReport.State.RECEIVED,
    }
    return render(
        request, "workbench/reports/incoming_unit.html", context, status=422 if form.is_bound else 200
    )


def _found(unit: Organization, year: int, outline: str) -> IncomingReport | None:
    return IncomingReport.objects.filter(unit=unit, year=year, outline=outline).select_related("unit").first()


def seen_incoming(user: User, incoming_id: UUID) -> IncomingReport:
    """What came in from a unit within the user's sight."""
    rows = scoped(IncomingReport.objects.select_related("unit__parent"), user, "unit__path")
    return get_object_or_404(rows, pk=incoming_id)


@login_required
@require_POST
def decide_incoming(request: SignedInRequest, incoming_id: UUID) -> HttpResponse:
    """Send it back, or accept it."""
    found = seen_incoming(request.user, incoming_id)
    assert found.unit.parent is not None  # noqa: S101  # only units below a body hand in
    require_here(request, found.unit.parent)
    action = AcceptReport if request.POST.get("decision") == "accept" else ReturnReport
    try:
        action(actor=request.user, incoming=found, words=request.POST.get("words", "")).execute()
        messages.success(request, "已接收。" if action is AcceptReport else "已退回，意见可下载后送该单位。")
    except YifaError as error:
        messages.error(request, error.message)
    return redirect("incoming_unit", found.unit.code, found.year, found.outline)


@login_required
def incoming_file(request: SignedInRequest, incoming_id: UUID, number: int, kind: str) -> HttpResponse:
    """The original of a delivery, or the list of what was found in it as Word or Excel."""
    found = seen_incoming(request.user, incoming_id)
    delivery = get_object_or_404(Delivery.objects.select_related("attachment"), incoming=found, number=number)
    delivery.incoming = found
    if kind == "original":
        content, media, name = (
            path_of(delivery.attachment_id).read_bytes(),
            "application/octet-stream",
            delivery.name,
        )
    elif kind in MEDIA:
        content, media = _written(delivery, kind), MEDIA[kind]
        name = f"{found.unit.name}{found.year}年度报告审核意见（第{number}稿）.{kind}"
    else:
        raise Http404
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": disposition})


def _written(delivery: Delivery, kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{kind}"
        (sending_back.write_word if kind == "docx" else sending_back.write_excel)(delivery, path)
        return path.read_bytes()
