"""Figures against what a careful reader wrote down beforehand, on our own texts and on pieces of real reports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from yifa.reading import Document, read
from yifa.reading.document import Figure
from yifa.reading.figures import figures
from yifa.reading.load import load_file
from yifa.reading.outline import Sections, outline
from yifa.reading.repair import repair

LABELLED = Path(__file__).parent / "labelled"
OWN = sorted(set(LABELLED.glob("*.yaml")) - {LABELLED / "work_reports.yaml"})
LEAST = 0.97


@dataclass
class Score:
    found: int = 0
    expected: int = 0
    right: int = 0
    alike: int = 0

    def add(self, entry: dict[str, Any], read_figures: list[Figure]) -> None:
        left = list(entry["figures"])
        open_ = [_plain(text) for text in entry.get("open", [])]
        self.expected += len(left)
        for figure in read_figures:
            hit = next((label for label in left if _is_same(label, figure)), None)
            if hit is not None:
                left.remove(hit)
                self.right += 1
                self.found += 1
                self.alike += hit[2] == "*" or figure.approx.value in hit[2].split("|")
                self.alike += hit[3] in ("*", figure.unit)
            elif not any(_plain(figure.text) in text or text in _plain(figure.text) for text in open_):
                self.found += 1

    def __str__(self) -> str:
        recall, precision = self.right / self.expected, self.right / self.found
        alike = self.alike / 2 / self.right
        return f"recall {recall:.3f}, precision {precision:.3f}, unit and approximation {alike:.3f} of {self.expected}"

    def verify(self) -> None:
        print(self)
        assert self.right / self.expected >= LEAST, str(self)
        assert self.right / self.found >= LEAST, str(self)
        assert self.alike / 2 / self.right >= LEAST, str(self)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _is_same(label: list[Any], figure: Figure) -> bool:
    if abs(label[1] - figure.value) > 1e-6 * max(1, label[1]):
        return False
    mine, its = _plain(label[0]), _plain(figure.text)
    return mine in its or its in mine


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_our_own_texts(path: Path) -> None:
    score = Score()
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        text = repair(entry["text"])[0].text
        score.add(entry, figures(text, Sections(outline(text))))
    score.verify()


@cache
def _document(path: Path) -> tuple[Document, list[tuple[int, Figure]]]:
    tracked, _ = repair(load_file(path)[0].text)
    document = read(path)
    return document, [(tracked.origin(figure.span)[0], figure) for figure in document.figures]


@pytest.mark.shared
def test_pieces_of_work_reports(shared: Path) -> None:
    score = Score()
    for entry in yaml.safe_load((LABELLED / "work_reports.yaml").read_text(encoding="utf-8")):
        _, placed = _document(shared / "corpus" / "work_reports" / entry["file"])
        start, end = entry["at"]
        score.add(entry, [figure for place, figure in placed if start <= place < end])
    score.verify()


def _entries() -> Iterator[dict[str, Any]]:
    for path in LABELLED.glob("*.yaml"):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))


def test_there_is_enough_to_judge_by() -> None:
    entries = list(_entries())
    assert len(entries) > 300
    assert sum(len(entry["figures"]) for entry in entries) > 1200
    assert sum(not entry["figures"] for entry in entries) > 100
