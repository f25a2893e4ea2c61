"""Changes of some registers wait until another person approves them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.ledger.registers import sample
from tests.workbench.conftest import TODAY, World
from yifa.approvals.actions import DecideDraft
from yifa.approvals.models import EntryDraft
from yifa.approvals.sets import draft_entries
from yifa.law.loader import catalogue
from yifa.ledger.actions import PublishEntry
from yifa.ledger.bulk.entries import GivenEntry
from yifa.ledger.models import Entry, Organization, Record, User
from yifa.ledger.proof.verification import verify
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.waiting.everything import waiting_for

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
    assert (draft.state, draft.title, draft.on) == ("waiting", "县示例局", TODAY)
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


def waits(user: User) -> list[tuple[str, bool, str]]:
    return [(one.title, one.back, one.url) for one in waiting_for(user, TODAY).rows if "：" in one.about]


def test_a_draft_waits_for_who_may_approve_it_and_comes_back_to_who_drafted_it(world: World) -> None:
    draft = drafted(world)
    wait = ("审核清单变更（登记）", False, reverse("entry_drafts"))
    assert wait in waits(world.users["reviewer"])
    assert wait in waits(world.users["coordinator"])
    assert wait not in waits(world.users["officer"])
    assert wait not in waits(world.users["stranger"])
    DecideDraft(actor=world.users["reviewer"], draft=draft, approve=False, opinion="依据写错").execute()
    assert wait not in waits(world.users["reviewer"])
    ((title, back, url),) = [one for one in waits(world.users["officer"]) if one[1]]
    assert (title, back) == ("清单变更被退回：依据写错", True)
    client = world.client("officer")
    page = client.get(url).content.decode()
    assert "依据写错" in page
    assert 'value="县示例局"' in page  # what was written is there again
    assert client.post(url, sent(world, f_basis="改正的依据")).status_code == 302
    assert waits(world.users["officer"]) == []
    states = dict(EntryDraft.objects.values_list("state", "data__basis"))
    assert set(states) == {"redrafted", "waiting"}
    assert states["waiting"] == "改正的依据"


def test_what_came_in_one_list_is_shown_and_decided_on_together(world: World) -> None:
    batch = uuid4()
    given = [
        GivenEntry(
            organization=world.office, register="enforcement_bodies", on=date(2026, 11, 2),
            data=sample("enforcement_bodies", {"name": name}), source={"row": row, "file": "0" * 64},
        )
        for row, name in enumerate(("县甲局", "县乙局"), 2)
    ]  # fmt: skip
    draft_entries(given, world.users["officer"], batch)
    url = reverse("entry_drafts")
    wait = ("审核整套清单变更", False, f"{url}?set={batch}")
    assert wait in waits(world.users["reviewer"])
    client = world.client("reviewer")
    assert f"?set={batch}" in client.get(url).content.decode()
    page = client.get(url, {"set": str(batch)}).content.decode()
    assert all(
        words in page for words in ("县甲局", "县乙局", "起草人所写的公布日期：2026年11月2日", "表中第 3 行")
    )
    assert client.get(url, {"set": "zzz"}).status_code == 404
    done = client.post(f"{url}?set={batch}", {"whole": "1", "do": "approve"}, follow=True)
    assert "已审核并公布 2 条" in done.content.decode()
    entries = Entry.objects.filter(register="enforcement_bodies").values("pk")
    days = Record.objects.filter(subject_id__in=entries).values_list("happened_on", flat=True)
    assert list(days) == [date(2026, 11, 2)] * 2
    assert waits(world.users["reviewer"]) == []


def test_only_the_drafter_takes_a_draft_back(world: World) -> None:
    draft = drafted(world)
    url = reverse("drop_draft", args=[draft.pk])
    world.client("coordinator").post(url)
    draft.refresh_from_db()
    assert draft.state == "waiting"
    world.client("officer").post(url)
    draft.refresh_from_db()
    assert draft.state == "dropped"
    assert waits(world.users["reviewer"]) == []
    with pytest.raises(ActionRefused, match="已经审核过了"):
        DecideDraft(actor=world.users["reviewer"], draft=draft, approve=True).execute()
    assert "已经办完" in world.client("officer").post(url, follow=True).content.decode()


def test_renewal_of_what_needs_approval_is_drafted(world: World) -> None:
    ends = str(BODIES.ends)
    data = sample("enforcement_bodies", {"name": "县示例局"}) | {ends: "2026-12-31"}
    entry = PublishEntry(
        actor=None, organization=world.office, register="enforcement_bodies", data=data, on=TODAY
    ).execute()
    form = {"entry": [str(entry.pk)], "ends": "2029-12-31", "on": "2026-11-20", "reason": "延续"}
    done = world.client("officer").post(
        reverse("renew_entries", args=["enforcement_bodies"]), form, follow=True
    )
    assert "已送审续期 1" in done.content.decode()
    assert EntryDraft.objects.get(state="waiting").data[ends] == "2029-12-31"
    entry.refresh_from_db()
    assert (entry.version, str(entry.ends)) == (1, "2026-12-31")


def test_what_ends_soon_waits_for_its_own_desk(world: World) -> None:
    def certificate(unit: Organization, number: str, ends: str) -> None:
        data = sample("enforcement_officers", {"code": number}) | {"valid_to": ends}
        PublishEntry(
            actor=None, organization=unit, register="enforcement_officers", data=data, on=TODAY
        ).execute()

    certificate(world.office, "LT-1", "2027-01-31")
    certificate(world.office, "LT-2", "2026-12-31")
    certificate(world.office, "LT-3", "2029-12-31")
    certificate(world.other, "LT-4", "2026-12-31")
    (one,) = [one for one in waiting_for(world.users["officer"], TODAY).rows if "到期" in one.about]
    assert one.about == "行政执法人员名录：2 人即将到期"
    assert str(one.due) == "2026-12-31"
    home = LexborHTMLParser(world.client("officer").get("/").content.decode()).text()
    assert "行政执法人员名录 · 2026年12月31日 到期" in home
    listed = LexborHTMLParser(world.client("officer").get(one.url).content.decode())
    assert len(listed.css("main tbody input[name=entry]")) == 2
    assert not [one for one in waiting_for(world.users["reviewer"], TODAY).rows if "到期" in one.about]


def test_an_entry_says_that_a_change_of_it_waits(world: World) -> None:
    client, at = world.client("officer"), reverse("entry", args=[world.entry.pk])
    assert "已送审" not in client.get(at).content.decode()
    revise = reverse("revise_entry", args=[world.entry.pk])
    assert "公布日期" in client.get(revise).content.decode()
    form = {f"f_{name}": value for name, value in world.entry.data.items()} | {
        "f_article": "第七十四条", "on": "2026-11-20", "reason": "依据调整", "seen": world.entry.length,
    }  # fmt: skip
    assert client.post(revise, form).status_code == 302
    assert "已送审修订，等另一人审核" in client.get(at).content.decode()
    assert "起草人所写的公布日期：2026年11月20日" in client.get(reverse("entry_drafts")).content.decode()
