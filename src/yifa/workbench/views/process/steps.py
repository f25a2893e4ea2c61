"""The cases behind an arrow or an act: each step with its case, those that took longest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.ledger.models import Step
from yifa.ledger.process.happened import edge_keys
from yifa.workbench.lists import Choices, Column, Filter, ListPage, unit_choices
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.process.asked import act_title, asked

CASE = "workbench/process/cell_case.html"
BEGINS = "-"  # the act before, of the first act


class StepList(ListPage[Step]):
    """Steps of one procedure."""

    what = "步"
    template = "workbench/process/list.html"
    default_sort = ("-days",)
    empty_text = "没有符合条件的环节。"

    def __init__(self, request: SignedInRequest, kind: CaseType) -> None:
        super().__init__(request)
        self.kind, self.user = kind, request.user
        self.asked = asked(request)
        self.title = f"{kind.title}：实际办理的环节"
        self.filters = (
            Filter("source", "前一环节", "choice", lambda: [(BEGINS, "（开始）"), *self.acts()]),
            Filter("target", "环节", "choice", self.acts),
            Filter("mark", "情形", "choice", lambda: [(str(key), title) for key, title in Step.Mark.choices]),
            Filter(
                "stands", "以后", "choice", lambda: [(str(key), title) for key, title in Step.Stands.choices]
            ),
            Filter("over", "用时超过", "choice", self.limits),
            Filter("unit", "单位（含下级）", "choice", lambda: unit_choices(self.user)),
            Filter("from", "自", "date"),
            Filter("to", "至", "date"),
        )

    def acts(self) -> Choices:
        """The acts of the procedure."""
        return [(name, act.title) for name, act in self.kind.acts.items()]

    def limits(self) -> Choices:
        """Some numbers of days, and the one somebody came with."""
        given = self.request.GET.get("over", "")
        days = {0, 7, 30, 90, 180, *([int(given)] if given.isdecimal() and len(given) < 6 else [])}
        return [(str(one), f"{one}天") for one in sorted(days)]

    def rows(self) -> QuerySet[Step]:
        """What the filters leave; the period is that of the page one came from, this year else."""
        source, target = self.value("source"), self.value("target")
        wanted = [
            key
            for key, (_, before, act) in edge_keys(self.kind.case_type).items()
            if (not source or before == source.removeprefix(BEGINS)) and (not target or act == target)
        ]
        found = self.asked.span.steps().filter(edge_id__in=wanted)
        mark, stands, over = self.value("mark"), self.value("stands"), self.value("over")
        found = found.filter(mark=int(mark)) if mark else found.exclude(mark=Step.Mark.SKIPPED)
        found = found.filter(stands=int(stands)) if stands else found
        found = found.filter(days__gt=int(over)) if over else found
        return found.select_related("case", "organization", "edge")

    def columns(self) -> Sequence[Column[Step]]:
        """The case, whose, from what to what, when, how long."""
        kind = self.kind.case_type
        return [
            Column("case", "事项", lambda row: row.case.title, part=CASE),
            Column("number", "文号", lambda row: row.case.number, sheet_only=True),
            Column("unit", "单位", lambda row: row.organization.short_name or row.organization.name),
            Column("source", "前一环节", lambda row: act_title(kind, row.edge.source)),
            Column("target", "环节", lambda row: act_title(kind, row.edge.target)),
            Column("on", "日期", lambda row: row.on, ("on",), css="fit"),
            Column("days", "距前一环节（天）", lambda row: row.days, ("days",), css="num fit"),
            Column("mark", "情形", lambda row: Step.Mark(row.mark).label, css="fit"),
            Column("stands", "以后", lambda row: Step.Stands(row.stands).label, css="fit"),
        ]

    def extra(self) -> dict[str, Any]:
        """Where it belongs."""
        link = f"{reverse('process_flow', args=[self.kind.case_type])}?{self.asked.link}"
        crumbs = [("办理过程", f"{reverse('process')}?{self.asked.link}"), (self.kind.title, link)]
        return self.asked.context(self.title, "process") | {"crumbs": crumbs}


@login_required
def steps(request: SignedInRequest, case_type: str) -> HttpResponseBase:
    """The steps of a procedure."""
    kind = catalogue().case_types.get(case_type)
    if kind is None:
        raise Http404
    return StepList(request, kind).respond()
