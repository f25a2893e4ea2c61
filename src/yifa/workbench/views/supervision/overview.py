"""All of supervision at a glance, who keeps out of what, and what special supervisors said and were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.actions.entries import KEEPERS
from yifa.ledger.models import Case, Entry, Role, User
from yifa.ledger.models.scoping import among_units
from yifa.ledger.search.queries import in_force
from yifa.supervision.actions import OpenReview
from yifa.supervision.findings import open_ones, register
from yifa.supervision.models import Scoring
from yifa.workbench.cases.recusing import declaring
from yifa.workbench.rights.access import SignedInRequest, has_role, may_open
from yifa.workbench.views.supervision.draws import draws_for
from yifa.workbench.views.supervision.reviewpath import reviews_for

LETTER, RECUSAL, ACTIVITY, ROSTER = (
    "supervision_letter",
    "recusal",
    "supervisor_activity",
    "special_supervisors",
)
MOST = 200
COUNTED = {
    LETTER: ("letters", 0),
    ACTIVITY: ("observers", 1),
    RECUSAL: ("recusals", 2),
}  # page, which number presses
PARTS = (
    ("inspection_plans", "检查计划", "list-check", "一年检查什么、依据什么、查多少，计划外的理由", ""),
    ("draws", "随机抽取", "refresh", "先封存名录，种子公布后抽取，任何人可以重算", ""),
    ("file_reviews", "案卷评查", "notebook", "两人分别评分，异议、整改、复查", "等我评分"),
    ("review_signals", "评查线索", "alert-triangle", "败诉、纠错、超期、投诉属实的案卷", ""),
    ("findings", "整改台账", "shield-check", "不论谁发现的都在这里，由他人销号", "逾期"),
    ("finding_batches", "督察反馈整改", "folders", "上级督察反馈成批导入，按原件顺序导出", ""),
    ("letters", "监督文书", "file-text", "监督意见书、建议书、通知书，限期回复", "逾期没有回复"),
    ("recusals", "回避", "lock", "本人申报、他人提出，抽取时自动排除", "待决定"),
    ("observers", "特邀监督员", "users", "名册、活动、意见和答复", "意见待答复"),
    ("duties", "履职和追责", "user", "第一责任人职责清单、败诉案件的过错追究、证件", ""),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of supervision: where it is, what is open in it, what of that is pressing."""

    title: str
    icon: str
    url: str
    told: str
    open: int
    urgent: int
    urgent_words: str


@login_required
def supervision(request: SignedInRequest) -> HttpResponse:
    """Every part with what is open in it."""
    context = {"title": "监督检查", "parts": _parts(request.user, timezone.localdate())}
    return render(request, "workbench/supervision/overview.html", context)


def _parts(user: User, today: date) -> list[Part]:
    numbers = _numbers(user, today)
    return [
        Part(title, icon, reverse(name), told, *numbers.get(name, (0, 0)), words)
        for name, title, icon, told, words in PARTS
        if name != "review_signals" or has_role(user, OpenReview.needs.roles)
    ]


def _numbers(user: User, today: date) -> dict[str, tuple[int, int]]:
    """By page how much is open and how much of that is pressing."""
    items = open_ones(register(user)).aggregate(open=Count("pk"), late=Count("pk", Q(next_due__lt=today)))
    reviews = reviews_for(user).order_by().filter(case__closed_on=None).count()
    mine = Scoring.objects.filter(reviewer=user, submitted_on=None).count()
    cases = among_units(Case.objects.filter(case_type__in=list(COUNTED), closed_on=None), user)
    rows = (
        cases.order_by()
        .values_list("case_type")
        .annotate(
            open=Count("pk"),
            late=Count("pk", Q(next_due__lt=today)),
            asked=Count("pk", Q(status="待答复")),
            undecided=Count("pk", Q(status__endswith="暂不参加")),
        )
    )
    counted = [(COUNTED[kind][0], count, rest[COUNTED[kind][1]]) for kind, count, *rest in rows]
    return {
        "draws": (draws_for(user).order_by().filter(drawn_on=None).count(), 0),
        "file_reviews": (reviews, mine),
        "findings": (items["open"], items["late"]),
        **{page: (count, pressing) for page, count, pressing in counted},
    }


@login_required
def recusals(request: SignedInRequest) -> HttpResponse:
    """Who keeps out of what: those that stand first, then the latest of the others."""
    rows = among_units(Case.objects.filter(case_type=RECUSAL), request.user).select_related("organization")
    standing = list(rows.filter(closed_on=None).order_by("-opened_on", "-id")[:MOST])
    ended = list(rows.filter(closed_on__isnull=False).order_by("-closed_on", "-id")[:50])
    context = {
        "title": "回避",
        "groups": [("现在回避的", standing), ("已经了结的", ended)],
        "declare": declaring(request.user),
        "may_propose": has_role(request.user, (Role.OFFICER, Role.SUPERVISOR, Role.COORDINATOR)),
        "crumbs": [("监督检查", reverse("supervision"))],
    }  # fmt: skip
    return render(request, "workbench/supervision/recusals.html", context)


@dataclass(frozen=True, slots=True)
class Activity:
    """What supervisors took part in, what they said, and what they were answered."""

    case: Case
    opinions: list[str]
    answered_on: date | None
    accepted: int | None
    papers: list[str]


@login_required
def observers(request: SignedInRequest) -> HttpResponse:
    """The roster of special supervisors and their activities, those waiting for an answer first."""
    today = timezone.localdate()
    roster = among_units(Entry.objects.filter(register=ROSTER), request.user).select_related("organization")
    cases = among_units(Case.objects.filter(case_type=ACTIVITY), request.user).select_related("organization")
    latest = cases.prefetch_related("acts").order_by("-opened_on", "-id")[:MOST]
    activities = sorted(
        (_activity(case) for case in latest), key=lambda one: not (one.opinions and not one.answered_on)
    )
    context = {
        "title": "特邀监督员",
        "roster": list(in_force(roster, today).order_by("ends", "key")[:MOST]),
        "activities": activities,
        "waiting": sum(1 for one in activities if one.opinions and not one.answered_on),
        "may": may_open(request.user, catalogue().case_types[ACTIVITY]),
        "may_keep": has_role(request.user, KEEPERS),
        "crumbs": [("监督检查", reverse("supervision"))],
    }
    return render(request, "workbench/supervision/observers.html", context)


def _activity(case: Case) -> Activity:
    acts = {act.act: act for act in case.acts.all()}
    said, answer = acts.get("give_opinion"), acts.get("answer")
    accepted = answer.fields.get("accepted") if answer else None
    return Activity(
        case,
        list(said.fields.get("opinions") or ()) if said else [],
        answer.happened_on if answer else None,
        int(accepted) if accepted is not None else None,
        [paper["title"] for paper in answer.evidence] if answer else [],
    )
