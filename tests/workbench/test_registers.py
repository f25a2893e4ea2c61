"""Register entries: versions, what differs between them, changes with reasons."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.ledger.registers import sample
from tests.workbench.conftest import TODAY, World
from yifa.law.loader import catalogue
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Entry
from yifa.workbench.views.registers.showing import differences

REGISTER = catalogue().registers["enforcement_officers"]


@pytest.fixture
def officer(world: World) -> Entry:
    """An entry whose changes need nobody's approval."""
    data = sample("enforcement_officers", {"code": "LT-1", "name": "甲某"})
    return PublishEntry(
        actor=None, organization=world.office, register="enforcement_officers", data=data, on=TODAY
    ).execute()


def data_form(entry: Entry, **more: object) -> dict[str, object]:
    return (
        {f"f_{name}": value for name, value in entry.data.items()}
        | {"on": "2026-11-20", "seen": entry.length}
        | more
    )


def test_versions_are_compared_by_character(world: World) -> None:
    page = LexborHTMLParser(
        world.client("officer").get(reverse("entry", args=[world.entry.pk])).content.decode()
    )
    assert [node.text() for node in page.css("ins.y-new")] == ["（修订）"]
    assert not page.css("del.y-old")
    assert [node.text() for node in page.css("ol.y-line .what")] == ["第 2 版", "第 1 版"]


def test_any_two_versions(world: World) -> None:
    url = reverse("entry", args=[world.entry.pk])
    same = world.client("officer").get(f"{url}?old=2&new=2").content.decode()
    assert "两版内容相同" in same
    wild = world.client("officer").get(f"{url}?old=x&new=99")
    assert wild.status_code == 200


def test_differences_of_lists_and_blanks() -> None:
    found = differences(REGISTER, {REGISTER.key: "甲"}, {REGISTER.key: "乙", REGISTER.title_field: "新"})
    pieces = {one.spec.title: [(piece.kind, piece.text) for piece in one.pieces] for one in found}
    assert pieces[REGISTER.fields[REGISTER.key].title] == [("old", "甲"), ("new", "乙")]
    assert pieces[REGISTER.fields[REGISTER.title_field].title] == [("new", "新")]


def test_revision_needs_a_reason_and_makes_a_version(world: World, officer: Entry) -> None:
    client = world.client("officer")
    url = reverse("revise_entry", args=[officer.pk])
    form = data_form(officer, **{f"f_{REGISTER.title_field}": "又一名称"})
    refused = client.post(url, form)
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    assert client.post(url, {**form, "reason": "机构改革"}).status_code == 302
    officer.refresh_from_db()
    assert (officer.version, officer.title) == (2, "又一名称")


def test_the_slower_of_two_keeps_the_form(world: World, officer: Entry) -> None:
    url = reverse("revise_entry", args=[officer.pk])
    form = data_form(officer, reason="先到", **{f"f_{REGISTER.title_field}": "先到的名称"})
    assert world.client("coordinator").post(url, form).status_code == 302
    late = data_form(officer, reason="后到", **{f"f_{REGISTER.title_field}": "后到的名称"})
    response = world.client("officer").post(url, late)
    assert response.status_code == 409
    assert "后到的名称" in response.content.decode()


def test_withdrawal(world: World, officer: Entry) -> None:
    client = world.client("officer")
    url = reverse("withdraw_entry", args=[officer.pk])
    form = {"on": "2026-11-20", "seen": officer.length, "reason": "职权取消"}
    assert client.post(url, form).status_code == 302
    officer.refresh_from_db()
    assert officer.withdrawn
    assert "已撤下" in client.get(reverse("entry", args=[officer.pk])).content.decode()


def test_new_entry_and_its_duplicate(world: World, officer: Entry) -> None:
    client = world.client("officer")
    url = reverse("new_entry", args=["enforcement_officers"])
    form = data_form(officer, organization=world.office.pk)
    assert client.post(url, {**form, f"f_{REGISTER.key}": "N-9"}).status_code == 302
    again = client.post(url, {**form, f"f_{REGISTER.key}": "N-9"})
    assert again.status_code == 422
    assert "N-9" in again.content.decode()
    assert Entry.objects.filter(key="N-9").count() == 1


def test_what_another_list_bars_or_does_not_have_is_refused_and_nothing_typed_is_lost(world: World) -> None:
    """An abolished proof among the materials; a power that stands on no list."""
    proof = {"name": "无房证明", "status": "取消", "effective": "2026-01-05"}
    PublishEntry(
        actor=None, organization=world.office, register="proofs", data=proof, on=date(2026, 1, 5)
    ).execute()
    client, form = world.client("officer"), {"organization": world.office.pk, "on": "2026-03-02"}
    item = form | {
        "f_code": "FW-1",
        "f_name": "食品经营许可",
        "f_kind": "行政许可",
        "f_organ": world.office.name,
    }
    item |= {"f_effective": "2026-03-02", "f_materials": "申请书\n无房证明"}
    power = form | {"f_code": "GZ-1", "f_unit": world.office.name, "f_post": "科长", "f_power": "没有的职权"}
    for register, given, field, words in (
        ("service_items", item, "f_materials", "“无房证明”在“证明事项清单”中已经取消"),
        ("post_powers", power | {"f_effective": "2026-03-02"}, "f_power", "“没有的职权”没有登记"),
    ):
        refused = client.post(reverse("new_entry", args=[register]), given)
        tree = LexborHTMLParser(refused.content.decode())
        assert refused.status_code == 422 and words in tree.text()
        assert str(given[field]) in refused.content.decode()
        assert not Entry.objects.filter(register=register).exists()
    allowed = item | {"f_materials": "申请书"}
    assert client.post(reverse("new_entry", args=["service_items"]), allowed).status_code == 302


def test_unknown_register_is_not_there(world: World) -> None:
    assert world.client("officer").get(reverse("register", args=["nonsense"])).status_code == 404
