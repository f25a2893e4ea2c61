"""A Word file of the report edited outside and brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import DecideOffer, EditSection, ReceiveWord
from yifa.reporting.models import Report, Section, WordReturn
from yifa.reporting.word import write
from yifa.reporting.wordoffers import Fit, proposal

pytestmark = pytest.mark.django_db
Edit = Callable[[Any], None]


@pytest.fixture
def report(report: Report) -> Report:
    """Two paragraphs with two figures in a section."""
    section = report.sections.get(key="openness")
    text = "收到申请{information_requests_received}，其中延期{information_requests_extended}。认真办理。\n另一段文字。"
    EditSection(actor=None, section=section, text=text).execute()
    return report


@pytest.fixture
def section(report: Report) -> Section:
    return report.sections.get(key="openness")


def brought_back(report: Report, folder: Path, edit: Edit | None = None) -> WordReturn:
    """The report written as Word, edited by somebody, and uploaded."""
    path = folder / "report.docx"
    write(report, path)
    document = docx.Document(str(path))
    if edit:
        edit(document)
    document.save(str(path))
    return ReceiveWord(actor=None, report=report, content=path.read_bytes(), name=path.name).execute()


def reword(before: str, after: str) -> Edit:
    def edit(document: Any) -> None:
        hits = [one for one in document.paragraphs if before in one.text]
        assert hits, before
        for paragraph in hits:
            text = paragraph.text.replace(before, after)
            for run in paragraph.runs[1:]:
                run.text = ""
            paragraph.runs[0].text = text

    return edit


def test_an_unchanged_file_offers_nothing(report: Report, tmp_path: Path) -> None:
    row = brought_back(report, tmp_path)
    assert (row.offers, row.refused, row.named) == ([], [], [])


def test_changed_prose_is_offered_with_its_live_figures_and_taken_over(
    report: Report, section: Section, tmp_path: Path
) -> None:
    row = brought_back(report, tmp_path, reword("认真办理", "依法按期办理"))
    assert [offer["section"] for offer in row.offers] == ["openness"]
    assert (row.refused, row.named) == ([], [])
    section.refresh_from_db()
    assert "认真办理" in section.text  # nothing is overwritten by looking
    row = DecideOffer(actor=None, row=row, section="openness", take=True).execute()
    section.refresh_from_db()
    assert section.text == (
        "收到申请{information_requests_received}，其中延期{information_requests_extended}。依法按期办理。\n另一段文字。"
    )
    assert section.versions.last().how == "word"  # type: ignore[union-attr]
    with pytest.raises(ActionRefused, match="已经处理过"):
        DecideOffer(actor=None, row=row, section="openness", take=True).execute()


def test_a_changed_figure_is_refused_and_listed_while_the_prose_around_it_is_offered(
    report: Report, section: Section, tmp_path: Path
) -> None:
    row = brought_back(report, tmp_path, reword("收到申请4件", "全年共收到申请9件"))
    assert [(one["rule"], one["was"], one["became"]) for one in row.refused] == [
        ("information_requests_received", "4件", "9件")
    ]
    offered = row.offers[0]["after"].splitlines()[0]
    assert offered.startswith(
        "全年共收到申请{information_requests_received}，其中延期{information_requests_extended}"
    )


def test_only_a_figure_changed_offers_nothing(report: Report, tmp_path: Path) -> None:
    row = brought_back(report, tmp_path, reword("收到申请4件", "收到申请40件"))
    assert row.offers == []
    assert [one["became"] for one in row.refused] == ["40件"]


def test_new_and_lost_sections_are_named_and_nothing_is_dropped(report: Report, tmp_path: Path) -> None:
    causes = report.sections.get(key="causes")

    def edit(document: Any) -> None:
        heading = next(one for one in document.paragraphs if one.text == str(causes))
        heading.insert_paragraph_before("（九）外部新增的一节")
        heading.insert_paragraph_before("新增一节的文字。")
        heading._p.getparent().remove(heading._p)

    row = brought_back(report, tmp_path, edit)
    assert ("new", "（九）外部新增的一节") in {(one["kind"], one["title"]) for one in row.named}
    assert ("lost", str(causes)) in {(one["kind"], one["title"]) for one in row.named}
    causes.refresh_from_db()
    assert causes.text


def test_a_removed_and_an_added_paragraph(report: Report, section: Section, tmp_path: Path) -> None:
    def edit(document: Any) -> None:
        line = next(one for one in document.paragraphs if one.text == "另一段文字。")
        line.insert_paragraph_before("加上的一段。")
        line._p.getparent().remove(line._p)

    row = brought_back(report, tmp_path, edit)
    assert row.offers[0]["after"].splitlines()[1:] == ["加上的一段。"]


def test_a_section_changed_meanwhile_is_not_overwritten(
    report: Report, section: Section, tmp_path: Path
) -> None:
    row = brought_back(report, tmp_path, reword("认真办理", "依法办理"))
    EditSection(actor=None, section=section, text="这边也改了。").execute()
    with pytest.raises(ActionRefused, match="改的是同一句"):
        DecideOffer(actor=None, row=row, section="openness", take=True).execute()
    section.refresh_from_db()
    assert section.text == "这边也改了。"


def test_the_report_of_another_year_or_unit_is_not_taken_for_this_one(
    busy: Any, report: Report, section: Section, tmp_path: Path
) -> None:
    def titled(title: str) -> Edit:
        def edit(document: Any) -> None:
            first = document.paragraphs[0]
            assert first.text.replace("\n", "") == report.title
            for run in first.runs[1:]:
                run.text = ""
            first.runs[0].text = title

        return edit

    own = report.title
    for other in (own.replace("2024", "2023"), own.replace(str(busy.body), str(busy.justice))):
        assert other != own
        with pytest.raises(ActionRefused, match=f"的标题是“{other}”，不是这份报告"):
            brought_back(report, tmp_path, titled(other))
    assert not report.word_returns.exists()
    brought_back(report, tmp_path, titled(f"关于{own}"))  # the title reworded


def test_an_older_file_fits_itself_to_what_was_taken_from_a_newer_one(
    report: Report, section: Section, tmp_path: Path
) -> None:
    older = brought_back(report, tmp_path, reword("认真办理", "依法办理"))
    newer = brought_back(report, tmp_path, reword("另一段文字", "另一段新写的文字"))
    same = brought_back(report, tmp_path, reword("另一段文字", "另一段新写的文字"))
    DecideOffer(actor=None, row=newer, section="openness", take=True).execute()
    section.refresh_from_db()
    assert proposal(same.offers[0], section).fit is Fit.THERE
    with pytest.raises(ActionRefused, match="不用再采用"):
        DecideOffer(actor=None, row=same, section="openness", take=True).execute()
    assert proposal(older.offers[0], section).fit is Fit.MERGED
    with pytest.raises(ActionRefused, match="请再看一遍"):
        DecideOffer(actor=None, row=older, section="openness", take=True, seen=1).execute()
    DecideOffer(actor=None, row=older, section="openness", take=True, seen=section.version).execute()
    section.refresh_from_db()
    assert section.text.endswith("依法办理。\n另一段新写的文字。")
    assert proposal(older.offers[0], None).fit is Fit.GONE


TABLE = """收到申请{information_requests_received}。
〔表：信息公开申请〕{information_requests_received}、{information_requests_answered}
〔月图：各月信息公开申请〕{information_requests_received}"""


def test_tables_changed_lost_and_added_to_are_named_and_kept(
    report: Report, section: Section, tmp_path: Path
) -> None:
    EditSection(actor=None, section=section, text=TABLE).execute()

    def cell(document: Any) -> None:
        document.tables[0].cell(1, 2).text = "99"

    def row(document: Any) -> None:
        cells = document.tables[0].add_row().cells
        for place, text in enumerate(("自己加的", "件", "5")):
            cells[place].text = text
        document.tables[0]._tbl.remove(document.tables[0].rows[1]._tr)

    def gone(document: Any) -> None:
        document.tables[0]._tbl.getparent().remove(document.tables[0]._tbl)

    unchanged = brought_back(report, tmp_path)
    assert (unchanged.offers, unchanged.refused, unchanged.named) == ([], [], [])
    [wrong] = brought_back(report, tmp_path, cell).refused
    assert wrong["rule"] == "information_requests_received" and wrong["became"].endswith(" 99")
    changed = brought_back(report, tmp_path, row)
    assert [one["became"] for one in changed.refused] == ["", "自己加的　件　5"]  # taken out, put in
    assert not changed.offers
    [lost] = brought_back(report, tmp_path, gone).named
    assert (lost["kind"], lost["title"]) == ("exhibit", "表1　信息公开申请")
    section.refresh_from_db()
    assert section.text == TABLE


def test_a_foreign_file_is_refused_and_marks_left_in_it_are_told(report: Report, tmp_path: Path) -> None:
    other = docx.Document()
    other.add_paragraph("关于召开会议的通知")
    other.save(str(tmp_path / "other.docx"))
    with pytest.raises(ActionRefused, match="没有这份报告的任何一个标题"):
        ReceiveWord(
            actor=None, report=report, content=(tmp_path / "other.docx").read_bytes(), name="other.docx"
        ).execute()
    assert not WordReturn.objects.exists()

    def revise(document: Any) -> None:
        paragraph = next(one for one in document.paragraphs if "认真办理" in one.text)
        made = OxmlElement("w:ins")
        made.set(qn("w:id"), "1")
        made.set(qn("w:author"), "甲一")
        run = paragraph.add_run("逐件回访。")._r
        run.addprevious(made)
        made.append(run)

    row = brought_back(report, tmp_path, revise)
    assert [one["title"] for one in row.named] == ["文件里有1处修订没有接受或者拒绝，按全部接受后的文字比对"]
    assert "逐件回访。" in row.offers[0]["after"]
