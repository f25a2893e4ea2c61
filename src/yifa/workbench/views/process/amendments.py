"""What came late into the ledger or was corrected there: by unit and kind; each line opens to its records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.ledger.models import Amendment, Organization
from yifa.workbench.lists import Column, Filter, ListPage, unit_choices
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.process.asked import Asked, act_title, asked, kind_title, units_under

LATE = (1, 3, 7, 30)  # days from which on an entry is late


@dataclass(slots=True)
class Line:
    """The records of one unit, or of one kind."""

    title: str
    link: str
    late: list[int]  # entered at least so many days later, as LATE
    corrected: int = 0
    withdrawn: int = 0
    facts: int = 0
    longest: int = 0

    def add(self, what: int, days: int, many: int) -> None:
        """So many alike records."""
        if what in {Amendment.What.BACK, Amendment.What.REVISED}:
            self.late = [
                so_far + many * (days >= least) for so_far, least in zip(self.late, LATE, strict=True)
            ]
            self.longest = max(self.longest, days)
        self.corrected += many * (what == Amendment.What.CORRECTED)
        self.withdrawn += many * (what == Amendment.What.WITHDRAWN)
        self.facts += many * (what == Amendment.What.FACTS)

    @property
    def late_with_days(self) -> list[tuple[int, int]]:
        """How many, of how many days at least."""
        return list(zip(self.late, LATE, strict=True))

    @property
    def row(self) -> tuple[Any, ...]:
        """For a sheet."""
        return (self.title, *self.late, self.longest, self.corrected, self.withdrawn, self.facts)


def _rows(ask: Asked) -> QuerySet[Amendment]:
    found = Amendment._default_manager.order_by().filter(recorded_on__range=(ask.scope.start, ask.scope.end))
    units = ask.span.units
    return found if units is None else found.filter(organization_id__in=units)


def _tables(ask: Asked) -> tuple[list[Line], list[Line]]:
    """By unit right below, and by kind."""
    units, kinds = {}, {}
    under, own = units_under(ask.scope.unit), ask.scope.unit
    counted = _rows(ask).values_list("organization_id", "kind", "what", "days").annotate(many=Count("*"))
    for organization, kind, what, days, many in counted:
        unit: Organization = under.get(organization, own)
        if unit not in units:
            more = {"unit": unit.code} | ({"own": "1"} if unit == own else {})
            units[unit] = Line(
                unit.name + ("（本级）" if unit == own else ""), _link(ask, **more), [0] * len(LATE)
            )
        if kind not in kinds:
            kinds[kind] = Line(kind_title(kind), _link(ask, kind=kind), [0] * len(LATE))
        units[unit].add(what, days, many)
        kinds[kind].add(what, days, many)
    order = lambda line: (-line.late[0] - line.corrected - line.withdrawn - line.facts, line.title)  # noqa: E731
    return sorted(units.values(), key=order), sorted(kinds.values(), key=order)


def _link(ask: Asked, **more: str) -> str:
    own = {"unit": ask.scope.unit.code, "from": ask.scope.start, "to": ask.scope.end}
    return f"{reverse('amendment_records')}?{urlencode(own | more)}"


@login_required
@opens_as_kept
def amendments(request: SignedInRequest) -> HttpResponseBase:
    """Two tables."""
    ask = asked(request)
    units, kinds = _tables(ask)
    context = ask.context("补录和更正", "amendments")
    if request.GET.get("format") == "xlsx":
        lines, what = (kinds, "事项类型或清单") if request.GET.get("part") == "kind" else (units, "单位")
        heads = [
            what,
            *(f"晚录{least}天以上" for least in LATE),
            "最多晚（天）",
            "更正环节",
            "撤销环节",
            "更改事项信息",
        ]
        return sheet_response(context["file_title"], heads, [line.row for line in lines])
    parts = (("unit", "按单位", units), ("kind", "按事项类型和清单", kinds))
    return render(request, "workbench/process/amendments.html", context | {"parts": parts, "late": LATE})


class AmendmentList(ListPage[Amendment]):
    """The records, the latest first."""

    title, what = "补录和更正的记录", "条"
    template = "workbench/process/list.html"
    default_sort = ("-recorded_on",)
    empty_text = "没有符合条件的记录。"

    def __init__(self, request: SignedInRequest) -> None:
        super().__init__(request)
        self.user = request.user
        self.asked = asked(request)
        self.filters = (
            Filter("kind", "事项类型或清单", "choice", self.kinds),
            Filter(
                "what", "记录", "choice", lambda: [(str(key), title) for key, title in Amendment.What.choices]
            ),
            Filter("days", "至少晚", "choice", lambda: [(str(least), f"{least}天") for least in LATE]),
            Filter("unit", "单位（含下级）", "choice", lambda: unit_choices(self.user)),
            Filter("own", "只看本级", "tick"),
            Filter("from", "录入自", "date"),
            Filter("to", "至", "date"),
        )

    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of which there are any."""
        found = _rows(self.asked).values_list("kind", flat=True).distinct()
        return sorted(((kind, kind_title(kind)) for kind in found), key=lambda one: one[1])

    def rows(self) -> QuerySet[Amendment]:
        """What the filters leave."""
        found = _rows(self.asked)
        if kind := self.value("kind"):
            found = found.filter(kind=kind)
        if what := self.value("what"):
            found = found.filter(what=int(what))
        if days := self.value("days"):
            found = found.filter(days__gte=int(days), what__in=(Amendment.What.BACK, Amendment.What.REVISED))
        if self.value("own"):
            found = found.filter(organization=self.asked.scope.unit)
        return found.select_related("case", "entry", "organization", "record", "record__recorded_by")

    def columns(self) -> Sequence[Column[Amendment]]:
        """What, whose, when it happened, when it was recorded, by whom, why."""
        return [
            Column("subject", "事项或条目", _subject, part="workbench/process/cell_subject.html"),
            Column("kind", "类型", lambda row: kind_title(row.kind)),
            Column("unit", "单位", lambda row: row.organization.short_name or row.organization.name),
            Column("what", "记录", _said),
            Column("happened", "发生", lambda row: row.record.happened_on, css="fit"),
            Column("recorded", "录入", lambda row: row.recorded_on, ("recorded_on",), css="fit"),
            Column("days", "晚（天）", lambda row: row.days, ("days",), css="num fit"),
            Column("by", "录入人", _by, css="fit"),
            Column("reason", "理由", _reason),
        ]

    def extra(self) -> dict[str, Any]:
        """Where it belongs."""
        context = self.asked.context(self.title, "amendments")
        return context | {"crumbs": [("补录和更正", f"{reverse('amendments')}?{self.asked.link}")]}


def _subject(row: Amendment) -> str:
    subject = row.case or row.entry
    return subject.title if subject else ""


def _said(row: Amendment) -> str:
    act = str(json.loads(row.record.payload).get("act") or "")
    return Amendment.What(row.what).label + (f"：{act_title(row.kind, act)}" if act else "")


def _by(row: Amendment) -> str:
    by = row.record.recorded_by
    return (by.display_name or by.get_username()) if by else "系统"


def _reason(row: Amendment) -> str:
    return str(json.loads(row.record.payload).get("reason") or "")


@login_required
def amendment_records(request: SignedInRequest) -> HttpResponseBase:
    """The records."""
    return AmendmentList(request).respond()
