"""A small body with people in every role, two cases, an entry, a plan and a report; on one fixed day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from tests.standing import standing
from yifa.law.loader import catalogue
from yifa.ledger.actions import (
    CreateOrganization,
    CreateUser,
    GrantRole,
    OpenCase,
    PublishEntry,
    RecordAct,
    ReviseEntry,
)
from yifa.ledger.models import Case, Entry, Organization, Role, User
from yifa.planning.actions import ImportPlan
from yifa.planning.models import Plan
from yifa.reading import read_text
from yifa.reporting.actions import BuildReport
from yifa.reporting.models import Report

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
PASSWORD = "trial-password-9"

PLAN = """澜亭县2026年法治政府建设工作要点

一、完善制度
（一）清理规范性文件。对现行规范性文件逐件清理，12月底前完成。牵头单位：县司法局。
（二）组织学法。中心组学法全年不少于4次。
二、规范执法
（一）开展执法培训。全县执法人员培训不少于2期。牵头单位：县市场监督管理局。
"""


@pytest.fixture(autouse=True)
def quiet_settings(settings: LazySettings, tmp_path: Path) -> None:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.DATA = tmp_path
    cache.clear()


@pytest.fixture
def fixed_day() -> Iterator[date]:
    with time_machine.travel(NOW, tick=False):
        yield TODAY


@dataclass
class World:
    """What the tests walk through."""

    body: Organization
    office: Organization  # 县司法局
    other: Organization  # 县市场监督管理局
    users: dict[str, User]
    case: Case  # of the office: an information request, running
    foreign: Case  # of the other office
    entry: Entry  # two versions
    plan: Plan
    report: Report

    def client(self, who: str) -> Client:
        client = Client()
        client.force_login(self.users[who], backend="django.contrib.auth.backends.ModelBackend")
        return client


def _user(name: str, organization: Organization, *roles: str, superuser: bool = False) -> User:
    user = CreateUser(
        actor=None,
        username=name,
        display_name=f"测试{name}",
        organization=organization,
        password=PASSWORD,
        superuser=superuser,
    ).execute()
    for role in roles:
        GrantRole(actor=None, user=user, organization=organization, role=role).execute()
    return user


def request_for(organization: Organization, on: date, content: str, entered: str = "live") -> Case:
    return OpenCase(
        actor=None,
        organization=organization,
        case_type="information_request",
        act="receive",
        on=on,
        facts={"content": content},
        by="甲某",
        entered=entered,
    ).execute()


def _entry(organization: Organization) -> Entry:
    register = catalogue().registers["powers"]
    data: dict[str, str] = {}
    for name, spec in register.fields.items():
        if spec.required or name in {register.key, register.title_field}:
            data[name] = (
                spec.choices[0]
                if spec.choices
                else "2026-01-05"
                if spec.type == "date"
                else f"示例{spec.title}"
            )
    entry = PublishEntry(
        actor=None, organization=organization, register="powers", data=data, on=date(2026, 1, 5)
    ).execute()
    title = f"{data[register.title_field]}（修订）"
    return ReviseEntry(
        actor=None,
        entry=entry,
        data={**data, register.title_field: title},
        on=date(2026, 3, 1),
        reason="名称调整",
    ).execute()


@pytest.fixture
def world(db: None, fixed_day: date) -> World:
    return standing(_world)


def _world() -> World:
    body = CreateOrganization(
        actor=None, code="body", name="澜亭县人民政府", short_name="澜亭县", level="county"
    ).execute()
    office = CreateOrganization(
        actor=None, code="sfj", name="县司法局", level="department", parent=body
    ).execute()
    other = CreateOrganization(
        actor=None, code="scjg", name="县市场监督管理局", level="department", parent=body
    ).execute()
    users = {
        "coordinator": _user("coordinator", body, Role.COORDINATOR, Role.OFFICER),
        "officer": _user("officer", office, Role.OFFICER),
        "stranger": _user("stranger", other, Role.OFFICER),
        "reviewer": _user("reviewer", body, Role.REVIEWER),
        "auditor": _user("auditor", body, Role.AUDITOR),
        "nobody": _user("nobody", office),
        "system": _user("system", body, Role.SYSTEM),
        "security": _user("security", body, Role.SECURITY),
        "audit": _user("audit", body, Role.AUDIT),
        "admin": _user("admin", body, superuser=True),
    }
    case = request_for(office, date(2026, 11, 2), "示例道路改造的验收资料")
    foreign = request_for(other, date(2026, 9, 1), "示例市场的检查记录")
    RecordAct(
        actor=None,
        case=foreign,
        act="answer",
        on=date(2026, 9, 20),
        outcome="予以公开",
        evidence=[{"title": "答复书", "attachment": None}],
    ).execute()
    document = read_text(PLAN, "工作要点.txt")
    plan = ImportPlan(actor=None, organization=body, year=2026, document=document).execute()
    report = BuildReport(actor=None, organization=body, year=2026).execute()
    return World(body, office, other, users, case, foreign, _entry(office), plan, report)
