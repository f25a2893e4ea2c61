"""The working days of a year, and the holiday notice they follow."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yifa.law.calendar import Calendar
from yifa.law.errors import YifaError
from yifa.law.notices import notice_example
from yifa.ledger.actions import KeepNotice
from yifa.ledger.legal import calendar
from yifa.ledger.models import Organization, Role
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, has_role, require_here

LARGEST = 1024 * 1024  # a notice has some thirty lines
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """One day as the calendar shows it. `kind`: off, worked, weekend or blank for an ordinary day."""

    on: date
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks that begin on Monday; None outside the month."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]
    workdays: int


def month(known: Calendar, year: int, number: int) -> Month:
    """One month."""
    days = [date(year, number, day) for day in range(1, monthrange(year, number)[1] + 1)]
    cells: list[Day | None] = [None] * days[0].weekday()
    cells += [_day(known, day) for day in days]
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
    return Month(number, weeks, sum(known.is_workday(day) for day in days))


def _day(known: Calendar, day: date) -> Day:
    weekend, works = day.weekday() >= SATURDAY, known.is_workday(day)
    kind = ("worked" if works else "weekend") if weekend else ("" if works else "off")
    reason = known.reason(day) or ""
    if kind == "weekend" and not reason.startswith("星期"):
        kind = "off"
    return Day(day, kind, reason)


class NoticeForm(StyledForm):
    """A holiday notice."""

    file = forms.FileField(
        label="放假通知文件",
        help_text="纯文本文件，写法见下；通知公布的每个节日和调休上班的日子都要写全。",
        error_messages={
            "required": "请选择文件。",
            "empty": "这个文件是空的，请检查后重新选择。",
            "missing": "没有收到文件，请重新选择。",
        },
    )

    def clean_file(self) -> Any:
        """Refuses a file that cannot be a notice."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 1 MB，不像放假通知，请核对。")
        return file


@login_required
def working_days(request: SignedInRequest) -> HttpResponse:
    """The calendar of a year; the coordinator of the body enters the next notice."""
    may_enter = _may_enter(request)
    form = NoticeForm(request.POST or None, request.FILES or None)
    wrong = ""
    if request.method == "POST":
        require_here(request, Organization.objects.body())
        form = NoticeForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                kept = KeepNotice(actor=request.user, content=file.read(), name=file.name).execute()
                messages.success(request, f"已录入 {kept.name}。各事项的到期日在一小时内按新的工作日重算。")
                return redirect("calendar")
            except YifaError as error:
                wrong = error.message
    known = calendar()
    year = _year(request, known)
    context = {
        "title": f"{year}年工作日历",
        "year": year,
        "years": range(known.first_year, known.last_year + 1),
        "months": [month(known, year, number) for number in range(1, 13)],
        "last_year": known.last_year,
        "may_enter": may_enter,
        "form": form,
        "wrong": wrong,
        "example": notice_example(known.last_year + 1),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "workbench/calendar.html", context, status=status)


def _may_enter(request: SignedInRequest) -> bool:
    body = Organization.objects.body()
    return body is not None and has_role(request.user, [Role.COORDINATOR], body)


def _year(request: SignedInRequest, known: Calendar) -> int:
    wanted = request.GET.get("year", "")
    if not wanted:
        return min(max(timezone.localdate().year, known.first_year), known.last_year)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 4 and known.knows(int(wanted))):
        raise Http404
    return int(wanted)
