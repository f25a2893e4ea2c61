"""Draws of the invented county: one for a task of inspection, one of files to review, one whose seed is still to come."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from yifa.draws import OBJECTS, PEOPLE, Factor, Item
from yifa.ledger.models import Case, Organization, User
from yifa.supervision.actions import CloseDraw, MakeDraw, PublishDraw
from yifa.supervision.actions.draws import PER, SERVED
from yifa.supervision.models import Draw
from yifa.supervision.pools import FILES, REVIEWERS, Scope, pool_of

INSPECTING, OFFICER, SUPERVISOR = "scjg", "shichang", "ducha"
SEALED = timedelta(days=13)  # before the last day; the seed is published the day after
ANNOUNCED, SEED, SOURCE = "封存次日公布的示例开奖号码", "07 12 19 23 28 31 05", "示例彩票中心公告"
RISKS = (("C", 3), ("D", 5))
MOST_OBJECTS, MOST_PEOPLE, MOST_FILES = 5, 4, 6


def make(body: Organization, today: date) -> None:
    """Each by the one whose work it is, with a seed that is published after the pools were closed."""
    people = {user.username: user for user in User.objects.filter(is_active=True)}
    _inspection(Organization.objects.get(code=INSPECTING), people[OFFICER], today)
    ours: dict[str, Any] = {"actor": people[SUPERVISOR], "organization": body}
    penalties = Scope("administrative_penalty", since=date(today.year - 1, 1, 1))
    files, reviewers = (len(_there(role, body, penalties, today)) for role in (FILES, REVIEWERS))
    if files and reviewers >= PER:
        closing = CloseDraw(
            purpose=Draw.Purpose.FILES,
            title=f"{today.year}年行政处罚案卷评查抽取",
            announced=ANNOUNCED,
            take=min(MOST_FILES, files),
            people=PER,
            scope=penalties,
            **ours,
        )
        _drawn(closing, today)
    CloseDraw(
        purpose=Draw.Purpose.UNITS,
        title=f"{today.year}年督察抽查单位",
        announced="封存次日某指数收盘值",
        take=3,
        **ours,
    ).execute()


def _inspection(unit: Organization, officer: User, today: date) -> None:
    """Objects weighted by their risk and who inspects them; it serves the task that waits for it, where one does."""
    objects, people = (_there(role, unit, Scope(), today) for role in (OBJECTS, PEOPLE))
    if not objects or len(people) < PER:
        return  # a county invented for so short a time has no lists yet
    risks = {one.facets[0] for one in objects}
    kind = SERVED[Draw.Purpose.INSPECTION]
    waiting = Case.objects.filter(
        case_type=kind, organization=unit, status="待抽取", opened_on__lte=today - SEALED
    )
    closing = CloseDraw(
        actor=officer,
        organization=unit,
        purpose=Draw.Purpose.INSPECTION,
        title=f"{today.year}年市场监管双随机抽查",
        announced=ANNOUNCED,
        take=min(MOST_OBJECTS, len(objects)),
        people=min(MOST_PEOPLE, len(people)),
        factors=tuple(Factor("风险等级", risk, Fraction(times)) for risk, times in RISKS if risk in risks),
        case=waiting.order_by("opened_on", "pk").first(),
    )
    _drawn(closing, today)


def _there(role: str, unit: Organization, scope: Scope, today: date) -> list[Item]:
    """What could be drawn when the pools were closed."""
    return [one for one in pool_of(role, unit, scope, today - SEALED).items if not one.excluded]


def _drawn(closing: CloseDraw, today: date) -> None:
    """The pools closed on their day, drawn today and published."""
    closing.check()
    draw = closing.kept(closing.prepared(today - SEALED), closing.scope, None)
    published = today - SEALED + timedelta(days=1)
    MakeDraw(actor=closing.actor, draw=draw, text=SEED, source=SOURCE, published=published).execute()
    draw.refresh_from_db()
    PublishDraw(actor=closing.actor, draw=draw).execute()
