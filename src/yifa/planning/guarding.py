"""Two people at one plan: the slower one is told what the faster one did, and overwrites nothing unseen."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from yifa.ledger.models import Record, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.planning.models import Plan

HARMLESS = (
    "task.progress",
    "task.returned",
    "task.linked",
    "task.clause",
    "task.origin",
    "evidence.",
)  # no change of the demand
WHAT = {
    "task.assigned": "改了责任单位",
    "task.due_set": "改了完成时限",
    "task.amended": "改了文字",
    "task.split": "拆分了任务",
    "task.parts_merged": "合并了子任务",
    "tasks.merged": "合并了任务",
    "tasks.unmerged": "撤销了合并",
    "task.bearers_set": "改了责任人",
    "task.cancelled": "取消了任务",
    "task.restored": "恢复了任务",
    "task.clauses_linked": "关联了多年规划条目",
    "task.clause_unlinked": "取消了与多年规划条目的关联",
    "target.linked": "改了指标的口径",
    "plan.issued": "印发了计划",
    "plan.withdrawn": "撤回了计划",
    "plan.restored": "恢复了计划",
}


def length(plan: Plan) -> int:
    """How many records the plan's chain has: what a page that was shown carries along."""
    last = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk).order_by("-position")
    return last.values_list("position", flat=True).first() or 0


def refuse_overtaken(
    plan: Plan, seen: int | None, orders: Collection[int], clauses: Collection[str] = ()
) -> None:
    """Raises ActionRefused (conflict) where one of the tasks was changed behind the record `seen`.

    `orders` are the tasks as the ledger names them, `clauses` keys of clauses whose links are changed too. Locks the
    plan until the transaction ends. None skips the check.
    """
    if seen is None:
        return
    Plan.objects.select_for_update().filter(pk=plan.pk).first()
    newer = Record.objects.filter(subject=Subject.PLAN, subject_id=plan.pk, position__gt=seen)
    for record in newer.select_related("recorded_by").order_by("-position"):
        if _concerns(record, orders) or (clauses and _links(record, clauses)):
            raise ActionRefused(_said(record), code="conflict")


def _links(record: Record, clauses: Collection[str]) -> bool:
    """Whether a record links or unlinks one of the clauses."""
    if not record.kind.startswith("task.clause"):
        return False
    said: dict[str, Any] = json.loads(record.payload)
    named = [said.get("clause"), *(key for _, key in said.get("linked", []))]
    return any(key in clauses for key in named)


def _concerns(record: Record, orders: Collection[int]) -> bool:
    if record.kind.startswith(HARMLESS):
        return False
    return record.kind.startswith("plan.") or any(order in orders for order in _orders(record.payload))


def _orders(payload: str) -> list[int]:
    """The tasks a record is about."""
    said: dict[str, Any] = json.loads(payload)
    found = [said.get("task"), said.get("into")]
    for key in ("tasks", "others", "parts", "merged", "restored"):
        several = said.get(key)
        found += several if isinstance(several, list) else []
    return [
        order
        for one in found
        for order in [one.get("task") if isinstance(one, dict) else one]
        if isinstance(order, int)
    ]


def _said(record: Record) -> str:
    who = record.recorded_by.display_name if record.recorded_by else "系统"
    moment = timezone.localtime(record.recorded_at)
    what = WHAT.get(record.kind, "改动了这项任务")
    return (
        f"{who}已于{moment:%-m月%-d日 %H:%M}{what}，您打开页面时还不是这样，这次没有保存。"
        "请看过现在的内容，需要时再改一次。"
    )
