"""Deadlines kept and broken: by procedure, unit, step and cause; the broken ones with the reasons their units gave."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Edge, Entry, TermRun
from yifa.ledger.process.happened import (
    Broken,
    Kept,
    broken,
    broken_ones,
    edge_keys,
    kept,
    reason_key,
    term_keys,
)
from yifa.ledger.process.rows import TermKey
from yifa.workbench.lists import Column, Filter, ListPage, unit_choices
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.views.process.asked import (
    Asked,
    act_title,
    asked,
    clock_title,
    kind_title,
    units_under,
)

REGISTER = "clock_reasons"
STILL, UNKNOWN = "still", "0"  # causes beside the signs
CAUSES: tuple[tuple[str, str], ...] = (
    (STILL, "已经超期，仍未办理"),
    *((str(int(sign)), sign.label) for sign in TermRun.Sign),
    (UNKNOWN, "台账里看不出原因"),
)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; `link` opens the broken ones."""

    title: str
    kept: Kept
    link: str
    about: str = ""


def _added(rows: Iterable[tuple[K, Kept]]) -> dict[K, Kept]:
    found: dict[K, Kept] = {}
    for key, one in rows:
        found[key] = found.get(key, Kept()).plus(one)
    return found


def _worst(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda one: (-one.kept.broken, -one.kept.kept, one.title))


class _Tables:
    """The tables of the page, of all procedures or of one."""

    def __init__(self, ask: Asked, kind: str) -> None:
        self.ask, self.kind = ask, kind
        self.units = units_under(ask.scope.unit)
        every = kept(ask.span, ask.today)
        self.counts = {key: one for key, one in every.items() if kind in {"", key[0][0]}}
        self.kinds = sorted({term[0] for term, _ in every}, key=kind_title)
        self.broken = [one for one in broken_ones(ask.span, ask.today) if kind in {"", one.term[0]}]

    def link(self, **more: Any) -> str:
        """The broken ones, narrowed."""
        chosen = {"type": self.kind} | more
        given = {key: value for key, value in chosen.items() if value != ""}
        own = {"unit": self.ask.scope.unit.code, "from": self.ask.scope.start, "to": self.ask.scope.end}
        return f"{reverse('broken_clocks')}?{urlencode(own | given)}"

    @cached_property
    def total(self) -> Kept:
        """All of them."""
        return _added(("", one) for one in self.counts.values()).get("", Kept())

    def by_clock(self) -> list[Line]:
        """By procedure and clock."""
        found = _added((term, one) for (term, _), one in self.counts.items())
        return _worst(
            Line(clock_title(*term), one, self.link(type=term[0], clock=term[1]), _about(term)) for term, one in found.items()
        )  # fmt: skip

    def by_unit(self) -> list[Line]:
        """By the units right below the one asked about, each with all below it."""
        own = self.ask.scope.unit
        found = _added((self.units.get(unit, own), one) for (_, unit), one in self.counts.items())
        return _worst(
            Line(
                f"{unit.name}（本级）" if unit == own and len(found) > 1 else unit.name,
                one,
                self.link(unit=unit.code, own="1") if unit == own and len(found) > 1 else self.link(unit=unit.code),
            )
            for unit, one in found.items()
        )  # fmt: skip

    def by_step(self) -> list[Line]:
        """By where the most time went, or the case still waits, with who does that step."""
        found = _added((one.edge, Kept(broken=one.many)) for one in self.broken if one.edge is not None)
        return _worst(
            Line(
                f"{act_title(edge[0], edge[1])} → {act_title(edge[0], edge[2])}",
                one,
                self.link(type=edge[0], source=edge[1] or "-", target=edge[2]),
                f"{kind_title(edge[0])} · {doers(edge[0], edge[2])}",
            )
            for edge, one in found.items()
        )

    def by_cause(self) -> list[Line]:
        """By what the ledger can say; one clock may stand under several."""
        return [
            Line(title, Kept(broken=many), self.link(cause=key))
            for key, title in CAUSES
            for many in [sum(one.many for one in self.broken if _caused(one, key))]
            if many
        ]


def _caused(one: Broken, cause: str) -> bool:
    if cause == STILL:
        return one.still
    return bool(one.signs & int(cause)) if cause != UNKNOWN else not one.signs and not one.still


def _about(term: TermKey) -> str:
    kind = catalogue().case_types.get(term[0])
    clock = kind.clocks.get(term[1]) if kind else None
    promised = " · 本单位承诺的时限" if clock is not None and clock.promise else ""
    return f"{kind_title(term[0])}{promised}"


def doers(kind: str, act: str) -> str:
    """Who does an act: the roles the catalogue names, or the party."""
    from yifa.workbench.templatetags.yifa import role

    known = catalogue().case_types.get(kind)
    found = known.acts.get(act) if known else None
    if found is None:
        return ""
    return found.party or "、".join(role(one) for one in found.by) or role("officer")


@login_required
@opens_as_kept
def clocks_kept(request: SignedInRequest) -> HttpResponseBase:
    """Kept and broken, four ways."""
    ask = asked(request)
    kind = request.GET.get("type", "")
    tables = _Tables(ask, kind if kind in catalogue().case_types else "")
    parts: list[tuple[str, str, list[Line]]] = [
        ("clock", "按时限", tables.by_clock()),
        ("unit", "按单位", tables.by_unit()),
        ("step", "按环节：时间最多花在哪里", tables.by_step()),
        ("cause", "按原因：台账能说明的", tables.by_cause()),
    ]
    context = ask.context("时限守住和超过", "process_clocks")
    wanted = next((part for part in parts if part[0] == request.GET.get("part")), parts[0])
    if request.GET.get("format") == "xlsx":
        heads = ["项目", "所属", "按期", "超期", "在走"]
        rows = [(one.title, one.about, one.kept.kept, one.kept.broken, one.kept.runs) for one in wanted[2]]
        return sheet_response(f"{context['file_title']}{wanted[1].split('：')[0]}", heads, rows)
    more = {
        "parts": parts,
        "total": tables.total,
        "broken_link": tables.link(),
        "kinds": [(one, kind_title(one)) for one in tables.kinds],
        "kind": tables.kind,
    }
    return render(request, "workbench/process/clocks.html", context | more)


# ------------------------------------------------------------ the broken ones


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
