"""Statements of legal performance (述法) beside what the records say each principal did."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.models import Case, CaseAct, Entry, Organization, User
from yifa.ledger.models.scoping import among_units
from yifa.ledger.people.needs import BUSINESS
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest, has_role, units_that_open

MOST = 500  # duties and statements on one page
HEADS = (
    "主要负责人",
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
    """One principal in one year."""

    name: str
    post: str
    unit: str
    duties: list[Entry] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)  # by the duty's key
    statement: Case | None = None
    said: Counter[str] = field(default_factory=Counter)  # acts of the statement
    points: Any = None
    studied: int = 0
    wanted: int | None = None

    @property
    def met(self) -> int:
        """Duties done as often as the list says."""
        return sum(self.done[one.key] >= int(one.data.get("minimum") or 1) for one in self.duties)

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
    state = row.statement.status if row.statement else "未述法"
    return (
        row.name, row.post, len(row.duties), row.met, sum(row.done.values()), state, row.said["support"],
        row.said["note_unsupported"], row.unanswered, row.points, row.studied, row.wanted,
    )  # fmt: skip


def _principals(user: User, year: int) -> list[Principal]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = among_units(Entry.objects.filter(register="principal_duties", withdrawn=False), user)
    held = rows.filter(Q(begins=None) | Q(begins__lte=last), Q(ends=None) | Q(ends__gte=first))
    people: dict[str, Principal] = {}
    for duty in held.select_related("organization").order_by("organization__path", "key")[:MOST]:
        name = str(duty.data.get("person", ""))
        known = people.setdefault(
            name, Principal(name, str(duty.data.get("post", "")), duty.organization.name)
        )
        known.duties.append(duty)
    _with_records(user, people, first, last)
    _with_statements(user, people, year)
    _with_study(user, people, first, last)
    return list(people.values())


def _with_records(user: User, people: dict[str, Principal], first: date, last: date) -> None:
    """How often each duty was done, what was sent back left out."""
    records = among_units(Case.objects.filter(case_type="duty_record"), user)
    records = records.filter(opened_on__range=(first, last), facts__person__in=list(people))
    back = CaseAct.objects.filter(act="reject", case__in=records).values("case")
    for facts in records.exclude(pk__in=back).values_list("facts", flat=True):
        people[facts["person"]].done[str(facts.get("duty", ""))] += 1


def _with_statements(user: User, people: dict[str, Principal], year: int) -> None:
    """The statement, what it claims with and without a record, questions, points."""
    cases = among_units(Case.objects.filter(case_type="legal_statement", facts__year=year), user)
    found = {
        case.pk: case for case in cases.order_by("opened_on")[:MOST] if case.facts.get("person") in people
    }
    for case in found.values():
        people[case.facts["person"]].statement = case
    for act in CaseAct.objects.filter(case__in=list(found)).order_by("position"):
        person = people[found[act.case_id].facts["person"]]
        person.said[act.act] += 1
        if act.act == "score":
            person.points = act.fields.get("points")


def _with_study(user: User, people: dict[str, Principal], first: date, last: date) -> None:
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
    for person in people.values():
        person.studied, person.wanted = attended[person.name], plans.get(person.unit)
