"""The report as one HTML file that opens every figure to its rule and its records, without a network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from yifa.law.phrases import article_of, day
from yifa.reporting.blocks import ChartBlock, HeadingLine, Paragraph, Shown, TableBlock, Words
from yifa.reporting.content import Paper, paper
from yifa.reporting.diagrams import svg
from yifa.reporting.digesting import settle
from yifa.reporting.models import Report, StoredFigure
from yifa.reporting.typed import TypedNumber, typed_numbers
from yifa.reporting.wording import amount, period, printed

MOST_LINES = 20_000  # record lines of all figures together in one file, some 4 MB


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as the template shows it."""

    text: str
    rule: str = ""
    part: str = ""
    known: bool = True
    typed: bool = False
    anchor: str = ""
    month: str = ""


def write(report: Report, path: Path) -> None:
    """Writes the page to `path` (.html)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(report), encoding="utf-8")


def html(report: Report) -> str:
    """The page as text."""
    settle(report)
    content, figures = paper(report), list(report.figures.select_related("organization", "report"))
    typed = typed_numbers(report, content)
    context = {
        "paper": content,
        "title": _title(content),
        "period": period(report.period_start, report.cutoff),
        "state_note": ""
        if report.state in (Report.State.SUBMITTED, Report.State.PUBLISHED)
        else "草稿，尚未提交。",
        "blocks": list(_blocks(content, typed)),
        "figures": [_row(figure) for figure in figures],
        "data": _data(figures),
    }
    return render_to_string("reporting/page.html", context)


def _title(content: Paper) -> list[str]:
    """The title in the pieces between which a line may end: who, which year, of what."""
    pieces = re.split(rf"({re.escape(content.issuer)}|20\d\d年度?)", content.title)
    return [words for words in pieces if words]


def _blocks(content: Paper, typed: Sequence[TypedNumber]) -> Iterator[dict[str, Any]]:
    serial = count(1)
    for index, block in enumerate(content.blocks):
        if isinstance(block, HeadingLine):
            tag = min(block.level + 1, 6)
            yield {"level": block.level, "tag": tag, "text": block.text, "section": block.section}
        elif isinstance(block, TableBlock):
            rows = [
                [(_anchored(_piece(cell), serial), place in block.numeric) for place, cell in enumerate(row)]
                for row in block.rows
            ]
            yield {"caption": block.caption, "header": block.header, "rows": rows}
        elif isinstance(block, ChartBlock):
            yield {"caption": block.caption, "chart": svg(block)}
        else:
            spans = [number.span for number in typed if number.block == index]
            yield {"pieces": [_anchored(piece, serial) for piece in _pieces(block, spans)]}


def _anchored(piece: Piece, serial: Iterator[int]) -> Piece:
    return replace(piece, anchor=f"number-{next(serial)}") if piece.rule else piece


def _piece(shown: Shown | Words) -> Piece:
    if isinstance(shown, Words):
        return Piece(shown.text)
    return Piece(shown.text, shown.rule, shown.part or "", shown.known, month=shown.month)


def _pieces(block: Paragraph, typed: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """The paragraph cut where figures and typed numbers begin and end."""
    at = 0
    for piece in block.pieces:
        if isinstance(piece, Shown):
            yield _piece(piece)
        else:
            yield from _words(piece.text, at, typed)
        at += len(piece.text)


def _words(text: str, at: int, typed: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    end = 0
    for start, stop in typed:
        begin, finish = start - at, stop - at
        if not 0 <= begin < finish <= len(text):
            continue
        if begin > end:
            yield Piece(text[end:begin])
        yield Piece(text[begin:finish], typed=True)
        end = finish
    if end < len(text):
        yield Piece(text[end:])


def _law(figure: StoredFigure) -> str:
    if not figure.basis:
        return ""
    article: str | None = figure.basis.get("article")
    return article_of(figure.basis["law"], article)


def _shown(figure: StoredFigure) -> str:
    return printed(figure.status, figure.value, figure.unit)


def _row(figure: StoredFigure) -> dict[str, Any]:
    """A line of the appendix."""
    return {
        "rule": figure.rule,
        "title": figure.title,
        "shown": _shown(figure),
        "explain": figure.explain,
        "law": _law(figure),
        "version": figure.rule_version,
        "period": period(figure.period_start, figure.period_end),
        "count": "—" if figure.numerator else f"{figure.records_count}条",
        "digest": figure.digest,
    }


def _data(figures: Iterable[StoredFigure]) -> dict[str, Any]:
    """What the script shows: each record once, figures pointing at records by position."""
    records: list[list[str]] = []
    places: dict[tuple[str, ...], int] = {}
    left, known = MOST_LINES, list(figures)
    kept: set[str] = set()
    for figure in sorted(known, key=lambda figure: figure.records_count):  # as many as there is room for
        left -= figure.records_count
        if left >= 0:
            kept.add(figure.rule)
    shown = {figure.rule: _figure(figure, records, places, figure.rule in kept) for figure in known}
    omitted = sum(one["omitted"] for one in shown.values())
    return {"records": records, "figures": shown, "omitted": omitted}


def _figure(
    figure: StoredFigure, records: list[list[str]], places: dict[tuple[str, ...], int], kept: bool
) -> dict[str, Any]:
    rows: list[list[Any]] = []
    for record in figure.records if kept else ():
        on = "" if record.on == date.min else record.on.isoformat()
        line = [on, record.title, record.number, record.unit, record.act, record.digest]
        key = (*line, record.kind, str(record.id), str(record.position))
        if key not in places:
            places[key] = len(records)
            records.append(line)
        rows.append([places[key], format(record.value, "f"), record.part])
    parts = [[label, amount(Decimal(value), figure.unit), value] for label, value in figure.parts.items()]
    return {
        "title": figure.title,
        "shown": _shown(figure),
        "value": None if figure.value is None else format(figure.value, "f"),
        "unit": figure.unit,
        "status": figure.status,
        "explain": figure.explain,
        "law": _law(figure),
        "version": figure.rule_version,
        "period": period(figure.period_start, figure.period_end),
        "cutoff": day(figure.period_end),
        "organization": figure.organization.name,
        "start": figure.period_start.isoformat(),  # these six for `yifa figure recompute`
        "end": figure.period_end.isoformat(),
        "organizationCode": figure.organization.code,
        "computedAt": figure.computed_at.isoformat(),
        "outline": figure.report.outline,
        "subject": figure.report.subject,
        "computed": f"{timezone.localtime(figure.computed_at):%Y-%m-%d %H:%M}",
        "digest": figure.digest,
        "parts": parts,
        "partsTitle": figure.parts_title,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "rows": rows,
        "omitted": 0 if kept else figure.records_count,
    }
