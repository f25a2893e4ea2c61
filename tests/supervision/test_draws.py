"""Draws in the ledger: pools from registers, the two steps, the task they serve, drawing once more."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction

import pytest
import time_machine

from tests.county import County
from tests.supervision.drawing import closed, entry, noon, seeded
from yifa.draws import Exclusion, Factor, differences
from yifa.ledger.actions import ActionRefused, OpenCase
from yifa.ledger.models import Record, Role, Subject
from yifa.ledger.proof.verification import verify
from yifa.supervision.actions import DrawAgain, MakeDraw, PublishDraw
from yifa.supervision.models import Draw

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
LATER = DAY + timedelta(days=2)
HELD = {"weight": 1, "trade": "餐饮", "entered": "2020-01-06", "left": None}
POOLED = {"entered": "2020-01-06", "left": None}


def stocked(county: County) -> None:
    """Objects in two classes of risk and inspectors of two units; one inspector without a certificate."""
    for number in range(8):
        risk = "AD"[number % 2]
        entry(
            county.market, "inspection_objects", code=f"DX-{number}", name=f"第{number}厂", risk=risk, **HELD
        )
    for number in range(5):
        unit = (county.market, county.housing)[number % 2]
        inspector(county, f"ZJ-{number}", unit.name, ["DX-1"] if number == 0 else [], certified=number < 4)


def inspector(county: County, card: str, unit: str, conflicts: list[str], certified: bool = True) -> None:
    name = f"检查员{card[-1]}"
    entry(
        county.market, "inspectors", certificate=card, name=name, unit_of=unit, conflicts=conflicts, **POOLED
    )
    if certified:
        until = {"valid_from": "2020-01-01", "valid_to": "2030-01-01"}
        entry(county.market, "enforcement_officers", certificate=card, name=name, **until)


@pytest.mark.mechanism("D6-05", "works")
def test_a_draw_serves_its_task_and_a_redraw_stays_visible(county: County) -> None:
    with time_machine.travel(noon(DAY), tick=False):
        stocked(county)
        task = OpenCase(
            actor=None,
            organization=county.market,
            case_type="random_inspection",
            on=DAY,
            facts={"name": "餐饮抽查"},
            by="甲一",
        ).execute()
        weights = (Factor("风险等级", "D", Fraction(5)),)
        draw = closed(county.market, Draw.Purpose.INSPECTION, take=4, people=4, factors=weights, case=task)
        with pytest.raises(ActionRefused, match="可以挑选"):
            MakeDraw(actor=None, draw=draw, text="1", source="交易所", published=DAY).execute()
    with time_machine.travel(noon(LATER), tick=False):
        made = seeded(draw)
        paper = made.record
        assert differences(paper) == ()
        assert dict(paper.sides[1].excluded) == {"ZJ-4": Exclusion.DECLARED}
        assert paper.sides[1].pool.items[4].excluded == "没有有效的执法证件"
        act = task.acts.get(act="draw")
        assert act.fields["seed"] == "3876.34" and len(act.fields["objects"]) == 4
        assert act.fields["excluded"] == ["检查员4"] and act.evidence[0]["attachment"]
        assert paper.matching is not None
        assert all("ZJ-0" not in pair.people for pair in paper.matching.pairs if pair.object == "DX-1")
        with pytest.raises(ActionRefused, match="已经完成"):
            seeded(made)
        with pytest.raises(ActionRefused, match="重抽的理由"):
            DrawAgain(actor=None, draw=made, reason=" ", announced="次日指数").execute()
        again = DrawAgain(
            actor=None, draw=made, reason="检查员1住院", announced="次日指数", excluded={"ZJ-1": "住院"}
        )
        with pytest.raises(ActionRefused, match="检查人员要抽4个"):
            again.execute()
        inspector(county, "ZJ-9", county.justice.name, [])
        second = again.execute()
        assert not made.replaced and second.record.again.of == made.digest  # type: ignore[union-attr]
        with pytest.raises(ActionRefused, match="已经重抽过"):
            DrawAgain(actor=None, draw=made, reason="再抽", announced="次日指数").execute()
    with time_machine.travel(noon(LATER + timedelta(days=2)), tick=False):
        second = seeded(second, "3901.07")
        assert made.replaced and differences(second.record) == ()
        assert task.acts.get(act="redraw").fields["reason"] == "检查员1住院"
        assert "ZJ-1" not in {lot.id for lot in second.record.sides[1].drawn}
        kinds = Record.objects.filter(subject=Subject.DRAW).values_list("kind", flat=True)
        assert list(kinds) == ["draw.closed", "draw.made", "draw.closed", "draw.made"]
        told = json.loads(Record.objects.get(subject_id=second.pk, kind="draw.closed").payload)
        assert told["again"] == {"of": made.digest, "reason": "检查员1住院"}
        assert verify().faults == ()


def test_what_was_drawn_of_late_is_left_out_unless_its_draw_was_replaced(county: County) -> None:
    with time_machine.travel(noon(DAY), tick=False):
        stocked(county)
        draw = closed(county.market, Draw.Purpose.INSPECTION, take=3, people=4)
    with time_machine.travel(noon(LATER), tick=False):
        first = {lot.id for lot in seeded(draw).record.sides[0].drawn}
        other = closed(county.market, Draw.Purpose.INSPECTION, take=5, people=4, rest_days=30)
    with time_machine.travel(noon(LATER + timedelta(days=2)), tick=False):
        paper = seeded(other).record
        assert {lot.id for lot in paper.sides[0].drawn} == {
            item.id for item in paper.sides[0].pool.items
        } - first
        assert set(dict(paper.sides[0].excluded).values()) == {Exclusion.RECENT}


def test_who_may_draw_and_publish(county: County) -> None:
    publisher, assessor = (
        county.user(Role.PUBLISHER, county.market),
        county.user(Role.ASSESSOR, county.market),
    )
    with time_machine.travel(noon(DAY), tick=False):
        draw = closed(county.body, Draw.Purpose.UNITS, title="督察")
        with pytest.raises(ActionRefused, match="角色"):
            PublishDraw(actor=assessor, draw=draw).execute()
        with pytest.raises(ActionRefused, match="角色"):
            PublishDraw(actor=publisher, draw=draw).execute()  # a publisher of a unit, a draw of the body
        assert (
            PublishDraw(actor=county.user(Role.PUBLISHER, county.body), draw=draw).execute().published_on
            == DAY
        )
        with pytest.raises(ActionRefused, match="已经公布"):
            PublishDraw(actor=None, draw=Draw.objects.get(pk=draw.pk)).execute()
