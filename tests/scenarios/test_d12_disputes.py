"""Mechanisms of reconsideration, litigation, petitions, mediation, legal services and emergencies (D12, D13).

They are walked through the ledger's actions as an officer would. "works" stands only where every clause of the row is
shown here or in a test it names; at "partly" the comment says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.county import County
from tests.ledger.registers import sample
from tests.scenarios.acting import findings_of
from tests.scenarios.entering import done, papers
from yifa.ledger.actions import (
    ActionRefused,
    CorrectAct,
    OpenCase,
    PublishEntry,
    RenameOrganization,
    ReviseEntry,
    StoreAttachment,
)
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.figures.counting import Counted, count
from yifa.ledger.figures.gaps import find
from yifa.ledger.interviews import questions, write
from yifa.ledger.models import Case, Entry, Handover, Organization, Role, User, scoping
from yifa.ledger.proof.verification import verify
from yifa.ledger.receipts import code_of, find_by_receipt, rate, standing
from yifa.ledger.rows.handing import fill
from yifa.ledger.rows.rebuilding import rebuild
from yifa.ledger.search.queries import CaseFilter, cases, due_within, looked_for, newest, overdue
from yifa.reporting.actions import BuildReport
from yifa.workbench.views.cases import listing
from yifa.workbench.waiting.cases import CaseTurns, Turn

pytestmark = pytest.mark.django_db
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
ON = date(2025, 12, 20)


def figure(rule: str, unit: Organization, period: tuple[date, date] = YEAR) -> Counted:
    return count(rule, unit, *period)


def value(rule: str, unit: Organization, period: tuple[date, date] = YEAR) -> Decimal | None:
    return figure(rule, unit, period).value


def gaps(name: str, unit: Organization, on: date = ON) -> list[str]:
    return sorted(gap.title for gap in find(name, unit, on))


def listed(at: Organization, register: str, **data: Any) -> Entry:
    return PublishEntry(
        actor=None, organization=at, register=register, on=date(2025, 1, 2), data=sample(register, data)
    ).execute()


def opened(
    at: Organization, case_type: str, act: str, on: date, facts: Mapping[str, Any], **more: Any
) -> Case:
    given: dict[str, Any] = {"evidence": papers(case_type, act), **more}
    return OpenCase(
        actor=None, organization=at, case_type=case_type, act=act, on=on, facts=dict(facts), **given
    ).execute()


def sued(at: Organization, subject: str, on: date = date(2025, 3, 3), **facts: Any) -> Case:
    """A case of litigation with the copy of the complaint received."""
    return opened(at, "litigation", "receive_complaint", on, {"subject": subject, "role": "被告", **facts})


def answered(case: Case, on: date = date(2025, 3, 10)) -> Case:
    done(case, "answer", on)
    done(case, "submit_evidence", on)
    return case


def lost(case: Case) -> Case:
    """The judgment of 12 May is against the body and in effect on 28 May."""
    done(case, "first_judgment", date(2025, 5, 12), outcome="责令履行职责")
    done(case, "take_effect", date(2025, 5, 28), outcome="本机关败诉")
    return case


HEAD = {"instance": "一审", "head": "安一山", "post": "副职"}


@pytest.fixture
def heads(county: County) -> County:
    """The bureau for the market has one head who counts in court, in office until the end of June."""
    listed(
        county.market,
        "court_heads",
        name="安一山",
        unit=county.market.name,
        to="2025-06-30",
        **{"from": "2021-01-01"},
    )
    return county


# ---------------------------------------------------------------- D12: reconsideration, litigation, compensation


@pytest.mark.mechanism("D12-02", "works")
def test_every_case_has_its_national_number_or_is_listed(county: County) -> None:
    sued(county.market, "登记案", platform_number="平台一号")
    sued(county.market, "处罚案")
    opened(county.market, "reconsideration_response", "receive_copy", date(2025, 3, 3), {"subject": "罚款案"})
    opened(county.body, "reconsideration", "receive", date(2025, 3, 3), {"subject": "确权案"})
    assert gaps("litigations_not_reported", county.body) == ["处罚案"]
    assert gaps("reconsideration_responses_not_reported", county.body) == ["罚款案"]
    assert gaps("reconsiderations_not_reported", county.body) == ["确权案"]
    assert value("litigations_not_on_platform", county.body) == 1
    assert value("reconsiderations_not_on_platform", county.body) == 1


@pytest.mark.mechanism("D12-03", "works")
def test_the_answer_is_due_in_fifteen_days_and_what_is_unanswered_is_listed(county: County) -> None:
    viewer = county.user(Role.SUPERVISOR, county.body)
    silent, late = sued(county.market, "处罚案"), sued(county.housing, "拆除案")
    assert state_of(silent, date(2025, 3, 10)).clocks["answer"].due == date(2025, 3, 18)
    soon = due_within(viewer, date(2025, 3, 12), date(2025, 3, 18)).filter(clock="answer")
    assert {clock.case_id for clock in soon} == {silent.pk, late.pk}
    evidence = {"fields": {"items": 12, "documents": ["条例一"]}}
    done(late, "submit_evidence", date(2025, 3, 18), evidence=[], **evidence)
    assert {finding.kind for finding in findings_of(late, date(2025, 3, 18))} == {
        "evidence"
    }  # no list of evidence
    done(late, "answer", date(2025, 3, 19))
    assert gaps("litigations_unanswered", county.body) == ["处罚案"]
    assert gaps("litigations_answered_late", county.body) == ["处罚案", "拆除案"]
    assert {clock.case_id for clock in overdue(viewer, date(2025, 3, 19)).filter(clock="answer")} == {
        silent.pk
    }
    assert [finding.clock for finding in findings_of(late, ON) if finding.kind == "late"] == ["answer"]
    assert value("litigations_overdue_answers", county.body) == 2
    assert value("litigations_answered_on_time_rate", county.body) == 0


@pytest.mark.mechanism("D12-04", "works")
def test_the_rate_of_heads_in_court_has_its_base_and_its_posts(heads: County) -> None:
    one, two, three = (answered(sued(heads.market, name)) for name in ("登记案", "处罚案", "补偿案"))
    done(one, "hear_with_head", date(2025, 4, 15), fields=HEAD)
    hearing = {"fields": {"instance": "一审", "staff": "文二水"}}
    with pytest.raises(ActionRefused, match="书面说明"):
        done(two, "hear_without_head", date(2025, 4, 16), **hearing)
    excuse = {"ground": "需要履行他人不能代替的公务", "sealed": "加盖行政机关印章"}
    with pytest.raises(ActionRefused, match="具体理由"):
        done(two, "explain_absence", date(2025, 4, 14), fields=excuse)
    done(two, "explain_absence", date(2025, 4, 14), fields={**excuse, "reason": "主持防汛会商"})
    done(two, "hear_without_head", date(2025, 4, 16), **hearing)
    with pytest.raises(ActionRefused, match="安一山"):  # no longer in office
        done(three, "hear_with_head", date(2025, 7, 8), fields=HEAD)
    third = sued(heads.market, "第三人案", role="第三人")
    done(third, "hear_without_head", date(2025, 4, 20), **hearing)
    rate_of = figure("litigation_appearance_rate", heads.body)
    assert rate_of.value == 50
    assert rate_of.numerator is not None and rate_of.denominator is not None
    assert [record.title for record in rate_of.numerator.records] == ["登记案"]
    assert sorted(record.title for record in rate_of.denominator.records) == ["处罚案", "登记案"]
    assert gaps("litigations_heard_without_head", heads.body) == ["处罚案"]
    assert value("litigations_heard_by_chief", heads.body) == 0


@pytest.mark.mechanism("D12-05", "works")
def test_a_lost_case_is_followed_by_a_review_of_faults(county: County) -> None:
    case, won = lost(answered(sued(county.market, "登记案"))), answered(sued(county.market, "处罚案"))
    done(won, "first_judgment", date(2025, 5, 12), outcome="驳回诉讼请求")
    done(won, "take_effect", date(2025, 5, 28), outcome="本机关胜诉")
    assert gaps("lost_cases_without_fault_review", county.body) == ["登记案"]
    assert state_of(case, date(2025, 6, 2)).clocks["fault_review"].state == "running"
    opened(
        county.market,
        "enforcement_fault_review",
        "open",
        date(2025, 6, 3),
        {"subject": "登记案过错审查", "source": "行政诉讼", "litigation": "登记案"},
    )
    with pytest.raises(ActionRefused, match="只有败诉"):
        done(won, "open_fault_review", date(2025, 6, 3), fields={"review_case": "登记案过错审查"})
    with pytest.raises(ActionRefused, match="没有的审查"):
        done(case, "open_fault_review", date(2025, 6, 3), fields={"review_case": "没有的审查"})
    done(case, "open_fault_review", date(2025, 6, 3), fields={"review_case": "登记案过错审查"})
    assert gaps("lost_cases_without_fault_review", county.body) == []
    assert [value("litigations_lost", county.body), value("litigation_fault_reviews", county.body)] == [1, 1]


@pytest.mark.mechanism("D12-06", "works")
def test_a_judgment_is_performed_by_its_day_or_is_told_of_before_and_after(county: County) -> None:
    viewer = county.user(Role.SUPERVISOR, county.body)
    cases = [lost(answered(sued(county.market, name))) for name in ("登记案", "处罚案")]
    for case in cases:
        done(
            case,
            "set_performance",
            date(2025, 5, 29),
            fields={"what": "重新办理", "perform_by": "2025-06-30"},
        )
    assert gaps("judgments_to_perform", county.body) == ["处罚案", "登记案"]
    near = due_within(viewer, date(2025, 6, 24), date(2025, 6, 30)).filter(clock="performance")
    assert {clock.case_id for clock in near} == {case.pk for case in cases}
    done(cases[0], "perform", date(2025, 6, 27), evidence=[], fields={"paid": 3000})
    assert {finding.kind for finding in findings_of(cases[0], ON)} == {"evidence"}  # the proof is missing
    with pytest.raises(ActionRefused, match="履行完毕后"):
        done(cases[1], "close", date(2025, 6, 30))
    assert gaps("judgments_unperformed", county.body, date(2025, 6, 30)) == []
    assert gaps("judgments_unperformed", county.body, date(2025, 7, 1)) == ["处罚案"]
    assert value("litigation_compensation", county.body) == 3000


@pytest.mark.mechanism("D12-07", "works")
def test_reconsideration_and_litigation_are_counted_apart_in_each_role(county: County) -> None:
    sued(county.market, "被告案")
    sued(county.market, "第三人案", role="第三人")
    for subject in ("罚款案", "登记案"):
        facts = {"subject": subject, "respondent": "县市场监督管理局"}
        case = opened(county.body, "reconsideration", "receive", date(2025, 3, 3), facts)
        done(case, "accept", date(2025, 3, 6))
    opened(county.market, "reconsideration_response", "receive_copy", date(2025, 3, 6), {"subject": "罚款案"})
    apart = {
        rule: value(rule, county.body)
        for rule in (
            "reconsiderations_accepted",
            "reconsideration_responses_received",
            "litigations_as_defendant",
            "litigations_as_third_party",
        )
    }
    assert list(apart.values()) == [2, 1, 1, 1]
    assert figure("litigations_received", county.body).parts == {"被告": 1, "第三人": 1}
    assert figure("reconsiderations_by_respondent", county.body).parts == {"县市场监督管理局": 2}
    assert figure("reconsiderations_accepted", county.towns[0]).status == "no_power"


@pytest.mark.mechanism("D12-08", "works")
def test_compensation_goes_from_claim_to_payment_out_of_a_budget_line(county: County) -> None:
    case = opened(county.market, "state_compensation", "claim", date(2025, 3, 3), {"subject": "扣押受损"})
    done(case, "decide", date(2025, 4, 28), outcome="予以赔偿", fields={"amount": 8000})
    with pytest.raises(ActionRefused, match="支付申请"):
        done(case, "pay", date(2025, 4, 29), fields={"amount": 8000, "budget_line": "赔偿科目"})
    done(case, "deliver", date(2025, 4, 30))
    done(case, "apply_payment", date(2025, 5, 14))
    done(case, "apply_to_finance", date(2025, 5, 19))
    assert gaps("compensation_unpaid", county.body) == ["扣押受损"]
    with pytest.raises(ActionRefused, match="预算科目"):
        done(case, "pay", date(2025, 5, 30), fields={"amount": 8000})
    done(case, "pay", date(2025, 5, 30), fields={"amount": 8000, "budget_line": "赔偿科目"})
    done(case, "close", date(2025, 6, 3))
    assert value("compensation_paid", county.body) == 8000
    assert gaps("compensation_unpaid", county.body) == []
    assert case.acts.get(act="pay").fields["budget_line"] == "赔偿科目"


@pytest.mark.mechanism("D12-09", "works")
def test_a_towns_decision_is_not_issued_without_its_remedies(county: County) -> None:
    town = county.towns[0]
    facts = {"subject": "林地争议", "kind": "土地山林权属争议", "reconsideration_first": True}
    case = opened(town, "administrative_decision", "file", date(2025, 4, 7), facts)
    done(case, "investigate", date(2025, 4, 21))
    done(case, "hear_parties", date(2025, 5, 6))
    told = {
        "content": "归集体所有",
        "review_body": "县人民政府",
        "review_days": 60,
        "court": "县人民法院",
        "suit_period": "六个月",
    }
    for missing, title in (
        ("review_body", "行政复议机关"),
        ("review_days", "申请复议期限"),
        ("court", "起诉法院"),
        ("suit_period", "起诉期限"),
    ):
        with pytest.raises(ActionRefused, match=title):
            fields = {name: what for name, what in told.items() if name != missing}
            done(case, "decide", date(2025, 5, 20), fields=fields)
    with pytest.raises(ActionRefused, match="60"):
        done(case, "decide", date(2025, 5, 20), fields=told | {"review_days": 30})
    done(case, "decide", date(2025, 5, 20), fields=told)
    with pytest.raises(ActionRefused, match="先申请行政复议"):
        done(case, "deliver", date(2025, 5, 21))
    done(case, "tell_reconsideration_first", date(2025, 5, 21))
    done(case, "deliver", date(2025, 5, 22))
    assert state_of(case, date(2025, 5, 23)).clocks["reconsideration"].due == date(2025, 7, 21)
    assert value("administrative_decisions_made", town) == 1
    assert figure("reconsiderations_received", town).status == "no_power"


# ---------------------------------------------------------------- D13: petitions


def petition(at: Organization, subject: str, on: date = date(2025, 3, 3), **facts: Any) -> Case:
    return opened(at, "petition", "register", on, {"subject": subject, "kind": "申诉求决", **facts})


def replied(case: Case) -> Case:
    done(case, "notify", date(2025, 3, 6))
    done(case, "accept", date(2025, 3, 6))
    done(case, "investigate", date(2025, 3, 20))
    done(case, "decide", date(2025, 4, 8), outcome="支持")
    done(case, "reply", date(2025, 4, 10))
    return case


@pytest.mark.mechanism("D13-01", "works")
def test_the_way_of_a_petition_ends_in_its_file_and_counts_three_states(county: County) -> None:
    """Limits of time are shown in test_chain_mechanisms; here the last step and the three states."""
    case, other = replied(petition(county.justice, "道路积水")), petition(county.justice, "噪声扰民")
    done(other, "accept", date(2025, 3, 6))
    done(other, "settle", date(2025, 3, 28), outcome="调解")
    assert gaps("petitions_not_archived", county.body) == ["噪声扰民", "道路积水"]
    done(case, "archive", date(2025, 4, 20))
    assert gaps("petitions_not_archived", county.body) == ["噪声扰民"]
    states = [
        value(f"petitions_{state}", county.body) for state in ("accepted", "concluded", "settled", "archived")
    ]
    assert states == [2, 2, 1, 1]
    assert value("petitions_settlement_rate", county.body) == 50


@pytest.mark.mechanism("D13-02", "works")
def test_the_six_systems_each_leave_a_dated_record_and_a_missing_notice_is_listed(county: County) -> None:
    case = petition(county.justice, "群体欠薪", grave=True, received_by="信访部门", respondent="某建筑公司")
    petition(county.justice, "道路积水")
    assert gaps("grave_petitions_not_reported", county.body) == ["群体欠薪"]
    assert gaps("grave_petitions_not_circulated", county.body) == ["群体欠薪"]
    done(case, "report_grave", date(2025, 3, 3), fields={"to": "县委、县政府"})
    done(case, "circulate", date(2025, 3, 3), fields={"to": "县人力资源和社会保障局"})
    done(case, "handle_emergency", date(2025, 3, 4), fields={"measures": "现场接访"})
    done(case, "transfer", date(2025, 3, 5), outcome="交办本地机关单位")
    done(case, "receive_transfer", date(2025, 3, 6))
    done(case, "notify", date(2025, 3, 10))
    dated = {act.act: act.happened_on.day for act in case.acts.all()}
    assert dated == {
        "register": 3,
        "report_grave": 3,
        "circulate": 3,
        "handle_emergency": 4,
        "transfer": 5,
        "receive_transfer": 6,
        "notify": 10,
    }
    for rule in (
        "registered",
        "notified",
        "transferred",
        "circulated",
        "reported_grave",
        "emergency_handled",
    ):
        assert value(f"petitions_{rule}", county.body) == (2 if rule == "registered" else 1), rule
    assert gaps("grave_petitions_not_reported", county.body) == []
    assert gaps("petitions_without_notice", county.body, date(2025, 3, 18)) == []
    assert gaps("petitions_without_notice", county.body, date(2025, 3, 19)) == ["道路积水"]
    with pytest.raises(ActionRefused, match="重大、紧急"):
        done(petition(county.justice, "路灯不亮"), "circulate", date(2025, 3, 4), fields={"to": "县城管局"})
    assert figure("petitions_by_respondent", county.body).parts == {"某建筑公司": 1}


@pytest.mark.mechanism("D13-03", "works")
def test_a_petitioner_sees_the_state_and_rates_the_answer_by_the_number(county: County) -> None:
    case = petition(county.justice, "道路积水", petitioner="安一山")
    assert find_by_receipt(case.number, code_of(case).lower()) == case
    assert find_by_receipt(case.number.replace("〔", "[").replace("〕", "]"), f" {code_of(case)} ") == case
    seen = standing(case, date(2025, 3, 5))
    assert (seen.status, seen.opened, seen.due) == ("已登记", date(2025, 3, 3), date(2025, 3, 18))
    assert "安一山" not in repr(seen) and seen.ratings == ()
    with pytest.raises(ActionRefused, match="答复后才能评价"):
        rate(case, "满意", date(2025, 3, 5))
    replied(case)
    seen = standing(case, date(2025, 4, 11))
    assert seen.steps[-1].title == "书面答复信访人"
    assert "听取陈述、调查核实" not in [step.title for step in seen.steps]
    assert seen.ratings == ("满意", "基本满意", "不满意")
    rate(case, "不满意", date(2025, 4, 12), "仍有积水")
    seen = standing(case, date(2025, 4, 12))
    assert (seen.rated, seen.ratings) == ("不满意", ())
    for number, code in ((case.number, "AAAAAAAA"), ("不存在的编号", code_of(case)), ("", "")):
        with pytest.raises(ActionRefused, match="没有查到"):
            find_by_receipt(number, code)
    assert figure("petitions_rated", county.body).parts == {"不满意": 1}
    assert value("petitions_satisfaction_rate", county.body) == 0


# ---------------------------------------------------------------- D13: mediation and disputes

STANDARDS = [
    *(f"have_{what}" for what in ("plate", "seal", "room", "files", "ledger")),
    *(f"done_{what}" for what in ("organization", "members", "rules", "work", "place", "funds")),
    *(f"same_{what}" for what in ("name", "seal", "sign", "procedure", "rules", "papers")),
]
PROOFS = {"have_proof": "照片三张", "done_proof": "经费文件", "same_proof": "文书样本"}


@pytest.mark.mechanism("D13-04", "works")
def test_committees_have_a_checklist_with_proof_mediators_and_cases(county: County) -> None:
    town = county.towns[0]
    met = dict.fromkeys(STANDARDS, True)
    full = {"members": 5, "told_court_on": "2025-01-10", **met, **PROOFS}
    listed(town, "mediation_committees", name="柳湾村调委会", village="柳湾村", **full)
    listed(
        town, "mediation_committees", name="上垌村调委会", village="上垌村", **{**full, "done_funds": False}
    )
    listed(town, "mediation_committees", name="白埠村调委会", village="白埠村", **{**full, "same_proof": ""})
    listed(town, "mediation_committees", name="竹迳村调委会", village="竹迳村", members=3)
    for village in ("柳湾村", "上垌村", "白埠村", "竹迳村", "南渚村"):
        listed(town, "villages", name=village, town=town.name)
    with pytest.raises(ActionRefused, match="委员人数"):
        listed(town, "mediation_committees", name="石桥口村调委会", members=2)
    assert gaps("committees_below_standard", county.body) == ["上垌村调委会", "白埠村调委会", "竹迳村调委会"]
    assert value("mediation_committees_up_to_standard", county.body) == 1
    assert gaps("villages_without_committee", county.body) == ["南渚村"]
    assert gaps("committees_not_told_to_court", county.body) == ["竹迳村调委会"]
    listed(town, "mediators", code="T1", name="安一山", committee="柳湾村调委会", kind="聘任", full_time=True)
    assert "柳湾村调委会" not in gaps("committees_without_mediators", county.body)
    assert [value("mediators_in_office", county.body), value("mediators_full_time", county.body)] == [1, 1]
    facts = {"subject": "排水纠纷", "kind": "邻里", "committee": "柳湾村调委会"}
    case = opened(town, "mediation", "apply", date(2025, 3, 3), facts)
    done(case, "accept", date(2025, 3, 4), fields={"mediators": ["安一山"]})
    done(case, "mediate", date(2025, 3, 11))
    done(case, "agree_orally", date(2025, 3, 12), fields={"amount": 500})
    assert gaps("mediations_not_followed_up", county.body) == ["排水纠纷"]
    assert [value("mediations_accepted", county.body), value("mediations_succeeded", county.body)] == [1, 1]
    assert figure("mediations_succeeded", county.body).parts == {"达成口头协议": 1}


def disputed(at: Organization, subject: str, round_: str, on: date = date(2025, 3, 3)) -> Case:
    return opened(at, "dispute", "register", on, {"subject": subject, "kind": "邻里", "round": round_})


@pytest.mark.mechanism("D13-05", "works")
def test_a_round_lists_disputes_with_level_owner_and_result_and_carries_the_rest_over(county: County) -> None:
    for name, first, last in (("第一轮", "2025-03-01", "2025-05-31"), ("第二轮", "2025-06-01", "2025-08-31")):
        listed(county.body, "dispute_rounds", name=name, to=last, **{"from": first})
    town = county.towns[0]
    solved, open_, lost_sight = (
        disputed(town, name, "第一轮") for name in ("水渠纠纷", "界址纠纷", "通行纠纷")
    )
    assert gaps("disputes_without_owner", county.body) == ["水渠纠纷", "界址纠纷", "通行纠纷"]
    with pytest.raises(ActionRefused, match="包案责任人"):
        done(solved, "assess", date(2025, 3, 4), fields={"level": "中"})
    for case in (solved, open_):
        done(case, "assess", date(2025, 3, 4), fields={"level": "中", "owner": "安一山"})
    done(solved, "resolve", date(2025, 3, 20), outcome="调解成功")
    assert gaps("disputes_without_result", county.body) == ["界址纠纷", "通行纠纷"]
    assert gaps("disputes_not_carried_over", county.body, date(2025, 5, 31)) == []
    done(open_, "carry_over", date(2025, 6, 2), fields={"round": "第二轮", "reason": "等待测绘"})
    assert gaps("disputes_not_carried_over", county.body, date(2025, 6, 3)) == [lost_sight.title]
    later = gaps("disputes_not_carried_over", county.body, date(2025, 9, 1))
    assert later == ["界址纠纷", "通行纠纷"]  # the second round is over too
    assert figure("disputes_by_round", county.body).parts == {"第一轮": 3}
    results = [
        value(f"disputes_{rule}", county.body) for rule in ("found", "resolved", "carried_over", "open")
    ]
    assert results == [3, 1, 1, 2]


@pytest.mark.mechanism("D13-06", "works")
def test_a_dispute_goes_from_body_to_body_in_one_record_and_comes_back_only_with_a_reason(
    county: County,
) -> None:
    case = disputed(county.towns[0], "欠薪纠纷", "")
    done(case, "assess", date(2025, 3, 4), fields={"level": "高", "owner": "安一山"})
    done(case, "hand_over", date(2025, 3, 5), fields={"to": "派出所", "to_kind": "派出所"})
    assert gaps("handovers_unanswered", county.body) == ["欠薪纠纷"]
    with pytest.raises(ActionRefused, match="先接收或者说明理由退回"):
        done(case, "resolve", date(2025, 3, 6), outcome="自行和解")
    with pytest.raises(ActionRefused, match="退回理由"):
        done(case, "give_back", date(2025, 3, 6), fields={"by_unit": "派出所"})
    done(
        case,
        "give_back",
        date(2025, 3, 6),
        fields={"by_unit": "派出所", "reason": "属于劳动监察职责"},
    )
    done(case, "hand_over", date(2025, 3, 7), fields={"to": "司法所", "to_kind": "司法所"})
    done(case, "take", date(2025, 3, 10), fields={"by_unit": "司法所"})
    done(case, "consult", date(2025, 3, 12), fields={"units": ["司法所", "派出所", "人民法庭"]})
    done(case, "resolve", date(2025, 3, 20), outcome="调解成功")
    assert gaps("handovers_unanswered", county.body) == []
    acts = [(act.act, act.fields.get("to") or act.fields.get("by_unit")) for act in case.acts.all()]
    assert [step for step in acts if step[1]] == [
        ("hand_over", "派出所"),
        ("give_back", "派出所"),
        ("hand_over", "司法所"),
        ("take", "司法所"),
    ]
    assert [value("disputes_handed_over", county.body), value("dispute_consultations", county.body)] == [2, 1]


@pytest.mark.mechanism("D13-06", "works")
def test_the_unit_a_dispute_was_handed_to_sees_it_and_answers_itself_and_nobody_else_does(
    county: County,
) -> None:
    """In lists, search, waiting work and on the page; until it gives it back, or the handing over is withdrawn."""
    receiver, other = county.market, county.towns[1]
    clerk, stranger = county.user(Role.OFFICER, receiver), county.user(Role.OFFICER, other)
    reader = county.user(Role.AUDITOR, receiver)
    case = disputed(county.towns[0], "欠薪纠纷", "")
    unrelated = disputed(county.towns[0], "欠薪邻里纠纷", "")
    done(case, "assess", date(2025, 3, 4), fields={"level": "高", "owner": "安一山"})
    assert not sees(clerk, case)

    done(case, "hand_over", date(2025, 3, 5), fields={"to": receiver.name})
    assert sees(clerk, case) and not sees(stranger, case) and not sees(clerk, unrelated)
    assert [turn.act for turn in turns(clerk, receiver)] == ["take"] and turns(stranger, other) == ()
    with pytest.raises(ActionRefused, match="权限"):
        done(case, "take", date(2025, 3, 6), fields={"by_unit": other.name}, actor=stranger)
    with pytest.raises(ActionRefused, match="权限"):
        done(case, "take", date(2025, 3, 6), fields={"by_unit": receiver.name}, actor=reader)
    with pytest.raises(ActionRefused, match="权限"):  # what the catalogue leaves to the unit whose case it is
        done(case, "assess", date(2025, 3, 6), fields={"level": "低", "owner": "安一山"}, actor=clerk)

    done(case, "take", date(2025, 3, 6), fields={"by_unit": receiver.name}, actor=clerk)
    assert case.acts.get(act="take").unit == receiver and turns(clerk, receiver) == ()
    with pytest.raises(ActionRefused, match="权限"):  # the clerk mends what the own unit recorded, no more
        CorrectAct(
            actor=clerk, case=case, position=2, reason="笔误", changes={"fields": {"level": "中"}}
        ).execute()
    CorrectAct(actor=clerk, case=case, position=4, reason="笔误", changes={"on": "2025-03-07"}).execute()
    done(
        case,
        "give_back",
        date(2025, 3, 8),
        fields={"by_unit": receiver.name, "reason": "不归我局"},
        actor=clerk,
    )
    assert not sees(clerk, case)

    done(case, "hand_over", date(2025, 3, 10), fields={"to": receiver.short_name or receiver.name})
    assert sees(clerk, case)
    CorrectAct(actor=None, case=case, position=7, reason="移交错了单位", withdraws=True).execute()
    assert not sees(clerk, case)

    RenameOrganization(actor=None, organization=receiver, name="示例监管局", on=date(2025, 6, 1)).execute()
    done(case, "hand_over", date(2025, 3, 11), fields={"to": county.market.name})  # as it was called then
    assert sees(clerk, case)
    before = list(Handover.objects.order_by("pk").values("case", "unit", "act", "waiting"))
    assert verify().faults == ()
    Handover.objects.all().delete()
    assert any("移交的单位" in fault.message for fault in verify().faults)
    rebuild()
    assert list(Handover.objects.order_by("pk").values("case", "unit", "act", "waiting")) == before
    Handover.objects.all().delete()
    assert fill() == len(before) and sees(clerk, case)  # as the migration makes them


def test_of_a_unit_with_many_cases_those_handed_to_it_are_a_list_of_their_own(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoping, "MANY", 0)
    clerk, stranger = county.user(Role.OFFICER, county.market), county.user(Role.OFFICER, county.towns[1])
    case, own = disputed(county.towns[0], "欠薪纠纷", ""), disputed(county.market, "欠薪邻里纠纷", "")
    done(case, "assess", date(2025, 3, 4), fields={"level": "高", "owner": "安一山"})
    done(case, "hand_over", date(2025, 3, 5), fields={"to": county.market.name})
    found = {
        (user, handed, text): list(cases(user, CaseFilter(text=text, handed=handed), date(2025, 4, 1)))
        for user in (clerk, stranger)
        for handed in (False, True)
        for text in ("", "欠薪", "没有这个词")
    }
    assert {key: those for key, those in found.items() if those} == {
        (clerk, False, ""): [own],
        (clerk, False, "欠薪"): [own],
        (clerk, True, ""): [case],
        (clerk, True, "欠薪"): [case],
    }
    assert case in Case.objects.for_user(clerk) and case not in Case.objects.for_user(stranger)
    assert [turn.case for turn in turns(clerk, county.market) if turn.act == "take"] == [case]


def test_the_list_of_cases_handed_over_in_every_order_says_when_it_looks_through_some_only(
    county: County, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoping, "MANY", 0)
    clerk, names = county.user(Role.OFFICER, county.market), ("丙纠纷", "甲纠纷", "乙纠纷")
    client.force_login(clerk)
    for day, title in enumerate(names, start=3):
        case = disputed(county.towns[0], title, "", date(2025, 3, day))
        done(case, "assess", date(2025, 3, day + 1), fields={"level": "高", "owner": "安一山"})
        done(case, "hand_over", date(2025, 3, day + 2), fields={"to": county.market.name})
    disputed(county.market, "自己的纠纷", "")

    def shown(more: str) -> tuple[list[str], bool]:
        answer = client.get(f"/cases/?state=handed{more}")
        return [case.title for case in answer.context["page"]], "转来的事项很多" in answer.content.decode()

    assert Handover.objects.count() == len(names)
    for sorting, wanted in {
        "": names[::-1], "&sort=opened": names, "&sort=-opened": names[::-1], "&q=纠纷": names[::-1], "&q=甲纠": names[1:2],
        "&type=dispute&sort=title": sorted(names), "&type=petition": (), "&from=2025-03-04&to=2025-03-04": names[1:2],
    }.items():  # fmt: skip
        assert shown(sorting) == (list(wanted), False), sorting
    monkeypatch.setattr(listing, "MANY", 1)
    assert shown("&sort=title") == (["乙纠纷"], True) and shown("") == (list(names[::-1]), False)
    CorrectAct(
        actor=None,
        case=Case.objects.get(title=names[0]),
        position=1,
        reason="日期错了",
        changes={"on": "2025-03-09"},
    ).execute()
    assert shown("")[0] == [names[0], *names[:0:-1]]
    assert verify().faults == ()
    for sorting in (
        "",
        "&sort=opened",
        "&sort=-opened",
    ):  # from the table of what is handed over, by its own days alone
        with CaptureQueriesContext(connection) as asked:
            shown(sorting)
        both = [
            one["sql"] for one in asked if "handover" in one["sql"] and 'FROM "ledger_case" ' in one["sql"]
        ]
        assert not both, both


def sees(user: User, case: Case) -> bool:
    """In the list, by words and among the deadlines alike."""
    today, named = date(2025, 4, 1), CaseFilter(text=case.title)
    looked = looked_for(user, named)
    listed_ = [
        case in Case.objects.for_user(user),
        case in cases(user, named, today, looked),
        case in newest(user, named, today, looked, 10),
    ]
    assert len(set(listed_)) == 1
    return listed_[0]


def turns(user: User, unit: Organization) -> Sequence[Turn]:
    """What waits for an account that sits in a unit."""
    return CaseTurns(User.objects.get(pk=user.pk), [unit.pk], date(2025, 4, 1), 10).turns().found


@pytest.mark.mechanism("D13-07", "works")
def test_the_notice_of_mediation_is_a_paper_with_an_outcome(county: County) -> None:
    told = {"fields": {"notice_number": "告一号", "told": "安一山"}}
    facts = {"subject": "工程款纠纷", "kind": "工程建设"}
    with pytest.raises(ActionRefused, match="告知书编号"):
        opened(county.housing, "administrative_mediation", "notify", date(2025, 3, 3), facts)
    case = opened(county.housing, "administrative_mediation", "notify", date(2025, 3, 3), facts, **told)
    other = opened(
        county.housing,
        "administrative_mediation",
        "notify",
        date(2025, 3, 3),
        {"subject": "噪声纠纷"},
        **told,
    )
    assert gaps("mediation_notices_without_outcome", county.body) == ["噪声纠纷", "工程款纠纷"]
    done(case, "respond", date(2025, 3, 10), outcome="申请行政调解")
    done(other, "respond", date(2025, 3, 10), outcome="选择人民调解")
    assert gaps("mediation_notices_without_outcome", county.body) == []
    assert figure("administrative_mediation_responses", county.body).parts == {
        "申请行政调解": 1,
        "选择人民调解": 1,
    }
    done(case, "apply", date(2025, 3, 10))
    done(case, "accept", date(2025, 3, 12))
    done(case, "mediate", date(2025, 3, 20))
    done(case, "agree", date(2025, 3, 27), fields={"amount": 12000})
    assert value("administrative_mediations_succeeded", county.body) == 1


# ---------------------------------------------------------------- D13: legal services


# The page on which somebody outside does it: tests/workbench/test_portal.py.
@pytest.mark.mechanism("D13-08", "works")
def test_the_questions_of_a_template_become_a_document_on_file(county: County) -> None:
    text = "原告【姓名】请求判令被告支付工资【欠薪数额】元。【姓名】"
    template = listed(
        county.justice,
        "document_templates",
        name="起诉状（劳动报酬）",
        questions=["姓名", "欠薪数额"],
        text=text,
    )
    assert questions(template) == ("姓名", "欠薪数额")
    with pytest.raises(ActionRefused, match="请先回答欠薪数额"):
        write(template, {"姓名": "安一山", "欠薪数额": " "})
    document = write(template, {"姓名": "安一山", "欠薪数额": "3000"})
    assert document == "原告安一山请求判令被告支付工资3000元。安一山"
    stored = StoreAttachment(actor=None, content=document.encode(), name="起诉状.txt").execute()
    case = opened(
        county.justice,
        "legal_service",
        "make_document",
        date(2025, 3, 3),
        {"subject": "追索工资", "channel": "自助机", "template": template.key},
        evidence=[{"title": "起诉状", "attachment": stored.sha256}],
    )
    assert case.acts.get().evidence == [{"title": "起诉状", "attachment": stored.sha256}]
    empty = listed(county.justice, "document_templates", name="空白模板")
    with pytest.raises(ActionRefused, match="没有内容"):
        write(empty, {})


@pytest.mark.mechanism("D13-08", "works")
def test_uses_are_counted_by_template_and_templates_have_versions(county: County) -> None:
    entry = listed(
        county.justice,
        "document_templates",
        name="起诉状（劳动报酬）",
        version="第一版",
        questions=["姓名", "欠薪数额"],
    )
    listed(county.justice, "document_templates", name="离婚协议", version="第一版", to="2025-03-31")
    for template in ("起诉状（劳动报酬）", "起诉状（劳动报酬）", "离婚协议"):
        opened(
            county.justice,
            "legal_service",
            "make_document",
            date(2025, 3, 3),
            {"subject": template, "channel": "自助机", "template": template},
            fields={"answers": "安一山；三千元"},
        )
    with pytest.raises(ActionRefused, match="离婚协议"):
        opened(
            county.justice,
            "legal_service",
            "make_document",
            date(2025, 4, 1),
            {"subject": "协议", "channel": "自助机", "template": "离婚协议"},
        )
    ReviseEntry(
        actor=None,
        entry=entry,
        data=entry.data | {"version": "第二版"},
        on=date(2025, 5, 6),
        reason="格式更新",
    ).execute()
    assert figure("legal_documents_by_template", county.body).parts == {
        "起诉状（劳动报酬）": 2,
        "离婚协议": 1,
    }
    assert value("legal_documents_made", county.body) == 3
    assert value("document_templates_in_use", county.body) == 1
    entry.refresh_from_db()
    assert (entry.data["version"], entry.versions.count()) == ("第二版", 2)


@pytest.mark.mechanism("D13-09", "works")
def test_legal_aid_is_checked_assigned_and_has_a_result(county: County) -> None:
    facts = {"subject": "追索工资", "matter": "支付劳动报酬", "means": "免予核查", "migrant_worker": True}
    case = opened(county.justice, "legal_aid", "apply", date(2025, 3, 3), facts)
    poor = opened(
        county.justice,
        "legal_aid",
        "apply",
        date(2025, 3, 3),
        {"subject": "赡养费", "matter": "赡养抚养扶养"},
    )
    with pytest.raises(ActionRefused, match="核查经济困难"):
        done(poor, "decide", date(2025, 3, 5), outcome="给予")
    done(poor, "check_means", date(2025, 3, 5), outcome="不符合")
    done(poor, "decide", date(2025, 3, 6), outcome="不予")
    done(case, "decide", date(2025, 3, 6), outcome="给予")
    assert state_of(case, date(2025, 3, 7)).clocks["assignment"].due == date(2025, 3, 9)
    assert gaps("legal_aid_not_assigned", county.body) == ["追索工资"]
    done(case, "assign", date(2025, 3, 7), fields={"lawyer": "文二水"})
    done(case, "report", date(2025, 6, 10), outcome="全部支持", fields={"recovered": 20000})
    assert gaps("legal_aid_not_assigned", county.body) == []
    figures = [
        value(f"legal_aid_{rule}", county.body)
        for rule in ("assigned", "wages", "refused", "closed", "recovered")
    ]
    assert figures == [1, 1, 1, 1, 20000]
    assert figure("legal_aid_assigned", county.towns[0]).status == "no_power"


@pytest.mark.mechanism("D13-10", "works")
def test_village_advisers_cover_the_villages_and_log_their_visits(county: County) -> None:
    town = county.towns[0]
    for village in ("柳湾村", "上垌村", "白埠村"):
        listed(town, "villages", name=village, town=town.name)
    listed(
        town,
        "village_advisers",
        code="X1",
        name="安一山",
        villages=["柳湾村", "上垌村"],
        to="2025-12-31",
        **{"from": "2025-01-01"},
    )
    assert gaps("villages_without_adviser", county.body) == ["白埠村"]
    assert gaps("villages_without_adviser", county.body, date(2026, 1, 1)) == ["上垌村", "柳湾村", "白埠村"]
    listed(
        town, "adviser_visits", code="V1", village="柳湾村", visited="2025-05-06", people=12, kind="法律咨询"
    )
    assert gaps("villages_without_visit", county.body) == ["上垌村", "白埠村"]
    assert figure("adviser_visits_made", county.body).parts == {"法律咨询": 1}
    assert value("village_advisers_serving", county.body) == 1


@pytest.mark.mechanism("D13-11", "works")
def test_a_survey_keeps_each_questions_score_and_the_report_quotes_its_source(county: County) -> None:
    for number, (topic, score) in enumerate((("公众安全感", 98), ("平安建设知晓率", 90), ("交警工作", 89.5))):
        listed(
            county.body,
            "surveys",
            code=f"S{number}",
            name=f"市委政法委三季度测评·{topic}",
            survey="三季度测评",
            issuer="市委政法委",
            published="2025-10-15",
            topic=topic,
            score=score,
            source="政法通报一号",
            **({"sample": 800} if topic == "公众安全感" else {}),
        )
    with pytest.raises(ActionRefused, match="来源文件"):
        listed(county.body, "surveys", code="S9", topic="公众安全感", score=99, source="")
    safety = figure("survey_safety", county.body)
    assert [safety.value, value("survey_traffic_police", county.body)] == [98, Decimal("89.5")]
    assert [record.title for record in safety.records] == ["市委政法委三季度测评·公众安全感"]
    report = BuildReport(actor=None, organization=county.body, year=2025).execute()
    stored = report.figures.get(rule="survey_safety")
    assert stored.value == 98 and "市委政法委三季度测评·公众安全感" in [
        record.title for record in stored.records
    ]
    said = "".join(section.text for section in report.sections.all())
    assert "公众安全感{survey_safety}，测评样本{survey_safety_sample}。" in said
    assert "平安建设知晓率{survey_peace_known}。" in said


# ---------------------------------------------------------------- D13: emergencies


@pytest.mark.mechanism("D13-12", "works")
def test_plans_have_versions_and_review_days_and_drills_find_problems(county: County) -> None:
    town = county.towns[0]
    plan = listed(
        town,
        "emergency_plans",
        name="工贸企业事故预案",
        kind="生产安全事故预案",
        version="2022年版",
        issued="2022-06-01",
        review_on="2025-06-01",
    )
    ReviseEntry(
        actor=None,
        entry=plan,
        data=plan.data | {"version": "2025年版", "review_on": "2028-06-01"},
        on=date(2025, 6, 3),
        reason="演练后修订",
    ).execute()
    assert plan.versions.count() == 2
    plan.refresh_from_db()
    assert gaps("emergency_plans_unfiled", county.body) == ["工贸企业事故预案"]
    ReviseEntry(
        actor=None,
        entry=plan,
        data=plan.data | {"filed_on": "2025-06-20"},
        on=date(2025, 6, 20),
        reason="备案",
    ).execute()
    assert gaps("emergency_plans_unfiled", county.body) == []
    made = opened(
        town,
        "emergency_plan",
        "draft",
        date(2025, 3, 3),
        {"name": "工贸企业事故预案", "kind": "生产安全事故预案", "reason": "定期修订"},
    )
    done(made, "hear_opinions", date(2025, 4, 7))
    done(made, "approve", date(2025, 5, 28), outcome="通过", role="leader")
    done(made, "issue", date(2025, 6, 3), fields={"review_on": "2026-06-03"})
    assert gaps("emergency_plans_to_review", county.body, date(2026, 6, 3)) == []
    assert gaps("emergency_plans_to_review", county.body, date(2026, 6, 4)) == ["工贸企业事故预案"]
    assert gaps("safety_plans_without_drill", county.body) == ["工贸企业事故预案"]
    facts = {
        "name": "火灾演练",
        "kind": "生产安全事故预案",
        "organizer": "乡镇（街道）",
        "plan": "工贸企业事故预案",
        "last_drill": "2023-06-12",
    }
    drill = opened(town, "emergency_drill", "hold", date(2025, 6, 10), facts, fields={"people": 60})
    assert state_of(drill, date(2025, 6, 10)).clocks["interval_safety"].due == date(2025, 6, 12)
    assert gaps("safety_plans_without_drill", county.body) == []
    assert gaps("safety_plans_without_drill", county.body, date(2027, 6, 11)) == ["工贸企业事故预案"]
    done(drill, "evaluate", date(2025, 6, 12), fields={"problems": 2, "found": ["集合慢", "器材不足"]})
    assert gaps("drill_problems_unmended", county.body) == ["火灾演练"]
    with pytest.raises(ActionRefused, match="整改或者修订"):
        done(drill, "close", date(2025, 6, 13))
    done(drill, "rectify", date(2025, 6, 20), fields={"mended": 2})
    done(drill, "close", date(2025, 6, 23))
    assert gaps("drill_problems_unmended", county.body) == []
    figures = [
        value(f"emergency_{rule}", county.body)
        for rule in ("drills", "drill_problems", "drill_problems_mended", "plans_in_force")
    ]
    assert figures == [1, 2, 2, 1]


@pytest.mark.mechanism("D13-13", "works")
def test_an_emergency_order_has_basis_scope_and_last_day_and_is_over_by_itself(county: County) -> None:
    case = opened(
        county.body,
        "emergency_order",
        "propose",
        date(2025, 7, 4),
        {"name": "交通管制决定", "event": "自然灾害"},
    )
    said: dict[str, Any] = {
        "law": "突发事件应对法",
        "article": "第七十三条",
        "scope": "沿河路段",
        "measures": ["封闭道路"],
        "from": "2025-07-07",
        "until": "2025-07-31",
    }
    for missing, title in (("law", "法律依据"), ("scope", "适用范围"), ("until", "截止日")):
        with pytest.raises(ActionRefused, match=title):
            done(case, "issue", date(2025, 7, 7), fields={k: v for k, v in said.items() if k != missing})
    done(case, "issue", date(2025, 7, 7), fields=said)
    entry = {name: said[name] for name in ("law", "article", "scope", "from", "until")}
    listed(county.body, "emergency_orders", code="澜政应急一号", name="交通管制决定", **entry)
    in_force = [
        value("emergency_orders_in_force", county.body, (date(2025, 7, 1), day))
        for day in (date(2025, 7, 31), date(2025, 8, 1))
    ]
    assert in_force == [1, 0]  # nobody has done anything
    assert value("emergency_orders_expired", county.body) == 1
    assert gaps("emergency_orders_not_filed", county.body) == ["交通管制决定"]
    assert gaps("emergency_orders_not_assessed", county.body) == ["交通管制决定"]
    with pytest.raises(ActionRefused, match="评估"):
        done(case, "extend", date(2025, 7, 30), fields={"until": "2025-08-15"})
    done(case, "file", date(2025, 7, 10))
    done(case, "assess", date(2025, 7, 21), outcome="建议解除")
    with pytest.raises(ActionRefused, match="2025年8月1日"):
        done(case, "expire", date(2025, 7, 31))
    done(case, "expire", date(2025, 8, 1))
    assert gaps("emergency_orders_not_filed", county.body) == []
    assert figure("emergency_orders_issued", county.towns[0]).status == "no_power"
