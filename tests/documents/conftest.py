"""A penalty case of the county, ready for its papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import LazySettings

from tests.county import County, county
from yifa.documents.actions import ChangeOffice, MakeDocument
from yifa.documents.models import CaseDocument
from yifa.ledger.actions import OpenCase, PublishEntry, RecordAct
from yifa.ledger.models import Case, Role, User

__all__ = ["county"]

OFFICE = {
    "address": "澜亭县新华路8号",
    "phone": "0379-6000000",
    "contact": "甲一",
    "reconsideration_body": "澜亭县人民政府",
    "court": "澜亭县人民法院",
    "bank": "澜亭农村商业银行",
    "account": "缴款码见告知单",
}


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.DATA = tmp_path


@pytest.fixture
def fixed_day() -> Iterator[date]:
    now = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    with time_machine.travel(now, tick=False):
        yield now.date()


@dataclass
class Penalty:
    """A penalty case and the officer who keeps it."""

    case: Case
    officer: User
    county: County

    def act(self, act: str, on: date, **parts: Any) -> None:
        parts.setdefault("entered", "back")
        RecordAct(actor=None, case=self.case, act=act, on=on, by="甲一", **parts).execute()
        self.case.refresh_from_db()

    def advance_notice(self) -> CaseDocument:
        """The notice given on 9 October, held on paper and made here."""
        self.act("notify", date(2026, 10, 9), evidence=[{"title": "行政处罚告知书", "attachment": None}])
        return MakeDocument(
            actor=self.officer,
            case=self.case,
            template="penalty_advance_notice",
            act="notify",
            position=self.case.acts.get(act="notify").position,
        ).execute()


@pytest.fixture
def penalty(county: County, fixed_day: date) -> Penalty:
    market = county.market
    for certificate, name in (("0101", "甲一"), ("0102", "乙二")):
        PublishEntry(
            actor=None,
            organization=market,
            register="enforcement_officers",
            data={
                "certificate": certificate,
                "name": name,
                "unit": market.name,
                "kind": "市场监管",
                "valid_from": "2024-01-01",
                "status": "在岗",
            },
            on=date(2024, 1, 1),
        ).execute()
    ChangeOffice(actor=None, organization=county.body, data=OFFICE).execute()
    case = OpenCase(
        actor=None,
        organization=market,
        case_type="administrative_penalty",
        act="file",
        on=date(2026, 9, 1),
        facts={
            "subject": "涉嫌销售超过保质期食品",
            "body": market.name,
            "party": "示例商店",
            "party_kind": "法人或者其他组织",
            "domain": "市场监管",
            "hearing_right": True,
        },
        by="甲一",
        entered="back",
    ).execute()
    made = Penalty(case, county.user(Role.OFFICER, market), county)
    made.act("investigate", date(2026, 9, 4), fields={"officers": ["0101", "0102"]})
    made.act("end_investigation", date(2026, 9, 20))
    return made
