"""A text that lost its line breaks, or was set to a width, must be read like the text with its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from yifa.reading import Document, read_text

REPORTS = Path(__file__).parents[1] / "checking" / "reports"
TEXTS = sorted(REPORTS.glob("*.txt"))


def joined(text: str) -> str:
    return "".join(line.strip() for line in text.split("\n"))


def spaced(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n") if line.strip())


def set_to_width(text: str) -> str:
    """Every paragraph broken after 34 characters, inside words and numbers."""
    return "\n".join(re.sub(r"(.{34})(?=.)", r"\1\n", line) for line in text.split("\n"))


def essence(document: Document) -> tuple[object, ...]:
    figures = [(figure.text, figure.value, figure.approx, figure.unit) for figure in document.figures]
    numbers = [(heading.level, heading.number) for heading in document.headings()]
    return document.kind, document.year, document.dated, figures, numbers


def test_there_are_texts() -> None:
    assert len(TEXTS) >= 3


@pytest.mark.parametrize("change", [joined, spaced, set_to_width], ids=lambda change: change.__name__)
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_same_reading(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf8")
    assert essence(read_text(change(text))) == essence(read_text(text))


def test_a_text_with_paragraphs_keeps_its_lines() -> None:
    text = "".join(
        f"（{number}）第{number}项工作已经按照计划完成并经过验收\n" for number in "一二三四五六七八九十"
    )
    assert read_text(text * 2).text == text * 2
