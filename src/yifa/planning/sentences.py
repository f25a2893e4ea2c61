"""The sentences of a plan's source text, each with the tasks it became; what became none is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yifa.planning.closing import closing_of
from yifa.planning.models import Plan, Task

SENTENCE = re.compile(r"[^。；！？;!?\n]+[。；！？;!?]*[”’」』）)]*")
SAYS_SOMETHING = re.compile(r"\w")
_SPACE = re.compile(r"\s+")


class Kind(StrEnum):
    """What a sentence is."""

    TASK = "task"
    FRONT = "front"  # title, preface, signature
    CHAPTER = "chapter"
    LEFT = "left"  # became no task


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place in the source and the tasks that hold it."""

    text: str
    start: int
    kind: Kind
    tasks: tuple[int, ...] = ()  # keys


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the source."""

    sentences: tuple[Sentence, ...]

    @property
    def table(self) -> bool:
        """Whether it is a row of a table."""
        return any("\t" in sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Beside:
    """The source beside its tasks."""

    paragraphs: tuple[Paragraph, ...]
    left: tuple[Sentence, ...]
    foreign: frozenset[int]  # keys of the tasks that do not come from the source


def beside(plan: Plan) -> Beside:
    """Sets every sentence beside its tasks. A merged task's sentences belong to the task it went into."""
    tasks = list(Task.everything.filter(plan=plan).select_related("merged_into").order_by("place", "order"))
    known = {task.pk: task for task in tasks}
    places = [
        (task.source_start, task.source_end, _standing(task, known).pk)
        for task in tasks
        if task.source_end > task.source_start
    ]
    chapters = [_bare(str(chapter)) for chapter in plan.chapters.all()]
    ends = _first(plan, places, chapters), closing_of(plan.source_text)
    paragraphs = tuple(
        Paragraph(tuple(_sentences(line, start, places, chapters, ends)))
        for line, start in _lines(plan.source_text)
        if SAYS_SOMETHING.search(line)
    )
    left = tuple(one for lines in paragraphs for one in lines.sentences if one.kind is Kind.LEFT)
    placed = {key for _, _, key in places}
    return Beside(paragraphs, left, frozenset(task.pk for task in tasks if task.pk not in placed))


def front_of(plan: Plan) -> list[str]:
    """The preface: the sentences in front of the first chapter and item, without title lines and rows of tables."""
    found = []
    for paragraph in beside(plan).paragraphs:
        text = "".join(sentence.text for sentence in paragraph.sentences)
        front = all(sentence.kind is Kind.FRONT for sentence in paragraph.sentences)
        if front and not paragraph.table and text.endswith(("。", "：", ":")):
            found.append(text)
    return found


def _standing(task: Task, known: dict[int, Task]) -> Task:
    while task.merged_into_id is not None:
        task = known[task.merged_into_id]
    return task


def _first(plan: Plan, places: Sequence[tuple[int, int, int]], chapters: Sequence[str]) -> int:
    """Where the first chapter or item begins."""
    starts = [start for start, _, _ in places]
    for line, start in _lines(plan.source_text):
        if any(_bare(line).startswith(chapter) for chapter in chapters):
            starts.append(start)
            break
    return min(starts, default=len(plan.source_text))


def _lines(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for line in text.split("\n"):
        yield line, start
        start += len(line) + 1


def _sentences(
    line: str,
    start: int,
    places: Sequence[tuple[int, int, int]],
    chapters: Sequence[str],
    ends: tuple[int, int],
) -> Iterator[Sentence]:
    pieces = [(line, 0)] if "\t" in line else [(m[0], m.start()) for m in SENTENCE.finditer(line)]
    for piece, at in pieces:
        text = piece.strip(" \u3000\r")
        if not SAYS_SOMETHING.search(text):
            continue
        begin = start + at + piece.index(text)
        keys = tuple(dict.fromkeys(key for s, e, key in places if s < begin + len(text) and begin < e))
        yield Sentence(text, begin, _kind(text, begin, keys, chapters, ends), keys)


def _kind(
    text: str, begin: int, keys: tuple[int, ...], chapters: Sequence[str], ends: tuple[int, int]
) -> Kind:
    if keys:
        return Kind.TASK
    if begin < ends[0] or begin >= ends[1]:
        return Kind.FRONT
    return Kind.CHAPTER if _bare(text) in chapters else Kind.LEFT


def _bare(text: str) -> str:
    return _SPACE.sub("", text).rstrip("。：:")
