"""Facts are asked with the act that needs them: folded when the case is opened, asked later, never twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.ledger.registers import sample
from tests.workbench.conftest import TODAY, World
from yifa.ledger.actions import OpenCase, PublishEntry, RecordAct
from yifa.ledger.models import Case, Record
from yifa.ledger.proof.verification import verify
from yifa.ledger.refusal import ActionRefused


@pytest.fixture
def case(world: World) -> Case:
    """A penalty whose investigation is over."""
    data = sample("enforcement_bodies", {"name": world.office.name})
    PublishEntry(
        actor=None, organization=world.office, register="enforcement_bodies", data=data, on=date(2026, 1, 5)
    ).execute()
    case = OpenCase(
        actor=None,
        organization=world.office,
        case_type="administrative_penalty",
        act="file",
        on=date(2026, 11, 2),
        facts={"subject": "占道经营案", "body": world.office.name, "hearing_right": True},
        entered="back",
    ).execute()
    for act in ("investigate", "end_investigation"):
        RecordAct(actor=None, case=case, act=act, on=date(2026, 11, 6), entered="back").execute()
    return Case.objects.get(pk=case.pk)


def names(page: str, place: str) -> list[str]:
    """The facts asked for in a place of a page."""
    found = LexborHTMLParser(page).css(f"{place} [name^=facts-f_]")
    return [(one.attributes["name"] or "").removeprefix("facts-f_") for one in found]


def test_the_opening_form_folds_what_later_acts_ask(world: World) -> None:
    url = reverse("open_case", args=["administrative_penalty"])
    client = world.client("officer")
    page = client.get(url).content.decode()
    folded = names(page, "main details#more")
    assert len(names(page, "main #facts")) == len(folded) + 8
    assert "hearing_right" in folded
    assert LexborHTMLParser(page).css_first("details#more[open]") is None
    hint = LexborHTMLParser(page).css_first("#id_facts-f_hearing_right_helptext")
    assert hint is not None
    field = LexborHTMLParser(page).css_first("#id_facts-f_hearing_right")
    assert field is not None
    assert field.attributes["aria-describedby"] == hint.id
    assert "办理“事先告知”时再问" in hint.text()
    known = client.get(url, {"facts-f_matter": "占道经营"}).content.decode()
    assert LexborHTMLParser(known).css_first("details#more[open]") is not None


def test_an_act_asks_what_is_still_open_and_keeps_it(world: World, case: Case) -> None:
    client = world.client("officer")
    url = reverse("record_act", args=[case.pk, "notify"])
    page = client.get(url).content.decode()
    assert names(page, "#asked") == ["proposed_fine"]  # whether a hearing is due was said when it was opened
    form: dict[str, Any] = {
        "on": "2026-11-20",
        "by": "甲某",
        "unit": world.office.pk,
        "seen": case.length,
        "papers-0-title": "行政处罚告知书",
        "papers-0-paper": "on",
    }
    wrong = client.post(url, {**form, "facts-f_proposed_fine": "-5"})
    assert wrong.status_code == 422
    assert "不得小于 0" in wrong.content.decode()
    assert client.post(url, {**form, "facts-f_proposed_fine": "800"}).status_code == 302
    again = Case.objects.get(pk=case.pk)
    assert (again.facts["proposed_fine"], again.length) == (800, case.length + 2)
    record = Record.objects.filter(subject_id=case.pk, kind="facts.changed").get()
    assert "办理“事先告知”时填写" in record.payload
    assert names(client.get(url).content.decode(), "#asked") == []
    assert verify().faults == ()


def test_what_was_said_before_is_not_overwritten_by_an_act(world: World, case: Case) -> None:
    given: dict[str, Any] = {"actor": world.users["officer"], "case": case, "act": "notify", "on": TODAY}
    with pytest.raises(ActionRefused, match="已经填过"):
        RecordAct(**given, facts={"hearing_right": False}, entered="back").execute()
    with pytest.raises(ActionRefused, match="拟处罚款数额"):
        RecordAct(**given, facts={"proposed_fine": "很多"}, entered="back").execute()
    assert Case.objects.get(pk=case.pk).length == case.length


def test_a_fact_given_with_an_act_counts_for_it(world: World, case: Case) -> None:
    """The legal review asked for by a fact given with the decision bars the decision."""
    given: dict[str, Any] = {"actor": None, "case": case, "act": "discuss", "on": TODAY, "by": "甲局长"}
    with pytest.raises(ActionRefused, match="法制审核"):
        RecordAct(**given, facts={"complicated": True}).execute()
    assert "complicated" not in Case.objects.get(pk=case.pk).facts


def test_the_case_page_misses_only_what_was_asked(world: World, case: Case) -> None:
    page = world.client("officer").get(reverse("case", args=[case.pk])).content.decode()
    (note,) = [one.text() for one in LexborHTMLParser(page).css("main .y-note") if "未填：" in one.text()]
    assert "拟处罚款数额" not in note  # asked with the notice, which is still to come
    assert "疑难复杂、涉及多个法律关系" in note  # was to be said when the investigation ended
