"""A county with departments and towns, one of them renamed: for tests of several rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole, RenameOrganization
from yifa.ledger.models import Organization, Role, User


def user_with(role: str, at: Organization) -> User:
    """Somebody who has one role in one place."""
    user = CreateUser(
        actor=None,
        username=f"{role}-{at.code}",
        display_name="甲一",
        organization=at,
        password="correct-horse-9",
    ).execute()
    GrantRole(actor=None, user=user, organization=at, role=role).execute()
    return user


@dataclass
class County:
    """The body, its units and makers of users."""

    body: Organization
    justice: Organization
    market: Organization
    housing: Organization
    towns: list[Organization]

    def user(self, role: str, at: Organization) -> User:
        return user_with(role, at)

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
