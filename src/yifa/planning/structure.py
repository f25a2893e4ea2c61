"""How tasks hang together: sentences that may become sub-tasks, the state of a divided task, places and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Max

from yifa.checking.ordinals import chinese
from yifa.planning.models import Chapter, Plan, PlanTarget, Task
from yifa.reading.numerals import integer

_SENTENCE = re.compile(r"[^。；;！？\n]*[。；;！？]?")
_SAYS_SOMETHING = re.compile(r"\w")
_NUMBER = re.compile(r"^([（(]?)([一二三四五六七八九十百]+|\d+)([）).．、]?)$")
_NOTE = re.compile(r"^[（(]?\s*(牵头|责任|配合|协办|参与|完成)(单位|部门|时限|时间)?[：:]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a task. `start`/`end`: its place in the plan's source text, equal where it has none."""

    text: str
    start: int
    end: int


def sentences(task: Task) -> tuple[Sentence, ...]:
    """The sentences of a task, without its heading and without the note that names the units."""
    source = task.plan.source_text[task.source_start : task.source_end]
    placed = bool(source) and source.strip() == task.text.strip()
    text = source if placed else task.text
    found = []
    for match in _SENTENCE.finditer(text):
        said = match.group().strip(" \u3000\t")
        if not _SAYS_SOMETHING.search(said) or _is_heading(said, task) or _NOTE.match(said):
            continue
        begin = task.source_start + match.start() + match.group().index(said) if placed else 0
        found.append(Sentence(said, begin, begin + len(said) if placed else 0))
    return tuple(found)


def _is_heading(said: str, task: Task) -> bool:
    return (
        said.rstrip("。") in (f"{task.number}{task.title}", task.title)
        and len(task.text.strip()) > len(said) + 2
    )


def title_of(text: str, most: int = 40) -> str:
    """A title for a task that has only its words: the first clause."""
    first = re.split(r"[，。；;：:\n]", text.strip(), maxsplit=1)[0].strip() or text.strip()
    return first if len(first) <= most else f"{first[: most - 1]}…"


def state_from(states: Iterable[str]) -> str:
    """The state of a whole whose parts stand like this: done only where all are done."""
    found = set(states)
    if len(found) == 1:
        return found.pop()
    return Task.State.IN_PROGRESS


def settle(task: Task) -> None:
    """Gives a divided task the state that follows from its sub-tasks."""
    if not task.division:
        return
    states = list(task.parts.values_list("state", flat=True))
    state = state_from(states) if states else task.state
    if state != task.state:
        task.state = state
        task.save(update_fields=["state"])


def open_parts(task: Task) -> list[Task]:
    """The sub-tasks that keep a task from being done."""
    return list(task.parts.exclude(state=Task.State.DONE)) if task.division else []


def next_order(plan: Plan) -> int:
    """A name for a new task in the ledger; one used before is never given again."""
    return (Task.everything.filter(plan=plan).aggregate(last=Max("order"))["last"] or 0) + 1


def place_of_part(parent: Task) -> int:
    """Behind the sub-tasks there are or were."""
    last = Task.everything.filter(parent=parent).aggregate(last=Max("place"))["last"]
    return (last or parent.place) + 1


def make_room(plan: Plan, chapter: Chapter | None) -> int:
    """A place at the end of a chapter (of the plan, without one); what stands behind it moves on."""
    before = Task.everything.filter(plan=plan, parent=None)
    if chapter is not None:
        before = before.filter(chapter__order__lte=chapter.order)
    last = before.aggregate(last=Max("place"))["last"] or 0
    place = last + Task.STEP
    Task.everything.filter(plan=plan, place__gte=place).update(place=F("place") + Task.STEP)
    return place


def number_after(plan: Plan, chapter: Chapter | None) -> str:
    """The number a new task at the end of a chapter gets: the next one, or 「之一」 where that is taken behind it."""
    items = list(plan.items.order_by("place"))
    inside = [task for task in items if task.chapter_id == chapter.pk] if chapter is not None else items
    if not inside:
        return "（一）"
    wanted = _following(inside[-1].number)
    behind = [task.number for task in items if task.place > inside[-1].place]
    restarts = chapter is not None and any(
        task.number == inside[0].number for task in items if task.chapter_id != chapter.pk
    )
    taken = {task.number for task in inside} if restarts else {task.number for task in items}
    if wanted and wanted not in taken and (restarts or wanted not in behind):
        return wanted
    base = inside[-1].number.split("之")[0]
    serial = 1 + sum(task.number.startswith(f"{base}之") for task in inside)
    return f"{base}之{chinese(serial)}"


def _following(number: str) -> str | None:
    match = _NUMBER.match(number)
    if match is None:
        return None
    left, written, right = match.groups()
    value = (integer(written) or 0) + 1
    return f"{left}{value if written.isdigit() else chinese(value)}{right}"


def carry_targets(source: Task, parts: Sequence[Task]) -> None:
    """Each number demanded goes to the sub-task in whose words it stands."""
    for target in PlanTarget.objects.filter(task=source):
        home = next((part for part in parts if target.text in part.text), None)
        if home is not None:
            target.task = home
            target.save(update_fields=["task"])


def copy_bearers(source: Task, parts: Sequence[Task]) -> None:
    """Who is responsible for the task is so for each sub-task, until another is named."""
    for part in parts:
        for bearer in source.bearers.all():
            part.bearers.create(level=bearer.level, name=bearer.name, post=bearer.post)
