"""The prose of a report as the editor shows it: live figures, and numbers somebody typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.urls import reverse

from yifa.reporting.blocks import ChartBlock, HeadingLine, Paragraph, Shown, TableBlock
from yifa.reporting.content import Paper, paper
from yifa.reporting.diagrams import svg
from yifa.reporting.models import Report
from yifa.reporting.review import PlacedFinding, place_findings
from yifa.reporting.typed import TypedNumber, typed_numbers

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of a paragraph: words, a live figure, or a typed number with what is to be said of it."""

    text: str
    rule: str = ""
    known: bool = True
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A table (head and rows of bits) or a chart (drawn) with its caption."""

    caption: str
    header: Sequence[str] = ()
    rows: Sequence[Sequence[Bit]] = ()
    chart: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """The paragraphs, tables and charts of a report by section; what the check says."""

    sections: Mapping[int, Sequence[Sequence[Bit] | Exhibit]]
    findings: Sequence[PlacedFinding]
    typed: int


def prose(report: Report) -> Prose:
    """The prose with its marks."""
    content = paper(report)
    findings, typed = _review(report, content)
    titles = {figure.rule: figure.title for figure in report.figures.all()}
    by_block: dict[int, list[TypedNumber]] = {}
    for number in typed:
        by_block.setdefault(number.block, []).append(number)
    sections: dict[int, list[Sequence[Bit] | Exhibit]] = {}
    for index, block in enumerate(content.blocks):
        if isinstance(block, HeadingLine) or block.section is None:
            continue
        shown: Sequence[Bit] | Exhibit
        if isinstance(block, Paragraph):
            shown = tuple(_bits(block, by_block.get(index, []), titles))
        else:
            shown = _exhibit(report, block)
        sections.setdefault(block.section, []).append(shown)
    return Prose(sections, findings, len(typed))


def _exhibit(report: Report, block: TableBlock | ChartBlock) -> Exhibit:
    if isinstance(block, ChartBlock):
        return Exhibit(
            block.caption,
            chart=svg(block, lambda mark: reverse("report_figure", args=[report.pk, mark.rule])),
        )
    rows = [
        [Bit(cell.text, cell.rule, cell.known) if isinstance(cell, Shown) else Bit(cell.text) for cell in row]
        for row in block.rows
    ]
    return Exhibit(block.caption, block.header, rows)


def _review(report: Report, content: Paper) -> tuple[tuple[PlacedFinding, ...], tuple[TypedNumber, ...]]:
    """The check and the typed numbers; remembered for the same words, as reading a report takes its time."""
    said = f"{content.text}\n{report.built_at.isoformat()}"
    key = f"review:{report.pk}:{report.state}:{sha256(said.encode()).hexdigest()}"
    known: tuple[tuple[PlacedFinding, ...], tuple[TypedNumber, ...]] | None = cache.get(key)
    if known is None:
        known = tuple(place_findings(report)), typed_numbers(report)
        cache.set(key, known, KEPT_SECONDS)
    return known


def _bits(block: Paragraph, typed: Sequence[TypedNumber], titles: Mapping[str, str]) -> Iterator[Bit]:
    """The paragraph cut where figures and typed numbers begin and end."""
    at = 0
    for piece in block.pieces:
        if isinstance(piece, Shown):
            yield Bit(piece.text, piece.rule, piece.known)
        else:
            yield from _words(piece.text, at, typed, titles)
        at += len(piece.text)


def _words(text: str, at: int, typed: Sequence[TypedNumber], titles: Mapping[str, str]) -> Iterator[Bit]:
    end = 0
    for number in sorted(typed, key=lambda one: one.span):
        begin, finish = number.span[0] - at, number.span[1] - at
        if not end <= begin < finish <= len(text):
            continue
        if begin > end:
            yield Bit(text[end:begin])
        yield Bit(text[begin:finish], typed=_advice(number, titles))
        end = finish
    if end < len(text):
        yield Bit(text[end:])


def _advice(number: TypedNumber, titles: Mapping[str, str]) -> str:
    same = "、".join(f"“{titles.get(rule, rule)}”" for rule in number.same[:3])
    if same:
        return f"手工填写的数字，不随台账更新。与活数字{same}相同，如指同一件事，请改用活数字。"
    return "手工填写的数字，没有口径和记录，不随台账更新，请自行核对。"
