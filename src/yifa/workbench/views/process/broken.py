"""The broken deadlines one by one, with the reasons their units gave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Edge, Entry, TermRun
from yifa.ledger.process.happened import broken, edge_keys, reason_key, term_keys
from yifa.workbench.lists import Column, Filter, ListPage, unit_choices
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.views.process.asked import act_title, asked, clock_title
from yifa.workbench.views.process.clocks import CAUSES, STILL, UNKNOWN, doers

REGISTER = "clock_reasons"


class BrokenList(ListPage[TermRun]):
    """Clocks that were broken, those longest overdue first."""

    title, what = "超过的时限", "个"
    template = "workbench/process/broken.html"
    default_sort = ("due",)
    empty_text = "没有超过的时限。"

    def __init__(self, request: SignedInRequest) -> None:
        super().__init__(request)
        self.user = request.user
        self.asked = asked(request)
        law = catalogue().case_types
        clocks = {name: clock.title for kind in law.values() for name, clock in kind.clocks.items()}
        acts = {name: act.title for kind in law.values() for name, act in kind.acts.items()}
        chosen = law.get(request.GET.get("type", ""))
        if chosen is not None:
            clocks = {name: clock.title for name, clock in chosen.clocks.items()}
            acts = {name: act.title for name, act in chosen.acts.items()}
        self.filters = (
            Filter("type", "事项类型", "choice", lambda: [(one, kind.title) for one, kind in law.items()]),
            Filter("clock", "时限", "choice", lambda: list(clocks.items())),
            Filter("source", "在哪个环节之后", "choice", lambda: [("-", "（开始）"), *acts.items()]),
            Filter("target", "等哪个环节", "choice", lambda: list(acts.items())),
            Filter("cause", "原因", "choice", lambda: CAUSES),
            Filter("unit", "单位（含下级）", "choice", lambda: unit_choices(self.user)),
            Filter("own", "只看本级", "tick"),
            Filter("from", "到期自", "date"),
            Filter("to", "至", "date"),
        )

    def rows(self) -> QuerySet[TermRun]:
        """What the filters leave."""
        kind, clock = self.value("type"), self.value("clock")
        source, target = self.value("source"), self.value("target")
        found = self.asked.span.runs().filter(broken(self.asked.today))
        if kind or clock:
            terms = [
                key for key, term in term_keys().items() if kind in {"", term[0]} and clock in {"", term[1]}
            ]
            found = found.filter(term_id__in=terms)
        if source or target:
            edges = [
                key
                for key, edge in edge_keys(kind or None).items()
                if (not source or edge[1] == source.removeprefix("-")) and target in {"", edge[2]}
            ]
            found = found.filter(edge_id__in=edges)
        if self.value("own"):
            found = found.filter(organization=self.asked.scope.unit)
        return found.filter(_of_cause(self.value("cause"))).select_related(
            "case", "case__organization", "organization", "term", "edge"
        )

    def columns(self) -> Sequence[Column[TermRun]]:
        """The case, the clock, how late, where, why, and what the unit says."""
        today = self.asked.today
        return [
            Column("case", "事项", lambda row: row.case.title, part="workbench/process/cell_case.html"),
            Column("number", "文号", lambda row: row.case.number, sheet_only=True),
            Column("unit", "单位", lambda row: row.organization.short_name or row.organization.name),
            Column("clock", "时限", lambda row: clock_title(row.term.case_type, row.term.clock)),
            Column("due", "到期", lambda row: row.due, ("due",), css="fit"),
            Column("stopped", "办理", lambda row: row.stopped_on or "未办", ("stopped_on",), css="fit"),
            Column("late", "差", lambda row: _days(row, today), css="fit"),
            Column("where", "时间花在", lambda row: _where(row.edge)),
            Column("cause", "台账能说明的", lambda row: "；".join(_causes(row)) or "看不出"),
            Column("reason", "单位说明", self._reason, part="workbench/process/cell_reason.html"),
        ]

    def _reason(self, row: TermRun) -> Reason:
        return Reason(row, self._known.get(reason_key(row.case, row.term.clock)))

    @cached_property
    def _known(self) -> dict[str, Entry]:
        """The reasons given, read once: units write few of them."""
        given = Entry.objects.for_user(self.user).filter(register=REGISTER, withdrawn=False)
        return {one.key: one for one in given}

    def extra(self) -> dict[str, Any]:
        """Where it belongs."""
        context = self.asked.context(self.title, "process_clocks")
        may_explain = has_role(self.user, PublishEntry.needs.roles)
        return context | {
            "may_explain": may_explain,
            "crumbs": [("时限守住和超过", f"{reverse('process_clocks')}?{self.asked.link}")],
        }


def _of_cause(cause: str) -> Q:
    if not cause:
        return Q()
    if cause == STILL:
        return Q(state=TermRun.State.RUNS)
    if cause == UNKNOWN:
        return Q(state=TermRun.State.BROKEN, signs=0)
    every = sum(int(sign) for sign in TermRun.Sign)
    return Q(signs__in=[signs for signs in range(every + 1) if signs & int(cause)])


def _days(row: TermRun, today: Any) -> str:
    days = ((row.stopped_on or today) - row.due).days
    return f"晚{days}天" if days >= 0 else f"早{-days}天"


def _where(edge: Edge | None) -> str:
    if edge is None:
        return ""
    names = (act_title(edge.case_type, edge.source), act_title(edge.case_type, edge.target))
    return f"{names[0]} → {names[1]}（{doers(edge.case_type, edge.target)}）"


def _causes(row: TermRun) -> list[str]:
    still = ["仍未办理"] if row.state == TermRun.State.RUNS else []
    return still + [sign.label for sign in TermRun.Sign if row.signs & sign]


class Reason(str):
    """What the unit says, for sheets; the page shows the entry, or where it is written down."""

    row: TermRun
    entry: Entry | None

    def __new__(cls, row: TermRun, entry: Entry | None) -> Reason:
        """With its row."""
        said = f"{entry.data.get('cause', '')}：{entry.data.get('explanation', '')}" if entry else ""
        made = super().__new__(cls, said)
        made.row, made.entry = row, entry
        return made

    @property
    def link(self) -> str:
        """The form of the register, filled in as far as the ledger knows."""
        row = self.row
        given = {
            "f_code": reason_key(row.case, row.term.clock),
            "f_case_title": row.case.title[:200],
            "f_case_number": row.case.number,
            "f_clock": clock_title(row.term.case_type, row.term.clock),
            "f_due": row.due.isoformat(),
        }
        return f"{reverse('new_entry', args=[REGISTER])}?{urlencode(given)}"


@login_required
def broken_clocks(request: SignedInRequest) -> HttpResponseBase:
    """The broken ones."""
    return BrokenList(request).respond()
