"""A small set of every kind of indicator, and a year of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.county import County
from yifa.assessment.actions import IssueSet, Judge, NameScorers
from yifa.assessment.models import Assessment
from yifa.law.schema import IndicatorSet
from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.models import Case, Organization, Role, User

YEAR = 2024


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def trial_set(**more: Any) -> IndicatorSet:
    return IndicatorSet.model_validate({
        "indicator_set": "trial", "title": "试行考核指标", "summary": "试行",
        "classes": {
            "departments": {"title": "部门", "levels": ["department"]}, "towns": {"title": "镇街", "levels": ["town"]},
        },
        "objections": {"length": 5}, "answers": {"length": 3},
        "bands": [{"title": "优秀", "least": 90}, {"title": "合格", "least": 60}, {"title": "不合格", "least": 0}],
        "parts": [{"title": "依法办事", "indicators": [
            {"id": "answers", "title": "按期答复", "points": {"departments": 40, "towns": 30},
             "figure": "information_requests_on_time_rate", "scale": {"none": 0, "full": 100}},
            {"id": "statement", "title": "述法", "points": {"departments": 20, "towns": 30},
             "gap": "principals_without_statement", "each": 5},
            {"id": "pilot", "title": "特色工作", "points": {"departments": 20, "towns": 20},
             "judged": {"look_at": "有没有效果", "tolerance": 2}},
            {"id": "daily", "title": "日常监督", "points": {"departments": 20, "towns": 20}, "daily": True},
        ]}],
        "grave": [{"title": "期满未履行生效裁判", "figure": "litigations_unperformed", "cap": 0}],
        **more,
    })  # fmt: skip


@dataclass
class Trial:
    """The county with people who assess it."""

    county: County
    assessor: User
    second: User  # of another department
    third: User
    leader: User
    supervisor: User
    clerk: User  # of the market department, which is assessed

    @property
    def units(self) -> list[Organization]:
        return [self.county.market, self.county.towns[0]]

    def issue(self, given: IndicatorSet | None = None, **more: Any) -> Assessment:
        held = given or trial_set()
        units = {unit: held.class_of(unit.level) or "" for unit in self.units}
        return IssueSet(
            actor=self.assessor, organization=self.county.body, given=held, year=YEAR, units=units, **more
        ).execute()

    def judge(
        self, assessment: Assessment, who: User, points: object, unit: Organization | None = None
    ) -> None:
        for one in [unit] if unit else self.units:
            given = {(one, "pilot"): (Decimal(str(points)), "有材料")}
            Judge(actor=who, assessment=assessment, points=given).execute()

    def judged(self, assessment: Assessment, scorers: Sequence[User] = ()) -> None:
        two = list(scorers) or [self.second, self.third]
        NameScorers(
            actor=self.assessor, assessment=assessment, indicator="pilot", units=self.units, scorers=two
        ).execute()
        for who in two:
            self.judge(assessment, who, 18)


def trial_of(county: County) -> Trial:
    return Trial(
        county=county,
        assessor=county.user(Role.ASSESSOR, county.body),
        second=county.user(Role.REVIEWER, county.justice),
        third=county.user(Role.REVIEWER, county.housing),
        leader=county.user(Role.LEADER, county.body),
        supervisor=county.user(Role.SUPERVISOR, county.body),
        clerk=county.user(Role.OFFICER, county.market),
    )


def request(unit: Organization, *, late: bool = False) -> Case:
    """An information request of the year, answered in time or not."""
    case = OpenCase(
        actor=None, organization=unit, case_type="information_request", act="receive", on=date(2024, 3, 4),
        facts={"content": "抽检记录"}, entered="back",
    ).execute()  # fmt: skip
    RecordAct(
        actor=None, case=case, act="answer", on=date(2024, 9, 20) if late else date(2024, 3, 20),
        outcome="予以公开", evidence=[{"title": "答复书", "attachment": None}], entered="back",
    ).execute()  # fmt: skip
    return case
