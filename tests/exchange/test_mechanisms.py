"""What platforms hold is taken over from their own sheets and counted; nothing is typed twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.county import County
from tests.exchange.conftest import Lay
from yifa.exchange import running
from yifa.exchange.models import Import
from yifa.ledger.actions import RecordAct
from yifa.ledger.figures.counting import Counted, count
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Case, Entry, Organization
from yifa.supervision.findings import in_order, standing

YEAR = (date(2026, 1, 1), date(2026, 11, 20))


def brought(lay: Lay, text: str, target: str, **fixed: str) -> Import:
    """A platform's sheet, checked and brought in whole."""
    run = lay(text.encode("gb18030"), "平台导出.csv", target, **fixed)
    running.check(run)
    assert run.state == Import.State.CHECKED, run.message
    assert "wrong" not in run.counts, [fault.message for fault in run.faults.all()]
    running.bring_in(run, Import.Mode.WHOLE, update=False)
    assert run.state == Import.State.DONE, run.message
    return run


def figure(rule: str, at: Organization) -> Counted:
    return count(rule, at, *YEAR)


@pytest.mark.mechanism("D14-10", "works")
def test_learning_records_of_a_platform_are_taken_over_once(lay: Lay, county: County) -> None:
    text = "\n".join([
        "法宣在线学习情况", "流水号,平台名称,学员姓名,工作单位,累计学时,得分,开始日期,结束日期",
        "FX001,法宣在线,甲一,澜亭县司法局,12,95,2026/1/1,2026/6/30",
        "FX002,法宣在线,乙二,澜亭县市场监督管理局,8.5,88,2026/1/1,2026/6/30",
        "FX003,学习强国,甲一,澜亭县司法局,3,,2026年7月1日,2026年9月30日", "合计,,,,23.5",
    ])  # fmt: skip
    brought(lay, text, "register:learning_records")
    assert figure("platform_hours", county.body).value == 23.5
    assert figure("platform_learners", county.body).value == 2
    assert set(Entry.objects.values_list("organization__code", flat=True)) == {"sfj", "scj"}
    again = lay(text.encode("gb18030"), "平台导出.csv", "register:learning_records")
    running.check(again)
    assert again.counts == {"same": 3, "skipped": 1, "cells": 0}


@pytest.mark.mechanism("D6-06", "works")
def test_alerts_of_the_supervision_system_come_in_with_how_they_ended(lay: Lay, county: County) -> None:
    text = "\n".join([
        "预警编号,预警信息,企业名称,预警来源,预警等级,推送时间,处置单位,核查时间,处置时间,处置结论",
        "YJ-1,用电异常,示例甲厂,互联网+监管系统,高,2026-03-02 09:10,澜亭县市场监督管理局,2026-03-04,2026-03-06,排除",
        "YJ-2,证照过期,示例乙店,互联网+监管系统,中,2026-03-03 10:00,澜亭县市场监督管理局,2026-03-09,2026-03-10,核查后督促整改",
        "YJ-3,夜间排放,示例丙厂,非现场监管设备,低,2026-04-01,澜亭县市场监督管理局,,,",
    ])  # fmt: skip
    brought(lay, text, "case:risk_alert", unit="scj")
    assert Case.objects.filter(case_type="risk_alert").count() == 3
    found = find("risk_alerts_unsettled", county.body, YEAR[1])
    assert [gap.title for gap in found] == ["夜间排放"]
    parts = figure("risk_alerts_concluded", county.body).parts
    assert parts == {"排除": 1, "核查后督促整改": 1}


@pytest.mark.mechanism("D5-02", "works")
def test_items_and_cases_of_the_service_platform_give_rate_depth_and_gap(lay: Lay, county: County) -> None:
    items = "\n".join([
        "事项编码,事项名称,事项类型,实施主体,网办深度,目标深度,实施日期",
        *(f"X{n},示例事项{n},行政许可,澜亭县市场监督管理局,{depth},3,2025-01-01" for n, depth in ((1, 2), (2, 4), (3, 0))),
    ])  # fmt: skip
    brought(lay, items, "register:service_items")
    assert figure("service_items_online_share", county.body).value == Decimal("66.67")
    assert figure("service_items_deep_share", county.body).value == Decimal("33.33")
    assert {gap.title for gap in find("items_below_target_depth", county.body, YEAR[1])} == {
        "示例事项1",
        "示例事项3",
    }
    cases = "\n".join([
        "办件编号,事项编码,申请人,办件来源,收件时间,受理时间",
        "BJ-1,X1,甲,网上,2026-03-02,2026-03-03", "BJ-2,X1,乙,窗口,2026-03-02,2026-03-02", "BJ-3,X2,丙,网上,2026-03-05,2026-03-05",
    ])  # fmt: skip
    brought(lay, cases, "case:service_case", unit="scj")
    assert figure("service_by_channel", county.body).parts == {"网上": 2, "窗口": 1}
    assert set(Case.objects.values_list("number", flat=True)) == {"BJ-1", "BJ-2", "BJ-3"}


@pytest.mark.mechanism("D10-06", "works")
def test_a_report_of_the_auditors_comes_in_whole_and_goes_back_in_its_order(lay: Lay, county: County) -> None:
    text = "\n".join([
        "报告中的序号,问题,审计报告文号,审计机关,问题类别,涉及金额,责任单位,要求整改完成的期限,收到审计报告日期",
        "2,专项资金滞留,审报〔2026〕8号,示例市审计局,专项资金,120000,澜亭县住房和城乡建设局,2026-06-30,2026-03-02",
        "1,预算执行率低,审报〔2026〕8号,示例市审计局,预算执行,,澜亭县司法局,2026-06-30,2026-03-02",
    ])  # fmt: skip
    brought(lay, text, "case:audit_finding", unit="body")
    cases = list(Case.objects.filter(case_type="audit_finding"))
    assert len(cases) == 2
    late = next(case for case in cases if case.facts["serial"] == 2)
    for act, day, outcome, by, fields in (
        ("plan", 10, None, "甲一", {"measure": "限期拨付"}),
        ("rectify", 20, None, "甲一", {"recovered": 120000}),
        ("strike_off", 25, "通过销号", "乙二", {}),
    ):
        RecordAct(
            actor=None, case=Case.objects.get(pk=late.pk), act=act, on=date(2026, 3, day), outcome=outcome, by=by,
            fields=fields, evidence=[{"title": "整改佐证材料", "attachment": None}] if act == "rectify" else [],
        ).execute()  # fmt: skip
    rows = in_order(standing(case) for case in Case.objects.filter(case_type="audit_finding"))
    assert [(row.order, row.issuer, row.measure, row.closed_by) for row in rows] == [
        (1, "示例市审计局", "", ""),
        (2, "示例市审计局", "限期拨付", "乙二"),
    ]
    again = lay(text.encode("gb18030"), "审计问题.csv", "case:audit_finding", unit="body")
    running.check(again)
    assert again.counts.get("new", 0) == 0
