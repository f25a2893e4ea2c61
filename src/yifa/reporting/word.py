"""The report as a Word file in the layout of official documents (GB/T 9704-2012)."""

from __future__ import annotations

from pathlib import Path

from yifa.papers.word import OfficialPaper
from yifa.reporting.content import HeadingLine, Paper, paper
from yifa.reporting.models import Report


def write(report: Report, path: Path) -> None:
    """Writes the report to `path` (.docx). Raises WritingError."""
    write_paper(paper(report), path)


def write_paper(content: Paper, path: Path) -> None:
    """Writes any paper to `path` (.docx). Raises WritingError."""
    word = OfficialPaper(content.title, content.issuer)
    word.title(content.title)
    for block in content.blocks:
        if isinstance(block, HeadingLine):
            word.heading(block.level, block.text)
        else:
            word.paragraph(block.text)
    word.signature(content.issuer, content.dated)
    word.save(path)
