"""The numbers that the words of a task demand: stored with it, and read again when its words change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from yifa.law.answers import rule_for
from yifa.law.loader import catalogue
from yifa.planning.importing.demands import with_demands
from yifa.planning.importing.draft import DraftItem
from yifa.planning.models import PlanTarget, Task
from yifa.reading.document import Target


def demands_of(title: str, text: str, year: int) -> tuple[Target, ...]:
    """The numbers that title and text of a task demand."""
    words = text if title in text else f"{title}。{text}"
    item = DraftItem(number="", title=title, text=words, span=(0, len(words)))
    return next(with_demands([item], year)).targets


def store_targets(task: Task, targets: Sequence[Target]) -> None:
    """Adds them behind those the task has, each with the rule that answers it."""
    rules = catalogue().counting_rules
    last = task.targets.order_by("-order").values_list("order", flat=True).first() or 0
    for order, target in enumerate(targets, last + 1):
        PlanTarget.objects.create(
            task=task,
            order=order,
            text=clip(target.text, 400),
            compare=target.compare,
            value=Decimal(str(target.value)),
            unit=clip(target.unit, 20),
            subject=clip(target.subject, 200),
            who=clip("、".join(target.who), 200),
            per=target.per or "",
            counting_rule=rule_for(target.subject or target.text, target.unit, rules),
        )


def restate_targets(task: Task, before: str) -> tuple[list[str], list[str]]:
    """After the words of a task changed from `before`: what they no longer demand goes, what they demand now comes.

    A demand of which only the number changed keeps the rule somebody chose for it. What sub-tasks hold is theirs.
    Returns what is demanded no more and what is demanded anew.
    """
    if task.division == Task.Division.WORK:
        return [], []
    words = f"{task.title}。{task.text}"
    held = list(task.targets.all())
    gone = [one for one in held if one.text in before and one.text not in words]
    known = {one.text for one in held}
    new = [
        one for one in demands_of(task.title, task.text, task.plan.year) if clip(one.text, 400) not in known
    ]
    chosen = {(one.subject, one.unit): one.counting_rule for one in gone}
    for one in gone:
        one.delete()
    store_targets(task, new)
    for added in task.targets.exclude(text__in=known):
        rule = chosen.get((added.subject, added.unit))
        if rule is not None and rule != added.counting_rule:
            added.counting_rule = rule
            added.save(update_fields=["counting_rule"])
    return [one.text for one in gone], [one.text for one in new]


def clip(text: str, length: int) -> str:
    """The text, cut with an ellipsis where a column is too short for it."""
    return text if len(text) <= length else text[: length - 1] + "…"
