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

    The numbers drawn in charts stand in a Word file as their data; they are no lines of the text and are left out.
    """
    document = read_bytes(content, name)
    signed = [line for line in texts(version) if line.strip()]
    drawn = _drawn(version)
    lines = [line for line in document.text.splitlines() if line.strip() and _tight(line) not in drawn]
    start, end = _edges(lines, signed)
    own = lines[start:end]
    digest = text_digest(own)
    differences = compare_texts(signed, own)
    return Found(
        digest=digest,
        same=digest == version.digest,
        differences=differences,
        foreign=_foreign(document, version),
        around=(*lines[:start], *lines[end:]),
    )


def _drawn(version: ReportVersion) -> set[str]:
    """What a Word file says of the report's charts: names, labels with their values."""
    found: set[str] = set()
    for block in paper(version.report).blocks:
        if isinstance(block, ChartBlock):
            rows = zip(block.labels, *(one.values for one in block.series), strict=False)
            found.update(_tight("".join(row)) for row in rows)
            found.add(_tight("".join(one.name for one in block.series)))
    return found - {_tight(line) for line in texts(version)}


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
