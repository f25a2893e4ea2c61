"""The findings of inspections from above: loaded as a batch, shown in the issuer's order, written out as a list."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from yifa.law.errors import YifaError
from yifa.ledger.models import Case, Organization, Role
from yifa.papers.sheets import MEDIA_TYPE
from yifa.planning.actions import ImportFindings
from yifa.planning.findings import Reading, Standing, batches, kept, read_findings, standing, write_list
from yifa.planning.importing import number_of
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.forms.look import DayInput
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.views.plans.taking_in import PaperForm, units_with


def batch_url(document: str) -> str:
    """The page of one paper's findings."""
    return f"{reverse('finding_batch')}?{urlencode({'document': document})}"


@login_required
def finding_batches(request: SignedInRequest) -> HttpResponse:
    """The papers whose findings are kept."""
    found = batches(kept(Case.objects.for_user(request.user)))
    context = {
        "title": "督察反馈整改",
        "batches": [(batch, batch_url(batch.document)) for batch in found],
        "may_import": has_role(request.user, [Role.OFFICER, Role.COORDINATOR]),
        "crumbs": [("工作要点", reverse("plans"))],
    }
    return render(request, "workbench/plans/finding_batches.html", context)


def _batch(request: SignedInRequest) -> tuple[str, list[Standing]]:
    document = request.GET.get("document", "")
    rows = standing(kept(Case.objects.for_user(request.user)), document) if document else []
    if not rows:
        raise Http404
    return document, rows


@login_required
def finding_batch(request: SignedInRequest) -> HttpResponse:
    """One paper's findings with measure, owner, deadline and state."""
    document, rows = _batch(request)
    today = timezone.localdate().isoformat()
    facts = rows[0].case.facts
    context = {
        "title": f"整改台账：{document}",
        "document": document,
        "issuer": facts.get("issuer") or "",
        "topic": facts.get("topic") or "",
        "rows": [(row, bool(row.due) and row.due < today and not row.written_off) for row in rows],
        "done": sum(row.written_off is not None for row in rows),
        "file": f"{reverse('download_findings')}?{urlencode({'document': document})}",
        "crumbs": [("工作要点", reverse("plans")), ("督察反馈整改", reverse("finding_batches"))],
    }
    return render(request, "workbench/plans/finding_batch.html", context)


@login_required
def download_findings(request: SignedInRequest) -> HttpResponse:
    """The list as an Excel file."""
    document, rows = _batch(request)
    data = io.BytesIO()
    write_list(data, document, rows)
    response = HttpResponse(data.getvalue(), content_type=MEDIA_TYPE)
    name = quote(f"整改台账（{document}）.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


class FindingsForm(PaperForm):
    """The paper of the inspection."""

    document_number = forms.CharField(
        label="反馈文件文号", required=False, max_length=80, help_text="不填的，从文件里读。"
    )
    issuer = forms.CharField(
        label="提出单位", max_length=120, error_messages={"required": "请填写提出单位。"}
    )
    topic = forms.CharField(label="专题", required=False, max_length=120)
    source = forms.ChoiceField(
        label="来源",
        choices=[(one, one) for one in ("上级专项督察", "法治督察", "政府督查", "年度考核", "审计", "其他")],
    )
    on = forms.DateField(label="收到日期", widget=DayInput(), error_messages={"required": "请填写收到日期。"})

    def __init__(self, *args: Any, units: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = UnitField(
            units, label="由谁整改", error_messages={"required": "请选择单位。"}
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"


@login_required
def import_findings(request: SignedInRequest) -> HttpResponse:
    """First what was read, with every fault by row; then all cases at once."""
    units = units_with(request.user, Role.COORDINATOR, Role.OFFICER)
    initial = {"on": timezone.localdate(), "organization": units[0].pk if units else None}
    form = FindingsForm(request.POST or None, request.FILES or None, units=units, initial=initial)
    found: Reading | None = None
    wrong = ""
    if request.method == "POST" and form.ready(request.user):
        given = form.cleaned_data
        try:
            source = form.read(request.user)
            given["document_number"] = given["document_number"] or number_of(source)
            form.show_again(document_number=given["document_number"])
            found = read_findings(source, given["organization"], given["on"].year)
            if not found.faults:
                names = ("organization", "document_number", "issuer", "topic", "source", "on")
                action = ImportFindings(
                    actor=request.user, findings=found.findings, **{name: given[name] for name in names}
                )  # fmt: skip
                action.check()
                if "confirm" in request.POST:
                    cases = action.execute()
                    messages.success(request, f"已登记 {len(cases)} 个反馈问题。")
                    return redirect(batch_url(given["document_number"].strip()))
        except YifaError as error:
            wrong = error.message
        if wrong or (found is not None and found.faults):
            form.keep_text()
    context = {
        "title": "导入督察反馈问题",
        "form": form,
        "wrong": wrong,
        "found": found,
        "crumbs": [("工作要点", reverse("plans")), ("督察反馈整改", reverse("finding_batches"))],
    }
    faulty = found is not None and found.faults
    status = 422 if form.is_bound and (wrong or form.errors or faulty) else 200
    return render(request, "workbench/plans/import_findings.html", context, status=status)
