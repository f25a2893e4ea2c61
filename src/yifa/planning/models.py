"""The yearly plan as it stands: chapters, tasks, who is responsible, what numbers it demands, how far it is.

Every change comes from `yifa.planning.actions` and stands as a line of the plan's chain in the ledger.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.ledger.models import Organization, User


class Plan(models.Model):
    """One plan of one body for one year, with the text it was read from."""

    class State(models.TextChoices):
        """How far the plan itself is."""

        DRAFT = "draft", "草稿"
        ISSUED = "issued", "已印发"
        WITHDRAWN = "withdrawn", "已撤回"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="plans")
    year = models.PositiveIntegerField("年度", db_index=True)
    title = models.CharField("名称", max_length=200)
    source_name = models.CharField("原文件名", max_length=255)
    source_text = models.TextField("原文")
    source_sha256 = models.CharField(max_length=64)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    document_number = models.CharField("文号", max_length=80, blank=True)
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-year", "-imported_at"]
        verbose_name = "工作要点"

    def __str__(self) -> str:
        return self.title

    def lacks(self) -> list[Task]:
        """The tasks that still lack a lead unit or a due date."""
        return [task for task in self.tasks.prefetch_related("units__organization") if task.lacks]


class Chapter(models.Model):
    """A part of the plan under one heading of the first rank."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="chapters")
    order = models.PositiveIntegerField()
    number = models.CharField("序号", max_length=20)
    title = models.CharField("标题", max_length=200)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "order"], name="chapter_order_once")]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class Task(models.Model):
    """One numbered item of the plan. `source_start`/`source_end` is its place in `Plan.source_text`."""

    class State(models.TextChoices):
        """How far the work is."""

        NOT_STARTED = "not_started", "未开始"
        IN_PROGRESS = "in_progress", "进行中"
        DONE = "done", "已完成"
        NOT_DONE = "not_done", "未开展"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, related_name="tasks")
    order = models.PositiveIntegerField()
    number = models.CharField("序号", max_length=20)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容")
    source_start = models.PositiveIntegerField()
    source_end = models.PositiveIntegerField()
    named_lead = models.JSONField("原文牵头单位", default=list)  # names as written
    named_support = models.JSONField("原文配合单位", default=list)
    named_units = models.JSONField("原文提到的单位", default=list)
    due = models.DateField("完成时限", null=True, blank=True, db_index=True)
    state = models.CharField("进展", max_length=12, choices=State.choices, default=State.NOT_STARTED)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "order"], name="task_order_once")]
        verbose_name = "任务"

    def __str__(self) -> str:
        return f"{self.number}{self.title}"

    @property
    def lead(self) -> Organization | None:
        """The unit that answers for the task."""
        return next((link.organization for link in self.units.all() if link.role == TaskUnit.Role.LEAD), None)

    @property
    def support(self) -> list[Organization]:
        """The units that help."""
        return [link.organization for link in self.units.all() if link.role == TaskUnit.Role.SUPPORT]

    @property
    def lacks(self) -> list[str]:
        """What the task still lacks before the plan can be issued."""
        missing = [] if self.lead else ["牵头单位"]
        return missing if self.due else [*missing, "完成时限"]


class TaskUnit(models.Model):
    """A unit's part in a task."""

    class Role(models.TextChoices):
        """Leads or supports."""

        LEAD = "lead", "牵头"
        SUPPORT = "support", "配合"

    task = models.ForeignKey(Task, models.CASCADE, related_name="units")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="task_links")
    role = models.CharField(max_length=8, choices=Role.choices)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "organization"], name="task_unit_once"),
            models.UniqueConstraint(fields=["task"], condition=models.Q(role="lead"), name="task_one_lead"),
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


class TaskProgress(models.Model):
    """A dated note on a task; the last one gives the task's state."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="progress")
    on = models.DateField("日期")
    quarter = models.PositiveSmallIntegerField("季度")
    state = models.CharField(max_length=12, choices=Task.State.choices)
    note = models.TextField("进展情况")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["on", "id"]
