"""The same paper in every format gives the same figures, headings, tasks and names."""

from __future__ import annotations

import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest
from docx import Document as new_docx
from docx.shared import Cm, Pt

from yifa.reading import Document, read, read_bytes

from .making import doc_of, docx_of, ofd_of, pdf_of, printed, saved

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def found(document: Document) -> dict[str, object]:
    return {
        "figures": [
            (f.text, f.value, f.unit, f.approx, f.subject, f.section, f.part_of) for f in document.figures
        ],
        "outline": [(h.level, h.number, h.title) for h in document.headings()],
        "tasks": [(t.number, t.title, t.lead, t.support, t.due) for t in document.tasks],
        "targets": [(t.text, t.compare, t.value) for t in document.targets],
        "who": (document.kind, document.title, document.issuer, document.year, document.dated),
        "citations": [
            ("".join(c.title.split()), c.status) for c in document.citations
        ],  # a gap may be no blank
    }


def lines_of(path: Path) -> list[str]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return [line.strip() for line in text.splitlines() if line.strip()]


def official(lines: list[str]) -> bytes:
    """A Word file as offices set it: A4, letters of 16 points, first lines indented."""
    document = new_docx()
    document.styles["Normal"].font.size = Pt(16)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for line in lines:
        document.add_paragraph(line).paragraph_format.first_line_indent = Pt(32)
    return saved(document)


@pytest.fixture(scope="module")
def papers(shared: Path) -> dict[str, list[str]]:
    return {path.stem: lines_of(path) for path in sorted((shared / "sources").glob("*.txt"))}


def page_of(lines: list[str]) -> bytes:
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<!DOCTYPE html><html><body><div id=zoom>{body}</div></body></html>".encode("gb18030")


MAKERS = {
    "html": page_of,
    "docx": lambda lines: docx_of(*lines),
    "doc": lambda lines: doc_of("\n".join(lines)),
    "pdf": lambda lines: pdf_of(printed(lines)),
    "ofd": lambda lines: ofd_of(printed(lines)),
}


@pytest.mark.shared
@pytest.mark.parametrize("kind", MAKERS)
def test_one_paper_in_every_format(kind: str, papers: dict[str, list[str]]) -> None:
    for name, lines in papers.items():
        expected = read_bytes("\n".join(lines).encode(), f"{name}.txt")
        document = read_bytes(MAKERS[kind](lines), f"{name}.{kind}")
        assert document.source.format == kind
        assert found(document) == found(expected), (name, kind)


@pytest.mark.shared
@pytest.mark.office
@pytest.mark.skipif(OFFICE is None, reason="没有 LibreOffice：转换出来的真实文件不测")
@pytest.mark.parametrize("kind", ["pdf", "doc"])
def test_files_that_an_office_program_wrote(kind: str, papers: dict[str, list[str]], tmp_path: Path) -> None:
    for name, lines in papers.items():
        (tmp_path / f"{name}.docx").write_bytes(official(lines))
    sources = [str(path) for path in tmp_path.glob("*.docx")]
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = [str(OFFICE), "--headless", home, "--convert-to", kind, "--outdir", str(tmp_path), *sources]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for name, lines in papers.items():
        expected = read_bytes("\n".join(lines).encode(), f"{name}.txt")
        assert found(read(tmp_path / f"{name}.{kind}")) == found(expected), (name, kind)
