"""A text with its findings marked in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yifa.checking import Finding, Severity

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text under the same findings. `starts` are the places (finding, span) that begin here."""

    text: str
    severity: Severity | None
    titles: tuple[str, ...]
    starts: tuple[str, ...]


def marked(text: str, findings: Sequence[Finding]) -> Iterator[Stretch]:
    """The text cut where findings begin and end; together the stretches are the text."""
    places = [
        (max(0, start), min(len(text), end), number, place)
        for number, finding in enumerate(findings)
        for place, (start, end) in enumerate(finding.spans)
        if start < end
    ]
    edges = sorted({0, len(text), *(edge for start, end, _, _ in places for edge in (start, end))})
    for left, right in pairwise(edges):
        covering = [one for one in places if one[0] <= left and right <= one[1]]
        here = [findings[number] for _, _, number, _ in covering]
        yield Stretch(
            text=text[left:right],
            severity=min((one.severity for one in here), key=RANK.__getitem__, default=None),
            titles=tuple(dict.fromkeys(one.message for one in here)),
            starts=tuple(f"{number}-{place}" for start, _, number, place in covering if start == left),
        )
