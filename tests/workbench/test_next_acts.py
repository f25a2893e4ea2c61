"""What a case offers next, in which order, and what is said when it is done."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import TODAY, World
from tests.workbench.test_acting import act_url, text_of
from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.models import Case
from yifa.workbench.cases.casefile import open_file

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 2)


def decision(world: World, *acts: str, **facts: str | bool) -> Case:
    """A major decision with some acts, all on one day."""
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="major_decision",
        act="propose",
        on=DAY,
        facts={"name": "农村公交一体化改革", **facts},
    ).execute()
    for act in acts:
        RecordAct(actor=None, case=case, act=act, on=DAY).execute()
        case.refresh_from_db()
    return case


def offered(case: Case) -> list[str]:
    return [offer.id for offer in open_file(case, TODAY).next]


def test_what_may_come_after_the_end_is_offered_after_what_ends_it(world: World) -> None:
    assert offered(decision(world)) == ["study", "exempt", "terminate", "hold_accountable"]


def test_what_the_facts_make_necessary_is_offered_before_what_is_not(world: World) -> None:
    """A risky decision is assessed before it goes to legal review; without risk nothing waits for the assessment."""
    acts = ("study", "start", "draft")
    risky, plain = offered(decision(world, *acts, risk=True)), offered(decision(world, *acts))
    assert risky.index("assess_risk") < risky.index("submit_review") < risky.index("negotiate")
    assert plain.index("submit_review") < plain.index("assess_risk")


def test_one_of_a_row_is_named_by_its_place_and_what_came_of_it(world: World) -> None:
    case = decision(world, "study", "start", "draft", "open_consultation")
    officer: Client = world.client("officer")
    for outcome, place in (("采纳", ""), ("不采纳", "，第2次")):
        said = {
            "on": "2026-11-12",
            "outcome": outcome,
            "f_opinion": "增加早班车。",
            "f_reason": "合理。",
            "unit": str(world.office.pk),
            "seen": case.length,
        }
        shown = text_of(officer.post(act_url(case, "answer_opinion"), said, follow=True))
        assert f"已记入台账：逐条研究社会意见（2026年11月12日{place}，{outcome}）" in shown
        case.refresh_from_db()


def test_what_two_hands_must_do_is_refused_with_the_field_to_change(world: World) -> None:
    case = decision(world, "study", "start", "draft", "open_consultation")
    RecordAct(
        actor=None,
        case=case,
        act="assess_risk",
        on=DAY,
        outcome="风险可控",
        unit=world.office,
        entered="back",
    ).execute()
    case.refresh_from_db()
    RecordAct(actor=None, case=case, act="discuss", on=DAY, outcome="同意", entered="back").execute()
    case.refresh_from_db()
    said = {"on": "2026-11-12", "outcome": "继续执行", "unit": str(world.office.pk), "seen": case.length}
    shown = text_of(world.client("officer").post(act_url(case, "evaluate"), said))
    assert "现为同一单位" in shown
    assert "实际由别的单位办理的，请改填“经办单位”。" in shown


def test_what_a_party_did_is_said_to_be_the_partys(world: World) -> None:
    RecordAct(actor=None, case=world.case, act="consult_third_party", on=TODAY).execute()
    world.case.refresh_from_db()
    RecordAct(actor=None, case=world.case, act="third_party_opinion", on=TODAY, outcome="同意公开").execute()
    page = LexborHTMLParser(world.client("officer").get(f"/cases/{world.case.pk}/").content.decode())
    position = world.case.acts.get(act="third_party_opinion").position
    line = page.css_first(f"#act-{position} .y-note:not(a)")
    assert line is not None
    assert line.text().startswith("第三方　录入：")


def test_a_petition_is_offered_to_be_taken_on_before_it_is_turned_away(world: World) -> None:
    case = OpenCase(
        actor=None, organization=world.office, case_type="petition", act="register", on=TODAY,
        facts={"subject": "反映示例路灯不亮"},
    ).execute()  # fmt: skip
    first = offered(case)
    assert first.index("accept") < min(first.index(one) for one in ("reject", "divert", "direct_elsewhere"))


def test_another_beginning_is_not_offered_once_a_mediation_runs(world: World) -> None:
    case = OpenCase(
        actor=None, organization=world.office, case_type="mediation", act="apply", on=TODAY, outcome="当事人自行申请",
        facts={"subject": "宅基地边界纠纷"},
    ).execute()  # fmt: skip
    assert offered(case) == ["accept", "refuse", "initiate"]
    RecordAct(actor=None, case=case, act="accept", on=TODAY, fields={"mediators": ["甲调解"]}).execute()
    case.refresh_from_db()
    assert "initiate" not in offered(case)
    RecordAct(actor=None, case=case, act="agree_orally", on=TODAY, entered="back").execute()
    case.refresh_from_db()
    assert "refuse" not in offered(case)


def test_an_order_in_force_is_assessed_before_it_is_lifted(world: World) -> None:
    case = OpenCase(
        actor=None, organization=world.body, case_type="emergency_order", act="propose", on=TODAY,
        facts={"name": "防汛应急决定", "event": "自然灾害"},
    ).execute()  # fmt: skip
    given = {"law": "突发事件应对法", "article": "第七十三条", "scope": "全县", "measures": ["转移群众"]}
    days = {"from": TODAY.isoformat(), "until": "2026-12-20"}
    RecordAct(actor=None, case=case, act="issue", on=TODAY, fields=given | days).execute()
    case.refresh_from_db()
    assert offered(case)[0] == "assess"


def test_an_end_is_not_offered_first_while_the_usual_one_waits_for_another(world: World) -> None:
    """The copy went to the respondent, whose answer the decision waits for: dismissing the request is not what comes next."""
    case = OpenCase(
        actor=None, organization=world.body, case_type="reconsideration", act="receive", on=DAY,
        facts={"subject": "罚款决定", "applicant": "甲某", "respondent": "示例局"},
    ).execute()  # fmt: skip
    for act in ("accept", "send_copy"):
        RecordAct(actor=None, case=case, act=act, on=DAY).execute()
        case.refresh_from_db()
    first = offered(case)
    assert first[0] == "hear_opinions"
    assert first.index("dismiss") > first.index("notify_hearing")
