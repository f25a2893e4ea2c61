"""Figures: all rules of one kind with their values, and one figure with everything behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, CountingRule, RegisterType
from yifa.ledger.actions import DeclareNotCollected
from yifa.ledger.counting import Counted, CountedRecord
from yifa.ledger.models import Organization, Role, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.access import SignedInRequest, has_role, home_organization, require_role
from yifa.workbench.charts import Chart, Series
from yifa.workbench.domains import by_domain
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.look import DayInput
from yifa.workbench.keyfigures import Counting, figure_url, kind_of, year_before
from yifa.workbench.lists import as_day, sheet_response

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures, and of when."""

    unit: Organization
    start: date
    end: date
    units: list[Organization]

    @property
    def wrong(self) -> str:
        """What is wrong with the period, or nothing."""
        return "起始日期晚于截止日期，请改正。" if self.start > self.end else ""


def scope_of(request: HttpRequest, user: User) -> Scope:
    """From the address line; the user's organization and this year where it says nothing."""
    today = timezone.localdate()
    units = list(Organization.objects.for_user(user))
    wanted = request.GET.get("unit")
    if wanted:
        unit = next((one for one in units if one.code == wanted), None)
    else:
        home = home_organization(user)
        unit = home if home in units else (units[0] if units else None)
    if unit is None:
        raise Http404
    start = as_day(request.GET.get("from", "")) or date(today.year, 1, 1)
    end = as_day(request.GET.get("to", "")) or min(today, date(start.year, 12, 31))
    return Scope(unit, start, end, units)


def kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """Case types and registers that have counting rules, by domain."""
    law = catalogue()
    used = {kind_of(rule) for rule in law.counting_rules.values()}
    things: dict[str, CaseType | RegisterType] = {**law.case_types, **law.registers}
    groups = by_domain((name for name in things if name in used), lambda name: things[name].domain)
    return [(domain, [(name, things[name].title) for name in names]) for domain, names in groups]


@login_required
def figures(request: SignedInRequest) -> HttpResponse:
    """All figures of one kind."""
    scope = scope_of(request, request.user)
    known = kinds()
    chosen = request.GET.get("kind") or (known[0][1][0][0] if known else "")
    rows = []
    counting = Counting()
    if not scope.wrong:
        rows = [
            (
                rule,
                counting.get(name, scope.unit, scope.start, scope.end),
                figure_url(name, scope.unit, scope.start, scope.end),
            )
            for name, rule in catalogue().counting_rules.items()
            if kind_of(rule) == chosen
        ]
    context = {"title": "数字", "scope": scope, "kinds": known, "chosen": chosen, "rows": rows}
    return render(request, "workbench/figures/figures.html", context)


@login_required
def figure(request: SignedInRequest, rule: str) -> HttpResponseBase:
    """One figure: its value, rule, period, breakdown, records, digest, and the year before."""
    found = catalogue().counting_rules.get(rule)
    if found is None:
        raise Http404
    scope = scope_of(request, request.user)
    crumbs = [("数字", f"{reverse('figures')}?kind={kind_of(found)}&unit={scope.unit.code}")]
    context: dict[str, object] = {"title": found.title, "rule": found, "scope": scope, "crumbs": crumbs}
    if scope.wrong:
        return render(request, "workbench/figures/figure.html", context, status=422)
    counting = Counting()
    now = counting.get(rule, scope.unit, scope.start, scope.end)
    if request.GET.get("format") == "xlsx":
        return _sheet(found, now)
    before = counting.get(rule, scope.unit, year_before(scope.start), year_before(scope.end))
    context |= {
        "counted": now,
        "may_decline": has_role(request.user, [Role.COORDINATOR], scope.unit),
        "before": before,
        "before_url": figure_url(rule, scope.unit, year_before(scope.start), year_before(scope.end)),
        "parts": parts_chart(now),
        "records": [(record, record_url(record)) for record in now.records[:SHOWN]],
        "more": max(0, len(now.records) - SHOWN),
        "shares": [
            (
                share,
                catalogue().counting_rules[share.rule].title,
                figure_url(share.rule, scope.unit, scope.start, scope.end),
            )
            for share in (now.numerator, now.denominator)
            if share is not None
        ],
    }
    return render(request, "workbench/figures/figure.html", context)


class GapForm(StyledForm):
    """From when to when a unit does not collect a figure, and why."""

    valid_from = forms.DateField(
        label="起始日期", widget=DayInput(), error_messages={"required": "请填写起始日期。"}
    )
    valid_to = forms.DateField(
        label="截止日期", widget=DayInput(), required=False, help_text="不填表示至今没有采集。"
    )
    reason = forms.CharField(
        label="原因",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：尚未建立台账，自明年起采集。声明后这个数字显示“未采集”，不显示 0。",
        error_messages={"required": "请写明未采集的原因。"},
    )


@login_required
def decline(request: SignedInRequest, rule: str) -> HttpResponse:
    """Declare that a unit does not collect a figure."""
    found = catalogue().counting_rules.get(rule)
    if found is None:
        raise Http404
    scope = scope_of(request, request.user)
    require_role(request.user, [Role.COORDINATOR], scope.unit)
    form = GapForm(request.POST or None, initial={"valid_from": scope.start})
    refused: ActionRefused | None = None
    back = figure_url(rule, scope.unit, scope.start, scope.end)
    if request.method == "POST" and form.is_valid():
        try:
            DeclareNotCollected(
                actor=request.user, organization=scope.unit, counting_rule=rule, **form.cleaned_data
            ).execute()
            messages.success(request, f"已声明：{scope.unit}没有采集“{found.title}”。")
            return redirect(back)
        except ActionRefused as error:
            refused = error
    context = {
        "title": f"声明未采集：{found.title}",
        "unit": scope.unit,
        "form": form,
        "refused": refused,
        "back": back,
        "crumbs": [("数字", reverse("figures")), (found.title, back)],
    }
    return render(request, "workbench/figures/decline.html", context, status=422 if form.is_bound else 200)


def record_url(record: CountedRecord) -> str:
    """The page of the case or entry a record is."""
    if record.kind == "case":
        return f"{reverse('case', args=[record.id])}#act-{record.position}"
    return reverse("entry", args=[record.id]) if record.kind == "entry" else ""


def parts_chart(counted: Counted) -> Chart | None:
    """The breakdown, largest first."""
    parts = sorted(counted.parts.items(), key=lambda part: -part[1])
    if len(parts) < 2:
        return None
    return Chart(
        id="parts",
        kind="bar",
        labels=[name for name, _ in parts],
        series=[Series(counted.unit, [float(value) for _, value in parts])],
        flat=True,
    )


def _sheet(rule: CountingRule, counted: Counted) -> HttpResponseBase:
    heads = ["名称", "编号", "单位", "日期", "计入", "分项"]
    rows = (
        [record.title, record.number, record.unit, record.on, float(record.value), record.part or ""]
        for record in counted.records
    )
    return sheet_response(rule.title, heads, rows)
