"""Where a task comes from, and what numbers it demands."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yifa.ledger.models import Case, Entry
from yifa.planning.models.plans import Task


class TaskOrigin(models.Model):
    """What outside the plan's own text a task goes back to."""

    class Kind(models.TextChoices):
        """A problem a report stated, an item of a plan from above, a finding of an inspection."""

        PROBLEM = "problem", "上年存在问题"
        UPPER = "upper", "上级任务"
        FINDING = "finding", "督察反馈问题"

    task = models.ForeignKey(Task, models.CASCADE, related_name="origins")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField("文件", max_length=200)
    document_number = models.CharField("文号", max_length=80, blank=True)
    item = models.CharField("条目", max_length=40, blank=True)
    text = models.TextField("原文")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    upper_task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="taken_over")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "entry"], name="task_origin_entry_once"),
            models.UniqueConstraint(fields=["task", "case"], name="task_origin_case_once"),
        ]

    @property
    def label(self) -> str:
        """What it is; what a court or a reconsideration found comes with no paper of an inspection."""
        kind = self.Kind(self.kind)
        return "整改台账问题" if kind is self.Kind.FINDING and not self.document_number else str(kind.label)


class TaskClause(models.Model):
    """The clause of a plan of several years that a task carries out, and the entry of the register that says so."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="clauses")
    clause = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    link = models.OneToOneField(Entry, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "clause"], name="task_clause_once"),
        ]


class PlanTarget(models.Model):
    """A number the plan demands, and the counting rule that answers it (blank: none)."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="targets")
    order = models.PositiveIntegerField()
    text = models.CharField("原文", max_length=400)
    compare = models.CharField(max_length=2)  # >= | <= | =
    value = models.DecimalField(max_digits=18, decimal_places=4)
    unit = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    who = models.CharField("谁来完成", max_length=200, blank=True)
    per = models.CharField(max_length=10, blank=True)  # year | quarter | month | week | blank: year
    counting_rule = models.CharField("口径", max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.text
