"""Mechanisms of the business environment, credit and supervision (D6), walked through the ledger's actions.

"works" stands only where every clause of the row is shown here or in a test it names; at "partly" the comment says
what is missing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.county import County
from tests.scenarios.acting import list_entry
from tests.scenarios.service import Hall, done, figure, gaps, opened, published, refused, revised, service
from yifa.law.loader import catalogue
from yifa.law.schema import Jurisdiction
from yifa.ledger.actions import ActionRefused
from yifa.ledger.deciding.cases import entries_of, state_of
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Case, Entry, Role
from yifa.ledger.receipts import code_of, find_by_receipt, standing
from yifa.ledger.search.queries import ends_soon
from yifa.procedures import engine
from yifa.procedures.model import ClockStatus, Context

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 6)


def penalized(county: County, party: str, **more: str) -> Case:
    """A penalty case against a party, entered afterwards."""
    if not Entry.objects.filter(register="enforcement_bodies").exists():
        list_entry("enforcement_bodies", county.market.name, county.market, {})
    facts = {"party": party, "subject": f"{party}案", "body": county.market.name}
    return opened(county.market, "administrative_penalty", DAY, facts, entered="back", **more)


@pytest.mark.mechanism("D6-01", "works")
def test_an_indicator_has_a_best_a_gap_a_measure_an_owner_and_a_result(county: County) -> None:
    given = {"own": 3, "best": 1, "gap": "多两个工作日", "assessed_on": "2024-02-01"}
    bare = published(county.body, "business_indicators", code="Y1", **given)
    assert gaps("indicators_without_measure", county.body) == ["Y1"]
    assert gaps("indicators_without_result", county.body) == []
    revised(bare, date(2024, 3, 1), "定措施", measure="并联办理", owner=county.market.name)
    assert gaps("indicators_without_measure", county.body) == []
    assert gaps("indicators_without_result", county.body) == ["Y1"]
    revised(bare, date(2024, 9, 1), "整改", result="压到一个工作日", after=1)
    assert gaps("indicators_without_result", county.body) == []
    assert figure("business_indicators_improved", county.body).value == 1
    bare.refresh_from_db()
    assert {name: bare.data[name] for name in ("own", "best", "after", "owner")} == {
        "own": 3,
        "best": 1,
        "after": 1,
        "owner": county.market.name,
    }


# The page where the enterprise sees the state without an account: tests/workbench/test_portal.py.
@pytest.mark.mechanism("D6-02", "works")
def test_a_complaint_has_a_clock_an_owner_and_an_answer(county: County) -> None:
    facts = {"subject": "重复提交材料", "ownership": "民营企业", "kind": "政务服务", "due": "2024-05-20"}
    case = opened(county.body, "business_complaint", DAY, facts)
    assert case.number and state_of(case, DAY).clocks["answer"].due == date(2024, 5, 20)
    done(case, "accept", DAY)
    assert "承办单位" in refused(case, "answer", DAY, outcome="已解决")
    done(case, "assign", DAY, fields={"owner": county.housing.name})
    seen = standing(find_by_receipt(case.number, code_of(case)), DAY)
    assert (seen.status, seen.due) == ("办理中", date(2024, 5, 20))
    done(case, "answer", date(2024, 5, 21), outcome="已解决")
    late = figure("business_complaints_late", county.body)
    assert (late.value, figure("business_complaints_answered", county.body).parts) == (1, {"已解决": 1})
    assert figure("business_complaints_of_private", county.body).value == 1


# The batch and the list in the issuer's order: tests/planning/test_findings.py.
@pytest.mark.mechanism("D6-03", "works")
def test_findings_of_an_inspection_on_private_business_are_followed_by_topic(county: County) -> None:
    facts = {
        "problem": "涉企保证金未退还", "source": "上级专项督察", "topic": "民营企业保护",
        "document": "某委〔2024〕6号", "order": 3, "owner": county.housing.name, "due": "2024-06-28",
    }  # fmt: skip
    case = opened(county.body, "rectification_item", DAY, facts)
    done(case, "plan_measure", DAY, fields={"measure": "逐笔清退"})
    done(case, "submit", date(2024, 6, 20), by="甲一", fields={"proof": ["清退凭证"]})
    assert refused(case, "write_off", date(2024, 6, 21))
    done(case, "check", date(2024, 6, 21), outcome="通过", by="乙二", role="supervisor")
    done(case, "write_off", date(2024, 6, 24), role="supervisor")
    topic = {"民营企业保护": 1}
    rules = ("rectification_items_by_topic", "rectification_items_by_topic_done")
    assert [figure(rule, county.body).parts for rule in rules] == [topic, topic]


@pytest.mark.mechanism("D6-04", "works")
def test_reforms_hold_from_a_day_and_the_time_to_open_a_firm_comes_from_cases(county: County) -> None:
    hall = Hall.of(county)
    published(
        hall.at, "reform_items", code="多证合一", kind="多证合一", effective="2024-07-01", lead=hall.at.name
    )
    before, after = ((date(2024, 1, 1), date(2024, 6, 30)), (date(2024, 7, 1), date(2024, 12, 31)))
    assert [figure("reform_items_in_force", hall.at, span).value for span in (before, after)] == [0, 1]
    revised(hall.item, date(2024, 2, 1), "核定", opening=True)
    for begun, decided in (
        (date(2024, 6, 3), date(2024, 6, 6)),
        (date(2024, 7, 8), date(2024, 7, 9)),
        (DAY, DAY),
    ):
        case = service(hall, begun) if begun != DAY else service(hall, begun, item=None)
        done(case, "accept", begun)
        done(case, "decide", decided, outcome="准予")
    means = [figure("business_opening_mean_days", hall.at, span).value for span in (before, after)]
    assert means == [Decimal("3.00"), Decimal("1.00")]


# The draw itself with weights, conflicts and re-draw: tests/supervision/test_draws.py.
@pytest.mark.mechanism("D6-05", "works")
def test_a_draw_is_recorded_checked_and_published(county: County) -> None:
    market = county.market
    for code, risk in (("O1", "A"), ("O2", "D")):
        published(market, "inspection_objects", code=code, risk=risk, weight=1, entered="2024-01-02")
    published(market, "enforcement_officers", code="Z1", valid_from="2020-01-01")
    for card in ("Z1", "Z2"):
        published(market, "inspectors", code=card, conflicts=["O2"], entered="2024-01-02")
    assert len(gaps("inspectors_without_certificate", market)) == 1
    facts = {"name": "餐饮抽查", "joint": True, "planned": 2, "result_days": 20}
    case = opened(market, "random_inspection", DAY, facts)
    drawn = {
        "seed": "7",
        "pool_digest": "ab",
        "objects": ["O1", "O2"],
        "inspectors": ["Z1", "Z2"],
        "excluded": ["Z3"],
    }
    assert refused(
        case, "inspect", DAY, outcome="未发现问题", fields={"object": "O1", "officers": ["Z1", "Z2"]}
    )
    done(case, "draw", DAY, fields=drawn)
    assert "重抽的理由" in refused(case, "redraw", DAY, fields={})
    done(case, "redraw", DAY, fields={"reason": "抽中人员应当回避"})
    for name, outcome in (("O1", "未发现问题"), ("O2", "发现问题待后续处理")):
        done(
            case,
            "inspect",
            date(2024, 5, 9),
            outcome=outcome,
            fields={"object": name, "officers": ["Z1", "Z2"]},
        )
    done(case, "finish", date(2024, 5, 10))
    assert len(gaps("random_results_unpublished", market)) == 1
    done(case, "publish_results", date(2024, 5, 17))
    rules = ("random_problem_rate", "random_publication_rate", "random_inspection_rate", "random_redraws")
    assert [figure(rule, market).value for rule in rules] == [50, 100, 100, 1]
    assert figure("inspection_objects_in_pool", market).parts == {"A": 1, "D": 1}


@pytest.mark.mechanism("D6-06", "works")
def test_every_alert_ends_in_a_check_an_exclusion_or_a_case(county: County) -> None:
    penalty = penalized(county, "某厂", number="市监1号")
    ends = [("核查后督促整改", {}), ("排除", {}), ("立案", {"case": penalty.number})]
    for outcome, fields in ends:
        alert = opened(county.market, "risk_alert", DAY, {"subject": "用电异常", "source": "互联网+监管系统"})
        assert "未经核查" in refused(alert, "conclude", DAY, outcome=outcome)
        done(alert, "check", DAY)
        done(alert, "conclude", DAY, outcome=outcome, fields=fields)
    standing = opened(county.market, "risk_alert", DAY, {"subject": "未处置"})
    done(standing, "check", DAY)
    assert "没有这一编号" in refused(standing, "conclude", DAY, outcome="立案", fields={"case": "市监9号"})
    assert gaps("risk_alerts_unsettled", county.market) == ["未处置"]
    assert figure("risk_alerts_concluded", county.market).parts == {outcome: 1 for outcome, _ in ends}
    assert figure("risk_alerts_conclusion_rate", county.market).value == 75


@pytest.mark.mechanism("D6-07", "works")
def test_a_measure_has_a_basis_and_an_end_and_a_request_has_the_localitys_days(county: County) -> None:
    given = {
        "party": "某公司",
        "law": "某条例",
        "article": "第三条",
        "imposed_on": "2024-01-02",
        "until": "2024-06-30",
    }
    for left_out, words in (("law", "依据"), ("until", "截止日")):
        with pytest.raises(ActionRefused, match=words):
            published(county.market, "credit_measures", code="C0", **{**given, left_out: None})
    measure = published(county.market, "credit_measures", code="C1", **given)
    spans = [(date(2024, 1, 1), end) for end in (date(2024, 6, 30), date(2024, 7, 1))]
    assert [figure("credit_measures_in_force", county.market, span).value for span in spans] == [1, 0]
    assert list(ends_soon(county.user(Role.AUDITOR, county.body), date(2024, 6, 10))) == [measure]
    case = opened(county.market, "credit_repair", DAY, {"subject": "某公司", "record": "C1"})
    done(case, "accept", DAY)
    assert state_of(case, DAY).clocks["decision"].due is None  # no number is verified for the whole country
    local = {"law": "河南省社会信用条例", "length": 5, "unit": "workdays"}
    place = Jurisdiction.model_validate(
        {
            "jurisdiction": "place",
            "title": "某省",
            "durations": [{"case_type": "credit_repair", "clock": "decision", "duration": local}],
        }
    )
    kind = catalogue().case_types["credit_repair"]
    clock = engine.state(kind, case.facts, entries_of(case), Context(on=DAY, jurisdiction=place)).clocks[
        "decision"
    ]
    assert (clock.due, clock.state) == (date(2024, 5, 11), ClockStatus.RUNNING)  # 7 to 10, Sat 11 is worked
    assert "未核查" in refused(case, "decide", DAY, outcome="准予修复")


@pytest.mark.mechanism("D6-08", "works")
def test_commitments_have_a_day_and_a_breach_is_listed_with_its_remedy(county: County) -> None:
    due = {"kind": "招商协议", "due": "2024-10-31"}
    kept, broken, silent = (
        opened(county.body, "government_commitment", DAY, {"subject": name, **due})
        for name in ("甲", "乙", "丙")
    )
    done(kept, "perform", date(2024, 10, 31))
    done(broken, "breach", date(2024, 11, 4), fields={"cause": "预算未安排"})
    assert gaps("commitments_unkept", county.body, date(2024, 10, 31)) == []
    assert gaps("commitments_unkept", county.body) == ["丙", "乙"]
    assert gaps("breaches_without_remedy", county.body) == ["乙"]
    done(broken, "remedy", date(2024, 12, 2), fields={"measure": "补付", "paid": 100000})
    assert gaps("breaches_without_remedy", county.body) == []
    assert gaps("commitments_unkept", county.body) == ["丙"]
    assert broken.acts.get(act="remedy").fields["measure"] == "补付"
    with pytest.raises(ActionRefused, match="履行期限"):
        opened(county.body, "government_commitment", DAY, {"subject": "没有期限"})
    done(silent, "change", date(2024, 12, 3), fields={"authority": "县政府", "interest": "水源保护"})
    done(silent, "compensate", date(2024, 12, 9), fields={"paid": 5000})
    rules = (
        "commitments_made",
        "commitments_kept",
        "commitments_breached",
        "commitments_remedied",
        "commitments_overdue",
    )
    assert [figure(rule, county.body).value for rule in rules] == [3, 1, 1, 1, 0]


@pytest.mark.mechanism("D6-09", "works")
def test_a_check_up_goes_from_visit_to_follow_up_and_is_counted_by_enterprise(county: County) -> None:
    for name, risks in (("甲公司", 2), ("甲公司", 0), ("乙公司", 1)):
        case = opened(county.justice, "enterprise_checkup", DAY, {"enterprise": name, "kind": "劳动合同体检"})
        for number in range(risks):
            done(case, "find", DAY, fields={"risk": f"风险{number}"})
        if risks:
            assert "应当提出建议" in refused(case, "close", DAY)
            done(case, "advise", DAY, fields={"number": risks + 1})
            assert "应当跟踪落实" in refused(case, "close", DAY)
            done(case, "follow_up", date(2024, 6, 6), outcome="已落实")
        done(case, "close", date(2024, 6, 7))
    rules = ("checkups_made", "enterprises_checked_up", "checkup_risks_found", "checkup_advice_given")
    assert [figure(rule, county.justice).value for rule in rules] == [3, 2, 3, 5]


@pytest.mark.mechanism("D6-10", "works")
def test_risks_of_a_trade_have_measures_and_guided_parties_are_compared(county: County) -> None:
    for code, measure in (("F1", "开业前提示"), ("F2", None)):
        published(
            county.market, "risk_points", code=code, trade="餐饮", measure=measure, effective="2024-01-02"
        )
    assert gaps("risk_points_without_measure", county.market) == ["F2"]
    assert figure("risk_points_listed", county.market).parts == {"餐饮": 2}
    for party, before in (("甲店", 1), ("乙店", 2)):
        published(
            county.market,
            "guided_parties",
            code=party,
            trade="餐饮",
            guided_on="2024-03-01",
            violations_before=before,
        )
    for party in ("甲店", "甲店", "乙店"):
        case = penalized(county, party)
        done(case, "decide", date(2024, 6, 3), outcome="警告、通报批评", entered="back")
    (worse,) = find("guided_parties_no_better", county.market, date(2024, 12, 20))
    assert (worse.title, worse.found, worse.wanted) == ("甲店", 2, "不多于1")
    assert figure("parties_guided", county.market).parts == {"餐饮": 2}
