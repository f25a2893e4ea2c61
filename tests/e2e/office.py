"""A county with offices and the people who work there: for tests that do whole tasks as they would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page

from tests.e2e.hand import PASSWORD, Staff, Tally
from tests.e2e.tasktable import DONE, compare, row_of
from tests.standing import standing
from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole, PublishEntry
from yifa.ledger.models import Organization, Role

DAY = datetime.fromisoformat("2026-08-03T09:30:00+08:00")  # a Monday
UNITS = (
    ("sfj", "县司法局"),
    ("xfj", "县信访局"),
    ("cgj", "县城市管理局"),
    ("zfb", "县政府办公室"),
)
PEOPLE = (  # who, where, what they may do
    ("xinfang", "xfj", (Role.OFFICER,)),
    ("chengguan", "cgj", (Role.OFFICER,)),
    ("shenhe", "cgj", (Role.REVIEWER,)),
    ("zhengfuban", "zfb", (Role.OFFICER,)),
    ("fazhi", "body", (Role.COORDINATOR, Role.OFFICER)),
    ("hefa", "body", (Role.REVIEWER,)),
    ("lingdao", "body", (Role.LEADER,)),
)


def build_office() -> None:
    """The body, its units and their people."""
    body = CreateOrganization(
        actor=None, code="body", name="澜亭县人民政府", short_name="澜亭县", level="county"
    ).execute()
    for code, name in UNITS:
        CreateOrganization(actor=None, code=code, name=name, level="department", parent=body).execute()
    for username, code, roles in PEOPLE:
        organization = Organization.objects.get(code=code)
        user = CreateUser(
            actor=None,
            username=username,
            display_name=f"经办{username}",
            organization=organization,
            password=PASSWORD,
        ).execute()
        for role in roles:
            GrantRole(actor=None, user=user, organization=organization, role=role).execute()
    _lists(Organization.objects.get(code="cgj"))


def _lists(office: Organization) -> None:
    """What acts of the office refer to: that it may enforce, its officers, a power."""
    start = date(2024, 1, 2)
    body = {"name": office.name, "kind": "法定行政机关", "basis": "三定规定", "authority": "城市管理领域"}
    _publish(office, "enforcement_bodies", start, body | {"valid_from": start})
    for number, name in enumerate(("甲某", "乙某", "丙某"), 1):
        officer = {"certificate": f"LT-CG-{number:03}", "name": name, "unit": office.name, "kind": "城市管理"}
        dates = {"valid_from": date(2021, 9, 1), "valid_to": date(2026, 8, 31), "status": "在岗"}
        _publish(office, "enforcement_officers", start, officer | dates)
    power = {"code": "CG-0001", "name": "对占道经营的处罚", "kind": "行政处罚", "law": "示例市容管理条例"}
    _publish(office, "powers", start, power | {"article": "第八条", "organ": office.name, "effective": start})


def _publish(office: Organization, register: str, on: date, data: dict[str, Any]) -> None:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
    PublishEntry(actor=None, organization=office, register=register, data=plain, on=on).execute()


@pytest.fixture
def staff(
    transactional_db: None, window: Callable[[], Page], request: pytest.FixtureRequest
) -> Iterator[Staff]:
    """The people of the office, on a morning of 2026; what the task asked of them is compared and printed."""
    title = request.node.get_closest_marker("task").args[0]
    with time_machine.travel(DAY) as clock:
        standing(build_office)
        staff = Staff(window, clock, Tally(title))
        yield staff
    if request.node.stash.get(DONE, False):
        request.node.user_properties.append(("task", row_of(staff.tally)))
        compare(staff.tally)
