"""One act on many cases: chosen in the list, judged, done on all or on those that can, undone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World, request_for
from yifa.batches.choosing import MOST
from yifa.batches.models import CaseBatch
from yifa.ledger.actions import GrantRole, OpenCase, RecordAct
from yifa.ledger.chain.attempts import attempts_of
from yifa.ledger.models import Case, Record, Role
from yifa.ledger.proof.verification import verify

ANSWER = "information_request.answer"


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("officer")


@pytest.fixture
def cases(world: World) -> list[Case]:
    """Three that can be answered and one that has been."""
    made = [request_for(world.office, date(2026, 11, 2 + n), f"示例资料之{n}") for n in range(4)]
    answer(made[3], date(2026, 11, 12))
    return made


def answer(case: Case, on: date) -> None:
    RecordAct(
        actor=None,
        case=case,
        act="answer",
        on=on,
        outcome="予以公开",
        evidence=[{"title": "答复书", "attachment": None}],
    ).execute()


def choose(client: Client, cases: list[Case], **more: Any) -> CaseBatch:
    response = client.post(
        reverse("choose_cases"), {"case": [str(one.pk) for one in cases], "do": "act", **more}
    )
    assert response.status_code == 302
    return CaseBatch.objects.get(pk=response["Location"].rstrip("/").rsplit("/", 1)[-1])


def send(client: Client, batch: CaseBatch, **more: Any) -> HttpResponse:
    form = {"act": ANSWER, "on": "2026-11-20", "outcome": "予以公开", "held_0": "1", "mode": "some"} | more
    return client.post(reverse("batch", args=[batch.pk]), form)


def run(client: Client, batch: CaseBatch) -> None:
    client.post(reverse("batch_step", args=[batch.pk]), headers={"HX-Request": "true"})
    batch.refresh_from_db()


def text(response: HttpResponse) -> str:
    return LexborHTMLParser(response.content.decode()).css_first("main").text(separator=" ")  # type: ignore[union-attr]


def answered(cases: list[Case]) -> list[int]:
    return [one.acts.filter(act="answer").count() for one in cases]


def test_what_can_be_done_is_offered_and_what_cannot_says_why(officer: Client, cases: list[Case]) -> None:
    batch = choose(officer, cases)
    assert "答复 3 件可以办" in " ".join(text(officer.get(reverse("batch", args=[batch.pk]))).split())
    page = LexborHTMLParser(officer.get(reverse("batch", args=[batch.pk]), {"act": ANSWER}).content.decode())
    rows = [row.text() for row in page.css("section tbody tr")]
    assert "不能办" in rows[0] and cases[3].title in rows[0]
    assert sum("可以办" in row for row in rows) == 3


def test_those_that_can_are_done_each_by_its_own_record(officer: Client, cases: list[Case]) -> None:
    batch = choose(officer, cases)
    before = Record.objects.count()
    assert send(officer, batch).status_code == 302
    run(officer, batch)
    assert (batch.state, batch.done, batch.refused) == ("done", 3, 1)
    assert answered(cases) == [1, 1, 1, 1]
    assert Record.objects.count() == before + 3
    assert f'"batch":"{batch.pk}"' in Record.objects.latest("id").payload
    assert not attempts_of(cases[3])  # it was seen before that it cannot be done: nothing was tried
    assert verify().faults == ()


def test_all_or_none_leaves_nothing_and_says_which(officer: Client, cases: list[Case]) -> None:
    batch = choose(officer, cases)
    before = Record.objects.count()
    send(officer, batch, mode="all")
    batch.refresh_from_db()
    assert (batch.state, Record.objects.count()) == ("chosen", before)
    assert [row["state"] for row in batch.rows] == ["waiting"] * 3 + ["refused"]
    officer.post(reverse("drop_refused", args=[batch.pk]), {"act": ANSWER})
    send(officer, batch, mode="all")
    batch.refresh_from_db()
    assert (batch.state, batch.done, len(batch.rows)) == ("done", 3, 3)


def test_a_batch_is_not_done_twice(officer: Client, cases: list[Case]) -> None:
    batch = choose(officer, cases[:2])
    send(officer, batch, mode="all")
    send(officer, batch, mode="all")
    run(officer, batch)
    assert answered(cases[:2]) == [1, 1]


def test_a_case_changed_after_the_choice_is_left(officer: Client, cases: list[Case]) -> None:
    batch = choose(officer, cases[:2])
    answer(cases[0], date(2026, 11, 19))
    send(officer, batch)
    run(officer, batch)
    assert [row["state"] for row in batch.rows] == ["refused", "done"]
    assert "又有人办理过" in batch.rows[0]["message"]


def test_undo_withdraws_what_stands_and_leaves_what_went_on(officer: Client, cases: list[Case]) -> None:
    batch = choose(officer, cases[:3])
    send(officer, batch)
    run(officer, batch)
    case = Case.objects.get(pk=cases[1].pk)
    RecordAct(
        actor=None, case=case, act="delay", on=date(2026, 11, 20), fields={"days": 1}, entered="back"
    ).execute()
    officer.post(reverse("undo_batch", args=[batch.pk]), {"reason": ""})
    batch.refresh_from_db()
    assert batch.done == 3  # not without a reason
    officer.post(reverse("undo_batch", args=[batch.pk]), {"reason": "选错了环节"})
    batch.refresh_from_db()
    assert [row["state"] for row in batch.rows] == ["undone", "done", "undone"]
    assert answered(cases[:3]) == [0, 1, 0]
    assert verify().faults == ()


def test_only_what_one_sees_and_only_ones_own(world: World, officer: Client, cases: list[Case]) -> None:
    batch = choose(officer, [cases[0], world.foreign])
    assert len(batch.rows) == 1
    assert world.client("stranger").get(reverse("batch", args=[batch.pk])).status_code == 404
    assert world.client("reviewer").get(reverse("batches")).status_code == 200
    assert world.client("nobody").get(reverse("batches")).status_code == 403


def test_all_of_the_filter_are_chosen_up_to_the_bound(officer: Client, cases: list[Case]) -> None:
    batch = choose(officer, [], all="1", filter="q=示例资料")
    assert {row["title"] for row in batch.rows} == {one.title for one in cases}
    too_many = [str(n) for n in range(MOST + 1)]
    nothing = officer.post(reverse("choose_cases"), {"case": too_many, "do": "act"}, follow=True)
    assert "没有选中事项" in text(nothing)


def test_chosen_cases_are_exported_and_printed(officer: Client, cases: list[Case]) -> None:
    ids = [str(one.pk) for one in cases[:2]]
    sheet = officer.post(reverse("choose_cases"), {"case": ids, "do": "csv"})
    lines = b"".join(sheet.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3
    sheets = officer.post(reverse("choose_cases"), {"case": ids, "do": "print"})
    assert len(LexborHTMLParser(sheets.content.decode()).css(".y-case-sheet")) == 2


def test_judging_asks_no_more_for_more_cases(world: World, officer: Client) -> None:
    def asked(cases: list[Case]) -> int:
        batch = choose(officer, cases)
        with CaptureQueriesContext(connection) as queries:
            officer.get(reverse("batch", args=[batch.pk]), {"act": ANSWER})
        return len(queries)

    made = [request_for(world.office, date(2026, 11, 2), f"示例{n}") for n in range(8)]
    assert asked(made[:2]) == asked(made)


def test_the_facts_the_act_asks_for_are_said_of_those_that_lack_them(world: World, officer: Client) -> None:
    GrantRole(actor=None, user=world.users["officer"], organization=world.body, role=Role.OFFICER).execute()
    made = [
        OpenCase(
            actor=None, organization=world.body, case_type="reconsideration", act="receive", on=date(2026, 11, 16),
            facts={"subject": f"示例行为{n}", "applicant": "甲某", "respondent": "乙局"} | facts, entered="back",
        ).execute()
        for n, facts in enumerate(({"domain": "公安"}, {}))
    ]  # fmt: skip
    batch = choose(officer, made)
    url, act = reverse("batch", args=[batch.pk]), "reconsideration.accept"
    asked = text(officer.get(url, {"act": act})).split("基本情况", 1)[1].split("补录")[0]
    assert "行政管理领域 还没有的：示例行为1。" in " ".join(asked.split())
    officer.post(
        url, {"act": act, "on": "2026-11-20", "mode": "all", "facts-f_domain": "自然资源", "held_0": "1"}
    )
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("done", 2), batch.rows
    assert [Case.objects.get(pk=one.pk).facts["domain"] for one in made] == ["公安", "自然资源"]
    officer.post(reverse("undo_batch", args=[batch.pk]), {"reason": "选错了环节"})
    batch.refresh_from_db()
    assert {row["state"] for row in batch.rows} == {"undone"}, batch.rows
    assert verify().faults == ()
