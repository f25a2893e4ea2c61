"""The whole file: every paper in the order of acts, those on paper named, contents that find their pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx

from tests.documents.conftest import Penalty
from yifa.documents import wholeword
from yifa.documents.actions import MakeDocument
from yifa.documents.wholefile import whole
from yifa.ledger.actions import StoreAttachment

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_papers_stand_in_the_order_of_acts(penalty: Penalty, tmp_path: Path) -> None:
    picture = StoreAttachment(actor=None, content=PIXEL, name="现场照片.png").execute()
    text = StoreAttachment(actor=None, content="陈述：愿意改正。".encode(), name="陈述.txt").execute()
    penalty.act(
        "notify",
        date(2026, 10, 9),
        evidence=[
            {"title": "行政处罚告知书", "attachment": None},
            {"title": "现场照片", "attachment": picture.pk},
            {"title": "当事人陈述", "attachment": text.pk},
        ],
    )
    made = MakeDocument(
        actor=penalty.officer, case=penalty.case, template="penalty_filing", act="file", position=1
    ).execute()
    found = whole(penalty.case, date(2026, 11, 20))
    assert [item.title for item in found.items] == [
        made.title,
        "行政处罚告知书",
        "现场照片",
        "当事人陈述",
    ]
    assert [item.shown for item in found.items] == [True, False, True, True]
    assert found.items[2].picture and "愿意改正" in found.items[3].text
    assert dict(found.cover)["当事人"] == "示例商店"
    path = tmp_path / "whole.docx"
    wholeword.write(found, path)
    file = docx.Document(str(path))
    xml = file.element.xml
    for name in ("item1", "item3", "item4", "ledger"):
        assert f'w:name="{name}"' in xml and f"PAGEREF {name} " in xml
    assert "PAGEREF item2 " not in xml
    words = "\n".join(cell.text for table in file.tables for row in table.rows for cell in row.cells)
    assert "纸质件" in words and penalty.case.head in words
    (clock,) = [paragraph for paragraph in file.paragraphs if paragraph.text.startswith("办案期限")]
    assert clock.paragraph_format.keep_with_next, "how it was reckoned stands below it"


def test_a_paper_made_here_and_held_signed_on_paper_stands_once(penalty: Penalty) -> None:
    penalty.advance_notice()
    (item,) = [one for one in whole(penalty.case, date(2026, 11, 20)).items if one.act == "事先告知"]
    assert item.shown and item.on_paper and item.title == "行政处罚告知书"


def test_the_title_of_a_paper_stands_once_above_its_words(penalty: Penalty, tmp_path: Path) -> None:
    text = StoreAttachment(actor=None, content="陈述书\n愿意改正。".encode(), name="陈述书.txt").execute()
    penalty.act("notify", date(2026, 10, 9), evidence=[{"title": "陈述书", "attachment": text.pk}])
    path = tmp_path / "whole.docx"
    wholeword.write(whole(penalty.case, date(2026, 11, 20)), path)
    said = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    assert (said.count("陈述书"), said.count("愿意改正。")) == (1, 1)
