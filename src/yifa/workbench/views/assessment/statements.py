"""Statements of legal performance (述法) beside what the records say each principal did."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.models import Case, CaseAct, Entry, Organization, User
from yifa.ledger.models.scoping import among_units
from yifa.ledger.people.needs import BUSINESS
from yifa.supervision.duties import Leader, leaders
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest, has_role, units_that_open

HEADS = (
    "主要负责人",
    "单位",
    "职务",
    "职责清单项数",
    "达到次数的项数",
    "履职记录",
    "述法",
    "有记录的事项",
    "没有记录的事项",
    "未答复的询问",
    "评议得分",
    "参加学法",
    "计划最少学法",
)


@dataclass
class Principal:
    """One principal in one year: the list with its records and the statement, what was said in it, the study."""

    leader: Leader
    said: Counter[str] = field(default_factory=Counter)  # acts of the statement
    points: Any = None
    studied: int = 0
    wanted: int | None = None

    @property
    def unanswered(self) -> int:
        """Questions without an answer."""
        return max(0, self.said["ask"] - self.said["answer"])

    @property
    def short(self) -> bool:
        """Whether fewer sessions were attended than the unit's plan says."""
        return self.wanted is not None and self.studied < self.wanted


@login_required
def legal_statements(request: SignedInRequest) -> HttpResponseBase | HttpResponse:
    """Every principal of the year's list, by unit; never by rank."""
    if not has_role(request.user, BUSINESS):
        raise Http404
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else timezone.localdate().year
    rows = _principals(request.user, year)
    if request.GET.get("format") == "xlsx":
        return sheet_response(f"{year}年度述法和履职", HEADS, (_cells(row) for row in rows))
    seen, kind = Organization.objects.for_user(request.user), catalogue().case_types["legal_statement"]
    context = {
        "may_state": bool(units_that_open(request.user, kind, list(seen))),
        "title": "述法和履职", "crumbs": [("考核", reverse("assessments"))], "year": year, "rows": rows,
        "years": range(timezone.localdate().year, timezone.localdate().year - 5, -1),
    }  # fmt: skip
    return render(request, "workbench/assessment/statements.html", context)


def _cells(row: Principal) -> tuple[Any, ...]:
    one = row.leader
    state = one.statement.status if one.statement else "未述法"
    return (
        one.person, one.unit.name, one.post, len(one.duties), one.met, one.recorded, state, row.said["support"],
        row.said["note_unsupported"], row.unanswered, row.points, row.studied, row.wanted,
    )  # fmt: skip


def _principals(user: User, year: int) -> list[Principal]:
    found = [
        _stated(leader) for leader in sorted(leaders(user, year), key=lambda one: (one.unit.path, one.person))
    ]
    _with_study(user, found, date(year, 1, 1), date(year, 12, 31))
    return found


def _stated(leader: Leader) -> Principal:
    """With what the statement claims with and without a record, questions, points."""
    principal = Principal(leader)
    acts = leader.statement.acts.all() if leader.statement else ()
    for act in sorted(acts, key=lambda one: one.position):
        principal.said[act.act] += 1
        if act.act == "score":
            principal.points = act.fields.get("points")
    return principal


def _with_study(user: User, people: list[Principal], first: date, last: date) -> None:
    """The sessions that name the person, and the least the plan of the unit says."""
    held = CaseAct.objects.filter(
        act="hold", happened_on__range=(first, last),
        case__in=among_units(Case.objects.filter(case_type="study_session"), user),
    )  # fmt: skip
    attended: Counter[str] = Counter()
    for fields in held.values_list("fields", flat=True):
        attended.update(set(fields.get("persons") or ()))
    plans: dict[str, int] = defaultdict(int)
    rows = among_units(Entry.objects.filter(register="study_plans", withdrawn=False), user)
    for data in rows.filter(begins__lte=last, ends__gte=first).values_list("data", flat=True):
        if data.get("minimum_sessions"):
            plans[str(data.get("study_unit"))] = int(data["minimum_sessions"])
    for one in people:
        one.studied, one.wanted = attended[one.leader.person], plans.get(one.leader.unit.name)
