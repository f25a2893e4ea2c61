"""Who declared to keep out of something is kept out: in the matching, among reviewers, among experts."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import time_machine

from tests.county import County
from tests.supervision.drawing import closed, entry, noon, seeded
from yifa.draws import Exclusion, Factor, differences, read
from yifa.ledger.actions import ActionRefused, OpenCase, RecordAct
from yifa.ledger.models import Case, Organization, Role
from yifa.supervision.actions import OpenReview
from yifa.supervision.models import Draw
from yifa.supervision.pools import Scope
from yifa.supervision.signals import reviewers

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def declared(at: Organization, card: str, party: str, act: str = "declare", **fields: Any) -> Case:
    facts = {
        "person": f"检查员{card[-1]}", "card": card, "post": "检查人员", "party": party,
        "relation": "曾在对象任职或者兼职", "reason": "两年前任店长",
    }  # fmt: skip
    return OpenCase(
        actor=None, organization=at, case_type="recusal", act=act, on=DAY, facts=facts, fields=fields, by="甲一",
    ).execute()  # fmt: skip


def settled(case: Case, act: str, outcome: str | None = None, **fields: Any) -> None:
    case.refresh_from_db()
    RecordAct(
        actor=None, case=case, act=act, on=DAY, outcome=outcome, fields=fields, by="乙二", role="leader"
    ).execute()


def pool(county: County) -> None:
    held = {"weight": 1, "trade": "餐饮", "risk": "A", "entered": "2020-01-06", "left": None}
    for number in range(3):
        entry(county.market, "inspection_objects", code=f"DX-{number}", name=f"第{number}厂", **held)
    for number in range(6):
        entry(
            county.market, "inspectors", certificate=f"ZJ-{number}", name=f"检查员{number}", unit_of=county.market.name,
            conflicts=["第2厂"] if number == 5 else [], fields_of_work=["食品"] if number else ["计量"],
            weight=0 if number == 4 else None, entered="2020-01-06", left=None,
        )  # fmt: skip


@pytest.mark.mechanism("D6-05", "works")
def test_who_keeps_out_is_never_matched_and_each_exclusion_says_why(county: County) -> None:
    with time_machine.travel(noon(DAY), tick=False):
        pool(county)
        declared(county.market, "ZJ-1", "第0厂")
        declared(county.body, "ZJ-2", "DX-1", "propose", by_whom="第1厂")
        turned_down = declared(county.market, "ZJ-3", "第0厂")
        settled(turned_down, "decide", "不用回避")
        draw = closed(
            county.market, Draw.Purpose.INSPECTION, take=3, people=4, scope=Scope(work="食品"),
            people_factors=(Factor("单位", county.market.name, Fraction(3)),), people_rest_days=30,
        )  # fmt: skip
    with time_machine.travel(noon(DAY + timedelta(days=2)), tick=False):
        paper = read(seeded(draw).kept.text)
    assert differences(paper) == ()
    people = {item.id: item for item in paper.sides[1].pool.items}
    assert people["ZJ-1"].avoids == ("DX-0",) and people["ZJ-2"].avoids == ("DX-1",)
    assert people["ZJ-3"].avoids == () and people["ZJ-5"].avoids == ("DX-2",)
    assert people["ZJ-0"].excluded == "专业领域不含“食品”"
    assert dict(paper.sides[1].excluded) == {"ZJ-0": Exclusion.DECLARED, "ZJ-4": Exclusion.NO_WEIGHT}
    assert {str(lot.weight) for lot in paper.sides[1].drawn} == {"3"}
    assert paper.matching is not None
    pairs = {pair.object: set(pair.people) for pair in paper.matching.pairs}
    assert "ZJ-1" not in pairs["DX-0"] and "ZJ-2" not in pairs["DX-1"] and "ZJ-5" not in pairs["DX-2"]
    with time_machine.travel(noon(DAY + timedelta(days=3)), tick=False):
        rested = closed(
            county.market, Draw.Purpose.INSPECTION, take=1, people=1, scope=Scope(), people_rest_days=0
        )
        assert {item.last_drawn for item in rested.record.sides[1].pool.items if item.id == "ZJ-1"} == {
            DAY + timedelta(days=2)
        }


def test_a_reviewer_who_keeps_out_is_refused_and_not_proposed(county: County) -> None:
    one, other, third = (
        county.user(Role.REVIEWER, unit) for unit in (county.justice, county.housing, county.towns[0])
    )
    with time_machine.travel(noon(DAY), tick=False):
        case = declared(county.body, one.get_username(), county.market.name)
        assert [person.pk for person in reviewers(county.body, county.market)] == [third.pk, other.pk]

        def opening() -> OpenReview:
            return OpenReview(
                actor=None, organization=county.body, unit=county.market, round="评查", name="旧卷", sheet="penalty_file",
                reviewers=[one, other],
            )  # fmt: skip

        with pytest.raises(ActionRefused, match="曾在对象任职"):
            opening().execute()
        settled(case, "end", reason="调离已满三年")
        assert opening().execute().file is None


def test_an_expert_keeps_out_of_what_the_draw_is_for(county: County) -> None:
    with time_machine.travel(noon(DAY), tick=False):
        for number in range(4):
            entry(
                county.justice, "experts", code=f"E-{number}", name=f"专家{number}", joined="2020-01-06", left=None,
                rating="合格",
            )  # fmt: skip
        declared(county.justice, "E-1", "滨河大桥")
        draw = closed(county.justice, title="滨河大桥立项评审", take=2)
    said = {item.id: item.excluded for item in draw.record.sides[0].pool.items}
    assert said["E-1"].startswith("对“滨河大桥”回避") and not said["E-0"]
