"""A register on two days, entries near their end, many renewed at once."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.ledger.registers import sample
from tests.workbench.conftest import World
from yifa.law.loader import catalogue
from yifa.ledger.actions import PublishEntry, ReviseEntry, WithdrawEntry
from yifa.ledger.entrychanges import changes
from yifa.ledger.models import Entry, Organization

OFFICERS = catalogue().registers["enforcement_officers"]


def officer(organization: Organization, number: str, ends: str) -> Entry:
    data = sample("enforcement_officers", {}) | {OFFICERS.key: number, str(OFFICERS.ends): ends}
    data |= {str(OFFICERS.begins): "2023-01-05"} if OFFICERS.begins else {}
    return PublishEntry(
        actor=None, organization=organization, register="enforcement_officers", data=data, on=date(2026, 1, 5)
    ).execute()


def test_two_days_show_what_came_went_and_changed(world: World) -> None:
    register = catalogue().registers["powers"]
    held = sample("powers", {})
    begins = {str(register.begins): "2026-05-01"} if register.begins else {}
    for key in ("甲1", "甲2"):
        PublishEntry(
            actor=None,
            organization=world.office,
            register="powers",
            data={**held, register.key: key} | begins,
            on=date(2026, 5, 1),
        ).execute()
    gone = Entry.objects.get(key="甲2")
    WithdrawEntry(actor=None, entry=gone, on=date(2026, 9, 1), reason="取消").execute()
    entries = Entry.objects.filter(register="powers")
    year = changes(register, entries, date(2026, 2, 1), date(2026, 11, 1))
    assert [one.entry.key for one in year.came] == ["甲1"]
    assert [one.entry for one in year.changed] == [world.entry]  # its second version is of March
    summer = changes(register, entries, date(2026, 6, 1), date(2026, 10, 1))
    assert ([one.entry.key for one in summer.went], summer.came, summer.changed) == (["甲2"], (), ())
    page = world.client("officer").get(
        reverse("compare_days", args=["powers"]), {"first": "2026-02-01", "last": "2026-11-01"}
    )
    tree = LexborHTMLParser(page.content.decode())
    assert tree.css_first("#came") is not None and tree.css("#changed ins.y-new")
    wrong = world.client("officer").get(
        reverse("compare_days", args=["powers"]), {"first": "2026-11-01", "last": "2026-02-01"}
    )
    assert "应当早于" in wrong.content.decode()


def test_comparing_asks_no_more_for_more_entries(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            entries = Entry.objects.filter(register="enforcement_officers")
            changes(OFFICERS, entries, date(2025, 12, 1), date(2026, 11, 1))
        return len(queries)

    officer(world.office, "LT-1", "2029-01-05")
    before = asked()
    for n in range(2, 7):
        officer(world.office, f"LT-{n}", "2029-01-05")
    assert asked() == before


def test_those_near_their_end_are_renewed_together(world: World) -> None:
    client = world.client("officer")
    soon = [officer(world.office, f"LT-{n}", "2026-12-31") for n in (1, 2)]
    later = officer(world.office, "LT-3", "2029-12-31")
    foreign = officer(world.other, "LT-4", "2026-12-31")
    url = reverse("register", args=["enforcement_officers"])
    listed = LexborHTMLParser(client.get(url, {"state": "ending"}).content.decode())
    assert len(listed.css("tbody input[name=entry]")) == 2
    ticked = {"entry": [str(one.pk) for one in (*soon, later, foreign)]}
    renew = reverse("renew_entries", args=["enforcement_officers"])
    assert "可以续期 3" in " ".join(client.post(renew, ticked).content.decode().split())
    sent = {**ticked, "ends": "2029-12-31", "on": "2026-11-20", "reason": ""}
    assert client.post(renew, sent).status_code == 422
    done = client.post(renew, {**sent, "reason": "集中换发"}, follow=True)
    assert "已续期 2" in done.content.decode()
    assert [Entry.objects.get(pk=one.pk).version for one in (*soon, later, foreign)] == [2, 2, 1, 1]


def test_renewing_is_all_or_nothing(world: World) -> None:
    entry = officer(world.office, "LT-1", "2026-12-31")
    other = officer(world.office, "LT-2", "2026-12-31")
    sent = {
        "entry": [str(entry.pk), str(other.pk)],
        "ends": "2029-12-31",
        "on": "2027-01-01",
        "reason": "换发",
    }
    refused = world.client("officer").post(reverse("renew_entries", args=["enforcement_officers"]), sent)
    assert "还没有发生" in refused.content.decode()
    assert {one.version for one in Entry.objects.filter(register="enforcement_officers")} == {1}


def test_what_is_the_same_in_all_is_said_once_when_renewing(world: World) -> None:
    client = world.client("officer")
    soon = [officer(world.office, f"LT-{n}", "2026-12-31") for n in (1, 2)]
    renew = reverse("renew_entries", args=["enforcement_officers"])
    sent = {
        "entry": [str(one.pk) for one in soon],
        "ends": "2031-12-31",
        "on": "2026-11-20",
        "reason": "集中换发",
        "f_issued_as": "换发",
    }
    client.post(renew, sent)
    for entry in Entry.objects.filter(register="enforcement_officers"):
        assert entry.data["issued_as"] == "换发"
        assert entry.data["valid_from"] == "2027-01-01"  # the day after the former certificate
        assert str(entry.ends) == "2031-12-31"
    lapsed = officer(world.office, "LT-3", "2026-10-31")
    client.post(renew, {**sent, "entry": [str(lapsed.pk)]})
    assert Entry.objects.get(pk=lapsed.pk).data["valid_from"] == "2026-11-20"  # none was held in between
    given = {**sent, "entry": [str(soon[0].pk)], "ends": "2032-12-31", "f_valid_from": "2026-11-20"}
    client.post(renew, given)
    assert Entry.objects.get(pk=soon[0].pk).data["valid_from"] == "2026-11-20"


def test_a_renewed_certificate_was_in_force_before(world: World) -> None:
    entry = officer(world.office, "LT-1", "2026-12-31")
    data = {**entry.data, "valid_from": "2027-01-01", "valid_to": "2031-12-31"}
    ReviseEntry(actor=None, entry=entry, data=data, on=date(2026, 11, 20), reason="换发").execute()
    entry.refresh_from_db()
    assert (str(entry.begins), str(entry.ends)) == ("2023-01-05", "2031-12-31")
    held = Entry.objects.filter(pk=entry.pk)
    (changed,) = changes(OFFICERS, held, date(2026, 2, 1), date(2026, 11, 24)).changed
    assert changed.after is not None
    data |= {"valid_from": "2032-03-01", "valid_to": "2036-12-31"}  # after a gap
    ReviseEntry(actor=None, entry=entry, data=data, on=date(2026, 11, 20), reason="重新领证").execute()
    entry.refresh_from_db()
    assert str(entry.begins) == "2032-03-01"


def test_an_entry_is_in_force_through_its_last_day_and_not_before_its_first(world: World) -> None:
    client, url = world.client("officer"), reverse("register", args=["enforcement_officers"])
    last = officer(world.office, "LT-1", "2026-11-20")
    over = officer(world.office, "LT-2", "2026-11-19")
    data = {**last.data, str(OFFICERS.key): "LT-3", "valid_from": "2026-12-01", "valid_to": "2031-11-30"}
    coming = PublishEntry(
        actor=None,
        organization=world.office,
        register="enforcement_officers",
        data=data,
        on=date(2026, 11, 20),
    ).execute()
    for entry, state, word in (
        (last, "in_force", "证件有效"),
        (over, "ended", "证件失效"),
        (coming, "to_come", "尚未生效"),
    ):
        listed = LexborHTMLParser(client.get(url, {"state": state}).content.decode())
        assert [node.text(strip=True) for node in listed.css("tr:has(input[name=entry]) td:last-child")] == [
            word
        ]
        assert entry.key in listed.html
        shown = LexborHTMLParser(client.get(reverse("entry", args=[entry.pk])).content.decode())
        assert shown.css_first(".y-sub .badge").text() == word


def test_only_terms_are_renewed(world: World) -> None:
    client = world.client("officer")
    for register, renews in (("powers", False), ("enforcement_officers", True), ("enforcement_bodies", True)):
        page = client.get(reverse("register", args=[register])).content.decode()
        assert ("续期" in page) == renews
    assert "续期" not in client.get(reverse("entry", args=[world.entry.pk])).content.decode()
    assert (
        client.post(reverse("renew_entries", args=["powers"]), {"entry": [str(world.entry.pk)]}).status_code
        == 404
    )


def test_a_list_shows_whose_an_entry_is_and_until_when_a_term_runs(world: World) -> None:
    for register, heads in (
        ("powers", {"行使机关"}),
        ("credit_measures", {"截止日"}),
        ("normative_documents", {"有效期至"}),
    ):
        page = world.client("officer").get(reverse("register", args=[register])).content.decode()
        assert {node.text(strip=True) for node in LexborHTMLParser(page).css("thead th")} >= heads
