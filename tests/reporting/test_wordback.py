"""A Word file of the report edited outside and brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions import DecideOffer, EditSection, ReceiveWord
from yifa.reporting.models import Report, Section, WordReturn
from yifa.reporting.word import write

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
    with pytest.raises(ActionRefused, match="刚被他人修改"):
        DecideOffer(actor=None, row=row, section="openness", take=True).execute()
    section.refresh_from_db()
    assert section.text == "这边也改了。"
