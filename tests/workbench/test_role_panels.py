"""The first page of those who watch over others' work; and that it stays bounded."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.workbench.conftest import TODAY, World, request_for
from yifa.ledger.actions import CorrectAct, GrantRole, OpenCase, RecordAct
from yifa.ledger.models import Membership, Organization, Role, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.figures import keyfigures
from yifa.workbench.firstpage.rolepanels import Panel, panels


def seen(world: World, role: str, unit: Organization | None = None) -> dict[str, Panel]:
    user = world.users["nobody"]
    Membership.objects.filter(user=user).delete()
    GrantRole(actor=None, user=user, organization=unit or world.body, role=role).execute()
    return {panel.title: panel for panel in panels(User.objects.get(pk=user.pk), TODAY)}


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR, Role.ASSESSOR, Role.PUBLISHER])
def test_a_page_without_anything_says_so_and_opens_what_it_links(world: World, role: str) -> None:
    found = seen(world, role)
    assert found
    client = world.client("nobody")
    text = client.get("/").content.decode()
    for panel in found.values():
        assert panel.title in text
        assert panel.lines or panel.chart or panel.empty in text
        if panel.more:
            assert client.get(panel.more).status_code == 200, panel.more
        for line in panel.lines:
            assert client.get(line.url).status_code == 200, line.url


def test_others_have_none_of_it(world: World) -> None:
    for who in ("officer", "reviewer", "coordinator", "nobody"):
        assert panels(world.users[who], TODAY) == []


def test_a_supervisor_sees_who_missed_what(world: World) -> None:
    request_for(world.other, date(2026, 8, 3), "逾期一", entered="back")
    request_for(world.other, date(2026, 8, 3), "逾期二", entered="back")
    request_for(world.office, date(2026, 8, 3), "逾期三", entered="back")
    chart = seen(world, Role.SUPERVISOR)["各单位超过时限"].chart
    assert chart is not None
    assert list(zip(chart.labels, chart.series[0].values, strict=True)) == [
        ("县市场监督管理局", 2),
        ("县司法局", 1),
    ]
    client = world.client("nobody")
    assert "共 2 件" in client.get(chart.urls[0]).content.decode()
    only = seen(world, Role.SUPERVISOR, world.office)["各单位超过时限"].chart
    assert only is not None
    assert only.labels == ["县司法局"]


def test_an_auditor_sees_what_was_refused_entered_late_and_corrected(world: World) -> None:
    late = RecordAct(actor=None, case=world.case, act="draft", on=TODAY, by="甲某", entered="back").execute()
    world.case.refresh_from_db()
    CorrectAct(
        actor=None,
        case=world.case,
        position=late.position,
        changes={"by": "乙某"},
        reason="写错姓名",
        withdraws=False,
    ).execute()
    world.case.refresh_from_db()
    with pytest.raises(ActionRefused):
        RecordAct(
            actor=world.users["officer"],
            case=world.case,
            act="answer",
            on=date(2026, 10, 1),
            outcome="予以公开",
        ).execute()
    found = seen(world, Role.AUDITOR)
    assert found["补录和更正"].lines[0].title.startswith("更正")
    assert "更正 1 条" in found["补录和更正"].note
    said = [line.about for line in found["补录和更正"].lines]
    assert any("写错姓名" in about for about in said)
    assert any(line.title.startswith("被拒绝") for line in found["被拒绝的办理"].lines)
    elsewhere = seen(world, Role.AUDITOR, world.other)
    assert not elsewhere["被拒绝的办理"].lines
    assert not elsewhere["补录和更正"].lines


def test_a_publisher_sees_the_legal_day(world: World) -> None:
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="disclosure_item",
        act="form",
        on=TODAY,
        facts={"index_no": "示例-1", "title": "示例公开事项", "category": "其他"},
        entered="back",
    )
    case.execute()
    found = seen(world, Role.PUBLISHER)["等待公开的事项"]
    assert [line.due is not None for line in found.lines] == [True]
    assert "公开" in found.lines[0].about


def test_a_large_ledger_asks_later_and_with_as_many_queries(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(world, Role.SUPERVISOR)
    monkeypatch.setattr(keyfigures, "FEW", 0)
    client = world.client("nobody")
    assert f'hx-get="{reverse("home_panels")}"' in client.get("/").content.decode()
    assert client.get(reverse("home_panels")).headers["Location"] == "/"
    headers = {"HX-Request": "true"}
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("home_panels"), headers=headers)
    for number in range(5):
        request_for(world.office, date(2026, 8, 3), f"逾期{number}", entered="back")
    with CaptureQueriesContext(connection) as many:
        part = client.get(reverse("home_panels"), headers=headers).content.decode()
    assert len(many) <= len(few)
    assert part.startswith('<div id="role-panels">')
