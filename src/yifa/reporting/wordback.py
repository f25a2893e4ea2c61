"""A Word file of the report that was edited outside, set against the report: headings located, live figures recognised.

What was changed in prose becomes an offer, section by section, with its live figures in place. A figure whose printed
value was changed is refused and listed: figures change in the ledger. Sections that are new or gone are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from yifa.reading import Document
from yifa.reporting.content import HeadingLine, Paper, Paragraph, Shown, paper
from yifa.reporting.exhibits import parse
from yifa.reporting.models import Report, Section
from yifa.reporting.textdiff import likeness, line_diff, tokens
from yifa.reporting.wordtables import taken_out

_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[）)])")
_HAS_NUMBER = re.compile(r"\d")
ALIKE, SHORT = 0.7, 60


@dataclass(frozen=True, slots=True)
class Offer:
    """A section whose prose was changed: its text now, and what it would be."""

    section: Section
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RefusedChange:
    """A figure (or a generated line) that was changed outside: what it printed, what stands there now."""

    section: Section
    rule: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class Named:
    """What a person should know of the file: a section that is new or lost, a lost table, marks left in it."""

    kind: str  # new | lost | exhibit | marks
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Returned:
    """All that was found."""

    offers: tuple[Offer, ...]
    refused: tuple[RefusedChange, ...]
    named: tuple[Named, ...]
    headings: int  # of the report that were found

    @property
    def foreign(self) -> bool:
        """Whether none of the report's headings stands in the file."""
        return self.headings == 0


@dataclass(slots=True)
class _Body:
    """A stretch of the file: the report's section, or None for a heading the report does not have."""

    section: int | None
    title: str
    lines: list[str] = field(default_factory=list)


def set_against(report: Report, document: Document) -> Returned:
    """What the file says otherwise than the report as it stands."""
    content = paper(report)
    sections = {section.pk: section for section in report.sections.all()}
    tables = taken_out([line for line in document.text.splitlines() if line.strip()], content)
    lines = _without_frame([line.strip() for line in tables.left], content)
    bodies = _bodies(lines, content, sections)
    offers: list[Offer] = []
    refused = [
        RefusedChange(sections[one.section], one.rule, one.was, one.became)
        for one in tables.changed
        if one.section in sections
    ]
    paragraphs = _paragraphs(content)
    for body in bodies:
        if body.section is None:
            continue
        section = sections[body.section]
        text, wrong = _compared(section, paragraphs.get(section.pk, []), body.lines)
        refused += wrong
        if _tight(text) != _tight(section.text):
            offers.append(Offer(section, section.text, text))
    lost = [Named("exhibit", caption, "") for caption in tables.lost]
    headings = sum(body.section is not None and bool(sections[body.section].level) for body in bodies)
    return Returned(tuple(offers), tuple(refused), (*_named(bodies, sections), *lost), headings)


def _tight(text: str) -> str:
    return "".join(text.split())


def _without_frame(lines: list[str], content: Paper) -> list[str]:
    """The lines between the title and the signature, without the frame of the page."""
    for length in (1, 2, 3):
        if likeness(_tight("".join(lines[:length])), _tight(content.title)) >= 0.9:
            lines = lines[length:]
            break
    for last in (content.dated, content.issuer):
        if lines and likeness(_tight(lines[-1]), _tight(last)) >= ALIKE:
            lines = lines[:-1]
    return lines


def _paragraphs(content: Paper) -> dict[int, list[Paragraph]]:
    found: dict[int, list[Paragraph]] = {}
    for block in content.blocks:
        if isinstance(block, Paragraph) and block.section is not None:
            found.setdefault(block.section, []).append(block)
    return found


def _bodies(lines: Sequence[str], content: Paper, sections: dict[int, Section]) -> list[_Body]:
    """The file cut at its headings; what stands before the first belongs to the opening lines."""
    headings = [block for block in content.blocks if isinstance(block, HeadingLine)]
    places = _located(headings, lines)
    levels = {section.level: pk for pk, section in sections.items() if not section.level}
    first = next((pk for pk, section in sections.items() if not section.level), levels.get(0))
    bodies = [_Body(first, "")] if first is not None else []
    for index, line in enumerate(lines):
        if index in places:
            bodies.append(_Body(places[index].section, places[index].text))
        elif _NUMBERED.match(line) and len(line) <= SHORT and not line.endswith(("。", "；")):
            bodies.append(_Body(None, line))
        elif bodies:
            bodies[-1].lines.append(line)
    return _with_closing(bodies, content, sections)


def _with_closing(bodies: list[_Body], content: Paper, sections: dict[int, Section]) -> list[_Body]:
    """The closing lines have no heading: as many of the last lines as there are closing lines."""
    closing = [pk for pk, section in sections.items() if not section.level][1:]
    own = _paragraphs(content).get(closing[0], []) if closing else []
    if not own or not bodies or len(bodies[-1].lines) < len(own):
        return bodies
    tail = bodies[-1].lines[-len(own) :]
    if likeness(tail[0], own[0].text) < ALIKE:
        return bodies
    bodies[-1].lines = bodies[-1].lines[: -len(own)]
    return [*bodies, _Body(closing[0], "", tail)]


def _located(headings: Sequence[HeadingLine], lines: Sequence[str]) -> dict[int, HeadingLine]:
    """Where each heading stands: by number and title, by title alone, or slightly reworded; in order."""
    found: dict[int, HeadingLine] = {}
    place = 0
    for heading in headings:
        at = _find(heading, lines, place)
        if at is not None:
            found[at] = heading
            place = at + 1
    return found


def _find(heading: HeadingLine, lines: Sequence[str], start: int) -> int | None:
    whole, title = _tight(heading.text), _tight(heading.title)
    for index in range(start, len(lines)):
        if _tight(lines[index]) == whole:
            return index
    for index in range(start, len(lines)):
        line = _tight(lines[index])
        bare = _NUMBERED.sub("", line)
        if len(line) <= SHORT and bare != line and (bare == title or likeness(bare, title) >= ALIKE):
            return index
    return None


def _named(bodies: Sequence[_Body], sections: dict[int, Section]) -> Iterator[Named]:
    there = {body.section for body in bodies}
    for body in bodies:
        if body.section is None:
            yield Named("new", body.title, "\n".join(body.lines))
    for pk, section in sections.items():
        if section.level and pk not in there:
            yield Named("lost", str(section), section.text)


def _compared(
    section: Section, paragraphs: Sequence[Paragraph], lines: Sequence[str]
) -> tuple[str, list[RefusedChange]]:
    """The section's text as the file would have it, its live figures in place; and what is refused."""
    whole = [line.strip() for line in section.text.splitlines() if line.strip()]
    raw = [line for line in whole if parse(line) is None]
    texts: list[str] = _exhibits(whole)
    refused: list[RefusedChange] = []
    place = 0  # of the next paragraph of the report
    printed = [_tight(one.text) for one in paragraphs]
    after = iter(lines)
    for change in line_diff(printed, [_tight(line) for line in lines]):
        line = next(after) if change.after else ""
        paragraph = paragraphs[place] if change.before else None
        generated = paragraph is not None and place >= len(raw)
        if generated and paragraph is not None:
            if not change.same:
                refused.append(RefusedChange(section, "", paragraph.text, line))
        elif change.same:
            texts += [raw[place], *_exhibits(whole, place)]
        elif paragraph is None:
            texts.append(line)
        elif line:
            text, wrong = _reworded(section, paragraph, line)
            texts += [text, *_exhibits(whole, place)]
            refused += wrong
        else:
            texts += _exhibits(whole, place)  # a table outlives the paragraph above it
        place += paragraph is not None
    return "\n".join(texts), refused


def _exhibits(whole: Sequence[str], after: int = -1) -> list[str]:
    """The lines that call for tables and charts behind the prose line of this number (-1: before the first)."""
    found: list[str] = []
    place = -1
    for line in whole:
        if parse(line) is None:
            place += 1
        elif place == after:
            found.append(line)
    return found


def _reworded(section: Section, paragraph: Paragraph, line: str) -> tuple[str, list[RefusedChange]]:
    """A reworded paragraph with its figures live again; a changed value is put back and listed."""
    expected: list[str] = []
    spans: list[tuple[int, int, Shown]] = []
    for piece in paragraph.pieces:
        own = tokens(piece.text)
        if isinstance(piece, Shown):
            spans.append((len(expected), len(expected) + len(own), piece))
        expected += own
    found = tokens(line)
    same = {
        match.a + step: match.b + step
        for match in SequenceMatcher(None, expected, found, autojunk=False).get_matching_blocks()
        for step in range(match.size)
    }
    result: list[str] = []
    refused: list[RefusedChange] = []
    done = 0
    for begin, end, shown in spans:
        start, stop = _region(begin, end, same, len(expected), len(found))
        start = max(start, done)
        at = _figure_at(found, start, stop, tokens(shown.text))
        if at is None:
            continue
        became = "".join(found[at[0] : at[1]])
        result += [*found[done : at[0]], _placeholder(shown)]
        done = at[1]
        if became != shown.text:
            refused.append(RefusedChange(section, shown.rule, shown.text, became))
    return "".join([*result, *found[done:]]), refused


def _region(begin: int, end: int, same: dict[int, int], length: int, found: int) -> tuple[int, int]:
    """Where in the file a figure of the report would have to stand: between its unchanged neighbours."""
    left = next((same[i] + 1 for i in range(begin - 1, -1, -1) if i in same), 0)
    right = next((same[i] for i in range(end, length) if i in same), found)
    return left, right


def _figure_at(found: Sequence[str], start: int, stop: int, shown: Sequence[str]) -> tuple[int, int] | None:
    """The figure within a region: as printed, or another number with its unit; None where it was struck out."""
    for at in range(start, stop - len(shown) + 1):
        if list(found[at : at + len(shown)]) == list(shown):
            return at, at + len(shown)
    for at in range(start, stop):
        if _HAS_NUMBER.search(found[at]):
            unit, end = list(shown[1:]), at + 1
            if unit and list(found[end : end + len(unit)]) == unit:
                end += len(unit)
            return at, end
    return None


def _placeholder(shown: Shown) -> str:
    return f"{{{shown.rule}:{shown.part}}}" if shown.part else f"{{{shown.rule}}}"
