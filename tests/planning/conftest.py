"""A short plan for the county of tests/county.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.county import County, county
from yifa.planning.actions import ImportPlan
from yifa.planning.models import Plan
from yifa.reading import read_text

__all__ = ["county"]

PLAN = """澜亭县2026年法治政府建设工作要点

一、规范行政执法
（一）加强执法培训。全年至少举办2次行政执法人员培训，每次结束后测试。（牵头单位：县司法局；配合单位：县市场监督管理局、住建局）
（二）开展案卷评查。从处罚案卷中抽取一部分评查，结果反馈到承办人。（牵头单位：县司法局）
二、提升法治能力
（三）坚持领导干部学法。县政府全年至少举办4次中心组学法，1次领导干部法治讲座。
（四）培训基层干部。各乡镇全年至少举办1期领导干部法治培训。
"""


@pytest.fixture
def plan(county: County) -> Plan:
    document = read_text(PLAN, "要点.txt")
    return ImportPlan(actor=None, organization=county.body, year=2026, document=document).execute()


@pytest.fixture
def fixed_day() -> Iterator[date]:
    """The day on which what is entered now is entered."""
    now = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    with time_machine.travel(now, tick=False):
        yield now.date()
