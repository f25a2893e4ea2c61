"""People without an account look up their own case, rate the answer and make a document."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from tests.workbench.receipts import complaint, template
from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.installation import options
from yifa.ledger.models import Case, CaseAct
from yifa.ledger.receipts import code_of


@pytest.fixture
def anyone(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser without account, where the pages are open."""
    monkeypatch.delenv("YIFA_OPEN_PORTAL", raising=False)
    options.choose(options.Open.PORTAL, True, by="测试", at=date(2026, 1, 1))
    cache.clear()
    return Client()


def ask(client: Client, case: Case, **more: str) -> str:
    answer = client.post(reverse("inquiry"), {"number": case.number, "code": code_of(case), **more})
    assert answer.headers["Cache-Control"] == "no-store, private"
    return LexborHTMLParser(answer.content.decode()).css_first("main").text(separator=" ", strip=True)  # type: ignore[union-attr]


def test_a_party_sees_how_the_case_stands_and_nothing_else(world: World, anyone: Client) -> None:
    case = complaint(world.office)
    seen = ask(anyone, case)
    assert case.number in seen and "2026年6月30日 已超过" in seen and "收到投诉" in seen
    assert "某某饮食店" not in seen and "重复提交材料" not in seen
    wrong = anyone.post(reverse("inquiry"), {"number": case.number, "code": "22222222"})
    assert wrong.status_code == 422 and "没有查到" in wrong.content.decode()


def test_numbers_are_not_tried_out(world: World, anyone: Client) -> None:
    case = complaint(world.office)
    for _ in range(30):
        anyone.post(reverse("inquiry"), {"number": case.number, "code": "22222222"})
    late = anyone.post(reverse("inquiry"), {"number": case.number, "code": code_of(case)})
    assert late.status_code == 429 and "稍后再试" in late.content.decode()


def test_the_answer_is_rated_once(world: World, anyone: Client) -> None:
    case = OpenCase(
        actor=None, organization=world.office, case_type="service_case", act="receive", on=timezone.localdate(),
        facts={"subject": "食品经营许可", "kind": "行政许可"}, entered="back",
    ).execute()  # fmt: skip
    assert "请评价" in ask(anyone, case)
    assert "评价已经收到" in ask(anyone, case, rate="1", outcome="满意", remark="很快")
    act = CaseAct.objects.get(case=case, act="rate")
    assert (act.outcome, act.fields["comment"]) == ("满意", "很快")
    again = ask(anyone, case, rate="1", outcome="不满意")
    assert "您的评价 满意" in again and "请评价" not in again
    assert CaseAct.objects.filter(case=case, act="rate").count() == 1


def test_only_once_opened(world: World, anyone: Client) -> None:
    options.choose(options.Open.PORTAL, False, by="测试", at=date(2026, 1, 1))
    for name in ("inquiry", "self_documents"):
        assert reverse("login") in anyone.get(reverse(name)).headers["Location"]
    assert b"portal" not in world.client("officer").get(reverse("inquiry")).content.split(b"<main")[1]
    world.client("coordinator").post(reverse("portal_open"), {"open": "1"})
    assert anyone.get(reverse("inquiry")).status_code == 200


def test_the_receipt_carries_number_and_code(world: World, anyone: Client) -> None:
    case = complaint(world.office)
    shown = world.client("officer").get(reverse("case_receipt", args=[case.pk])).content.decode()
    assert case.number in shown and code_of(case) in shown
    assert world.client("officer").get(reverse("case_receipt", args=[world.case.pk])).status_code == 404
    RecordAct(actor=None, case=case, act="accept", on=date(2026, 6, 2), entered="back").execute()
    assert (
        reverse("case_receipt", args=[case.pk])
        in world.client("officer").get(reverse("case", args=[case.pk])).content.decode()
    )


def test_a_document_is_made_counted_and_not_kept(world: World, anyone: Client) -> None:
    entry = template(world.office)
    assert "欠薪投诉书" in anyone.get(reverse("self_documents")).content.decode()
    address, answers = reverse("self_document", args=[entry.pk]), {"q0": "安一山", "q1": "3000"}
    assert "请填写欠薪数额" in anyone.post(address, {"q0": "安一山"}).content.decode()
    made = anyone.post(address, answers).content.decode()
    assert "投诉人安一山。" in made and "请求责令支付工资3000元。" in made
    word = anyone.post(address, {**answers, "format": "docx"})
    lines = [line.text for line in docx.Document(io.BytesIO(word.content)).paragraphs]
    assert "投诉人安一山。" in lines
    used = Case.objects.get(case_type="legal_service")
    assert used.facts["template"] == entry.key and used.closed_on is not None
    assert "安一山" not in repr(used.facts) + repr([act.fields for act in used.acts.all()])
