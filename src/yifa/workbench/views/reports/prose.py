"""The prose of a report as the editor shows it: live figures, and numbers somebody typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.urls import reverse

from yifa.reading.document import Span
from yifa.reporting.blocks import ChartBlock, HeadingLine, Paragraph, Shown, TableBlock
from yifa.reporting.content import Paper, paper
from yifa.reporting.diagrams import svg
from yifa.reporting.models import Report, UnitPart
from yifa.reporting.partpaper import paper_of_part
from yifa.reporting.review import PlacedFinding, place_findings
from yifa.reporting.typed import TypedNumber, typed_numbers
from yifa.reporting.unfounded import Claim, claims

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of a paragraph: words, a live figure, or a typed number with what is to be said of it."""

    text: str
    rule: str = ""
    known: bool = True
    typed: str = ""
    address: str = ""  # of the figure, where it opens


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a paragraph of which something is to be said."""

    span: Span
    advice: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words without a record behind them: what is to be said of them, and the section in which they stand."""

    text: str
    advice: str
    section: int | None


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
    claims: int
    doubts: Sequence[Doubt]  # of both, the claims first


def prose(report: Report, *, opens: bool = True) -> Prose:
    """The prose with its marks. `opens`: the marks of charts lead to their records."""
    content = paper(report)
    return _marked(report, content, _review(report, content), opens=opens)


def part_prose(part: UnitPart) -> Prose:
    """What a unit writes, as it would be printed, with the marks of what the ledger does not hold; no check of the whole."""
    report, content = part.section.report, paper_of_part(part)
    said = (), typed_numbers(report, content), claims(report, content)
    return _marked(report, content, said, opens=False)


def _marked(report: Report, content: Paper, said: Reviewed, *, opens: bool) -> Prose:
    findings, typed, claimed = said
    titles = dict(report.figures.values_list("rule", "title"))
    figures = _Figures(report, opens)
    by_block: dict[int, list[Mark]] = {}
    for block_index, mark in [
        *((one.block, Mark(one.span, _advice(one, titles))) for one in typed),
        *((one.block, Mark(one.span, _doubt(one))) for one in claimed),
    ]:
        by_block.setdefault(block_index, []).append(mark)
    sections: dict[int, list[Sequence[Bit] | Exhibit]] = {}
    for index, block in enumerate(content.blocks):
        if isinstance(block, HeadingLine) or block.section is None:
            continue
        shown: Sequence[Bit] | Exhibit
        if isinstance(block, Paragraph):
            shown = tuple(_bits(block, by_block.get(index, []), figures))
        else:
            shown = _exhibit(block, figures)
        sections.setdefault(block.section, []).append(shown)
    doubts = [Doubt(one.text, _doubt(one), one.section) for one in claimed]
    doubts += [Doubt(one.text, _advice(one, titles), one.section) for one in typed]
    return Prose(sections, findings, len(typed), len(claimed), doubts)


class _Figures:
    """Where the figures of a report open; the address is made once, a report shows hundreds."""

    def __init__(self, report: Report, opens: bool) -> None:
        self._before = reverse("report_figure", args=[report.pk, "-"]).removesuffix("-/") if opens else ""

    def address(self, rule: str) -> str:
        """The page of a figure; empty where it does not open."""
        return f"{self._before}{rule}/" if self._before else ""

    def bit(self, shown: Shown) -> Bit:
        """A figure within words."""
        return Bit(shown.text, shown.rule, shown.known, address=self.address(shown.rule))


def _exhibit(block: TableBlock | ChartBlock, figures: _Figures) -> Exhibit:
    if isinstance(block, ChartBlock):
        return Exhibit(block.caption, chart=svg(block, lambda mark: figures.address(mark.rule)))
    rows = [
        [figures.bit(cell) if isinstance(cell, Shown) else Bit(cell.text) for cell in row]
        for row in block.rows
    ]
    return Exhibit(block.caption, block.header, rows)


Reviewed = tuple[tuple[PlacedFinding, ...], tuple[TypedNumber, ...], tuple[Claim, ...]]


def _review(report: Report, content: Paper) -> Reviewed:
    """The check, the typed numbers, the claims; remembered for the same words, as reading a report takes its time."""
    said = f"{content.text}\n{report.built_at.isoformat()}"
    key = f"reviewed:{report.pk}:{report.state}:{sha256(said.encode()).hexdigest()}"
    known: Reviewed | None = cache.get(key)
    if known is None:
        known = tuple(place_findings(report)), typed_numbers(report, content), claims(report, content)
        cache.set(key, known, KEPT_SECONDS)
    return known


def _bits(block: Paragraph, marks: Sequence[Mark], figures: _Figures) -> Iterator[Bit]:
    """The paragraph cut where figures and marks begin and end."""
    at = 0
    for piece in block.pieces:
        if isinstance(piece, Shown):
            yield figures.bit(piece)
        else:
            yield from _words(piece.text, at, marks)
        at += len(piece.text)


def _words(text: str, at: int, marks: Sequence[Mark]) -> Iterator[Bit]:
    end = 0
    for mark in sorted(marks, key=lambda one: one.span):
        begin, finish = mark.span[0] - at, mark.span[1] - at
        if not end <= begin < finish <= len(text):
            continue
        if begin > end:
            yield Bit(text[end:begin])
        yield Bit(text[begin:finish], typed=mark.advice)
        end = finish
    if end < len(text):
        yield Bit(text[end:])


def _doubt(claim: Claim) -> str:
    why = "台账中没有记录（为 0）" if claim.collected else "没有采集数据"
    return f"这句话说的“{claim.title}”，{why}。请补录后重新计算，或者改写这句话。"


def _advice(number: TypedNumber, titles: Mapping[str, str]) -> str:
    same = "、".join(f"“{titles.get(rule, rule)}”" for rule in number.same[:3])
    if same:
        return f"手工填写的数字，不随台账更新。与活数字{same}相同，如指同一件事，请改用活数字。"
    return "手工填写的数字，没有口径和记录，不随台账更新，请自行核对。"
