"""Numbers in the prose that somebody typed: they have no counting rule and no records, and are marked as such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yifa.reading.document import Figure, Span
from yifa.reporting.content import Paper, Paragraph, Shown, paper
from yifa.reporting.models import Report, StoredFigure
from yifa.reporting.review import read_report
from yifa.reporting.unfounded import is_ahead

_CLAUSE = re.compile(r"[。；，、！？]")
_COMMON = frozenset(("行政", "案件", "事项", "情况", "工作"))  # words of half of all titles


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A typed number, its place in its paragraph, and the figures of the report that have the same value and unit."""

    text: str
    block: int  # index into Paper.blocks
    span: Span
    section: int | None
    same: tuple[str, ...] = ()


def typed_numbers(report: Report, content: Paper | None = None) -> tuple[TypedNumber, ...]:
    """The typed numbers of a report, with the live figures that could stand instead.

    Those of the sections of plans are left out: they count nothing yet.
    """
    content = content or paper(report)
    figures = list(report.figures.all())
    ahead = {section.pk for section in report.sections.all() if is_ahead(section)}
    document = read_report(content)
    found: list[TypedNumber] = []
    end = 0
    for index, block in enumerate(content.blocks):
        start = document.text.find(block.text, end)
        if start < 0:
            continue
        end = start + len(block.text)
        if not isinstance(block, Paragraph) or block.section in ahead:
            continue
        live = _live_spans(block)
        for figure in document.figures:
            span = (figure.span[0] - start, figure.span[1] - start)
            if (
                span[0] >= 0
                and span[1] <= len(block.text)
                and not any(_overlap(span, other) for other in live)
            ):
                found.append(
                    TypedNumber(
                        figure.text, index, span, block.section, _same(block.text, span, figure, figures)
                    )
                )
    return tuple(found)


def _live_spans(block: Paragraph) -> list[Span]:
    spans: list[Span] = []
    at = 0
    for piece in block.pieces:
        if isinstance(piece, Shown):
            spans.append((at, at + len(piece.text)))
        at += len(piece.text)
    return spans


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _same(text: str, span: Span, typed: Figure, figures: Sequence[StoredFigure]) -> tuple[str, ...]:
    """The figures of that value whose titles share a word with the clause of the number: small numbers meet by chance."""
    value, clause = Decimal(str(typed.value)), _CLAUSE.split(text[: span[0]])[-1]
    return tuple(
        figure.rule
        for figure in figures
        if figure.value == value and figure.unit == typed.unit and _share(figure.title, clause)
    )


def _share(title: str, clause: str) -> bool:
    pairs = (title[at : at + 2] for at in range(len(title) - 1))
    return any(pair in clause for pair in pairs if pair not in _COMMON)
