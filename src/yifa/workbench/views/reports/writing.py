"""Editing the prose of a section: figures found by name and put in, two editors at once, the texts of units beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import EditSection
from yifa.reporting.actions.editing import book_of, tidy
from yifa.reporting.content import OF_UNITS, shown_text
from yifa.reporting.models import Report, Section, StoredFigure, UnitPart
from yifa.reporting.placeholders import placeholders
from yifa.reporting.textdiff import LineChange, Merged, line_diff, merge
from yifa.workbench.forms import StyledForm
from yifa.workbench.reports.access import seen_report, seen_section, shared_report
from yifa.workbench.reports.naming import Names
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.reports.parts import crumbs_of

MOST_HITS = 20
FEW = 1000  # records that are added up while somebody types


class SectionForm(StyledForm):
    """The prose of a section."""

    text = forms.CharField(
        label="正文",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="每段一行。花括号里的是活数字的名称，报告里换成当时的数并随台账更新；可以移动、删除；光标放到要加的地方，点右边的“插入”加入新的。",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput())


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two texts of one section written at once, and what they might become together."""

    mine: str
    theirs: str
    changes: tuple[LineChange, ...]  # theirs before, mine after
    merged: Merged
    by: str


@login_required
def edit_section(request: SignedInRequest, report_id: UUID, section_id: int) -> HttpResponse:
    """Edit one section."""
    report = seen_report(request.user, report_id)
    require_here(request, report.organization)
    section = seen_section(report, section_id)
    refused: ActionRefused | None = None
    conflict: Conflict | None = None
    names = Names(report)
    initial = {"text": names.shown(section.text), "seen": section.version}
    form = SectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        text = section.drafted if "reset" in request.POST else names.stored(form.cleaned_data["text"])
        try:
            EditSection(
                actor=request.user, section=section, text=text, expected_version=form.cleaned_data["seen"]
            ).execute()
            messages.success(request, f"已保存：{section}。")
            return redirect(f"{reverse('report', args=[report.pk])}#section-{section.pk}")
        except ActionRefused as error:
            refused = error
            if error.code == "conflict":
                section.refresh_from_db()
                conflict = _conflict(section, text, form.cleaned_data["seen"], names)
                form.show_again(seen=str(section.version), text=conflict.merged.text)
    context = _context(report, section, names)
    context |= {"title": f"修改：{section}", "form": form, "refused": refused, "conflict": conflict}
    return render(request, "workbench/reports/section.html", context, status=422 if form.is_bound else 200)


def _context(report: Report, section: Section, names: Names) -> dict[str, Any]:
    figures = list(report.figures.all())
    used = {one.rule for one in placeholders(section.text)}
    parts = section.unit_parts.select_related("unit").exclude(state=UnitPart.State.WRITING, text="")
    return {
        "report": report,
        "section": section,
        "parts": _placed(parts, names),
        "used": [one for one in figures if one.rule in used],
        "crumbs": crumbs_of(report),
    }


def _placed(parts: Iterable[UnitPart], names: Names) -> list[tuple[UnitPart, str, int | str]]:
    """Each part as people read it, with the place it is offered: those handed in, in the order of their units."""
    places = count(1)
    return [
        (part, names.shown(part.text), next(places) if part.state == UnitPart.State.HANDED_IN else "")
        for part in parts
    ]


def _conflict(section: Section, mine: str, seen: int, names: Names) -> Conflict:
    """The two texts, and one made of both from the version both began with."""
    saved = {one.number: one for one in section.versions.select_related("saved_by")}
    base, last = saved.get(seen), saved.get(section.version)
    mine, theirs = names.shown(tidy(mine)), names.shown(section.text)
    by = last.saved_by if last else None
    return Conflict(
        mine=mine,
        theirs=theirs,
        changes=line_diff(theirs.splitlines(), mine.splitlines()),
        merged=merge(names.shown(base.text) if base else "", mine, theirs),
        by=(by.display_name or by.get_username()) if by else "系统",
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """A figure that was found; for a unit that writes its part, the unit whose own number it can give."""

    title: str
    figure: StoredFigure | None
    unit: str = ""

    @property
    def own(self) -> str:
        """The unit's number as printed; empty where the figure is not computed yet."""
        told = self.figure is not None and (
            self.figure.parts_title == OF_UNITS or self.figure.records_count <= FEW
        )
        return shown_text(self.figure, self.unit) if self.figure and told else ""


def report_part(report: Report, part_id: str) -> UnitPart | None:
    """The part of this report that a unit is writing."""
    rows = UnitPart.objects.filter(section__report=report).select_related("unit")
    return rows.filter(pk=part_id).first() if part_id.isdecimal() else None


@login_required
def search_figures(request: SignedInRequest, report_id: UUID) -> HttpResponse:
    """Figures by name, to be put into a text: those of the report with their value, and all others there are."""
    report = shared_report(request.user, report_id)
    wanted = request.GET.get("q", "").split()
    book = book_of(report)
    stored = {figure.rule: figure for figure in report.figures.all()}
    writer = report_part(report, request.GET.get("part", ""))
    hits = [
        Hit(title, stored.get(rule), writer.unit.name if writer and book.tells_units(rule) else "")
        for rule, title in book.titles().items()
        if wanted and all(word in title for word in wanted)
    ]
    hits.sort(key=lambda hit: (not hit.unit, hit.figure is None, len(hit.title), hit.title))
    context = {
        "title": "查找活数字",
        "q": " ".join(wanted),
        "hits": hits[:MOST_HITS],
        "more": max(0, len(hits) - MOST_HITS),
        "asked": bool(wanted),
        "crumbs": crumbs_of(report),
    }
    live = bool(getattr(request, "htmx", False))
    return render(request, "workbench/reports/hits.html" if live else "workbench/reports/found.html", context)
