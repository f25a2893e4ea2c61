"""An office's own Word template: fields by their Chinese titles, the look kept, unknown ones named."""

from __future__ import annotations

import io

import docx
import pytest

from tests.documents.conftest import Penalty
from yifa.documents.actions import ChangeOffice, MakeDocument
from yifa.documents.making import filled
from yifa.documents.ownword import take_in
from yifa.documents.shelf import folder, shelf
from yifa.law.loader import catalogue
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.refusal import ActionRefused

PENALTY = catalogue().case_types["administrative_penalty"]


def word(*lines: str, cell: str = "") -> bytes:
    document = docx.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        for place, part in enumerate(line.split("|")):  # Word cuts words into runs where it likes
            paragraph.add_run(part).bold = place == 1
    if cell:
        document.add_table(rows=1, cols=1).cell(0, 0).text = cell
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def test_an_own_template_is_filled_like_any_other(penalty: Penalty) -> None:
    content = word(
        "本局自定的告知书",
        "{{当|事|人}}：你单位{{案由}}一案，于{{立案日期}}立案。",
        "罚款{{fact.proposed_fine}}",
        cell="电话{{联系电话}}",
    )
    take_in(content, name="own_1", title="本局告知书", case_type=PENALTY, act="notify")
    made = MakeDocument(actor=penalty.officer, case=penalty.case, template="own_1", act="notify").execute()
    version = made.versions.get()
    file = docx.Document(str(path_of(version.attachment_id)))
    text = [paragraph.text for paragraph in file.paragraphs]
    assert text[1] == "示例商店：你单位涉嫌销售超过保质期食品一案，于2026年9月1日立案。"
    assert text[2] == "罚款〔待填：拟处罚款数额〕"
    assert file.tables[0].cell(0, 0).text == "电话0379-6000000"
    assert {one.key for one in filled(made).missing} == {"fact.proposed_fine"}


def test_unknown_fields_are_named_and_nothing_is_kept(penalty: Penalty) -> None:
    with pytest.raises(ActionRefused, match=r"“违法人”、“罚款大写”.*当事人"):
        take_in(word("{{违法人}}{{罚款大写}}"), name="own_1", title="甲", case_type=PENALTY, act="notify")
    with pytest.raises(ActionRefused, match="没有叫“partyy”的事项字段"):
        take_in(word("{{fact.partyy}}"), name="own_1", title="甲", case_type=PENALTY, act="notify")
    with pytest.raises(ActionRefused, match=r"\.docx"):
        take_in(b"no word", name="own_1", title="甲", case_type=PENALTY, act="notify")
    assert not list(folder().glob("*"))


def test_a_broken_own_file_is_named_and_the_others_stay(penalty: Penalty) -> None:
    folder().mkdir(parents=True)
    (folder() / "mine.yaml").write_text("document: mine\ntitle: 甲\ncolour: red\n", "utf-8")
    found = shelf()
    assert len(found.templates) == len(catalogue().documents)
    assert any(file == "mine.yaml" and "colour" in what for file, what in found.faults)


def test_an_own_template_joins_words_as_the_others_do(penalty: Penalty) -> None:
    ChangeOffice(actor=None, organization=penalty.county.market, data={"address": "新华路8号。"}).execute()
    content = word("本局（{{单位|地址}}），{{案由}}案。")
    take_in(content, name="own_1", title="本局告知书", case_type=PENALTY, act="notify")
    made = MakeDocument(actor=penalty.officer, case=penalty.case, template="own_1", act="notify").execute()
    (line,) = docx.Document(str(path_of(made.versions.get().attachment_id))).paragraphs
    assert line.text == "本局（新华路8号），涉嫌销售超过保质期食品案。"
