from __future__ import annotations

import stat
from pathlib import Path

import pypdfium2
import pytest

from yifa.papers import pdf
from yifa.papers.word import OfficialPaper
from yifa.papers.writing import WritingError


@pytest.fixture
def word(tmp_path: Path) -> Path:
    paper = OfficialPaper("澜亭县2025年法治政府建设情况报告", "澜亭县人民政府")
    paper.title("澜亭县2025年法治政府建设情况报告")
    paper.heading(1, "一、主要举措和成效")
    paper.paragraph("办结行政复议案件12件。")
    path = tmp_path / "报告 1.docx"
    paper.save(path)
    return path


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the office program."""
    path = folder / "office"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(pdf.PROGRAM, str(path))


def test_without_an_office_program_people_are_told_what_to_do(
    word: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(pdf.PROGRAM, str(tmp_path / "nowhere"))
    with pytest.raises(pdf.NoOfficeError, match="另存为 PDF"):
        pdf.to_pdf(word, tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()


@pytest.mark.parametrize("script", ["exit 3", "exit 0"])
def test_a_program_that_makes_nothing_leaves_nothing(
    script: str, word: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, script, monkeypatch)
    target = tmp_path / "r.pdf"
    target.write_bytes(b"older")
    with pytest.raises(pdf.ConversionError, match="没有转成"):
        pdf.to_pdf(word, target)
    assert target.read_bytes() == b"older"


def test_a_program_that_hangs_is_stopped(word: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "exec sleep 30", monkeypatch)
    with pytest.raises(pdf.ConversionError, match="还没有转完"):
        pdf.to_pdf(word, tmp_path / "r.pdf", seconds=0.3)


def test_each_conversion_has_a_profile_and_fonts_of_its_own(
    word: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    program(
        tmp_path,
        f'echo "$@" "$FONTCONFIG_FILE" > {seen}; [ -z "$FONTCONFIG_FILE" ] || cat "$FONTCONFIG_FILE" >> {seen}; exit 1',
        monkeypatch,
    )
    with pytest.raises(pdf.ConversionError):
        pdf.to_pdf(word, tmp_path / "r.pdf")
    said = seen.read_text(encoding="utf-8")
    assert "UserInstallation=file://" in said and str(word) in said
    if Path("/etc/fonts/fonts.conf").is_file():
        assert "<family>仿宋_GB2312</family>" in said and "/etc/fonts/fonts.conf" in said


@pytest.mark.office
@pytest.mark.skipif(pdf.office() is None, reason="这台机器没有 LibreOffice：没有转 PDF")
def test_the_pdf_says_what_the_word_file_says_and_brings_its_fonts(word: Path, tmp_path: Path) -> None:
    pdf.to_pdf(word, tmp_path / "出 稿" / "r.pdf")
    made = pypdfium2.PdfDocument(tmp_path / "出 稿" / "r.pdf")
    try:
        text = made[0].get_textpage().get_text_range()
        assert made.get_metadata_value("Title") == "澜亭县2025年法治政府建设情况报告"
        assert [round(side / 72 * 25.4) for side in made[0].get_size()] == [210, 297]
    finally:
        made.close()
    assert "办结行政复议案件" in text
    assert b"pdfaid:part" in (tmp_path / "出 稿" / "r.pdf").read_bytes(), "PDF/A, for the archive"


@pytest.mark.office
@pytest.mark.skipif(pdf.office() is None, reason="这台机器没有 LibreOffice：没有转 PDF")
def test_where_it_cannot_be_written_the_place_is_named(word: Path, tmp_path: Path) -> None:
    with pytest.raises(WritingError, match=r"r\.pdf"):
        pdf.to_pdf(word, word / "r.pdf")
