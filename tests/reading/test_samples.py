"""Every sample text beside its expected findings: what the JSON names must be found exactly, in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from yifa.reading import Document, read

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.txt"))


def brief(document: Document) -> dict[str, Any]:
    """A document as the samples write it down: short rows instead of objects."""
    return {
        "kind": document.kind.value,
        "title": document.title,
        "issuer": document.issuer,
        "year": document.year,
        "dated": document.dated.isoformat() if document.dated else None,
        "cutoffs": [item.on.isoformat() for item in document.cutoffs],
        "outline": [[item.level, item.number, item.title] for item in document.headings()],
        "figures": [
            [
                item.text,
                item.value,
                item.approx.value,
                item.unit,
                item.subject,
                item.section,
                item.part_of,
                item.relation,
            ]
            for item in document.figures
        ],
        "tasks": [
            [
                item.number,
                item.title,
                list(item.lead),
                list(item.support),
                str(item.due) if item.due else None,
            ]
            for item in document.tasks
        ],
        "targets": [
            [item.text, item.compare, item.value, item.unit, list(item.who), item.per]
            for item in document.targets
        ],
        "period": [str(day) for day in document.period] if document.period else None,
        "parts": [[item.kind.value, item.title, item.year] for item in document.parts],
        "citations": [[item.title, item.number, item.law, item.status] for item in document.citations],
        "marks": [[item.kind, item.phrase] for item in document.marks],
        "instead_of": [item.detail.get("instead_of") for item in document.marks if item.kind == "injected"],
        "repairs": [[item.kind, item.before, item.after] for item in document.repairs],
    }


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 8
    assert {path.stem for path in SAMPLES} == {path.stem for path in SAMPLES[0].parent.glob("*.json")}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = brief(read(path))
    assert expected
    for key, value in expected.items():
        assert found[key] == value, key
