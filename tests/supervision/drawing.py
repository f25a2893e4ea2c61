"""Draws as somebody would make them: closed on one day, drawn two days later with what was published in between."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

from tests.ledger.registers import sample
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Case, Entry, Organization
from yifa.supervision.actions import CloseDraw, MakeDraw
from yifa.supervision.models import Draw

ANNOUNCED = "次日收盘指数"


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def entry(organization: Organization, register: str, **data: Any) -> Entry:
    return PublishEntry(
        actor=None,
        organization=organization,
        register=register,
        data=sample(register, data),
        on=date(2020, 1, 6),
    ).execute()


def closed(organization: Organization, purpose: str = Draw.Purpose.EXPERTS, **given: Any) -> Draw:
    return CloseDraw(
        actor=None,
        organization=organization,
        purpose=purpose,
        **{"title": "评审专家抽取", "announced": ANNOUNCED, "take": 2, **given},
    ).execute()


def seeded(draw: Draw, text: str = "3876.34") -> Draw:
    return MakeDraw(
        actor=None, draw=draw, text=text, source="交易所", published=draw.closed_on + timedelta(days=1)
    ).execute()


def drawn(organization: Organization, case: Case | None = None) -> Draw:
    """Two of four experts, closed two days ago and drawn today."""
    today = timezone.localdate()
    with time_machine.travel(noon(today - timedelta(days=2)), tick=False):
        for number in range(4):
            entry(
                organization,
                "experts",
                code=f"ZJ-{number}",
                name=f"专家{number}",
                joined="2020-01-06",
                left=None,
            )
        draw = closed(organization)
    return seeded(draw)
