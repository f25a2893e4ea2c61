"""A text with its findings marked in place: each mark carries the number under which its finding stands in the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from yifa.checking import Finding, Severity
from yifa.reading.document import Heading, Span

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}
_WORD = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTICE: "提示"}
_TITLES = 4  # messages in one tool tip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same findings (by number from 1, gravest first).

    `places` are the (finding, place) pairs that cover it, `starts` those of them that begin here.
    """

    start: int
    text: str
    severity: Severity | None = None
    findings: tuple[int, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    starts: tuple[tuple[int, int], ...] = ()


def pieces(text: str, findings: Sequence[Finding], cuts: Sequence[int] = ()) -> Iterator[Piece]:
    """The text cut where findings begin and end and at `cuts`; together the pieces are the text."""
    opening: dict[int, list[tuple[int, int]]] = defaultdict(list)
    closing: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, finding in enumerate(findings, 1):
        for place, (start, end) in enumerate(finding.spans):
            left, right = max(0, start), min(len(text), end)
            if left < right:
                opening[left].append((number, place))
                closing[right].append((number, place))
    edges = sorted({0, len(text), *opening, *closing, *(cut for cut in cuts if 0 < cut < len(text))})
    active: dict[tuple[int, int], None] = {}
    for left, right in pairwise(edges):
        for gone in closing.get(left, ()):
            active.pop(gone)
        starts = tuple(opening.get(left, ()))
        active.update(dict.fromkeys(starts))
        numbers = sorted(
            {number for number, _ in active}, key=lambda one: (RANK[findings[one - 1].severity], one)
        )
        severity = findings[numbers[0] - 1].severity if numbers else None
        yield Piece(left, text[left:right], severity, tuple(numbers), tuple(active), starts)


def marked_text(
    text: str, findings: Sequence[Finding], headings: Sequence[Heading] = (), look: Span | None = None
) -> SafeString:
    """The text as HTML paragraphs. Places have the ids p<finding>-<place>, headings h<start>, `look` the id look."""
    levels = {heading.span[0]: heading.level for heading in headings}
    breaks = [place for place, sign in enumerate(text) if sign == "\n"]
    cuts = [*levels, *breaks, *(place + 1 for place in breaks), *(look or ())]
    out: list[str] = []
    line: list[str] = []
    level = 0
    for piece in pieces(text, findings, cuts):
        if piece.text == "\n":
            out.append(_paragraph(line, level))
            line, level = [], 0
            continue
        if piece.start in levels:
            level = level or (levels[piece.start] if not line else 0)
            line.append(f'<span id="h{piece.start}" class="y-place"></span>')
        if look and piece.start == look[0]:
            line.append('<span id="look" class="y-place"></span>')
        looked = look is not None and look[0] <= piece.start < look[1]
        line.append(_piece(piece, findings, looked))
    out.append(_paragraph(line, level))
    return mark_safe("".join(out))  # noqa: S308  # every word went through escape


def _paragraph(line: list[str], level: int) -> str:
    if not line:
        return ""
    return f'<p class="y-h{min(level, 4)}">{"".join(line)}</p>' if level else f"<p>{''.join(line)}</p>"


def _piece(piece: Piece, findings: Sequence[Finding], looked: bool) -> str:
    words: str = escape(piece.text)
    if looked:
        words = f'<span class="y-look">{words}</span>'
    if piece.severity is None:
        return words
    first = piece.findings[0]
    told = "；".join(findings[number - 1].message for number in piece.findings[:_TITLES])
    anchors = "".join(
        f'<span id="p{number}-{place}" class="y-place"></span>' for number, place in piece.starts
    )
    here = " ".join(str(number) for number in piece.findings)
    where = " ".join(f"{number}-{place}" for number, place in piece.places)
    shown = dict.fromkeys(number for number, _ in piece.starts)
    tag = f'<sup aria-hidden="true">{",".join(str(number) for number in shown)}</sup>' if shown else ""
    return (
        f'{anchors}<mark class="{piece.severity}" data-f="{here}" data-p="{where}">{tag}<a href="#q{first}" '
        f'title="{escape(f"{_WORD[piece.severity]}{first}：{told}")}">{words}</a></mark>'
    )
