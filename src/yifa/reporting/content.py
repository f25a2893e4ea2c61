"""The report as it will be printed: title, paragraphs with their figures, signature. Word, HTML and check read this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from yifa.reporting.models import Report, Section, StoredFigure
from yifa.reporting.placeholders import split
from yifa.reporting.wording import day, printed


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as printed. `part` names one part of its breakdown; `known` is False for a placeholder without figure."""

    text: str
    rule: str
    part: str | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a section, the opening and closing lines among them."""

    pieces: tuple[Words | Shown, ...]
    section: int | None

    @property
    def text(self) -> str:
        """The paragraph as plain text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading with its number."""

    level: int
    number: str
    title: str
    section: int

    @property
    def text(self) -> str:
        """The heading as plain text."""
        return f"{self.number}{self.title}"


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole report in order."""

    title: str
    blocks: tuple[HeadingLine | Paragraph, ...]
    issuer: str
    dated: str

    def lines(self) -> Iterator[tuple[str, int | None]]:
        """Each line of the plain text with the section it belongs to."""
        yield self.title, None
        for block in self.blocks:
            yield block.text, block.section
        yield self.issuer, None
        yield self.dated, None

    @property
    def text(self) -> str:
        """The report as plain text, one paragraph a line."""
        return "\n".join(line for line, _ in self.lines())


def paper(report: Report) -> Paper:
    """The report as it stands now."""
    figures = {figure.rule: figure for figure in report.figures.all()}
    blocks: list[HeadingLine | Paragraph] = []
    for section in report.sections.all():
        blocks += _section(section, figures)
    issuer = report.organization.name_on(report.dated)
    return Paper(report.title, tuple(blocks), issuer, day(report.dated))


def _section(section: Section, figures: Mapping[str, StoredFigure]) -> Iterator[HeadingLine | Paragraph]:
    if section.level:  # the opening and closing lines stand without heading
        yield HeadingLine(section.level, section.number, section.title, section.pk)
    yield from _paragraphs(section.text, section.pk, figures)


def _paragraphs(text: str, section: int | None, figures: Mapping[str, StoredFigure]) -> Iterator[Paragraph]:
    for line in text.splitlines():
        if line.strip():
            yield Paragraph(pieces(line.strip(), figures), section)


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
    """A figure, or one part of it (a part that does not occur is 0), as printed."""
    if part is None or figure.status != "counted":
        return printed(figure.status, figure.value, figure.unit)
    return printed(figure.status, Decimal(figure.parts.get(part, "0")), figure.unit)
