"""A case that belongs on a register offers the form, begun with what it says."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import TODAY, World
from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.models import Case, Entry

STEPS = ("discuss", "sign", "register", "publish")


def document(world: World) -> Case:
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="normative_document",
        act="initiate",
        on=date(2026, 9, 1),
        facts={"name": "示例渡口管理办法", "class": "部门规范性文件", "expires": "2031-12-31"},
        entered="back",
    ).execute()
    for act in STEPS:
        outcome = "通过" if act == "discuss" else None
        RecordAct(actor=None, case=case, act=act, on=TODAY, outcome=outcome, entered="back").execute()
    case.refresh_from_db()
    return case


def test_a_published_document_is_listed_with_what_its_case_says(world: World) -> None:
    client, case = world.client("officer"), document(world)
    page = reverse("case", args=[case.pk])
    offer = LexborHTMLParser(client.get(page).content.decode()).css_first("#unlisted-normative_documents a")
    assert offer is not None
    url = offer.attributes["href"]
    assert url is not None
    form = LexborHTMLParser(client.get(url).content.decode()).css_first("main form")
    assert form is not None
    sent = {str(one.attributes["name"]): one.attributes.get("value") or "" for one in form.css("input[name]")}
    assert sent["f_name"] == "示例渡口管理办法"
    assert sent["f_number"] == case.number != ""
    chosen = {
        str(menu.attributes["name"]): str(one.attributes["value"])
        for menu in form.css("select")
        for one in menu.css("option[selected]")
    }
    assert chosen["f_class"] == "部门规范性文件"
    client.post(url, {**sent, **chosen, "reason": "", "f_effective": "2026-12-01"})
    entry = Entry.objects.get(register="normative_documents", key=case.number)
    assert entry.organization == case.organization
    assert (entry.data["expires"], entry.data["issuer"]) == ("2031-12-31", case.organization.name)
    assert "unlisted-normative_documents" not in client.get(page).content.decode()


def test_who_keeps_no_register_is_not_offered_it(world: World) -> None:
    page = world.client("auditor").get(reverse("case", args=[document(world).pk])).content.decode()
    assert "unlisted-normative_documents" not in page
