"""The stages of reading, one after the other: load, repair, mark, identify, outline, figures, plan, citations."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from yifa.law.loader import catalogue
from yifa.reading.binding import bind
from yifa.reading.citations import citations
from yifa.reading.document import Citation, Document, Kind, Mark, Source
from yifa.reading.errors import ReadingError
from yifa.reading.figures import figures
from yifa.reading.grids import grids
from yifa.reading.identity import identity
from yifa.reading.kind import kind, refuse_shell
from yifa.reading.load import Loaded, load, load_file
from yifa.reading.marks import injected_phrases, marks
from yifa.reading.outline import Sections, outline
from yifa.reading.parts import parts
from yifa.reading.plans import plan
from yifa.reading.repair import repair
from yifa.reading.replaced import replaced

LONGEST_TEXT = 5_000_000  # characters: a hundred times the longest report


def read(path: Path) -> Document:
    """The Document of a file. Raises ReadingError where it cannot be read."""
    loaded, digest = load_file(path)
    return _read(loaded, str(path), digest)


def read_bytes(data: bytes, name: str) -> Document:
    """The Document of a file's content; `name` is shown in messages, the format is judged by the content."""
    return _read(load(data, name), name, hashlib.sha256(data).hexdigest())


def read_text(text: str, name: str = "文本") -> Document:
    """The Document of a text."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _read(Loaded(text, "txt", None), name, digest)


def _read(loaded: Loaded, name: str, digest: str) -> Document:
    if not loaded.text.strip():
        raise ReadingError(f"「{name}」里没有文字。请检查文件是否保存完整。", code="empty")
    if len(loaded.text) > LONGEST_TEXT:
        raise ReadingError(
            f"「{name}」有 {len(loaded.text)} 字，超过一次能读的 {LONGEST_TEXT} 字。请按篇拆开后再读。",
            code="too_large",
        )
    tracked, found = repair(loaded.text)
    text = tracked.text
    if not text.strip():
        raise ReadingError(f"「{name}」除去网页模板后没有正文。请检查文件是否保存完整。", code="no_body")
    refuse_shell(text)
    found = [
        *(Mark("damaged", note, None, {"what": "encoding"}) for note in loaded.damage),
        *found,
        *marks(text),
    ]
    furniture = [
        *loaded.furniture,
        *(mark.phrase for mark in found if mark.detail.get("what") == "furniture"),
    ]
    who = identity(text, injected_phrases(found), furniture, loaded.title)
    sort, reason = kind(text, who.title)
    headings = outline(text)
    tables = grids(text)
    demanding = sort is Kind.WORK_PLAN
    numbers = bind(text, figures(text, Sections(headings), demanding=demanding, tables=tables), tables)
    pieces = parts(text, sort, who.title, headings, who.year)
    tasks, targets = plan(text, sort, headings, numbers, year=who.year, parts=pieces)
    return Document(
        source=Source(name, loaded.format, loaded.encoding, digest),
        kind=sort,
        kind_reason=reason,
        title=who.title,
        issuer=who.issuer,
        year=who.year,
        period=who.period,
        dated=who.dated,
        text=text,
        repairs=tuple(tracked.repairs),
        marks=replaced(text, found, who.issuer),
        outline=headings,
        figures=numbers,
        tasks=tasks,
        targets=targets,
        citations=_genuine(citations(text, who.as_of, catalogue().laws), found),
        cutoffs=who.cutoffs,
        parts=pieces,
    )


def _genuine(found: tuple[Citation, ...], marks: Sequence[Mark]) -> tuple[Citation, ...]:
    """Without the titles that are foreign text put between 《》."""
    foreign = [mark.span for mark in marks if mark.kind == "injected" and mark.span]
    if not foreign:
        return found
    return tuple(
        item
        for item in found
        if not any(start < item.span[1] and item.span[0] < end for start, end in foreign)
    )
