"""The report as a Word file in the layout of official documents (GB/T 9704-2012)."""

from __future__ import annotations

from pathlib import Path

from yifa.papers.charts import Chart
from yifa.papers.titles import width
from yifa.papers.word import OfficialPaper
from yifa.reporting.blocks import ChartBlock, HeadingLine, TableBlock
from yifa.reporting.content import Paper, paper
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
        elif isinstance(block, TableBlock):
            _table(word, block)
        elif isinstance(block, ChartBlock):
            word.chart(
                Chart(
                    block.kind,
                    block.labels,
                    [(one.name, one.values) for one in block.series],
                    block.described,
                )
            )
            word.caption(block.caption, above=False)
        else:
            word.paragraph(block.text)
    word.signature(content.issuer, content.dated)
    word.save(path)


def _table(word: OfficialPaper, block: TableBlock) -> None:
    word.caption(block.caption, above=True)
    rows = [block.header, *(tuple(cell.text for cell in row) for row in block.rows)]
    longest = max(width(row[0]) for row in rows)
    first = (
        min(max(longest, 6), 22) / 6
    )  # shares of the line: the names as wide as they need, the numbers alike
    widths = [first, *(1.2 if block.numeric == {2} else 1.0 for _ in block.header[1:])]
    word.table(rows, widths, centred={*block.numeric, *([1] if block.numeric == {2} else [])})
    word.paragraph("")
