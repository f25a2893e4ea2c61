"""The list of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import F, OrderBy, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import timezone

from yifa.batches.choosing import MOST as MOST_CHOSEN
from yifa.exchange.layingout import case_lines
from yifa.exchange.officelayouts import Layout, layouts
from yifa.law.loader import catalogue
from yifa.ledger.actions import RecordAct
from yifa.ledger.models import Case, Organization, Role, User
from yifa.ledger.people.pinyin import by_sound
from yifa.ledger.search.queries import CaseFilter, handed_keys, looked_for
from yifa.ledger.search.queries import cases as found_cases
from yifa.ledger.search.searching import MANY, Search
from yifa.workbench.lists import Choices, Column, Few, Filter, ListPage, as_day, unit_choices
from yifa.workbench.lists.laidout import office_response, period_between
from yifa.workbench.rights.access import has_role, home_organization

STATES = (
    ("open", "在办"),
    ("overdue", "已逾期"),
    ("today", "今天到期"),
    ("week", "本周内到期"),
    ("soon", "七日内到期"),
    ("running", "有期限在走"),
    ("closed", "已办结"),
    ("broken", "曾经超期"),
    ("kept", "时限都守住"),
    ("faulty", "有问题"),
    ("handed", "别的单位转来的"),
)


def type_choices() -> Choices:
    """The case types of the catalogue by their names."""
    types = by_sound(catalogue().case_types.items(), lambda item: item[1].title)
    return [(name, one.title) for name, one in types]


class CaseList(ListPage[Case]):
    """Cases of the user's units."""

    title = "事项台账"
    what = "件"
    template = "workbench/cases/list.html"
    default_sort = ("-opened_on",)
    then_by = ("opened_on",)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.types = catalogue().case_types
        self.filters = (
            Filter("q", "名称、编号、单位、经办人、材料", "search"),
            Filter("type", "类型", "choice", type_choices),
            Filter("unit", "单位（含下级）", "choice", self.units),
            Filter("state", "状态", "choice", lambda: STATES),
            Filter("from", "开始不早于", "date"),
            Filter("to", "开始不晚于", "date"),
        )

    def units(self) -> Choices:
        """The units the user sees."""
        return unit_choices(self.request.user)

    @cached_property
    def wanted(self) -> CaseFilter:
        """What the filters say."""
        state = self.value("state")
        unit = self.value("unit")
        return CaseFilter(
            text=self.value("q"),
            case_type=self.value("type"),
            organization=Organization.objects.get(code=unit) if unit else None,
            state=state if state in {"open", "closed"} else "",
            due=state if state in {"overdue", "today", "week", "running"} else "",
            findings=True if state == "faulty" else None,
            handed=state == "handed",
            opened_from=as_day(self.value("from")),
            opened_to=as_day(self.value("to")),
        )

    @cached_property
    def search(self) -> Search:
        """What the words find."""
        return looked_for(self.request.user, self.wanted)

    @property
    def few(self) -> Few[Case] | None:  # type: ignore[override]  # only of what words find
        """What words find are a thousand cases at most, in order unless another is wanted or not all are."""
        if self.wanted.handed:
            return self._few_handed()
        if not self.value("q"):
            return None
        seen = Case.objects.for_user(self.request.user).select_related("organization")
        cut = self.value("state") or self.value("from") or self.value("to") or self.request.GET.get("sort")
        return Few(seen, None if cut else self.search.newest)

    def _few_handed(self) -> Few[Case]:
        """By the day of opening all, read from an index; in another order, or with words, those among the newest."""
        seen, sort = Case.objects.select_related("organization"), self.request.GET.get("sort", "")
        keys = handed_keys(self.request.user, self.wanted)
        if not self.value("q") and sort in {"", "opened", "-opened"}:
            return Few(seen, keys.reverse() if sort == "opened" else keys)
        found = Case.objects.filter(self.search.condition, pk__in=self.newest_handed[:MANY])
        return Few(seen, list(found.order_by(*self.order()).values_list("pk", flat=True)))

    @cached_property
    def newest_handed(self) -> list[UUID]:
        """The keys of those handed over that were opened last, one more than are looked through."""
        return list(handed_keys(self.request.user, self.wanted)[: MANY + 1])

    def rows(self) -> QuerySet[Case]:
        """The cases the user may see that answer the filters."""
        today = timezone.localdate()
        found = found_cases(self.request.user, self.wanted, today, self.search)
        if self.value("state") == "soon":
            first, last = today + timedelta(days=1), today + timedelta(days=7)
            return found.filter(next_due__range=(first, last))
        if self.value("state") in {
            "broken",
            "kept",
        }:  # as the year at a glance counts them: what is late runs on
            over = Q(broken__gt=0) if self.value("state") == "broken" else Q(broken=0)
            return found.exclude(next_due__lt=today).filter(over)
        return found

    def order(self) -> tuple[str | OrderBy, ...]:
        """By the next deadline: what is due first, then what has none; SQLite would begin with those."""
        first, *then = super().order()
        return (F("next_due").asc(nulls_last=True), *then) if first == "next_due" else (first, *then)

    def columns(self) -> Sequence[Column[Case]]:
        """What the list and the spreadsheet show."""
        return (
            Column(
                "title",
                "名称",
                lambda row: row.title,
                ("title",),
                "workbench/cases/cell_title.html",
                "y-rest",
            ),
            Column("number", "编号", lambda row: row.number, sheet_only=True),
            Column("type", "类型", self.type_title, ("case_type",), css="fit"),
            Column(
                "unit",
                "单位",
                lambda row: row.organization.short_name or row.organization.name,
                ("organization_id",),
                css="fit",
            ),
            Column("opened", "开始日期", lambda row: row.opened_on, ("opened_on",), css="fit y-spare"),
            Column("status", "状态", lambda row: row.status, ("status",), css="fit"),
            Column(
                "due",
                "到期日",
                lambda row: row.next_due,
                ("next_due",),
                "workbench/cases/cell_due.html",
                "fit",
            ),
            Column("clock", "时限", self.clock_title, sheet_only=True),
            Column(
                "findings",
                "问题",
                lambda row: row.findings_count,
                ("findings_count",),
                "workbench/cases/cell_findings.html",
                "num fit",
            ),
        )

    def type_title(self, row: Case) -> str:
        """The case type's title."""
        known = self.types.get(row.case_type)
        return known.title if known else row.case_type

    def clock_title(self, row: Case) -> str:
        """The clock that runs out first."""
        known = self.types.get(row.case_type)
        clock = known.clocks.get(row.next_clock) if known else None
        return clock.title if clock else ""

    def layouts(self) -> Sequence[Layout]:
        """Those of the kind chosen; where none is, those of all kinds."""
        kind = self.value("type")
        return [one for one in layouts().values() if one.case_type and kind in {"", one.case_type}]

    def laid_out(self, layout: Layout) -> HttpResponseBase:
        """The chosen cases of the layout's kind as an office hands them in."""
        found = self.chosen().filter(case_type=layout.case_type)
        lines = case_lines(layout, found.iterator(chunk_size=1000))
        unit = home_organization(self.request.user) if isinstance(self.request.user, User) else None
        period = period_between(self.wanted.opened_from, self.wanted.opened_to)
        measure = self.types[layout.case_type or ""].unit or self.what
        return office_response(layout, lines, unit, period, measure)

    def extra(self) -> dict[str, Any]:
        """Today, for the due column; whether a new case may be opened."""
        opens = {
            Role.OFFICER,
            *(role for one in self.types.values() for act in one.opens_with for role in one.acts[act].by),
        }
        cut = MANY if self.search.many or len(self.__dict__.get("newest_handed", ())) > MANY else 0
        return {
            "cut": cut,
            "handed": self.wanted.handed,
            "today": timezone.localdate(),
            "may_open": has_role(self.request.user, opens),
            "may_act": has_role(self.request.user, RecordAct.needs.roles),
            "choosing": "case",
            "most": MOST_CHOSEN,
        }


class ChosenList(CaseList):
    """Cases chosen one by one, as a file."""

    title = "所选事项"

    def __init__(self, request: HttpRequest, ids: Sequence[UUID], kind: str) -> None:
        request.GET = QueryDict(f"format={kind}")
        super().__init__(request)
        self.ids = ids

    def conditions(self) -> list[tuple[str, str]]:
        """Nothing but the choice."""
        return [("范围", f"在列表里勾选的 {len(self.ids)} 件")]

    def rows(self) -> QuerySet[Case]:
        """These."""
        found = Case.objects.for_user(self.request.user).select_related("organization")
        return found.filter(pk__in=list(self.ids))


@login_required
def cases(request: HttpRequest) -> HttpResponseBase:
    """The list of cases."""
    return CaseList(request).respond()
