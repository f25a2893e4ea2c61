"""What a case knows stands in the form already, and says from where."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from yifa.ledger.actions import OpenCase, RecordAct


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
