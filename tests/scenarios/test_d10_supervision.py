"""Mechanisms of supervision of enforcement and of power (D10), walked through the ledger's actions.

"works" stands only where every clause of the row is shown here or in a test it names; at "partly" the comment says
what is missing.
"""

from __future__ import annotations

import json
from datetime import date

import pytest

from tests.county import County
from tests.scenarios.acting import findings_of, play
from tests.scenarios.test_d11_disclosure import ON, act, entry, figure, gaps, opened, value
from yifa.ledger.actions import ActionRefused, ChangeFacts, CorrectAct
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.models import Case, Record, Role
from yifa.ledger.receipts import code_of, find_by_receipt, standing
from yifa.ledger.search.queries import due_within, overdue
from yifa.procedures.model import ClockStatus, FindingKind

pytestmark = pytest.mark.django_db


def a_file(county: County, name: str, on: date = date(2025, 3, 3)) -> Case:
    facts = {
        "file_name": name,
        "file_kind": "行政处罚",
        "reviewed_unit": county.market.name,
        "round": "2025年上半年评查",
        "rectify_by": "2025-04-30",
    }
    return opened(
        county.justice, "case_review", on, facts, outcome="随机抽取", fields={"seed": "7", "place": 12}
    )


# The draw with its seed and the blind review of two: tests/supervision/test_reviews.py.
@pytest.mark.mechanism("D10-01", "works")
def test_a_file_is_scored_on_its_sheet_by_another_unit_mended_and_looked_at_again(county: County) -> None:
    entry(county.justice, "review_sheets", code="PC-1", name="处罚案卷", file_kind="行政处罚")
    case = a_file(county, "某店案卷")
    act(case, "submit_file", date(2025, 3, 5), unit=county.market)
    score = {"sheet": "PC-1", "score": 86, "problems": ["缺送达回证", "裁量理由不具体"]}
    with pytest.raises(ActionRefused, match="不得来自案卷所属单位"):
        act(case, "review", date(2025, 3, 10), "合格", unit=county.market, fields=score)
    with pytest.raises(ActionRefused, match="PC-9"):
        act(
            case,
            "review",
            date(2025, 3, 10),
            "合格",
            unit=county.justice,
            fields=score | {"sheet": "PC-9"},
        )
    act(case, "review", date(2025, 3, 10), "合格", unit=county.justice, fields=score)
    act(case, "feed_back", date(2025, 3, 14))
    with pytest.raises(ActionRefused, match="复查到位"):
        act(case, "close", date(2025, 3, 15))
    act(case, "rectify", date(2025, 4, 28), unit=county.market)
    act(case, "recheck", date(2025, 5, 8), "整改到位", unit=county.justice)
    act(case, "close", date(2025, 5, 9))
    assert state_of(case, ON).clocks["rectification"].state is ClockStatus.KEPT
    numbers = ("files_reviewed", "files_passed", "file_problems", "files_rectified", "review_rounds")
    assert [value(rule, county.body) for rule in numbers] == [1, 1, 2, 1, 1]
    drawn = case.acts.get(act="draw")
    assert (drawn.fields["seed"], drawn.fields["place"]) == ("7", 12)
    assert county.market.name not in gaps("units_without_file_review", county.body)
    assert county.housing.name in gaps("units_without_file_review", county.body)


@pytest.mark.mechanism("D10-02", "works")
def test_special_supervisors_have_terms_and_their_opinions_are_answered(county: County) -> None:
    for card, until in (("JD-1", "2026-12-31"), ("JD-2", "2025-02-28")):
        entry(
            county.justice,
            "special_supervisors",
            card=card,
            name=card,
            identity="企业代表",
            since="2024-01-01",
            until=until,
        )
    assert figure("special_supervisors_in_term", county.body).parts == {"企业代表": 1}
    facts = {"subject": "夜市执法体验", "kind": "参加执法检查"}
    with pytest.raises(ActionRefused, match="JD-2"):
        opened(
            county.justice,
            "supervisor_activity",
            date(2025, 3, 3),
            facts,
            fields={"supervisors": ["JD-1", "JD-2"]},
        )
    case = opened(
        county.justice, "supervisor_activity", date(2025, 3, 3), facts, fields={"supervisors": ["JD-1"]}
    )
    act(case, "give_opinion", date(2025, 3, 5), fields={"opinions": ["减少重复检查", "规范用语"]})
    assert gaps("supervisor_opinions_unanswered", county.body) == ["夜市执法体验"]
    with pytest.raises(ActionRefused, match="没有答复"):
        act(case, "close", date(2025, 3, 6))
    act(case, "answer", date(2025, 3, 20), fields={"accepted": 1})
    act(case, "close", date(2025, 3, 25))
    assert gaps("supervisor_opinions_unanswered", county.body) == []
    rules = (
        "supervisor_activities",
        "supervisor_attendances",
        "supervisor_opinions",
        "supervisor_opinions_accepted",
    )
    assert [value(rule, county.body) for rule in rules] == [1, 1, 2, 1]


# The page on which the complainant himself sees the clocks: tests/workbench/test_portal.py.
@pytest.mark.mechanism("D10-03", "works")
def test_a_complaint_about_enforcement_hangs_on_its_case_and_has_two_clocks(county: County) -> None:
    viewer = county.user(Role.SUPERVISOR, county.body)
    penalty = play("administrative_penalty/normal", county.body).standing
    facts = {
        "subject": "未出示证件",
        "about": county.market.name,
        "penalty_case": penalty.number or penalty.title,
        "answer_by": "2025-03-31",
    }
    with pytest.raises(ActionRefused, match="没有这个案子"):
        opened(
            county.justice,
            "enforcement_complaint",
            date(2025, 3, 3),
            facts | {"penalty_case": "没有这个案子"},
        )
    case = opened(county.justice, "enforcement_complaint", date(2025, 3, 3), facts)
    assert gaps("enforcement_complaints_not_linked", county.body) == []
    clocks = state_of(case, date(2025, 3, 4)).clocks
    assert (clocks["answer"].due, clocks["transfer"].state) == (date(2025, 3, 31), ClockStatus.RUNNING)
    assert standing(find_by_receipt(case.number, code_of(case)), date(2025, 3, 4)).due == date(2025, 3, 31)
    assert [clock.case_id for clock in overdue(viewer, date(2025, 4, 1))] == [case.pk]
    act(case, "transfer", date(2025, 3, 5), fields={"to": county.market.name})
    act(case, "investigate", date(2025, 3, 12), by="甲一")
    with pytest.raises(ActionRefused, match="先调查认定"):
        act(case, "answer", date(2025, 3, 13), by="乙二")
    act(case, "conclude", date(2025, 3, 20), "属实")
    act(case, "correct", date(2025, 3, 24), "批评教育")
    act(case, "answer", date(2025, 3, 25), by="乙二")
    shown = standing(case, date(2025, 3, 25)).steps
    assert [step.title for step in shown] == ["接收登记", "转送有权处理的单位", "调查核实", "答复投诉举报人"]
    assert value("enforcement_complaints_found_true", county.body) == 1


@pytest.mark.mechanism("D10-04", "works")
def test_letters_of_supervision_have_a_day_for_the_answer_and_a_decision_behind_them(county: County) -> None:
    viewer = county.user(Role.SUPERVISOR, county.body)
    facts = {
        "subject": "法制审核不规范",
        "kind": "监督意见书",
        "to": county.market.name,
        "reply_by": "2025-04-10",
    }
    case = opened(
        county.justice,
        "supervision_letter",
        date(2025, 3, 10),
        facts,
        role="supervisor",
        evidence=[{"title": "监督文书", "attachment": None}],
    )
    assert case.number.endswith("执监〔2025〕1号")
    assert [clock.due for clock in due_within(viewer, date(2025, 4, 1), date(2025, 4, 10))] == [
        date(2025, 4, 10)
    ]
    assert [clock.case_id for clock in overdue(viewer, date(2025, 4, 11))] == [case.pk]
    act(case, "decide", date(2025, 4, 20), "责令限期履行", role="supervisor")
    assert figure("supervision_decisions", county.body).parts == {"责令限期履行": 1}
    proposal = opened(
        county.justice,
        "supervision_letter",
        date(2025, 5, 6),
        facts | {"kind": "监督建议书"},
        role="supervisor",
    )
    with pytest.raises(ActionRefused, match="没有强制力"):
        act(proposal, "decide", date(2025, 5, 7), "撤销", role="supervisor")
    assert figure("supervision_letters_issued", county.body).parts == {"监督意见书": 1, "监督建议书": 1}
    for name in ("boundary_day", "boundary_day_after", "law_change_day"):
        assert play(f"supervision_letter/{name}", county.body).differences() == []


@pytest.mark.mechanism("D10-05", "works")
def test_each_key_post_shows_its_risks_and_when_they_were_last_checked(county: County) -> None:
    for code, months in (("FX-1", 3), ("FX-2", 12)):
        entry(
            county.justice,
            "post_risks",
            code=code,
            name=f"大额资金{code}",
            post="财务负责人",
            check_months=months,
        )
    assert gaps("post_risks_unchecked", county.body) == ["大额资金FX-1", "大额资金FX-2"]
    for number, risk in enumerate(("FX-1", "FX-2"), start=1):
        entry(
            county.justice,
            "post_risk_checks",
            code=f"JC-{number}",
            risk=risk,
            risk_name=risk,
            checked_on="2025-06-10",
            result="措施有效",
        )
    assert gaps("post_risks_unchecked", county.body, date(2025, 9, 10)) == []
    assert gaps("post_risks_unchecked", county.body, date(2025, 9, 11)) == ["大额资金FX-1"]
    checks = figure("post_risk_checks_done", county.body)
    assert (checks.value, max(record.on for record in checks.records)) == (2, date(2025, 6, 10))
    with pytest.raises(ActionRefused, match="风险"):
        entry(county.justice, "post_risks", code="FX-3", name=None)


# A whole report comes in at once in tests/exchange/test_mechanisms.py; findings of one report keep their order.
@pytest.mark.mechanism("D10-06", "works")
def test_audit_findings_are_measured_mended_and_struck_off_by_another(county: County) -> None:
    made = []
    for serial in (2, 1):
        facts = {
            "subject": f"问题{serial}",
            "report_no": "审报〔2025〕8号",
            "issuer": "审计局",
            "serial": serial,
            "owner": county.housing.name,
            "rectify_by": "2025-06-30",
        }
        made.append(opened(county.justice, "audit_finding", date(2025, 3, 3), facts))
    assert gaps("audit_findings_without_measure", county.body) == ["问题1", "问题2"]
    case = made[0]
    act(case, "plan", date(2025, 3, 10), fields={"measure": "限期拨付"})
    act(case, "rectify", date(2025, 5, 20), by="甲一")
    with pytest.raises(ActionRefused, match="不能给自己销号"):
        act(case, "strike_off", date(2025, 5, 28), "通过销号", by="甲一")
    act(case, "strike_off", date(2025, 5, 28), "通过销号", by="乙二")
    assert (value("audit_findings_open", county.body), value("audit_rectification_rate", county.body)) == (
        1,
        50,
    )
    batch = Case.objects.filter(case_type="audit_finding", facts__report_no="审报〔2025〕8号")
    assert [one.title for one in sorted(batch, key=lambda one: one.facts["serial"])] == ["问题1", "问题2"]


@pytest.mark.mechanism("D10-07", "works")
def test_a_changed_figure_keeps_old_value_author_and_reason_and_back_dating_is_reported(
    county: County,
) -> None:
    facts = {
        "figure": "总产值",
        "period": "2025年3月",
        "old_value": 1200,
        "new_value": 1150,
        "reason": "重复上报",
        "published": True,
    }
    case = opened(county.justice, "figure_change", date(2025, 4, 1), facts, by="甲一")
    with pytest.raises(ActionRefused, match="三个人"):
        act(case, "check", date(2025, 4, 2), "与原始记录相符", by="甲一")
    act(case, "check", date(2025, 4, 2), "与原始记录相符", by="乙二")
    act(case, "approve", date(2025, 4, 3), "同意", by="丙三", role="leader")
    with pytest.raises(ActionRefused, match="先上报"):
        act(case, "apply", date(2025, 4, 3))
    act(case, "report", date(2025, 4, 7), entered="back")
    act(case, "apply", date(2025, 4, 8))
    assert (case.facts["old_value"], case.facts["new_value"], case.facts["reason"]) == (
        1200,
        1150,
        "重复上报",
    )
    assert value("figures_changed_after_publication", county.body) == 1
    assert FindingKind.BACK_ENTRY in {finding.kind for finding in findings_of(case, ON)}
    officer = county.user(Role.OFFICER, county.justice)
    ChangeFacts(actor=officer, case=case, facts=facts | {"new_value": 1151}, reason="笔误").execute()
    last = Record.objects.filter(subject_id=case.pk).order_by("position").last()
    assert last is not None and last.recorded_by == officer
    assert "笔误" in last.payload and "1151" in last.payload
    first = Record.objects.filter(subject_id=case.pk, kind="case.opened").first()
    assert first is not None and json.loads(first.payload)["facts"]["new_value"] == 1150


@pytest.mark.mechanism("D10-08", "works")
def test_proposals_have_owner_deadline_class_answer_and_satisfaction(county: County) -> None:
    viewer = county.user(Role.SUPERVISOR, county.body)

    def proposal(number: str, kind: str = "人大代表建议") -> Case:
        facts = {"subject": f"建议{number}", "number": number, "kind": kind, "lead": county.housing.name}
        return opened(county.housing, "proposal", date(2025, 3, 20), facts)

    first, second, third = proposal("1"), proposal("2"), proposal("3", "政协提案")
    assert {clock.case_id for clock in overdue(viewer, date(2025, 6, 21))} == {first.pk, second.pk}
    classes = ("A类：已经解决或者基本解决", "B类：列入计划逐步解决")
    act(first, "answer", date(2025, 6, 10), classes[0])
    act(second, "answer", date(2025, 6, 25), classes[1])
    act(third, "answer", date(2025, 6, 25), classes[0])
    act(first, "feedback", date(2025, 6, 30), "满意")
    act(second, "feedback", date(2025, 6, 30), "不满意")
    with pytest.raises(ActionRefused, match="再次答复"):
        act(second, "close", date(2025, 7, 1))
    act(first, "close", date(2025, 7, 1))
    answered = figure("proposals_answered", county.body)
    assert (answered.value, answered.parts) == (3, {classes[0]: 2, classes[1]: 1})
    assert figure("proposals_assigned", county.body).parts == {"人大代表建议": 2, "政协提案": 1}
    rates = [value(f"proposals_{name}_rate", county.body) for name in ("on_time", "satisfaction")]
    assert rates == [50, 50]
    assert gaps("proposals_not_published", county.body) == ["建议1"]


@pytest.mark.mechanism("D10-09", "works")
def test_holding_to_account_names_its_basis_and_its_result(county: County) -> None:
    facts = {"subject": "推诿申请", "unit_concerned": county.market.name, "source": "效能监察"}
    case = opened(county.justice, "accountability", date(2025, 3, 3), facts)
    act(case, "investigate", date(2025, 3, 12), by="甲一")
    act(case, "hear", date(2025, 3, 14))
    with pytest.raises(ActionRefused, match="依据的条款"):
        act(case, "decide", date(2025, 3, 20), "通报批评", fields={"law": "政府信息公开条例"})
    cited = {"law": "政府信息公开条例", "article": "第五十三条"}
    act(case, "decide", date(2025, 3, 20), fields=cited)
    with pytest.raises(ActionRefused, match="写明结果"):
        act(case, "deliver", date(2025, 3, 21))
    position = case.acts.get(act="decide").position
    changes = {"outcome": "通报批评"}
    CorrectAct(actor=None, case=case, position=position, changes=changes, reason="漏填").execute()
    act(case, "deliver", date(2025, 3, 21))
    act(case, "close", date(2025, 3, 24))
    assert figure("accountability_decisions", county.body).parts == {"通报批评": 1}


@pytest.mark.mechanism("D10-10", "works")
def test_supervision_within_the_party_is_a_count_with_a_link(county: County) -> None:
    for number, kind in enumerate(("责任制检查", "警示教育", "责任制检查"), start=1):
        entry(
            county.justice,
            "party_items",
            code=f"DF-{number}",
            name=kind,
            kind=kind,
            held_on="2025-05-06",
            link="纪检档案12号",
        )
    counted = figure("party_items_recorded", county.body)
    assert (counted.value, counted.parts) == (3, {"责任制检查": 2, "警示教育": 1})


@pytest.mark.mechanism("D10-11", "works")
def test_proposals_of_courts_and_judgments_have_days_that_are_announced_before_they_pass(
    county: County,
) -> None:
    viewer = county.user(Role.SUPERVISOR, county.body)
    facts = {
        "subject": "河道垃圾",
        "number": "检建3号",
        "issuer": "县检察院",
        "kind": "行政公益诉讼诉前检察建议",
    }
    case = opened(county.justice, "official_proposal", date(2025, 3, 10), facts)
    assert gaps("official_proposals_unanswered", county.body) == ["河道垃圾"]
    assert {clock.due for clock in due_within(viewer, date(2025, 5, 1), date(2025, 5, 10))} == {
        date(2025, 5, 10)
    }
    act(case, "reply", date(2025, 5, 8), "采纳并已整改")
    assert gaps("official_proposals_unanswered", county.body) == []
    assert figure("official_proposals_answered", county.body).parts == {"采纳并已整改": 1}
    assert value("official_proposals_on_time_rate", county.body) == 100
    judged = [
        played
        for name in ("lost_and_performed", "not_performed")
        if (played := play(f"litigation/{name}", county.body)).case is not None
    ]
    dues = {state_of(played.standing, played.scenario.on).clocks["performance"].due for played in judged}
    assert dues and None not in dues
    correction = CorrectAct(
        actor=None, case=case, position=2, changes={"on": "2025-05-12"}, reason="按签收日"
    )
    correction.execute()
    assert value("official_proposals_answered_late", county.body) == 1
