"""The Document: what reading finds in a text, with the place of everything it found.

Spans are half-open [start, end) in code points of `Document.text`, the repaired text; only `Repair.at` and
`Document.marks` with kind "source" refer to the decoded source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Span = tuple[int, int]


class Kind(StrEnum):
    """What sort of document it is."""

    ANNUAL_REPORT = "annual_report"
    WORK_PLAN = "work_plan"
    OTHER = "other"


class Approx(StrEnum):
    """How exactly a figure is given."""

    EXACT = "exact"
    ABOUT = "about"  # 约、左右
    NEARLY = "nearly"  # 近
    OVER = "over"  # 余、多、以上、超
    AT_LEAST = "at_least"  # 不少于、至少
    AT_MOST = "at_most"  # 不超过、以内


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text came from."""

    path: str
    format: str
    encoding: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What reading mended of what the road did to the text."""

    kind: str  # encoding | traditional | inserted_pinyin | residue | spacing
    at: Span  # in the decoded source
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A node of the outline. `span` covers the heading itself; `body` from it to the next heading of its rank."""

    level: int
    number: str  # as written: 「一、」「(三)」「1.」
    ordinal: int  # its value: 1, 3, 1
    style: str  # "一、" | "（一）" | "1." | "（1）" | "第一章" …
    title: str
    span: Span
    body: Span
    children: tuple[Heading, ...] = ()

    def walk(self) -> Iterator[Heading]:
        """This node and all below it, in order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of something. `value` is scaled by 万/亿; `low`/`high` the interval its printed precision allows."""

    text: str
    value: float
    approx: Approx
    unit: str
    subject: str
    span: Span
    section: str  # "一/(一)"
    part_of: int | None = None  # index of the whole
    relation: str | None = None  # "其中" | "分别" | "list" …: how the text binds it to the whole
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """A number a plan demands."""

    text: str
    compare: str  # ">=" | "<=" | "="
    value: float
    unit: str
    subject: str
    who: tuple[str, ...]
    per: str | None  # year | quarter | month | week
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    """A numbered item of a plan. `span` covers it whole; `targets` are indices into Document.targets."""

    number: str
    title: str
    text: str
    span: Span
    chapter: str
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    units: tuple[str, ...] = ()  # named in the text without being made responsible
    due: date | None = None
    targets: tuple[int, ...] = ()
    due_note: str | None = None  # a time that is stated but is no date: 「长期坚持」「每季度末」


@dataclass(frozen=True, slots=True)
class Citation:
    """A law or document cited, and its state on the day of the text."""

    title: str
    number: str | None
    span: Span
    law: str | None
    status: str  # in_force | not_yet | revised_since | repealed | unknown
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something somebody did to the text that reading marks and does not repair (injection, damage, residue)."""

    kind: str  # "injected" | "damaged" | "residue"
    phrase: str
    span: Span | None  # None where the place was removed by a repair
    detail: Mapping[str, str] = field(default_factory=dict)  # e.g. {"instead_of": "…"}


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A day up to which the text says it counted: 「截止11月底」."""

    on: date
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text that is of a kind of its own: the plan in 「总结和计划」, the tasks annexed to a report."""

    kind: Kind
    title: str
    span: Span
    year: int | None = None  # the year it reports on or plans for


@dataclass(frozen=True, slots=True)
class Document:
    """A text and all that was found in it."""

    source: Source
    kind: Kind
    kind_reason: str
    title: str | None
    issuer: str | None
    year: int | None
    period: tuple[date, date] | None
    dated: date | None
    text: str
    repairs: tuple[Repair, ...] = ()
    marks: tuple[Mark, ...] = ()
    outline: tuple[Heading, ...] = ()
    figures: tuple[Figure, ...] = ()
    tasks: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    citations: tuple[Citation, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    parts: tuple[Part, ...] = ()  # empty where the whole text is of one kind

    def headings(self) -> Iterator[Heading]:
        """All headings in order of the text."""
        for heading in self.outline:
            yield from heading.walk()

    def as_json(self) -> dict[str, object]:
        """The object of contracts/document.md, without findings."""
        from yifa.reading.printing import as_json

        return as_json(self)
