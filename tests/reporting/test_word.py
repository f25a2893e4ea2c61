from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from yifa.papers.titles import title_lines
from yifa.reading import read
from yifa.reporting.content import HeadingLine, Paper, Paragraph, Shown, Words
from yifa.reporting.word import write_paper

LONG = "甲乙丙丁戊己庚辛壬癸" * 120


def paragraph(*pieces: Words | Shown) -> Paragraph:
    return Paragraph(pieces, 1)


@pytest.fixture
def paper() -> Paper:
    return Paper(
        title="澜亭县人民政府2025年法治政府建设情况报告",
        blocks=(
            paragraph(Words("现将有关情况报告如下。")),
            HeadingLine(1, "一、", "主要举措和成效", 1),
            HeadingLine(2, "（一）", "规范行政执法", 2),
            HeadingLine(3, "1.", "办理案件", 3),
            paragraph(
                Words("作出处罚决定"),
                Shown("412件", "penalties_decided"),
                Words("，罚款"),
                Shown("3.25万元", "fines"),
            ),
            paragraph(Words(LONG)),
            HeadingLine(1, "二、", "存在的不足和原因", 4),
            paragraph(Words("个别事项办理不及时。")),
        ),
        issuer="澜亭县人民政府",
        dated="2026年2月10日",
    )


@pytest.fixture
def written(paper: Paper, tmp_path: Path) -> Path:
    path = tmp_path / "报告" / "report.docx"
    write_paper(paper, path)
    return path


def test_the_page_is_that_of_an_official_document(written: Path) -> None:
    document = docx.Document(str(written))
    section = document.sections[0]
    lengths = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(length.mm) for length in lengths] == [210, 297, 37, 28, 26]
    assert section._sectPr.find(qn("w:docGrid")) is None
    assert document.settings.odd_and_even_pages_header_footer
    body = document.styles["公文正文"]
    assert body.font.size == Pt(16)
    assert body.paragraph_format.line_spacing == Pt(28.95)
    assert body.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    fonts = [document.styles[f"Heading {n}"].element.rPr.rFonts.get(qn("w:eastAsia")) for n in (1, 2, 3)]
    assert fonts == ["黑体", "楷体_GB2312", "仿宋_GB2312"]
    assert document.styles["Heading 1"].font.color.rgb is None
    assert all(document.styles[f"Heading {n}"].paragraph_format.keep_with_next for n in (1, 2, 3))


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(written: Path) -> None:
    section = docx.Document(str(written)).sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (2, 0)
    assert "PAGE" in odd._p.xml and "PAGE" in even._p.xml
    assert odd.text.startswith("—") and odd.text.endswith("—")


def test_the_reader_reads_back_outline_and_figures(written: Path, paper: Paper) -> None:
    document = read(written)
    assert document.title == paper.title
    assert document.issuer == paper.issuer
    assert document.dated is not None and document.dated.isoformat() == "2026-02-10"
    assert [(h.level, h.title) for h in document.headings()] == [
        (block.level, block.title) for block in paper.blocks if isinstance(block, HeadingLine)
    ]
    assert {(figure.value, figure.unit) for figure in document.figures} >= {(412, "件"), (32500, "元")}


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("澜亭县2025年法治政府建设情况报告", None),
        ("澜亭县人民政府2024年度法治政府建设情况报告", ["澜亭县人民政府2024年度", "法治政府建设情况报告"]),
        (
            "澜亭县人民政府关于2025年法治政府建设情况的年度报告",
            ["澜亭县人民政府关于2025年", "法治政府建设情况的年度报告"],
        ),
        (
            "澜亭县经济技术开发区管理委员会2025年法治政府建设年度报告",
            ["澜亭县经济技术开发区管理委员会", "2025年法治政府建设年度报告"],
        ),
        (
            "澜亭县经济技术开发区管理委员会办公室关于2025年全面推进法治政府建设工作情况和下一步重点安排的综合报告",
            None,
        ),
        ("甲" * 45, None),
        (
            "关于澜亭县住房和城乡建设局2024年度报告的审核意见",
            ["关于澜亭县住房和城乡建设局", "2024年度报告的审核意见"],
        ),
    ],
)
def test_a_long_title_is_broken_where_words_end(title: str, lines: list[str] | None, tmp_path: Path) -> None:
    found = title_lines(title)
    assert "".join(found) == title
    if lines:
        assert found == lines
    assert not any(line.endswith("法治政") for line in found)
    write_paper(
        Paper(title, (paragraph(Words("现将有关情况报告如下。")),), "甲县", "2026年2月10日"),
        tmp_path / "t.docx",
    )
    assert title in read(tmp_path / "t.docx").text


def test_the_issuer_is_centred_above_the_day(written: Path) -> None:
    issuer, day = docx.Document(str(written)).paragraphs[-2:]
    assert (issuer.text, day.text) == ("澜亭县人民政府", "2026年2月10日")
    characters = [p.paragraph_format.right_indent.pt / 15.75 for p in (issuer, day)]
    assert round(characters[1], 2) == 4
    day_width = 7 * 0.5 + 3
    assert round(characters[0], 2) == 4 + (day_width - 7) / 2


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="这台机器没有 LibreOffice：版面没有在 PDF 上量")
def test_twenty_two_lines_of_twenty_eight_characters_on_a_page(written: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(written),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pdf = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    try:
        text = pdf[1].get_textpage().get_text_range()
    finally:
        pdf.close()
    lines = [
        line for line in text.splitlines() if line.strip() and not re.fullmatch(r"\s*—\s*\d+\s*—\s*", line)
    ]
    assert len(lines) == 22
    assert {len(line.strip()) for line in lines if set(line.strip()) <= set(LONG)} >= {28}
    assert max(len(line.strip()) for line in lines) == 28
