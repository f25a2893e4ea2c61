"""A Document as the JSON object of the contract, without findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from yifa.reading.document import Document, Figure, Heading


def as_json(document: Document) -> dict[str, object]:
    """The object of contracts/document.md: spans as lists, dates in ISO form."""
    period = document.period
    return {
        "source": {
            "path": document.source.path,
            "format": document.source.format,
            "encoding": document.source.encoding,
            "sha256": document.source.sha256,
        },
        "kind": document.kind.value,
        "kind_reason": document.kind_reason,
        "title": document.title,
        "issuer": document.issuer,
        "year": document.year,
        "period": {"from": period[0].isoformat(), "to": period[1].isoformat()} if period else None,
        "dated": _iso(document.dated),
        "text": document.text,
        "repairs": [
            {"kind": item.kind, "at": list(item.at), "before": item.before, "after": item.after}
            for item in document.repairs
        ],
        "marks": [
            {
                "kind": mark.kind,
                "phrase": mark.phrase,
                "span": list(mark.span) if mark.span else None,
                **_plain(mark.detail),
            }
            for mark in document.marks
        ],
        "outline": [_heading(heading) for heading in document.outline],
        "figures": [_figure(figure) for figure in document.figures],
        "tasks": [
            {
                "number": task.number,
                "title": task.title,
                "text": task.text,
                "span": list(task.span),
                "chapter": task.chapter,
                "lead": list(task.lead),
                "support": list(task.support),
                "units": list(task.units),
                "due": _iso(task.due),
                "due_note": task.due_note,
                "targets": list(task.targets),
            }
            for task in document.tasks
        ],
        "targets": [
            {
                "text": target.text,
                "compare": target.compare,
                "value": target.value,
                "unit": target.unit,
                "subject": target.subject,
                "who": list(target.who),
                "per": target.per,
                "span": list(target.span),
            }
            for target in document.targets
        ],
        "citations": [
            {
                "title": item.title,
                "number": item.number,
                "span": list(item.span),
                "law": item.law,
                "status": item.status,
                "as_of": _iso(item.as_of),
            }
            for item in document.citations
        ],
        "cutoffs": [
            {"on": item.on.isoformat(), "text": item.text, "span": list(item.span)}
            for item in document.cutoffs
        ],
        "parts": [
            {"kind": part.kind.value, "title": part.title, "span": list(part.span), "year": part.year}
            for part in document.parts
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(detail: Mapping[str, str]) -> dict[str, str]:
    return dict(detail)


def _heading(heading: Heading) -> dict[str, object]:
    return {
        "level": heading.level,
        "number": heading.number,
        "title": heading.title,
        "span": list(heading.span),
        "children": [_heading(child) for child in heading.children],
    }


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "text": figure.text,
        "value": figure.value,
        "approx": figure.approx.value,
        "unit": figure.unit,
        "subject": figure.subject,
        "span": list(figure.span),
        "section": figure.section,
        "part_of": figure.part_of,
        "relation": figure.relation,
    }
