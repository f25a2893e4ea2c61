"""A plan as read and not yet stored: items with their place in the source, and all that is doubtful."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from yifa.reading.document import Span, Target

WHAT_KINDS_ARE = {
    "numbering": "编号",
    "due": "完成时限",
    "unit": "责任单位",
    "row": "没有成为任务的行",
    "left": "没有成为任务的文字",
    "cell": "单元格",
    "text": "文字",
}


class Role(StrEnum):
    """What a line of the source became."""

    TITLE = "title"  # in front of the first item and behind the last: title, preface, signature
    CHAPTER = "chapter"
    ITEM = "item"
    GOES_ON = "goes_on"  # a further line of an item
    LEFT = "left"  # became nothing


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person should look at; nothing of it keeps the plan from being imported."""

    kind: str  # a key of WHAT_KINDS_ARE
    where: str  # 「第7行 F列」, 「（三）开展评查」
    what: str
    at: int | None = None  # the place in the source


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source and what it became."""

    span: Span
    role: Role
    item: int | None = None  # index of the item it belongs to


@dataclass(frozen=True, slots=True)
class DraftChapter:
    """A chapter of the plan to be."""

    number: str
    title: str
    start: int


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One task to be. `span` is its place in `Draft.text`; `text` is what the task will say."""

    number: str
    title: str
    text: str
    span: Span
    chapter: int | None = None
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    due: date | None = None
    due_words: str = ""  # a time that is stated but is no day
    targets: tuple[Target, ...] = ()
    responsible: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # chief, direct, section → names


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything read from one source."""

    name: str
    title: str
    text: str
    sha256: str
    items: tuple[DraftItem, ...]
    chapters: tuple[DraftChapter, ...] = ()
    lines: tuple[Line, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    kind: str = ""  # what the text calls itself, where that is no plan

    def doubts_by_kind(self) -> list[tuple[str, list[Doubt]]]:
        """The doubts in groups, with the name of each."""
        groups: dict[str, list[Doubt]] = {}
        for doubt in self.doubts:
            groups.setdefault(doubt.kind, []).append(doubt)
        return [(name, groups[kind]) for kind, name in WHAT_KINDS_ARE.items() if kind in groups]

    def names(self) -> list[str]:
        """Every name of a unit that an item makes responsible, once."""
        return list(
            dict.fromkeys(
                name
                for item in self.items
                for name in (*item.lead, *item.support, *item.responsible.get("section", ()))
            )
        )


def lines_of(text: str) -> Iterable[Span]:
    """The lines of a text that say something, without the space around them."""
    position = 0
    for line in text.split("\n"):
        bare = line.strip(" \t\u3000\r")
        if bare:
            start = position + line.find(bare)
            yield start, start + len(bare)
        position += len(line) + 1
