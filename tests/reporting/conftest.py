"""A county with two years of a few cases, and its report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tests.county import user_with
from tests.standing import standing
from yifa.ledger.actions import (
    CreateOrganization,
    CreatePost,
    HoldPost,
    OpenCase,
    RecordAct,
)
from yifa.ledger.models import Case, Organization, User
from yifa.reporting.actions import BuildReport
from yifa.reporting.models import Report

YEAR = 2024


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Attachments and notices of one test only."""
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.DATA = tmp_path
    return tmp_path


@dataclass
class County:
    """The body, two departments, and makers of cases."""

    body: Organization
    justice: Organization
    housing: Organization

    def user(self, role: str, at: Organization) -> User:
        return user_with(role, at)

    def request(
        self,
        unit: Organization,
        on: date,
        answered: date | None,
        what: str = "道路改造验收资料",
        entered: str = "live",
    ) -> Case:
        case: Case = OpenCase(
            actor=None,
            organization=unit,
            case_type="information_request",
            act="receive",
            on=on,
            facts={"content": f"申请公开{what}"},
            entered=entered,
        ).execute()
        if answered:
            RecordAct(
                actor=None,
                case=case,
                act="answer",
                on=answered,
                outcome="予以公开",
                evidence=[{"title": "答复书", "attachment": None}],
            ).execute()
        return case

    def training(self, on: date, attendees: int, audience: str = "行政执法人员") -> Case:
        case: Case = OpenCase(
            actor=None,
            organization=self.justice,
            case_type="training",
            act="hold",
            on=on,
            facts={"subject": "执法程序", "audience": audience},
            fields={"attendees": attendees, "hours": 4},
        ).execute()
        return case

    def session(self, on: date, by: str | None = None, role: str | None = "leader") -> Case:
        case: Case = OpenCase(
            actor=None,
            organization=self.body,
            case_type="study_session",
            act="hold",
            on=on,
            by=by,
            role=role,
            facts={"subject": "行政复议法", "kind": "中心组学法"},
            fields={"attendees": 30},
        ).execute()
        return case

    def build(self, year: int = YEAR, **more: Any) -> Report:
        return BuildReport(actor=None, organization=self.body, year=year, **more).execute()


@pytest.fixture
def county(db: None) -> County:
    return standing(_county)


def _county() -> County:
    body = CreateOrganization(
        actor=None, code="body", name="澜亭县人民政府", level="county", short_name="澜亭县"
    ).execute()

    def unit(code: str, name: str) -> Organization:
        return CreateOrganization(actor=None, code=code, name=name, level="department", parent=body).execute()

    return County(body, unit("sfj", "澜亭县司法局"), unit("zjj", "澜亭县住房和城乡建设局"))


@pytest.fixture
def busy(county: County) -> County:
    """Requests kept, late and open in two units; trainings; study sessions, one led by the county head."""
    return standing(_busy, county)


def _busy(county: County) -> County:
    county.request(county.justice, date(YEAR, 3, 4), date(YEAR, 3, 20), "甲项目")
    county.request(county.justice, date(YEAR, 5, 6), date(YEAR, 7, 30), "乙项目")  # late
    county.request(county.housing, date(YEAR, 5, 6), date(YEAR, 8, 30), "丙项目")  # late
    county.request(county.housing, date(YEAR, 12, 30), None, "丁项目")  # open at the end of the year
    county.request(county.housing, date(YEAR - 1, 3, 1), date(YEAR - 1, 3, 9), "戊项目")  # the year before
    county.training(date(YEAR, 4, 1), 120)
    county.training(date(YEAR, 6, 1), 40, "领导干部")
    post = CreatePost(actor=None, organization=county.body, title="县长", principal=True).execute()
    HoldPost(actor=None, post=post, person="安一山", valid_from=date(YEAR - 1, 1, 5)).execute()
    county.session(date(YEAR, 2, 1), by="安一山")
    county.session(date(YEAR, 9, 1))
    return county


@pytest.fixture
def report(busy: County) -> Report:
    """The report of the year as it is drafted."""
    return standing(_report, busy)


def _report(busy: County) -> Report:
    return busy.build()
