"""Papers filled from the case: what the ledger knows stands there, what it does not know is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from tests.documents.conftest import Penalty
from tests.scenarios.entering import papers
from yifa.documents.actions import ChangeOffice, FillDocument, MakeDocument, WithdrawDocument
from yifa.documents.filled import plain
from yifa.documents.making import filled, offers, standing
from yifa.documents.models import CaseAnswer
from yifa.documents.office import office_of
from yifa.documents.values import Facts
from yifa.documents.word import write
from yifa.ledger.actions import ChangeFacts, OpenCase, RecordAct
from yifa.ledger.models import Record, Subject
from yifa.ledger.refusal import ActionRefused


def text(paper: object) -> str:
    return "\n".join(plain(line) for line in paper.lines())  # type: ignore[attr-defined]


def test_a_notice_is_filled_from_facts_acts_clocks_office_and_names_its_blanks(penalty: Penalty) -> None:
    document = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_advance_notice", act="notify"
    ).execute()
    paper = filled(document)
    said = text(paper)
    assert "涉嫌销售超过保质期食品一案，本机关已于2026年9月1日立案" in said
    assert "自收到本告知书之日起五个工作日内提出" in said
    assert "联系人：甲一；联系电话：0379-6000000；地址：澜亭县新华路8号。" in said
    assert "〔待填：查明的违法事实〕" in said
    missing = {one.key for one in paper.missing}
    assert {"own.facts_found", "own.proposed_penalty", "act.notify.on"} <= missing
    assert "fact.subject" not in missing


def test_what_one_paper_says_the_next_does_not_ask(penalty: Penalty) -> None:
    notice = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_advance_notice", act="notify"
    ).execute()
    FillDocument(
        actor=penalty.officer,
        document=notice,
        answers={"facts_found": "货架上有三袋食品已过期。", "provisions_applied": "有关法律"},
        draft={"on": "2026-10-09"},
    ).execute()
    assert "经查：货架上有三袋食品已过期。" in text(filled(notice))
    decision = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_decision", act="decide"
    ).execute()
    assert "货架上有三袋食品已过期。" in text(filled(decision))
    assert CaseAnswer.objects.filter(case=penalty.case).count() == 2


def test_an_intended_act_stands_in_the_paper_before_it_is_recorded(penalty: Penalty) -> None:
    document = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_decision", act="decide"
    ).execute()
    FillDocument(
        actor=penalty.officer,
        document=document,
        draft={"on": "2026-11-12", "outcome": "罚款、没收", "fields": {"fine": 12000}},
    ).execute()
    said = text(filled(document))
    assert "罚款数额为12000元（大写：壹万贰仟元整）。" in said
    assert "二〇二六年十一月十二日" in said
    assert "自收到本决定书之日起六十日内向澜亭县人民政府申请行政复议，或者在六个月内向澜亭县人民法院" in said
    assert "十五日内将罚款缴至澜亭农村商业银行" in said


def test_a_paper_made_before_is_not_made_again_unasked(penalty: Penalty) -> None:
    making = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_advance_notice", act="notify"
    )
    first = making.execute()
    with pytest.raises(ActionRefused, match="已经制作过") as refused:
        making.execute()
    assert refused.value.code == "duplicate"
    second = replace(making, again=True).execute()
    assert {first.pk, second.pk} == set(penalty.case.documents.values_list("pk", flat=True))
    for one in (first, second):
        WithdrawDocument(actor=penalty.officer, document=one, reason="写错").execute()
    making.execute()  # none stands any more


def test_numbers_run_within_unit_template_and_year(penalty: Penalty) -> None:
    making = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_advance_notice", act="notify", again=True
    )
    made = [making.execute() for _ in range(2)]
    assert [one.serial for one in made] == [1, 2]
    WithdrawDocument(actor=penalty.officer, document=made[1], reason="写错").execute()
    assert "〔2026〕1号" in text(filled(made[0]))
    again = making.execute()
    assert again.serial == 3, "a number that was given is not given again"
    with pytest.raises(ActionRefused, match="已经作废"):
        FillDocument(actor=penalty.officer, document=made[1]).execute()


def test_templates_that_fit_come_first(penalty: Penalty) -> None:
    found = offers(Facts(penalty.case))
    first = [offer.serves.act for offer in found if offer.now]
    assert "notify" in first
    assert [offer.now for offer in found[: len(first)]] == [True] * len(first)
    done = [offer for offer in found if offer.act is not None]
    assert {offer.serves.act for offer in done} >= {"file", "end_investigation"}


def test_every_change_stands_in_the_ledger(penalty: Penalty) -> None:
    document = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_filing", act="file", position=1
    ).execute()
    version = standing(list(document.versions.all()))
    assert version is not None
    kinds = list(
        Record.objects.filter(subject=Subject.DOCUMENT, subject_id=document.pk).values_list("kind", flat=True)
    )
    assert kinds == ["document.made", "document.filled"]
    assert "2026年9月1日" in text(filled(document))


def test_who_may_not_record_the_act_may_not_make_its_paper(penalty: Penalty) -> None:
    stranger = penalty.county.user("officer", penalty.county.housing)
    with pytest.raises(ActionRefused):
        MakeDocument(
            actor=stranger, case=penalty.case, template="penalty_advance_notice", act="notify"
        ).execute()


def test_a_day_without_a_verified_length_is_left_open(penalty: Penalty) -> None:
    document = penalty.advance_notice()
    assert "act.notify.on" not in {one.key for one in filled(document).missing}


@pytest.mark.parametrize(
    ("subject", "stands"),
    [
        ("示例商店销售超过保质期食品案", "示例商店销售超过保质期食品"),
        ("示例商店未按规定备案", "示例商店未按规定备案"),
    ],
)
def test_a_value_leaves_out_what_the_words_go_on_with(penalty: Penalty, subject: str, stands: str) -> None:
    ChangeFacts(actor=None, case=penalty.case, facts={"subject": subject}, reason="写全案由").execute()
    notice = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_advance_notice", act="notify"
    ).execute()
    answers = {
        "provisions_broken": "有关规定。",
        "facts_found": "货架上有三袋食品已过期",
        "proposed_penalty": "警告",
    }
    FillDocument(actor=penalty.officer, document=notice, answers=answers).execute()
    said = text(filled(notice))
    assert f"{stands}一案，" in said
    assert "违反了有关规定。依据" in said
    assert "经查：货架上有三袋食品已过期。\n" in said


def test_a_unit_of_measure_stands_once(penalty: Penalty) -> None:
    county = penalty.county
    case = OpenCase(
        actor=None,
        organization=county.market,
        case_type="service_case",
        act="receive",
        on=date(2026, 11, 2),
        facts={"subject": "示例许可", "applicant": "示例商店", "promised_days": 7},
        by="甲一",
        entered="back",
    ).execute()
    RecordAct(actor=None, case=case, act="accept", on=date(2026, 11, 3), by="甲一", entered="back").execute()
    paper = MakeDocument(actor=None, case=case, template="service_acceptance", act="accept").execute()
    assert "承诺办结时限为7个工作日。" in text(filled(paper))


def test_whose_acts_are_reviewed_by_whom_is_not_taken_from_above(penalty: Penalty) -> None:
    body, market = penalty.county.body, penalty.county.market
    assert office_of([market, body])["reconsideration_body"] == body.name
    ChangeOffice(actor=None, organization=body, data={"reconsideration_body": "示例市人民政府"}).execute()
    assert office_of([body])["reconsideration_body"] == "示例市人民政府"
    assert office_of([market, body])["reconsideration_body"] == body.name
    ChangeOffice(actor=None, organization=market, data={"reconsideration_body": "示例市税务局"}).execute()
    assert office_of([market, body])["reconsideration_body"] == "示例市税务局"


def test_lines_to_sign_stand_on_one_page(penalty: Penalty, tmp_path: Path) -> None:
    paper = MakeDocument(
        actor=penalty.officer,
        case=penalty.case,
        template="penalty_inquiry_record",
        act="investigate",
    )
    write(filled(paper.execute()), tmp_path / "paper.docx")
    lines = [one for one in docx.Document(str(tmp_path / "paper.docx")).paragraphs if "（签名）" in one.text]
    assert [one.paragraph_format.keep_with_next for one in lines] == [True] * (len(lines) - 1) + [False]


def test_a_receipt_names_the_paper_delivered_unless_somebody_says_otherwise(penalty: Penalty) -> None:
    penalty.act(
        "decide",
        date(2026, 10, 20),
        outcome="罚款、没收",
        evidence=papers("administrative_penalty", "decide"),
    )
    receipt = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="service_receipt", act="deliver"
    ).execute()
    penalty.case.refresh_from_db()
    assert penalty.case.number and f"《行政处罚决定书》{penalty.case.number}" in text(filled(receipt))
    assert "own.delivered_paper" not in {one.key for one in filled(receipt).missing}
    position = penalty.case.acts.get(act="decide").position
    decision = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_decision", act="decide", position=position
    ).execute()
    number = plain(filled(decision).number)
    assert number and f"《{decision.title}》{number}" in text(filled(receipt))
    FillDocument(
        actor=penalty.officer, document=receipt, answers={"delivered_paper": ["《示例决定书》"]}, draft={}
    ).execute()
    assert "《示例决定书》" in text(filled(receipt)) and number not in text(filled(receipt))
