"""Units write their parts; the body assigns, returns and takes them over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.ledger.models import Organization, User
from yifa.ledger.models.scoping import reach, within
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import (
    AssignByOutline,
    AssignSection,
    LeaveOutPart,
    ReturnPart,
    TakeParts,
    WritePart,
)
from yifa.reporting.models import Report, Section, UnitPart
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.given import whole
from yifa.workbench.forms.look import DayInput
from yifa.workbench.reports.access import (
    WRITERS,
    coordinates,
    may_edit,
    seen_report,
    seen_section,
    shared_report,
)
from yifa.workbench.reports.naming import Names
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here
from yifa.workbench.views.reports.prose import part_prose, prose

DUE = {"invalid": "日期写成 2026-01-20 这样。"}


def parts_at_work(user: User) -> list[UnitPart]:
    """The parts of the user's units in reports not yet settled: those still to be written first, the most pressing first."""
    rows = UnitPart.objects.filter(section__report__state__in=[Report.State.DRAFT, Report.State.UNIT_REVIEW])
    mine = rows.select_related("unit", "section__report").order_by("due", "section__order")
    writing = (UnitPart.State.WRITING, UnitPart.State.RETURNED)
    return sorted(
        (part for part in mine if has_role(user, WRITERS, part.unit)),
        key=lambda part: part.state not in writing,
    )


def crumbs_of(report: Report) -> list[tuple[str, str]]:
    """The way to pages of one report."""
    return [("年度报告", reverse("reports")), (report.title, reverse("report", args=[report.pk]))]


class AssignForm(StyledForm):
    """Which units write, until when, what is asked of them."""

    due = forms.DateField(label="提交期限", required=False, widget=DayInput(), error_messages=DUE)
    note = forms.CharField(
        label="要求", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, units: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"] = forms.ModelMultipleChoiceField(
            units, label="编写单位", required=False, widget=forms.CheckboxSelectMultiple()
        )
        self.order_fields(["units", "due", "note"])


class OutlineForm(StyledForm):
    """Until when the units of the outline write."""

    due = forms.DateField(label="提交期限", required=False, widget=DayInput(), error_messages=DUE)


@login_required
def report_parts(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """Who writes what, and how far they are; assigning by the outline."""
    report = seen_report(request.user, report_id)
    form = OutlineForm(request.POST if request.method == "POST" else None)
    refused: ActionRefused | None = None
    if request.method == "POST":
        require_here(request, report.organization)
        if form.is_valid():
            try:
                AssignByOutline(actor=request.user, report=report, **form.cleaned_data).execute()
                messages.success(request, "已按大纲分派；还可以逐部分增减单位。")
                return redirect("report_parts", report_id=report.pk)
            except ActionRefused as error:
                refused = error
    sections = report.sections.filter(level__gt=0).prefetch_related("unit_parts__unit", "children")
    context = {
        "title": "单位编写",
        "report": report,
        "sections": sections,
        "form": form,
        "refused": refused,
        "may_edit": may_edit(request.user, report),
        "today": timezone.localdate(),
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/parts.html", context, status=422 if form.is_bound else 200)


@login_required
def assign_section(request: SignedInRequest, report_id: UUID, section_id: int) -> HttpResponse:
    """Assign one section."""
    report = seen_report(request.user, report_id)
    require_here(request, report.organization)
    section = seen_section(report, section_id)
    parts = list(section.unit_parts.select_related("unit"))
    initial = {
        "units": [part.unit_id for part in parts],
        "due": parts[0].due if parts else None,
        "note": parts[0].note if parts else "",
    }
    units = Organization.objects.below(report.organization)
    form = AssignForm(request.POST or None, units=units, initial=initial)
    refused: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            AssignSection(actor=request.user, section=section, **form.cleaned_data).execute()
            units_of = "、".join(str(unit) for unit in form.cleaned_data["units"])
            messages.success(
                request, f"{section}：已分派给{units_of}。" if units_of else f"{section}：由本级编写。"
            )
            return redirect("report_parts", report_id=report.pk)
        except ActionRefused as error:
            refused = error
    context = {
        "title": f"分派：{section}",
        "report": report,
        "form": form,
        "refused": refused,
        "button": "分派",
        "back": reverse("report_parts", args=[report.pk]),
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/form.html", context, status=422 if form.is_bound else 200)


class PartForm(StyledForm):
    """A unit's own text."""

    text = forms.CharField(
        label="单位稿",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="每段一行。数字尽量用活数字：光标放到要加的地方，在下面按名称查找，点“插入”，暂存后看得到数。没有活数字的，写明来源。",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput())


def seen_part(user: User, part_id: int) -> UnitPart:
    """A part of one of the user's units, or of a report of the user's."""
    rows = UnitPart.objects.select_related("unit", "section__report__organization")
    if not user.is_superuser:
        paths = reach(user)
        rows = rows.filter(within(paths, "unit__path") | within(paths, "section__report__organization__path"))
    return get_object_or_404(rows, pk=part_id)


@login_required
def write_part(request: SignedInRequest, part_id: int) -> HttpResponse:
    """A unit reads its assignment and writes its part."""
    part = seen_part(request.user, part_id)
    report = part.section.report
    may_write = report.state == Report.State.DRAFT and has_role(request.user, WRITERS, part.unit)
    names = Names(report)
    written = names.shown(part.text)
    form = PartForm(request.POST or None, initial={"text": written, "seen": part.version})
    refused: ActionRefused | None = None
    if request.method == "POST":
        require_here(request, part.unit)
        if form.is_valid():
            try:
                WritePart(
                    actor=request.user,
                    part=part,
                    text=names.stored(form.cleaned_data["text"]),
                    hand_in="hand_in" in request.POST,
                    expected_version=form.cleaned_data["seen"],
                ).execute()
                messages.success(request, "已提交。" if "hand_in" in request.POST else "已保存，还没有提交。")
                return redirect("write_part", part_id=part.pk)
            except ActionRefused as error:
                refused = error
                if error.code == "conflict":
                    part.refresh_from_db(fields=["text", "version"])
                    written = names.shown(part.text)
                    form.show_again(seen=str(part.version))
    printed = part_prose(part) if part.text else None
    context = {
        "title": f"{part.section}（{part.unit}）",
        "part": part,
        "report": report,
        "section": part.section,
        "written": written,
        "printed": printed,
        "printed_lines": printed.sections.get(part.section_id, ()) if printed else (),
        "paragraphs": prose(report, opens=False).sections.get(part.section_id, ()),
        "form": form,
        "refused": refused,
        "may_write": may_write,
        "may_return": coordinates(request.user, report) and report.state == Report.State.DRAFT,
        "crumbs": crumbs_of(report),
    }
    return render(request, "workbench/reports/part.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def return_part(request: SignedInRequest, part_id: int) -> HttpResponse:
    """The body sends a part back, or does without it."""
    part = seen_part(request.user, part_id)
    require_here(request, part.section.report.organization)
    try:
        leave_out = "leave_out" in request.POST
        act = LeaveOutPart if leave_out else ReturnPart
        act(actor=request.user, part=part, reason=request.POST.get("reason", "")).execute()
        messages.success(request, f"{'已写明不采用' if leave_out else '已退回'}：{part}。")
    except ActionRefused as error:
        messages.error(request, error.message)
    return redirect("write_part", part_id=part.pk)


@login_required
@require_POST
def take_parts(request: SignedInRequest, report_id: UUID, section_id: int) -> HttpResponse:
    """The body takes parts over into the section, in the order of their numbers."""
    report = shared_report(request.user, report_id)
    require_here(request, report.organization)
    section = seen_section(report, section_id)
    chosen = _chosen(section, request)
    read = {part.pk: whole(request.POST.get(f"read_{part.pk}")) for part in chosen}
    try:
        TakeParts(
            actor=request.user,
            section=section,
            parts=chosen,
            seen={pk: version for pk, version in read.items() if version},
            replace="replace" in request.POST,
            expected_version=whole(request.POST.get("seen")) or None,
        ).execute()
        messages.success(request, f"已采用单位稿：{section}。")
    except ActionRefused as error:
        messages.error(request, error.message)
    return redirect("edit_section", report_id=report.pk, section_id=section.pk)


def _chosen(section: Section, request: SignedInRequest) -> Sequence[UnitPart]:
    """The parts that were given a number, in its order."""
    chosen = []
    for part in section.unit_parts.select_related("unit", "section"):
        place = request.POST.get(f"place_{part.pk}", "").strip()
        if place.isdecimal():
            chosen.append((int(place), part.pk, part))
    return [part for _, _, part in sorted(chosen)]
