"""A published text set against the signed one, line by line, and looked through for what does not belong there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yifa.checking import check
from yifa.reading import Document, read_bytes
from yifa.reporting.blocks import ChartBlock
from yifa.reporting.content import paper
from yifa.reporting.models import ReportVersion
from yifa.reporting.textdiff import LineChange, likeness
from yifa.reporting.versions import compare_texts, text_digest, texts

INTEGRITY = "integrity."
FURNITURE = (
    "integrity.residue"  # without a place: links and buttons of the page, which reading has taken away
)
ALIKE = 0.8  # a title or signature line that was only slightly changed is still the edge of the report


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a published text.

    Attributes:
        digest: SM3 of the published report, blanks left out; that of the signed text where they are the same.
        same: Whether the report itself is the same.
        differences: The paragraphs that differ, before (signed) and after (published).
        foreign: (message, words): what does not belong there, e.g. advertising, leftovers, broken characters.
        around: Lines of the page before the title and after the signature.
    """

    digest: str
    same: bool
    differences: tuple[LineChange, ...]
    foreign: tuple[tuple[str, str], ...]
    around: tuple[str, ...]


def set_against(version: ReportVersion, content: bytes, name: str) -> Found:
    """The published text against the signed version. Raises ReadingError where nothing can be read.

    The numbers drawn in charts stand as data in a Word file and in a picture on a page: they are left out of both texts.
    """
    document, drawn = read_bytes(content, name), _drawn(version)
    signed = _written(texts(version), drawn)
    lines = _written(document.text.splitlines(), drawn)
    start, end = _edges(lines, signed)
    own = lines[start:end]
    same = text_digest(own) == text_digest(signed)
    return Found(
        digest=version.digest if same else text_digest(own),
        same=same,
        differences=compare_texts(signed, own),
        foreign=_foreign(document, version),
        around=(*lines[:start], *lines[end:]),
    )


def _drawn(version: ReportVersion) -> set[str]:
    """What the report's charts are drawn from: names, labels with their values."""
    found: set[str] = set()
    for block in paper(version.report).blocks:
        if isinstance(block, ChartBlock):
            rows = zip(block.labels, *(one.values for one in block.series), strict=False)
            found.update(_tight("".join(row)) for row in rows)
            found.add(_tight("".join(one.name for one in block.series)))
    return found


def _written(lines: Sequence[str], drawn: set[str]) -> list[str]:
    """The lines with words, those that only say what a chart is drawn from left out."""
    return [line for line in lines if line.strip() and _tight(line) not in drawn]


def _tight(line: str) -> str:
    return "".join(line.split())


def _edges(lines: Sequence[str], signed: Sequence[str]) -> tuple[int, int]:
    """Where the report begins and ends on a page: its title, its last line."""
    title, last = signed[0], signed[-1]
    starts = [i for i, line in enumerate(lines) if _alike(line, title)]
    ends = [i for i, line in enumerate(lines) if _alike(line, last)]
    start = starts[-1] if starts and (not ends or starts[-1] < ends[-1]) else (starts[0] if starts else 0)
    return start, ends[-1] + 1 if ends and ends[-1] >= start else len(lines)


def _alike(line: str, other: str) -> bool:
    one, two = _tight(line), _tight(other)
    return one == two or (abs(len(one) - len(two)) <= len(two) // 5 and likeness(one, two) >= ALIKE)


def _foreign(document: Document, version: ReportVersion) -> tuple[tuple[str, str], ...]:
    """What the check finds of its integrity, but for words that stand in the signed text itself."""
    own = _tight("".join(texts(version)))
    found = []
    for finding in check(document):
        if not finding.rule.startswith(INTEGRITY) or (finding.rule == FURNITURE and not finding.spans):
            continue
        excerpt = "…".join(document.text[start:end] for start, end in finding.spans)
        if not excerpt or _tight(excerpt) not in own:
            found.append((finding.message, excerpt[:200]))
    return tuple(found)
