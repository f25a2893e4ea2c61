"""Mechanisms of enforcement (D9), walked through the ledger's actions as an officer would.

"works" stands only where every clause of the row is shown here or in a test it names; at "partly" the comment says
what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.county import County
from tests.ledger.registers import sample
from tests.scenarios.acting import findings_of, list_entry, play
from tests.scenarios.entering import ON, done, figure, gaps, papers
from yifa.law.loader import catalogue
from yifa.ledger.actions import (
    ActionRefused,
    CorrectAct,
    CreatePost,
    HoldPost,
    OpenCase,
    PublishEntry,
    ReviseEntry,
    StoreAttachment,
)
from yifa.ledger.deciding.cases import advice_of
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Case, Entry, Organization

pytestmark = pytest.mark.django_db
PENALTY = "administrative_penalty"


def published(at: Organization, register: str, **data: Any) -> Entry:
    return PublishEntry(
        actor=None, organization=at, register=register, on=date(2020, 1, 2), data=sample(register, data)
    ).execute()


@pytest.fixture
def market(county: County) -> Organization:
    """The bureau for the market, listed as a body, with three officers."""
    for unit in (county.market, county.housing):
        list_entry("enforcement_bodies", unit.name, unit, {"kind": "法定行政机关"})
    for card in ("Z001", "Z002"):
        list_entry("enforcement_officers", card, county.market, {"unit": county.market.name})
    old = {"valid_from": "2019-01-01", "valid_to": "2024-03-31", "unit": county.market.name}
    list_entry("enforcement_officers", "Z003", county.market, old)
    return county.market


CARDS = {"officers": ["Z001", "Z002"]}


def opened(
    at: Organization, case_type: str, act: str, on: date, facts: Mapping[str, Any], **more: Any
) -> Case:
    named = {"body": at.name} if "body" in catalogue().case_types[case_type].facts else {}
    given: dict[str, Any] = {"evidence": papers(case_type, act), **more}
    return OpenCase(
        actor=None, organization=at, case_type=case_type, act=act, on=on, facts={**named, **facts}, **given
    ).execute()


def penalty(
    at: Organization, until: str = "notify", facts: Mapping[str, Any] | None = None, **more: Any
) -> Case:
    """A case of ordinary procedure, entered until the notice."""
    case = opened(at, PENALTY, "file", date(2024, 4, 8), {"subject": "占道经营案", **(facts or {})}, **more)
    for act, on, given in (
        ("investigate", date(2024, 4, 10), {"fields": CARDS}),
        ("end_investigation", date(2024, 4, 25), {}),
        ("notify", date(2024, 4, 26), {}),
    ):
        done(case, act, on, **given)
        if act == until:
            break
    return case


def fined(case: Case, fine: int, on: date = date(2024, 5, 20), **fields: Any) -> None:
    done(case, "decide", on, outcome="罚款、没收", fields={"fine": fine, **fields})


# D9-01, and the totals of D9-05 over any period, are in test_chain_mechanisms.


@pytest.mark.mechanism("D9-02", "works")
def test_each_step_shows_its_record_and_a_case_with_a_gap_is_not_closed_without_a_reason(
    market: Organization,
) -> None:
    case = opened(market, PENALTY, "file", date(2024, 4, 8), {"subject": "占道经营案"})
    film = StoreAttachment(actor=None, content=b"\x00\x00\x00\x18ftypmp42", name="执法记录.mp4").execute()
    done(case, "investigate", date(2024, 4, 10), fields=CARDS, evidence=[], entered="back")
    done(case, "end_investigation", date(2024, 4, 25))
    assert [found.act for found in findings_of(case, date(2024, 4, 26))] == ["investigate"]
    done(case, "no_penalty", date(2024, 4, 26), outcome="违法行为轻微")
    with pytest.raises(ActionRefused, match="“调查取证”缺少“调查笔录”"):
        done(case, "close", date(2024, 4, 28), outcome="不予处罚")
    mended = [{"title": "调查笔录（音像）", "attachment": film.pk}]
    position = case.acts.get(act="investigate").position
    CorrectAct(
        actor=None, case=case, position=position, changes={"evidence": mended}, reason="补传录像"
    ).execute()
    case.refresh_from_db()
    done(case, "close", date(2024, 4, 28), outcome="不予处罚")
    assert case.closed_on and {act.act: len(act.evidence) for act in case.acts.all()} == {
        "file": 1, "investigate": 1, "end_investigation": 0, "no_penalty": 0, "close": 1,
    }  # fmt: skip
    other = opened(market, PENALTY, "file", date(2024, 4, 8), {"subject": "另一案"})
    done(other, "investigate", date(2024, 4, 10), fields=CARDS, evidence=[], entered="back")
    done(other, "end_investigation", date(2024, 4, 25))
    done(other, "no_penalty", date(2024, 4, 26), outcome="违法行为轻微")
    done(other, "close", date(2024, 4, 28), outcome="不予处罚", fields={"no_record": "记录仪故障"})
    assert other.closed_on


@pytest.mark.mechanism("D9-03", "works")
def test_what_is_on_the_bodys_list_of_major_decisions_is_reviewed_first_and_the_days_are_counted(
    county: County, market: Organization
) -> None:
    published(
        market, "major_decision_scopes", code="ZD-1", name="较大数额罚款", conditions=["罚款数额≥5万元"]
    )
    published(
        county.housing, "major_decision_scopes", code="ZD-2", name="别的单位的", conditions=["罚款数额≥1"]
    )
    case = penalty(market)
    with pytest.raises(ActionRefused, match=r"属于“较大数额罚款”.*未经法制审核"):
        fined(case, 50000)
    done(case, "legal_review", date(2024, 5, 6), outcome="通过", role="reviewer")
    fined(case, 50000)
    small = penalty(market)
    fined(small, 49999)
    days = figure("penalty_review_days", county.body)
    assert (days.value, days.unit) == (Decimal(11), "日")  # 25 April to 6 May
    assert figure("penalties_legally_reviewed", county.body).value == 1
    play("administrative_penalty/hearing_and_review", county.body)  # the four cases of article 58


@pytest.mark.mechanism("D9-04", "works")
def test_the_table_gives_band_article_and_reasons_and_a_deviation_is_explained_and_listed(
    county: County, market: Organization
) -> None:
    row = {"law": "示例条例", "article": "第九条", "matter": "占道经营", "minimum": 1000, "maximum": 20000}
    band = {"title": "占道经营（一般）", "conditions": ["违法次数=1", "占道面积<50"], "band": "一般"}
    published(county.body, "discretion_bases", code="CL-1", **band, **row)
    facts = {"matter": "占道经营", "circumstances": ["违法次数：1", "占道面积：12平方米"]}
    case = penalty(market, facts=facts)
    (said,) = advice_of(case, "decide", date(2024, 5, 20), {})
    assert "不少于1000元、不超过20000元" in said and "《示例条例》第九条" in said
    assert "违法次数1" in said and "占道面积12平方米" in said
    with pytest.raises(ActionRefused, match="不在裁量幅度内"):
        fined(case, 30000)
    fined(case, 30000, deviation="同一路段第三次劝离后仍占道")
    inside = penalty(market, facts=facts)
    fined(inside, 15000)
    assert gaps("penalties_discretion_deviations", county.body) == ["占道经营案（作出行政处罚决定）"]
    listed = figure("penalties_outside_discretion", county.body).records
    assert [record.id for record in listed] == [case.pk]
    back = penalty(market, facts=facts)
    done(back, "decide", date(2024, 5, 20), outcome="罚款、没收", fields={"fine": 500}, entered="back")
    assert [found.kind.value for found in findings_of(back, date(2024, 5, 21))] == ["field"]


@pytest.mark.mechanism("D9-05", "works")
def test_files_notes_and_letters_are_three_figures_and_fields_add_up(
    county: County, market: Organization
) -> None:
    for domain in ("城市管理", "城市管理", "生态环境", None):
        penalty(market, until="investigate", facts={"domain": domain} if domain else {})
    for kind, times in (("询问笔录", 3), ("认定函", 5), ("转办函", 2)):
        for serial in range(times):
            published(market, "enforcement_papers", code=f"{kind}{serial}", kind=kind, issued="2024-05-06")
    files = figure("penalty_files_by_domain", county.body)
    assert files.value == 4 == sum(files.parts.values()) and files.unit == "件"
    assert files.parts == {"城市管理": 2, "生态环境": 1, "未填": 1}
    made = figure("enforcement_papers_made", county.body)
    assert made.value == 10 == sum(made.parts.values()) and made.unit == "份"
    notes, letters = (
        figure("inquiry_records_made", county.body),
        figure("determination_letters_made", county.body),
    )
    assert notes.value == 3 and letters.value == 5
    acts = [
        rule
        for rule in catalogue().counting_rules.values()
        if rule.case_type == PENALTY and rule.unit == "份"
    ]
    assert acts == []  # a case is never counted in papers


@pytest.mark.mechanism("D9-06", "works")
def test_a_step_by_one_whose_post_has_not_the_power_is_listed_and_flowcharts_have_versions(
    county: County, market: Organization
) -> None:
    for code in ("CF-1", "CF-2"):
        published(market, "powers", code=code, kind="行政处罚", effective="2020-01-01", organ=market.name)
    head = CreatePost(actor=None, organization=market, title="执法队长").execute()
    clerk = CreatePost(actor=None, organization=market, title="档案员").execute()
    HoldPost(actor=None, post=head, person="甲一", valid_from=date(2022, 1, 1)).execute()
    HoldPost(actor=None, post=clerk, person="乙二", valid_from=date(2022, 1, 1)).execute()
    published(
        market,
        "post_powers",
        code="G1",
        unit=market.name,
        post="执法队长",
        power="CF-1",
        effective="2020-01-01",
    )
    case = opened(
        market, PENALTY, "file", date(2024, 4, 8), {"subject": "占道案", "power": "CF-1"}, by="甲一"
    )
    done(case, "investigate", date(2024, 4, 10), fields=CARDS, by="乙二")
    other = opened(
        market, PENALTY, "file", date(2024, 4, 8), {"subject": "别的职权", "power": "CF-2"}, by="甲一"
    )
    assert gaps("steps_without_post_power", county.body) == ["别的职权（立案）", "占道案（调查取证）"]
    assert other.facts["power"] == "CF-2"
    chart = published(
        market, "power_flowcharts", code="L1", power="CF-1", version="第一版", effective="2020-01-01"
    )
    assert gaps("powers_without_flowchart", county.body) == [Entry.objects.get(key="CF-2").title]
    ReviseEntry(
        actor=None,
        entry=chart,
        on=date(2024, 6, 3),
        reason="流程调整",
        data={**chart.data, "version": "第二版"},
    ).execute()
    chart.refresh_from_db()
    assert chart.data["version"] == "第二版" and chart.versions.count() == 2


@pytest.mark.mechanism("D9-07", "works")
def test_a_case_lost_is_listed_until_its_faults_are_reviewed(county: County, market: Organization) -> None:
    case = penalty(market)
    fined(case, 3000)
    done(case, "deliver", date(2024, 5, 21))
    done(case, "revoke", date(2024, 7, 1), outcome="撤销", fields={"by_body": "复议机关"})
    play("reconsideration/opinion_not_answered", county.body)
    lost = gaps("reconsiderations_lost_unreviewed", county.body)
    assert gaps("penalties_lost_unreviewed", county.body) == ["占道经营案"] and len(lost) == 1
    facts = {"subject": "处罚被撤销", "source": "行政复议", "penalty": case.number, "lost_on": "2024-07-01"}
    review = opened(market, "enforcement_fault_review", "open", date(2024, 7, 8), facts)
    assert gaps("penalties_lost_unreviewed", county.body) == []
    done(review, "investigate", date(2024, 7, 15), fields={"fault": "程序"})
    with pytest.raises(ActionRefused, match="听取所涉人员"):
        done(review, "hold_liable", date(2024, 7, 16), outcome="批评教育", fields={"person": "甲一"})
    done(review, "hear", date(2024, 7, 16))
    done(review, "hold_liable", date(2024, 7, 17), outcome="批评教育", fields={"person": "甲一"})
    done(review, "hold_liable", date(2024, 7, 17), outcome="通报批评", fields={"person": "乙二"})
    persons = figure("fault_review_persons", county.body)
    assert persons.value == 2 and persons.parts == {"批评教育": 1, "通报批评": 1}
    assert figure("fault_reviews_opened", county.body).parts == {"行政复议": 1}
    with pytest.raises(ActionRefused, match="没有这一编号的事项"):
        opened(
            market, "enforcement_fault_review", "open", date(2024, 7, 8), {**facts, "penalty": "没有的文号"}
        )


@pytest.mark.mechanism("D9-08", "works")
def test_an_expired_card_signs_nothing_and_cards_of_those_who_left_are_to_be_cancelled(
    county: County, market: Organization
) -> None:
    case = opened(market, PENALTY, "file", date(2024, 3, 1), {"subject": "占道案"})
    with pytest.raises(ActionRefused, match="“Z003”在2024年4月1日已经失效"):
        done(case, "investigate", date(2024, 4, 1), fields={"officers": ["Z001", "Z003"]})
    done(case, "investigate", date(2024, 3, 31), fields={"officers": ["Z001", "Z003"]})
    gone = published(
        market, "enforcement_officers", code="Z010", name="丙三", status="退休", valid_from="2022-01-01"
    )
    assert gaps("officers_left_with_certificate", county.body) == ["丙三"]
    data = {**gone.data, "valid_to": "2024-06-30"}
    ReviseEntry(actor=None, entry=gone, on=date(2024, 7, 1), reason="注销", data=data).execute()
    assert gaps("officers_left_with_certificate", county.body) == []
    post = CreatePost(actor=None, organization=market, title="执法队员").execute()
    HoldPost(
        actor=None, post=post, person="丁四", valid_from=date(2022, 1, 1), valid_to=date(2024, 9, 30)
    ).execute()
    published(
        market, "enforcement_officers", code="Z011", name="丁四", status="在岗", post="执法队员",
        unit=market.name, valid_from="2022-01-01",
    )  # fmt: skip
    assert gaps("certificates_post_ended", county.body, date(2024, 9, 30)) == []
    assert gaps("certificates_post_ended", county.body, date(2024, 10, 1)) == ["丁四"]


@pytest.mark.mechanism("D9-09", "works")
def test_a_body_that_is_not_listed_opens_no_case_and_the_list_says_basis_and_powers(
    county: County, market: Organization
) -> None:
    bodies = Entry.objects.filter(register="enforcement_bodies")
    assert all(entry.data["basis"] and entry.data["authority"] for entry in bodies)
    for name in ("某指挥部", market.name):
        with pytest.raises(ActionRefused, match=r"没有登记|由其他单位行使"):
            opened(county.justice, PENALTY, "file", date(2024, 4, 8), {"subject": "x", "body": name})
    for case_type, act in (("compulsory_measure", "report"), ("administrative_inspection", "approve")):
        facts = {"kind": "扣押财物"} if case_type == "compulsory_measure" else {"way": "日常检查"}
        with pytest.raises(ActionRefused, match="没有登记"):
            opened(county.justice, case_type, act, date(2024, 4, 8), facts)
    with pytest.raises(ActionRefused, match="须填写"):
        OpenCase(
            actor=None, organization=market, case_type=PENALTY, act="file", on=date(2024, 4, 8), facts={}
        ).execute()
    entry = Entry.objects.get(register="enforcement_bodies", key=market.name)
    ended = {**entry.data, "valid_to": "2024-05-31"}
    ReviseEntry(actor=None, entry=entry, on=date(2024, 6, 1), reason="机构撤并", data=ended).execute()
    penalty(market, until="investigate")
    with pytest.raises(ActionRefused, match="已经失效"):
        opened(market, PENALTY, "file", date(2024, 6, 3), {"subject": "撤并以后"})
    assert set(gaps("bodies_unannounced", county.body)) == {county.housing.name}
    assert figure("enforcement_bodies_in_force", county.body).value == 1


@pytest.mark.mechanism("D9-10", "works")
def test_each_body_has_a_legal_officer_of_its_own(county: County, market: Organization) -> None:
    assert gaps("bodies_without_legal_officer", county.body) == sorted(
        [county.market.name, county.housing.name]
    )
    named = {"unit": market.name, "kind": "专职法制员", "since": "2023-01-01", "name": "甲一"}
    held = published(market, "legal_officers", code="F1", **named)
    assert gaps("bodies_without_legal_officer", county.body) == [county.housing.name]
    left = {**held.data, "until": "2024-10-31"}
    ReviseEntry(actor=None, entry=held, on=date(2024, 11, 1), reason="调离", data=left).execute()
    assert market.name in gaps("bodies_without_legal_officer", county.body)
    first = {
        "unit": market.name,
        "kind": "法制审核人员",
        "since": "2023-01-01",
        "reviews": True,
        "first_time": True,
    }
    published(market, "legal_officers", code="F2", name="乙二", **first)
    assert gaps("reviewers_unqualified", county.body) == ["乙二"]


@pytest.mark.mechanism("D9-11", "works")
def test_a_lawyers_attendance_and_opinion_stand_in_the_case(county: County, market: Organization) -> None:
    plain = penalty(market)
    with pytest.raises(ActionRefused, match="没有邀请律师列席"):
        done(plain, "lawyer_attends", date(2024, 5, 6), fields={"lawyer": "戊五"})
    case = penalty(market, facts={"lawyer_invited": True})
    opinion = StoreAttachment(actor=None, content="建议补正送达。".encode(), name="律师意见.txt").execute()
    fields = {"lawyer": "戊五", "firm": "示例律师事务所", "stage": "集体讨论"}
    paper = [{"title": "律师意见", "attachment": opinion.pk}]
    done(case, "lawyer_attends", date(2024, 5, 6), fields=fields, evidence=paper)
    assert gaps("penalties_with_lawyer_opinion_missing", county.body) == ["占道经营案"]
    done(case, "lawyer_attends", date(2024, 5, 7), fields={**fields, "opinion": "程序合法"}, evidence=paper)
    assert gaps("penalties_with_lawyer_opinion_missing", county.body) == []
    assert case.acts.filter(act="lawyer_attends").first().evidence[0]["attachment"] == opinion.pk  # type: ignore[union-attr]
    assert figure("penalties_attended_by_lawyers", county.body).value == 1


@pytest.mark.mechanism("D9-12", "works")
def test_a_joint_action_has_one_plan_one_record_and_each_bodys_own_power(
    county: County, market: Organization
) -> None:
    for code, unit in (("CF-1", market), ("JC-2", county.housing)):
        published(unit, "powers", code=code, effective="2020-01-01", organ=unit.name)
    facts = {"name": "集镇联合执法", "bodies": [market.name, county.housing.name]}
    case = opened(market, "joint_enforcement", "plan", date(2024, 5, 6), facts)
    with pytest.raises(ActionRefused, match="职权和依据明确后"):
        done(case, "carry_out", date(2024, 5, 7))
    done(case, "state_power", date(2024, 5, 7), fields={"body": market.name, "power": "CF-1"})
    with pytest.raises(ActionRefused, match="没有登记"):
        done(
            case, "state_power", date(2024, 5, 7), fields={"body": county.housing.name, "power": "没有的职权"}
        )
    assert gaps("joint_actions_without_powers", county.body) == ["集镇联合执法"]
    done(case, "state_power", date(2024, 5, 7), fields={"body": county.housing.name, "power": "JC-2"})
    assert gaps("joint_actions_without_powers", county.body) == []
    done(case, "carry_out", date(2024, 5, 10), fields={"objects": 8, "problems": 1, "officers_count": 6})
    with pytest.raises(ActionRefused, match="只能进行一次"):
        done(case, "carry_out", date(2024, 5, 10))
    with pytest.raises(ActionRefused, match="只能进行一次"):
        done(case, "plan", date(2024, 5, 10))
    found = opened(
        market, PENALTY, "file", date(2024, 5, 13), {"subject": "联合执法中查获", "joint": case.title}
    )
    assert found.facts["joint"] == case.title
    assert (
        figure("joint_actions", county.body).value == 1 and figure("penalties_filed", county.body).value == 1
    )
    assert figure("joint_action_attendances", county.body).unit == "人次"


@pytest.mark.mechanism("D9-13", "works")
def test_guidance_and_first_offences_stand_beside_the_penalties(county: County, market: Organization) -> None:
    published(market, "no_penalty_items", code="MF-1", name="首次占道", effective="2023-01-01")
    facts = {"subject": "首次占道", "ground": "首次违法且后果轻微并及时改正"}
    spared = opened(market, "enforcement_guidance", "find", date(2024, 5, 6), facts)
    done(spared, "investigate", date(2024, 5, 7), fields=CARDS)
    with pytest.raises(ActionRefused, match=r"及时改正为条件.*第三十三条"):
        done(spared, "decide_no_penalty", date(2024, 5, 8), fields={"item": "MF-1"})
    done(spared, "correct", date(2024, 5, 8))
    with pytest.raises(ActionRefused, match="没有登记"):
        done(spared, "decide_no_penalty", date(2024, 5, 9), fields={"item": "清单外"})
    done(spared, "decide_no_penalty", date(2024, 5, 9), fields={"item": "MF-1"})
    with pytest.raises(ActionRefused, match="进行教育"):
        done(spared, "close", date(2024, 5, 10))
    guided = opened(market, "enforcement_guidance", "find", date(2024, 5, 6), {"subject": "门前堆物"})
    for outcome in ("行政指导", "提醒告诫"):
        done(guided, "guide", date(2024, 5, 6), outcome=outcome)
    fined(penalty(market), 500)
    values = {
        rule: figure(rule, county.body).value
        for rule in (
            "enforcement_guidances",
            "no_penalty_first_offences",
            "no_penalty_decisions",
            "penalties_imposed",
        )
    }
    assert values == {
        "enforcement_guidances": 2, "no_penalty_first_offences": 1, "no_penalty_decisions": 1, "penalties_imposed": 1,
    }  # fmt: skip
    assert figure("enforcement_guidances", county.body).parts == {"行政指导": 1, "提醒告诫": 1}


@pytest.mark.mechanism("D9-14", "works")
def test_a_campaign_is_findings_commitments_rectification_and_a_public_reply(
    county: County, market: Organization
) -> None:
    facts = {"name": "涉企执法整治", "topic": "涉企执法和逐利执法"}
    case = opened(market, "special_campaign", "launch", date(2024, 3, 4), facts)
    for item in ("1", "2"):
        done(case, "find", date(2024, 3, 18), fields={"item": item, "source": "检察建议"})
    with pytest.raises(ActionRefused, match="先承诺"):
        done(case, "rectify", date(2024, 3, 20), outcome="已整改", fields={"item": "1"})
    done(case, "commit", date(2024, 3, 25), fields={"item": "1", "until": "2024-06-30"})
    assert gaps("campaign_findings_uncommitted", county.body) == ["涉企执法整治（查出问题）"]
    with pytest.raises(ActionRefused, match="整改之后才能答复"):
        done(case, "reply", date(2024, 3, 26))
    done(case, "rectify", date(2024, 5, 20), outcome="已整改", fields={"item": "1"})
    assert len(gaps("campaign_findings_open", county.body)) == 1
    assert figure("campaign_rectified_rate", county.body).value == 50
    done(case, "commit", date(2024, 5, 21), fields={"item": "2", "until": "2024-06-30"})
    done(case, "rectify", date(2024, 6, 20), outcome="已整改", fields={"item": "2"})
    with pytest.raises(ActionRefused, match="公开答复"):
        done(case, "close", date(2024, 6, 21))
    done(case, "reply", date(2024, 6, 28))
    done(case, "close", date(2024, 7, 1))
    assert gaps("campaign_findings_open", county.body) == [] and case.closed_on
    reply = catalogue().case_types["special_campaign"].acts["reply"]
    assert reply.public and reply.evidence


@pytest.mark.mechanism("D9-15", "works")
def test_fines_go_to_the_treasury_and_are_reconciled_by_unit_and_there_is_no_quota(
    county: County, market: Organization
) -> None:
    case = penalty(market)
    fined(case, 3000)
    done(case, "deliver", date(2024, 5, 21))
    done(case, "pay", date(2024, 5, 27), fields={"amount": 3000})
    assert gaps("fines_without_receipt", county.body) == ["占道经营案"]
    assert gaps("fines_not_reconciled", county.body) == [market.name]
    receipt = {"kind": "罚款", "unit": market.name, "treasury_code": "103050199", "paid_on": "2024-05-28"}
    published(market, "fine_receipts", code="PJ-1", case=case.number, amount=2500, **receipt)
    (gap,) = find("fines_not_reconciled", county.body, ON)
    assert (gap.title, gap.found, gap.wanted) == (market.name, 2500, "等于3000")
    assert gaps("fines_without_receipt", county.body) == []
    published(market, "fine_receipts", code="PJ-2", amount=500, **receipt)
    assert gaps("fines_not_reconciled", county.body) == []
    assert gaps("receipts_without_case", county.body) == ["PJ-2"]
    paid, got = figure("penalty_fines_paid", county.body), figure("fine_receipts_fines", county.body)
    assert paid.value == got.value == 3000 and paid.parts == got.parts == {market.name: 3000}
    with pytest.raises(ActionRefused, match="收入科目代码"):
        published(market, "fine_receipts", code="PJ-3", amount=1, **{**receipt, "treasury_code": None})
    specs = [
        *(spec for case_type in catalogue().case_types.values() for spec in case_type.facts.values()),
        *(spec for register in catalogue().registers.values() for spec in register.fields.values()),
    ]
    fields = [spec.title for spec in specs]
    assert not [
        title for title in fields if "罚" in title and any(word in title for word in ("指标", "任务", "目标"))
    ]
    wordings = [
        words for rule in catalogue().counting_rules.values() if rule.unit == "元" for words in rule.answers
    ]
    assert not [words for words in wordings if "罚没" in words]  # a target of fines finds no rule


@pytest.mark.mechanism("D9-16", "works")
def test_bodies_without_a_case_and_measures_without_a_decision_are_listed(
    county: County, market: Organization
) -> None:
    assert gaps("bodies_without_penalties_or_licences", county.body) == sorted(
        [market.name, county.housing.name]
    )
    fined(penalty(market), 500)
    assert gaps("bodies_without_penalties_or_licences", county.body) == [county.housing.name]
    assert gaps("bodies_without_penalties_or_licences", county.body, date(2025, 1, 5)) == sorted(
        [market.name, county.housing.name]
    )
    granted = opened(county.housing, "service_case", "receive", date(2024, 6, 3), {"kind": "行政许可"})
    done(granted, "accept", date(2024, 6, 4))
    assert gaps("bodies_without_penalties_or_licences", county.body) == [county.housing.name]
    done(granted, "decide", date(2024, 6, 11), outcome="准予")
    assert gaps("bodies_without_penalties_or_licences", county.body) == []
    facts = {"kind": "扣押财物", "subject": "扣押电动车"}
    case = opened(market, "compulsory_measure", "report", date(2024, 10, 8), facts)
    assert gaps("measures_without_decision", county.body) == []  # nothing was taken yet
    done(case, "approve", date(2024, 10, 8), outcome="批准", role="leader")
    done(case, "implement", date(2024, 10, 8), fields=CARDS)
    # Thirty calendar days from 2024-10-08: 23 in October and seven in November.
    assert gaps("measures_without_decision", county.body, date(2024, 11, 7)) == ["扣押电动车"]
    assert gaps("measures_overdue", county.body, date(2024, 11, 7)) == []
    assert gaps("measures_overdue", county.body, date(2024, 11, 8)) == ["扣押电动车"]
    done(case, "lift", date(2024, 11, 11), outcome="期限已经届满")
    assert gaps("measures_overdue", county.body) == gaps("measures_without_decision", county.body) == []
    assert figure("compulsory_measures_lifted", county.body).parts == {"期限已经届满": 1}


@pytest.mark.mechanism("D9-17", "works")
def test_cases_of_a_campaign_are_tagged_and_counted_once(county: County, market: Organization) -> None:
    campaign = opened(
        market,
        "special_campaign",
        "launch",
        date(2024, 3, 4),
        {"name": "价格整治", "topic": "价格和市场秩序"},
    )
    for tag in (campaign.title, campaign.title, None):
        fined(penalty(market, facts={"campaign": tag} if tag else {}), 500)
    by_campaign = figure("penalties_by_campaign", county.body)
    assert by_campaign.parts == {"价格整治": 2, "未填": 1}
    assert by_campaign.value == figure("penalties_imposed", county.body).value == 3
    assert len({record.id for record in by_campaign.records}) == 3
    with pytest.raises(ActionRefused, match="没有这一编号的事项"):
        penalty(market, until="file", facts={"campaign": "没有的行动"})


def test_the_yearly_statistics_are_missed_until_published(county: County, market: Organization) -> None:
    """PCH-04: published and reported by 31 January."""
    day = date(2025, 2, 3)
    assert gaps("bodies_without_statistics", county.body, day) == sorted([market.name, county.housing.name])
    PublishEntry(
        actor=None,
        organization=market,
        register="enforcement_statistics",
        on=date(2025, 1, 20),
        data=sample(
            "enforcement_statistics",
            {"code": "T1", "unit": market.name, "year": 2024, "published_on": "2025-01-20", "on_time": True},
        ),
    ).execute()
    assert gaps("bodies_without_statistics", county.body, day) == [county.housing.name]


def test_acts_of_enforcement_are_counted_apart(county: County, market: Organization) -> None:
    """Penalties, measures, inspections, levies and requisitions are figures of their own (§D 7)."""
    fined(penalty(market), 500)
    inspected = opened(market, "administrative_inspection", "approve", date(2024, 5, 6), {"way": "日常检查"})
    done(inspected, "inspect", date(2024, 5, 8), fields=CARDS)
    done(inspected, "conclude", date(2024, 5, 8), outcome="未发现问题")
    for kind in ("行政征收", "行政征用", "行政征收"):
        levy = opened(
            market, "other_enforcement_decision", "start", date(2024, 5, 6), {"kind": kind}, outcome="依职权"
        )
        done(levy, "decide", date(2024, 5, 20), outcome="作出决定")
    wanted: dict[str, int] = {
        "penalties_imposed": 1,
        "compulsory_measures_taken": 0,
        "inspections_made": 1,
        "levies_decided": 2,
        "requisitions_decided": 1,
    }
    assert {rule: figure(rule, county.body).value for rule in wanted} == wanted
    other = figure("other_enforcement_decisions", county.body)
    assert other.value == sum(other.parts.values()) == 3
