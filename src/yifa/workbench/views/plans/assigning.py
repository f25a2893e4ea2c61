"""All tasks of a plan on one table: who leads, who helps, until when; saved together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yifa.ledger.models import Organization
from yifa.ledger.people.unitnames import NamedUnit, UnitNames, suggestions
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import AssignTask, SetDue
from yifa.planning.actions.base import PlanningAction
from yifa.planning.duties import said
from yifa.planning.guarding import length, refuse_overtaken
from yifa.planning.importing.days import day_of, is_earlier
from yifa.planning.importing.names import group
from yifa.planning.models import SHOWN, Plan, Task
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.plans.amending import ReasonForm
from yifa.workbench.views.plans.showing import may_edit, seen_plan

_BETWEEN = re.compile(r"[、，,；;\s]+")


class RowForm(StyledForm):
    """One task: names of units, and a day in the words of plans (6月底, 第二季度)."""

    leads = forms.CharField(label="牵头单位", required=False)
    support = forms.CharField(label="配合单位", required=False)
    due = forms.CharField(label="完成时限", required=False)

    def __init__(self, *args: Any, task: Task, units: UnitNames, **kwargs: Any) -> None:
        known = {
            "leads": _names(task.own_leads, units),
            "support": _names(task.support, units),
            "due": said(task.due) if task.due else "",
        }
        super().__init__(*args, prefix=f"t{task.pk}", initial=known, **kwargs)
        self.task, self.units = task, units
        self.taken: dict[str, str] = {}  # what abbreviations and names of groups were read as
        self.fields["leads"].disabled = follows(task)
        for name, field in self.fields.items():
            field.widget.attrs["class"] += " form-control-sm"
            field.widget.attrs["aria-label"] = f"{task.number}的{field.label}"
            if name in self.initial and self.is_bound and self.add_prefix(name) not in self.data:
                field.disabled = True  # not on the page that was sent

    def clean_leads(self) -> list[Organization]:
        """The units that are named, each once."""
        return self._units("leads")

    def clean_support(self) -> list[Organization]:
        """As the leads."""
        return self._units("support")

    def clean_due(self) -> Any:
        """The last day that the words set; a day that stands is not taken away."""
        words, year = self.cleaned_data["due"].strip(), self.task.plan.year
        if not words and self.task.due:
            raise ValidationError(f"已定的时限不能清空；不在{said(self.task.due)}完成的，请改成另一天。")
        if is_earlier(words, year):
            raise ValidationError(f"“{words}”早于计划年度{year}年，请核对年份。")
        day, unclear = day_of(words, year)
        if unclear:
            raise ValidationError(
                f"看不出“{unclear}”是哪一天，请写成6月底、第二季度或者{year}年6月30日这样。"
            )
        return day

    def _units(self, name: str) -> list[Organization]:
        if self.fields[name].disabled:
            return self.task.own_leads if name == "leads" else self.task.support
        meant: list[Organization] = []
        unclear: list[str] = []
        for written in filter(None, _BETWEEN.split(self.cleaned_data[name])):
            one = self.units.find(written)
            units = (one.organization,) if one.organization else self._read(one)
            unclear += [] if units else [_unclear(one)]
            meant += units
        if unclear:
            raise ValidationError(unclear)
        return list(dict.fromkeys(meant))

    def _read(self, named: NamedUnit) -> tuple[Organization, ...]:
        """The units that a name of a group means, or the only one that an abbreviation can mean."""
        called, units = group(named.name, self.task.plan.organization)
        if units:
            self.taken[named.name] = f"{called}{len(units)}个：{'、'.join(map(str, units))}"
        elif len(named.candidates) == 1:
            units, self.taken[named.name] = named.candidates, named.candidates[0].name
        return units

    def actions(self, actor: Any, reason: str) -> list[PlanningAction[Any]]:
        """What the row changes, as the actions make it."""
        given, task = self.cleaned_data, self.task
        found: list[PlanningAction[Any]] = []
        leads, support = given["leads"], given["support"]
        if leads != task.own_leads or set(support) != set(task.support):
            found.append(
                AssignTask(
                    actor=actor,
                    task=task,
                    lead=next(iter(leads), None),
                    co_leads=leads[1:],
                    support=support,
                    reason=reason,
                )
            )
        if given["due"] and given["due"] != task.due:
            found.append(SetDue(actor=actor, task=task, due=given["due"], reason=reason))
        return found


@dataclass
class Row:
    """A task of the table. `hints` are the units its source sentence names."""

    task: Task
    form: RowForm
    hints: Sequence[NamedUnit] = ()
    refused: ActionRefused | None = None

    @property
    def follows(self) -> bool:
        """Whether its lead is decided on the task above it."""
        return follows(self.task)

    def check(self, actor: Any, reason: str, seen: int | None) -> list[PlanningAction[Any]]:
        """Its actions, looked at one by one; keeps the first refusal."""
        if not self.form.is_valid():
            return []
        found = self.form.actions(actor, reason)
        try:
            if found:
                refuse_overtaken(self.task.plan, seen, [self.task.order])
            for action in found:
                action.check()
        except ActionRefused as error:
            self.refused = error
        return found


@login_required
def assign_tasks(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Name the units and the days of all tasks on one table."""
    plan = seen_plan(request.user, plan_id)
    if not may_edit(request.user, plan):
        require_here(request, plan.organization)
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ReasonForm(posted, plan=plan, initial={"seen": length(plan)})
    rows = _rows(plan, posted)
    if posted is not None and form.is_valid():
        saved = _save(request, form, rows)
        if saved is not None:
            taken = {name: meant for row in rows for name, meant in row.form.taken.items()}
            read = "、".join(f"“{name}”即{meant}" for name, meant in taken.items())
            text = f"已保存 {saved} 项任务的分工和时限。" if saved else "没有改动。"
            messages.success(request, f"{text}{f'简称这样理解：{read}，不对的请改。' if read else ''}")
            return redirect("assign_tasks", plan_id=plan.pk)
        form.overtaken()
    wrong = [row for row in rows if row.refused or row.form.errors] if posted is not None else []
    context = {
        "title": "分解全部任务",
        "plan": plan,
        "form": form,
        "rows": rows,
        "wrong": wrong,
        "units": Organization.objects.below(plan.organization).order_by("path"),
        "lacking": sum(bool(row.task.lacks) for row in rows),
        "crumbs": [("工作要点", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))],
    }
    return render(request, "workbench/plans/assign.html", context, status=422 if wrong else 200)


def follows(task: Task) -> bool:
    """Whether the task is the part that one of several leads has in the task above."""
    return task.parent is not None and task.parent.division == Task.Division.LEADS


def _rows(plan: Plan, posted: Any) -> list[Row]:
    units = plan.unit_names
    rows = []
    for task in plan.tasks.select_related("chapter", "parent").prefetch_related(*SHOWN):
        task.plan = plan
        named = [] if task.leads else [*task.named_lead, *task.named_support, *task.named_units]
        rows.append(Row(task, RowForm(posted, task=task, units=units), suggestions(named, units)))
    return rows


def _save(request: SignedInRequest, form: ReasonForm, rows: Sequence[Row]) -> int | None:
    """All that was changed, or nothing: then every wrong row says why and keeps what was typed."""
    seen = form.cleaned_data["seen"]
    with transaction.atomic():  # the plan stays held from the look at it to the last change
        changes = [(row, row.check(request.user, form.given_reason, seen)) for row in rows]
        if any(row.form.errors or row.refused for row in rows):
            return None
        try:
            with transaction.atomic():
                for row, actions in changes:
                    for action in actions:
                        _make(row, action)
        except ActionRefused:
            return None
    return sum(bool(actions) for _, actions in changes)


def _make(row: Row, action: PlanningAction[Any]) -> None:
    """One change, on the task as the changes before it left it."""
    row.task.refresh_from_db(
        from_queryset=Task.everything.select_related("plan__organization", "merged_into")
    )
    try:
        action.execute()
    except ActionRefused as error:
        row.refused = error
        raise


def _names(units: Sequence[Organization], known: UnitNames) -> str:
    """The names as they are read again: short ones where they mean one unit only."""
    return "、".join(
        unit.short_name if unit.short_name and known.find(unit.short_name).organization == unit else unit.name
        for unit in units
    )


def _unclear(named: NamedUnit) -> str:
    if named.candidates:
        return f"“{named.name}”可能是{'或者'.join(unit.name for unit in named.candidates)}，请写全称。"
    return f"没有叫“{named.name}”的单位，请按上面“可填的单位”填写。"
