"""A paper edited in Word comes back: fields that read otherwise are named, words are told apart, others are refused."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from tests.documents.conftest import Penalty
from tests.documents.test_wholefile import PIXEL
from yifa.documents.actions import (
    AcceptReturned,
    BindDocument,
    FileDocument,
    FillDocument,
    MakeDocument,
    RefuseReturned,
    ReturnDocument,
    WithdrawDocument,
)
from yifa.documents.filled import Line, Piece
from yifa.documents.models import CaseAnswer, CaseDocument, DocumentVersion
from yifa.documents.returning import differences
from yifa.documents.wholefile import whole
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.deciding.cases import history_of
from yifa.ledger.models import Entry, Organization, Record, Subject
from yifa.ledger.refusal import ActionRefused

LINES: list[Line] = [
    (Piece("行政处罚决定书"),),
    (Piece("当事人："), Piece("示例商店", "fact.party")),
    (
        Piece("本机关于"),
        Piece("2026年3月4日", "act.file.on"),
        Piece("立案，罚款"),
        Piece("500元", "act.decide.fine"),
        Piece("。"),
    ),
    (Piece("经查："), Piece("〔待填：查明的违法事实〕", "own.facts_found", blank=True)),
    (Piece("澜亭县市场监督管理局", "org.name"),),
    (Piece("2026年3月20日", "act.decide.on"),),
]


def returned(*lines: str) -> list[tuple[str, str, str]]:
    return [(one.key, one.was, one.became) for one in differences(LINES, "\n".join(lines))]


def test_what_was_not_touched_is_no_difference_and_a_filled_blank_is_one() -> None:
    found = returned(
        "行政处罚决定书",
        "当事人： 示例商店",
        "本机关于2026年3月4日立案，罚款500元。",
        "经查：货架上有过期食品。",
        "澜亭县市场监督管理局",
        "2026年3月20日",
    )
    assert found == [("own.facts_found", "〔待填：查明的违法事实〕", "货架上有过期食品。")]


def test_changed_fields_are_named_even_where_the_words_around_them_were_reworded() -> None:
    found = returned(
        "行政处罚决定书",
        "当事人：示例商行",
        "我局已于2026年3月5日立案，罚款800元，限期缴纳。",
        "经查：事实清楚。",
        "新增的一段说明，与台账无关。",
        "澜亭县市场监督管理局",
        "2026年3月21日",
    )
    assert ("fact.party", "示例商店", "示例商行") in found
    assert ("act.file.on", "2026年3月4日", "2026年3月5日") in found
    assert ("act.decide.fine", "500元", "800元") in [(k, w, b[:4]) for k, w, b in found]
    assert ("act.decide.on", "2026年3月20日", "2026年3月21日") in found
    assert ("", "", "新增的一段说明，与台账无关。") in found


def test_another_paper_and_one_with_blanks_are_refused() -> None:
    with pytest.raises(ActionRefused, match="对不上"):
        returned("关于召开全县会议的通知", "各单位：", "定于下周召开会议，请准时参加。")
    with pytest.raises(ActionRefused, match="还有 1 处没有填：〔待填：查明的违法事实〕"):
        returned(*("".join(piece.text for piece in line) for line in LINES))


def edited(document: CaseDocument, *changes: tuple[str, str]) -> bytes:
    """The last version, with words replaced as somebody does it in Word."""
    version = document.versions.filter(state="filled").last()
    assert version is not None
    file = docx.Document(str(path_of(version.attachment_id)))
    cells = [p for table in file.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    for paragraph in [*file.paragraphs, *cells]:
        text = paragraph.text
        for before, after in changes:
            text = text.replace(before, after)
        if text != paragraph.text:
            paragraph.runs[0].text = text
            for run in paragraph.runs[1:]:
                run.text = ""
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


@pytest.fixture
def notice(penalty: Penalty) -> CaseDocument:
    """A notice with everything in it, its act recorded."""
    made = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_advance_notice", act="notify"
    ).execute()
    answers = {
        "facts_found": "货架上有三袋食品已过期。",
        "provisions_broken": "食品安全的规定",
        "provisions_applied": "有关处罚规定",
        "proposed_penalty": "罚款五千元。",
    }
    FillDocument(actor=penalty.officer, document=made, answers=answers, draft={"on": "2026-10-09"}).execute()
    penalty.act("notify", date(2026, 10, 9), evidence=[{"title": "行政处罚告知书", "attachment": None}])
    position = penalty.case.acts.get(act="notify").position
    BindDocument(actor=penalty.officer, document=made, position=position).execute()
    return made


CODE = ("〔待填：机关代字〕", "澜市监")


def test_the_way_through_word(penalty: Penalty, notice: CaseDocument) -> None:
    officer = penalty.officer
    content = edited(
        notice,
        CODE,
        ("三袋食品", "五袋食品"),
        ("2026年9月1日", "2026年9月2日"),
        ("〇二六年十月九日", "〇二六年十月十日"),
    )
    version = ReturnDocument(actor=officer, document=notice, content=content, name="告知书.docx").execute()
    found = {one["key"].partition("|")[0]: one["became"] for one in version.differences}
    assert found["own.facts_found"] == "货架上有五袋食品已过期。"
    assert found["act.file.on"] == "2026年9月2日"
    assert found["act.notify.on"] == "二〇二六年十月十日"
    AcceptReturned(actor=officer, version=version).execute()
    assert CaseAnswer.objects.get(case=penalty.case, name="facts_found").value == "货架上有五袋食品已过期。"
    assert history_of(penalty.case).act_at(1).on == date(2026, 9, 1), "a fact is never taken over silently"  # type: ignore[union-attr]
    with pytest.raises(ActionRefused, match="已经处理过"):
        RefuseReturned(actor=officer, version=version, reason="晚了").execute()
    Organization.objects.filter(pk=penalty.county.market.pk).update(document_code="澜市监")
    FileDocument(actor=officer, document=CaseDocument.objects.get(pk=notice.pk)).execute()
    evidence = history_of(penalty.case).evidence[notice.position or 0]
    assert evidence == [
        {"title": "行政处罚告知书", "attachment": version.attachment_id, "name": "告知书.docx"}
    ]
    kinds = Record.objects.filter(subject=Subject.DOCUMENT, subject_id=notice.pk).values_list(
        "kind", flat=True
    )
    assert list(kinds)[-3:] == ["document.returned", "document.accepted", "document.filed"]
    listed = Entry.objects.get(register="enforcement_papers")
    assert listed.title == notice.title
    assert "〔2026〕1号" in listed.key
    assert (listed.data["kind"], listed.data["case"]) == ("其他", penalty.case.number or penalty.case.title)


def test_what_is_not_this_paper_is_refused_by_name(penalty: Penalty, notice: CaseDocument) -> None:
    other = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_filing", act="file", position=1
    ).execute()
    with pytest.raises(ActionRefused, match="《立案审批表》"):
        ReturnDocument(
            actor=penalty.officer, document=notice, content=edited(other), name="审批表.docx"
        ).execute()
    with pytest.raises(ActionRefused, match="文件没有收下"):
        ReturnDocument(actor=penalty.officer, document=notice, content=b"", name="空.docx").execute()
    scan = ReturnDocument(actor=penalty.officer, document=notice, content=PIXEL, name="盖章.png").execute()
    assert "扫描件" in scan.differences[0]["became"]
    RefuseReturned(actor=penalty.officer, version=scan, reason="看不清").execute()
    version = ReturnDocument(
        actor=penalty.officer, document=notice, content=edited(notice, CODE), name="告知书.docx"
    ).execute()
    with pytest.raises(ActionRefused, match="请填写退回的理由"):
        RefuseReturned(actor=penalty.officer, version=version, reason=" ").execute()
    assert {one["key"] for one in version.differences} == {"org.code"}, "nothing else was touched"
    RefuseReturned(actor=penalty.officer, version=version, reason="没有签字").execute()
    assert version.state == "refused"


def test_who_looked_before_a_colleague_decided_is_refused(penalty: Penalty, notice: CaseDocument) -> None:
    version = ReturnDocument(
        actor=penalty.officer, document=notice, content=edited(notice, CODE), name="告知书.docx"
    ).execute()
    seen, seen_paper = DocumentVersion.objects.get(pk=version.pk), CaseDocument.objects.get(pk=notice.pk)
    RefuseReturned(actor=penalty.officer, version=version, reason="没有签字").execute()
    with pytest.raises(ActionRefused, match="已经处理过"):
        AcceptReturned(actor=penalty.officer, version=seen).execute()
    WithdrawDocument(actor=penalty.officer, document=notice, reason="写错了").execute()
    with pytest.raises(ActionRefused, match="已经作废"):
        FillDocument(actor=penalty.officer, document=seen_paper).execute()


def test_a_paper_recorded_with_its_act_is_on_the_register(penalty: Penalty) -> None:
    Organization.objects.filter(pk=penalty.county.market.pk).update(document_code="澜市监")
    made = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_advance_notice", act="notify"
    ).execute()
    for title, listed in (("别的材料", 0), ("行政处罚告知书", 1)):
        paper = made.versions.get().attachment_id if listed else None
        penalty.act("notify", date(2026, 10, 9 + listed), evidence=[{"title": title, "attachment": paper}])
        last = penalty.case.acts.filter(act="notify").latest("position").position
        BindDocument(actor=penalty.officer, document=made, position=last).execute()
        assert Entry.objects.filter(register="enforcement_papers").count() == listed


def test_the_whole_file_shows_a_form_that_came_back_row_by_row(penalty: Penalty) -> None:
    officer = penalty.officer
    form = MakeDocument(
        actor=officer, case=penalty.case, template="penalty_filing", act="file", position=1
    ).execute()
    content = edited(
        form,
        ("〔待填：案件来源〕", "日常检查"),
        ("〔待填：当事人身份情况〕", "个体工商户"),
        ("〔待填：案情摘要〕", "货架上有过期食品。"),
    )
    version = ReturnDocument(actor=officer, document=form, content=content, name="审批表.docx").execute()
    AcceptReturned(actor=officer, version=version).execute()
    item = next(one for one in whole(penalty.case, date(2026, 11, 20)).items if one.title == form.title)
    lines = item.text.splitlines()
    assert "案件来源　日常检查" in lines
    assert "当事人　示例商店" in lines
    assert [line for line in lines if "负责人（签名）" in line and "年　　月　　日" in line]


def test_a_program_is_refused_for_what_it_is(penalty: Penalty, notice: CaseDocument) -> None:
    program = b"MZ" + bytes(500)
    with pytest.raises(ActionRefused, match=r"「甲\.exe」是程序，读不出文字"):
        ReturnDocument(actor=penalty.officer, document=notice, content=program, name="甲.exe").execute()
