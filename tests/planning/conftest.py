"""A county with departments and towns, one of them renamed, and a short plan for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole, RenameOrganization
from yifa.ledger.models import Organization, Role, User
from yifa.planning.actions import ImportPlan
from yifa.planning.models import Plan
from yifa.reading import read_text

PLAN = """澜亭县2026年法治政府建设工作要点

一、规范行政执法
（一）加强执法培训。全年至少举办2次行政执法人员培训，每次结束后测试。（牵头单位：县司法局；配合单位：县市场监督管理局、住建局）
（二）开展案卷评查。从处罚案卷中抽取一部分评查，结果反馈到承办人。（牵头单位：县司法局）
二、提升法治能力
（三）坚持领导干部学法。县政府全年至少举办4次中心组学法，1次领导干部法治讲座。
（四）培训基层干部。各乡镇全年至少举办1期领导干部法治培训。
"""


@dataclass
class County:
    """The body, its units and makers of users."""

    body: Organization
    justice: Organization
    market: Organization
    housing: Organization
    towns: list[Organization]

    def user(self, role: str, at: Organization) -> User:
        user = CreateUser(
            actor=None,
            username=f"{role}-{at.code}",
            display_name="甲一",
            organization=at,
            password="correct-horse-9",
        ).execute()
        GrantRole(actor=None, user=user, organization=at, role=role).execute()
        return user

    def coordinator(self) -> User:
        return self.user(Role.COORDINATOR, self.body)


@pytest.fixture
def county(db: None) -> County:
    body = CreateOrganization(
        actor=None, code="body", name="澜亭县人民政府", level="county", short_name="澜亭县"
    ).execute()

    def unit(code: str, name: str, level: str = "department") -> Organization:
        return CreateOrganization(actor=None, code=code, name=name, level=level, parent=body).execute()

    housing = unit("zjj", "澜亭县建设局")
    RenameOrganization(
        actor=None, organization=housing, name="澜亭县住房和城乡建设局", on=date(2024, 3, 1)
    ).execute()
    housing.refresh_from_db()
    return County(
        body=body,
        justice=unit("sfj", "澜亭县司法局"),
        market=unit("scj", "澜亭县市场监督管理局"),
        housing=housing,
        towns=[unit("qs", "青石镇人民政府", "town"), unit("bh", "白河镇人民政府", "town")],
    )


@pytest.fixture
def plan(county: County) -> Plan:
    document = read_text(PLAN, "要点.txt")
    return ImportPlan(actor=None, organization=county.body, year=2026, document=document).execute()
