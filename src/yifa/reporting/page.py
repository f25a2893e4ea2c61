"""The report as one HTML file that opens every figure to its rule and its records, without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from yifa.reporting.content import HeadingLine, Paper, Paragraph, Shown, paper
from yifa.reporting.models import Report, StoredFigure
from yifa.reporting.typed import TypedNumber, find_typed
from yifa.reporting.wording import amount, day, period, printed

RecordKey = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as the template shows it."""

    text: str
    rule: str = ""
    part: str = ""
    known: bool = True
    typed: bool = False
    anchor: str = ""


def write(report: Report, path: Path) -> None:
    """Writes the page to `path` (.html)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(report), encoding="utf-8")


def html(report: Report) -> str:
    """The page as text."""
    content, figures = paper(report), list(report.figures.select_related("organization"))
    typed = find_typed(content)
    context = {
        "paper": content,
        "period": period(report.period_start, report.cutoff),
        "state_note": "" if report.state == Report.State.SUBMITTED else "草稿，尚未提交。",
        "blocks": list(_blocks(content, typed)),
        "figures": [_row(figure) for figure in figures],
        "data": _data(figures),
    }
    return render_to_string("reporting/page.html", context)


def _blocks(content: Paper, typed: Sequence[TypedNumber]) -> Iterator[dict[str, Any]]:
    serial = 0
    for index, block in enumerate(content.blocks):
        if isinstance(block, HeadingLine):
            tag = min(block.level + 1, 6)
            yield {"level": block.level, "tag": tag, "text": block.text, "section": block.section}
            continue
        pieces = []
        for piece in _pieces(block, [number.span for number in typed if number.block == index]):
            serial += bool(piece.rule)
            pieces.append(piece if not piece.rule else _anchored(piece, serial))
        yield {"level": 0, "pieces": pieces}


def _anchored(piece: Piece, serial: int) -> Piece:
    return Piece(piece.text, piece.rule, piece.part, piece.known, piece.typed, f"number-{serial}")


def _pieces(block: Paragraph, typed: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """The paragraph cut where figures and typed numbers begin and end."""
    at = 0
    for piece in block.pieces:
        if isinstance(piece, Shown):
            yield Piece(piece.text, piece.rule, piece.part or "", piece.known)
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
    return f"《{figure.basis['law']}》{article or ''}"


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
        "count": "—" if figure.numerator else f"{len(figure.records)}条",
        "digest": figure.digest,
    }


def _data(figures: Iterable[StoredFigure]) -> dict[str, Any]:
    """What the script shows: each record once, figures pointing at records by position."""
    records: list[list[str]] = []
    places: dict[tuple[str, ...], int] = {}
    shown = {figure.rule: _figure(figure, records, places) for figure in figures}
    return {"records": records, "figures": shown}


def _figure(
    figure: StoredFigure, records: list[list[str]], places: dict[tuple[str, ...], int]
) -> dict[str, Any]:
    rows: list[list[Any]] = []
    for record in figure.records:
        line = [str(record[name] or "") for name in ("on", "title", "number", "unit", "act", "digest")]
        key = (*line, record["kind"], record["id"], str(record["position"]))
        if key not in places:
            places[key] = len(records)
            records.append(line)
        rows.append([places[key], record["value"], record["part"]])
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
        "computed": f"{timezone.localtime(figure.computed_at):%Y-%m-%d %H:%M}",
        "digest": figure.digest,
        "parts": parts,
        "partsTitle": figure.parts_title,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "rows": rows,
    }
