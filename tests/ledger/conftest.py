"""A small body with its people, for the ledger's tests."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tests.county import county
from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole, OpenCase, RecordAct
from yifa.ledger.models import Case, Organization, Role, User

__all__ = ["county"]

PASSWORD = "correct-horse-9"


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Attachments and notices of one test only."""
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.DATA = tmp_path
    return tmp_path


@dataclass
class Town:
    """The body, one department, one town, and makers of more."""

    body: Organization
    office: Organization
    town: Organization
    serial: Any = field(default_factory=lambda: itertools.count(1))

    def user(self, *roles: str, at: Organization | None = None, name: str = "甲一") -> User:
        at = at or self.office
        user = CreateUser(
            actor=None,
            username=f"user{next(self.serial)}",
            display_name=name,
            organization=at,
            password=PASSWORD,
        ).execute()
        for role in roles:
            GrantRole(actor=None, user=user, organization=at, role=role).execute()
        return user

    def request(self, on: date = date(2024, 9, 20), actor: User | None = None, **more: Any) -> Case:
        """A case of information on request."""
        given = {"facts": {"content": "申请公开示例道路改造的验收资料"}, "organization": self.office} | more
        return OpenCase(actor=actor, case_type="information_request", act="receive", on=on, **given).execute()

    def answer(self, case: Case, on: date = date(2024, 10, 20), **more: Any) -> Any:
        given = {"outcome": "予以公开", "evidence": [{"title": "答复书", "attachment": None}]} | more
        return RecordAct(actor=None, case=case, act="answer", on=on, **given).execute()


@pytest.fixture
def place(db: None) -> Town:
    body = CreateOrganization(
        actor=None,
        code="body",
        name="澜亭县人民政府",
        level="county",
        short_name="澜亭县",
        document_code="澜政",
    ).execute()
    office = CreateOrganization(
        actor=None, code="sfj", name="澜亭县司法局", level="department", parent=body, document_code="澜司"
    ).execute()
    town = CreateOrganization(
        actor=None, code="yxz", name="示例镇人民政府", level="town", parent=body
    ).execute()
    return Town(body, office, town)


@pytest.fixture
def officer(place: Town) -> User:
    return place.user(Role.OFFICER)
