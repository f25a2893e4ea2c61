"""The report as it will be printed: title, paragraphs with their figures, signature. Word, HTML and check read this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from yifa.law.phrases import day
from yifa.reporting.blocks import Block, ChartBlock, HeadingLine, Paragraph, Shown, TableBlock, Words
from yifa.reporting.exhibits import Exhibits, parse
from yifa.reporting.models import Report, Section, StoredFigure
from yifa.reporting.placeholders import split
from yifa.reporting.problems import lines_of
from yifa.reporting.wording import printed

OF_UNITS = "单位"  # the title of parts that are the units' own

__all__ = [
    "Block",
    "ChartBlock",
    "HeadingLine",
    "Paper",
    "Paragraph",
    "Shown",
    "TableBlock",
    "Words",
    "paper",
    "pieces",
    "written",
]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole report in order."""

    title: str
    blocks: tuple[Block, ...]
    issuer: str
    dated: str

    def lines(self) -> Iterator[tuple[str, int | None]]:
        """Each line of the plain text with the section it belongs to."""
        yield self.title, None
        for block in self.blocks:
            for line in block.text.splitlines():
                yield line, block.section
        yield self.issuer, None
        yield self.dated, None

    @property
    def text(self) -> str:
        """The report as plain text, one paragraph a line."""
        return "\n".join(line for line, _ in self.lines())


def paper(report: Report) -> Paper:
    """The report as it stands now."""
    figures = {figure.rule: figure for figure in report.figures.all()}
    exhibits = Exhibits(figures)
    problems = lines_of(report)
    blocks: list[Block] = []
    for section in report.sections.all():
        blocks += _section(section, figures, exhibits)
        blocks += (Paragraph((Words(line),), section.pk) for line in problems.get(section.pk, ()))
    issuer = report.subject or report.organization.name_on(report.dated)
    return Paper(report.title, tuple(blocks), issuer, day(report.dated))


def _section(section: Section, figures: Mapping[str, StoredFigure], exhibits: Exhibits) -> Iterator[Block]:
    if section.level:  # the opening and closing lines stand without heading
        yield HeadingLine(section.level, section.number, section.title, section.pk)
    yield from written(section.text, section.pk, figures, exhibits)


def written(
    text: str, section: int | None, figures: Mapping[str, StoredFigure], exhibits: Exhibits
) -> Iterator[Block]:
    """The paragraphs, tables and charts of a text, one a line."""
    for line in filter(None, map(str.strip, text.splitlines())):
        called = parse(line)
        if called is None:
            yield Paragraph(pieces(line, figures), section)
            continue
        block = exhibits.block(called, section)
        if block is not None:
            yield block


def pieces(line: str, figures: Mapping[str, StoredFigure]) -> tuple[Words | Shown, ...]:
    """One line of prose with its figures printed; a unit that prose repeats behind a figure is not doubled."""
    result: list[Words | Shown] = []
    unit = ""
    for piece in split(line):
        if isinstance(piece, str):
            words = piece.removeprefix(unit) if unit else piece
            unit = ""
            if words:
                result.append(Words(words))
            continue
        figure = figures.get(piece.rule)
        text = shown_text(figure, piece.part) if figure else str(piece)
        unit = figure.unit if figure and text.endswith(figure.unit) else ""
        result.append(Shown(text, piece.rule, piece.part, figure is not None))
    return tuple(result)


def shown_text(figure: StoredFigure, part: str | None) -> str:
    """A figure, or one part of it (a part that does not occur is 0), or what one unit has in it, as printed."""
    if part is None or figure.status != "counted":
        return printed(figure.status, figure.value, figure.unit)
    said = figure.parts.get(part)
    if said is None and figure.parts_title != OF_UNITS and part in figure.report.units.values():
        return printed(figure.status, figure.records.by_unit.get(part, Decimal(0)), figure.unit)
    return printed(figure.status, Decimal(said or "0"), figure.unit)
