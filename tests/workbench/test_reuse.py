"""What a case knows stands in the form already, and says from where."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import TODAY, World, request_for
from yifa.ledger.actions import OpenCase, PublishEntry, RecordAct
from yifa.ledger.models import Organization


def test_an_earlier_answer_fills_the_next_form(world: World) -> None:
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="state_compensation",
        act="claim",
        on=date(2026, 10, 8),
        facts={"subject": "示例赔偿", "claimant": "甲某"},
        entered="back",
    ).execute()
    RecordAct(
        actor=None,
        case=case,
        act="decide",
        on=date(2026, 10, 20),
        outcome="予以赔偿",
        fields={"amount": 3200},
        entered="back",
    ).execute()
    case.refresh_from_db()
    page = world.client("officer").get(reverse("record_act", args=[case.pk, "pay"]))
    tree = LexborHTMLParser(page.content.decode())
    amount = tree.css_first("#id_f_amount")
    assert amount is not None and amount.attributes["value"] == "3200"
    said = tree.css_first("#id_f_amount_helptext")
    assert said is not None and "已按“" in said.text()


def test_the_only_enforcement_body_of_a_unit_is_not_typed(world: World) -> None:
    def listed(name: str) -> None:
        data = {"name": name, "kind": "法定行政机关", "basis": "三定规定", "authority": "司法行政领域"}
        data |= {"valid_from": "2024-01-02"}
        PublishEntry(
            actor=None, organization=world.office, register="enforcement_bodies", data=data, on=TODAY
        ).execute()

    def asked(who: str) -> LexborHTMLParser:
        page = world.client(who).get(reverse("open_case", args=["administrative_penalty"]))
        return LexborHTMLParser(page.content.decode())

    def said(who: str) -> str | None:
        field = asked(who).css_first("#id_facts-f_body")
        assert field is not None
        return field.attributes.get("value")

    listed("某某执法大队")  # stands for another
    assert said("officer") is None
    listed(world.office.name)
    assert said("officer") == world.office.name
    assert "已按本单位在清单上的登记填好" in asked("officer").html
    assert said("coordinator") is None  # who opens for several units chooses one first


def test_kinds_the_unit_opens_most_come_first(world: World) -> None:
    request_for(world.office, TODAY, "示例事项的公开")
    page = world.client("officer").get(reverse("new_case"))
    (first, kinds), *others = page.context["groups"]
    assert first == "本单位常办"
    assert [kind.case_type for kind in kinds] == ["information_request"]
    assert any("information_request" in [kind.case_type for kind in group] for _, group in others)


def test_what_tells_of_the_unit_begins_as_its_last_case_says(world: World) -> None:
    def said(unit: Organization, subject: str, received_by: str) -> None:
        facts = {"subject": subject, "received_by": received_by, "channel": "来访"}
        OpenCase(
            actor=None,
            organization=unit,
            case_type="petition",
            act="register",
            on=TODAY,
            facts=facts,
            entered="back",
        ).execute()

    def begins() -> tuple[str | None, str | None]:
        page = world.client("officer").get(reverse("open_case", args=["petition"]))
        tree = LexborHTMLParser(page.content.decode())
        chosen = [
            tree.css_first(f"#id_facts-f_{name} option[selected]") for name in ("received_by", "channel")
        ]
        first, second = [one.attributes["value"] or None if one else None for one in chosen]
        return first, second

    assert begins() == (None, None)
    said(world.other, "示例事项甲", "其他机关单位")
    assert begins() == (None, None)
    said(world.office, "示例事项乙", "信访部门")
    assert begins() == ("信访部门", None)
    said(world.office, "示例事项丙", "其他机关单位")
    assert begins() == (None, None)  # not always the same
