"""Changes of some registers wait until another person approves them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.ledger.registers import sample
from tests.workbench.conftest import World
from yifa.approvals.actions import DecideDraft
from yifa.approvals.models import EntryDraft
from yifa.law.loader import catalogue
from yifa.ledger.models import Entry, Record
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.verification import verify

BODIES = catalogue().registers["enforcement_bodies"]


def sent(world: World, **more: Any) -> dict[str, Any]:
    held = sample("enforcement_bodies", {"name": "县示例局"})
    fields = {f"f_{name}": "yes" if value is True else value for name, value in held.items()}
    return {**fields, "organization": str(world.office.pk), "on": "2026-11-20", **more}


def drafted(world: World) -> EntryDraft:
    url = reverse("new_entry", args=["enforcement_bodies"])
    response = world.client("officer").post(url, sent(world))
    assert response.status_code == 302, response.content.decode()[-3000:]
    return EntryDraft.objects.get()


def test_what_needs_approval_is_published_by_another_person(world: World) -> None:
    draft = drafted(world)
    assert (draft.state, draft.title) == ("waiting", "县示例局")
    assert not Entry.objects.filter(register="enforcement_bodies").exists()
    url = reverse("entry_drafts")
    form = {"draft": [str(draft.pk)], "do": "approve", "on": "2026-11-19"}
    assert world.client("officer").post(url, form).status_code == 403
    done = world.client("reviewer").post(url, form, follow=True)
    assert "已审核并公布 1 条" in done.content.decode()
    entry = Entry.objects.get(register="enforcement_bodies")
    record = Record.objects.get(subject_id=entry.pk)
    assert record.recorded_by == world.users["officer"]
    assert '"approved_by":"reviewer"' in record.payload
    assert str(record.happened_on) == "2026-11-19"
    again = world.client("reviewer").post(url, form)
    assert "已经审核过了" in again.content.decode()
    assert verify().faults == ()


def test_nobody_approves_what_they_drafted(world: World) -> None:
    draft = drafted(world)
    EntryDraft.objects.filter(pk=draft.pk).update(drafted_by=world.users["coordinator"])
    draft.refresh_from_db()
    with pytest.raises(ActionRefused, match="须由另一人审核"):
        DecideDraft(actor=world.users["coordinator"], draft=draft, approve=True).execute()


def test_a_return_says_why(world: World) -> None:
    draft = drafted(world)
    url, form = reverse("entry_drafts"), {"draft": [str(draft.pk)], "do": "return", "on": "2026-11-20"}
    assert "请填写退回的意见" in world.client("reviewer").post(url, form).content.decode()
    world.client("reviewer").post(url, {**form, "opinion": "依据写错"})
    draft.refresh_from_db()
    assert (draft.state, draft.opinion) == ("returned", "依据写错")
    assert "依据写错" in world.client("officer").get(url).content.decode()


def test_only_one_draft_of_an_entry_at_a_time_and_none_of_what_changed_since(world: World) -> None:
    draft = drafted(world)
    DecideDraft(actor=world.users["reviewer"], draft=draft, approve=True).execute()
    entry = Entry.objects.get(register="enforcement_bodies")
    url = reverse("revise_entry", args=[entry.pk])
    form = sent(world, reason="更名", f_basis="新的依据", seen=entry.length)
    assert world.client("officer").post(url, form).status_code == 302
    again = world.client("officer").post(url, form)
    assert "已有一份变更在等审核" in again.content.decode()
    second = EntryDraft.objects.get(state="waiting")
    EntryDraft.objects.filter(pk=second.pk).update(length=entry.length + 1)
    second.refresh_from_db()
    with pytest.raises(ActionRefused):
        DecideDraft(actor=world.users["reviewer"], draft=second, approve=True).execute()
    assert Entry.objects.get(pk=entry.pk).version == 1
