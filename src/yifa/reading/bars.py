"""Tables whose cells are parted by upright bars, as pages taken from the web have them: 「规章 | 0 | 0 |」."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.reading.tracked import Edit

BAR = re.compile(r"[ \t\u3000]*\|[ \t\u3000]*")
EDGES = re.compile(r"\A[ \t\u3000]*\|[ \t\u3000]*|(?:[ \t\u3000]*\|)+[ \t\u3000]*\Z")
ONLY_SIGNS = re.compile(r"[ \t\u3000|:—–-]*\|[ \t\u3000|:—–-]*\Z")  # a line of bars, the rule below a head
PROSE = re.compile(r"\A[^|]*\|[^|]*。[^|]*\Z")  # a bar inside a sentence
FEWEST_ROWS, FEWEST_CELLS = 2, 2
Line = tuple[int, str]  # where it begins, and its text


def bars(text: str) -> list[Edit]:
    """Tabs for the bars of tables; lines of nothing but bars go. A bar in prose or in a single line stays."""
    found = (edit for run in _runs(text) if _is_table(run) for line in run for edit in _row(*line))
    return [(start, min(end, len(text)), after) for start, end, after in found]


def _runs(text: str) -> Iterator[list[Line]]:
    """Lines with bars that follow each other."""
    run: list[Line] = []
    position = 0
    for line in text.split("\n"):
        if "|" in line and not PROSE.search(line):
            run.append((position, line))
        elif run:
            yield run
            run = []
        position += len(line) + 1
    if run:
        yield run


def _is_table(run: list[Line]) -> bool:
    rows = [line for _, line in run if _cells(line) >= FEWEST_CELLS]
    return len(rows) >= FEWEST_ROWS


def _cells(line: str) -> int:
    return len([cell for cell in line.split("|") if cell.strip()])


def _row(start: int, line: str) -> Iterator[Edit]:
    """The line with tabs; without itself and its break where it holds no cell."""
    if ONLY_SIGNS.match(line):
        yield (start, start + len(line) + 1, "")
        return
    edges = [edge.span() for edge in EDGES.finditer(line)]
    for begin, end in edges:
        yield (start + begin, start + end, "")
    inner = (
        edges[0][1] if edges and edges[0][0] == 0 else 0,
        edges[-1][0] if edges and edges[-1][0] else len(line),
    )
    for bar in BAR.finditer(line, *inner):
        yield (start + bar.start(), start + bar.end(), "\t")
