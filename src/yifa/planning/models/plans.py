"""A plan with its chapters and tasks, and who does them."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import ClassVar

from django.db import models

from yifa.law.phrases import day
from yifa.ledger.models import Organization, Post
from yifa.ledger.people.unitnames import UnitNames

# What a list of tasks shows: prefetched, a page asks no more for many tasks than for one.
SHOWN = ("units__organization", "bearers", "parts__units__organization")


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
    graded = models.BooleanField("责任分级", default=False)  # every task then needs 总责, 直接责任, 落实科室
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-year", "-imported_at"]
        verbose_name = "工作要点"

    def __str__(self) -> str:
        return self.title

    @cached_property
    def unit_names(self) -> UnitNames:
        """By what names the plan may call a unit."""
        return UnitNames(self.organization, self.year)

    @property
    def items(self) -> models.QuerySet[Task]:
        """The tasks as the plan counts them, without their sub-tasks."""
        return self.tasks.filter(parent=None)

    @property
    def shown(self) -> models.QuerySet[Task]:
        """The tasks a reader sees: those that stand, and struck out those cancelled after the plan was issued."""
        return Task.shown.filter(plan=self)

    @property
    def dropped(self) -> models.QuerySet[Task]:
        """The tasks left out before the plan was issued."""
        return Task.everything.filter(plan=self, cancelled_on__isnull=False, struck=False)

    def lacks(self) -> list[Task]:
        """The tasks that still lack a lead unit, a due date or, where the plan grades it, a responsible person."""
        return [task for task in self.tasks.prefetch_related(*SHOWN) if task.lacks]


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


class TaskManager(models.Manager["Task"]):
    """The tasks that stand; those merged into another or cancelled are kept and found by `Task.everything`."""

    def get_queryset(self) -> models.QuerySet[Task]:
        """Without the merged and the cancelled ones."""
        return super().get_queryset().filter(merged_into=None, cancelled_on=None)


class ShownTasks(models.Manager["Task"]):
    """The tasks that stand, and those cancelled when they were in force: readers see these struck out."""

    def get_queryset(self) -> models.QuerySet[Task]:
        """Without the merged ones and those a draft left out."""
        standing = models.Q(cancelled_on=None) | models.Q(struck=True)
        return super().get_queryset().filter(standing, merged_into=None)


class Task(models.Model):
    """One numbered item of the plan, or a sub-task of one.

    `source_start`/`source_end` is its place in `Plan.source_text`, equal where it does not come from that text.
    `order` is its name in the ledger and never changes; `place` is where it stands: tasks in steps of `STEP`, the
    sub-tasks right behind their task.
    """

    STEP = 1000

    class State(models.TextChoices):
        """How far the work is."""

        NOT_STARTED = "not_started", "未开始"
        IN_PROGRESS = "in_progress", "进行中"
        DONE = "done", "已完成"
        NOT_DONE = "not_done", "未开展"

    class Division(models.TextChoices):
        """Why it has sub-tasks."""

        NONE = "", "未拆分"
        WORK = "work", "按内容拆分"
        LEADS = "leads", "按牵头单位拆分"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, related_name="tasks")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="merged")
    division = models.CharField(max_length=8, choices=Division.choices, blank=True, default=Division.NONE)
    order = models.PositiveIntegerField()
    place = models.PositiveIntegerField(default=0)
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
    cancelled_on = models.DateField("取消日期", null=True, blank=True)
    cancelled_number = models.CharField("取消文号", max_length=80, blank=True)
    cancelled_reason = models.TextField("取消理由", blank=True)
    struck = models.BooleanField(default=False)  # it was in force when it was cancelled

    objects = TaskManager()
    shown = ShownTasks()
    everything = models.Manager["Task"]()

    class Meta:
        ordering: ClassVar = ["place", "order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "order"], name="task_order_once")]
        verbose_name = "任务"

    def __str__(self) -> str:
        return f"{self.number}{' ' if self.is_part else ''}{self.title}"

    @property
    def in_menu(self) -> str:
        """What tells it apart in a menu: the sub-tasks of several leads have one title and differ by unit."""
        units = "、".join(unit.short_name or unit.name for unit in self.own_leads) if self.is_part else ""
        return f"{self}（{units}）" if units else str(self)

    @property
    def is_part(self) -> bool:
        """Whether it is a sub-task."""
        return self.parent_id is not None

    @property
    def cancelled(self) -> bool:
        """Whether it is cancelled, or left out of a draft."""
        return self.cancelled_on is not None

    @property
    def cancellation(self) -> str:
        """2026年6月3日取消，澜法办〔2026〕9号; nothing where it stands."""
        if self.cancelled_on is None:
            return ""
        number = f"，{self.cancelled_number}" if self.cancelled_number else ""
        return f"{day(self.cancelled_on)}取消{number}"

    @property
    def state_label(self) -> str:
        """How far it is, in words."""
        return "已取消" if self.cancelled else self.State(self.state).label

    @property
    def state_colour(self) -> str:
        """success, primary or secondary."""
        colours = {self.State.DONE.value: "success", self.State.IN_PROGRESS.value: "primary"}
        return "secondary" if self.cancelled else colours.get(self.state, "secondary")

    @property
    def standing(self) -> Task:
        """The task itself, or the one it was merged into."""
        return self.merged_into.standing if self.merged_into is not None else self

    @property
    def leads(self) -> list[Organization]:
        """The units that answer for the task; where only its sub-tasks have them, theirs."""
        own = self.own_leads
        if own or not self.division:
            return own
        return list(dict.fromkeys(unit for part in self.parts.all() for unit in part.leads))

    @property
    def own_leads(self) -> list[Organization]:
        """The units named as leads on the task itself."""
        return self._units(TaskUnit.Role.LEAD)

    @property
    def lead(self) -> Organization | None:
        """The unit that answers for the task; of several the first."""
        return next(iter(self.leads), None)

    @property
    def support(self) -> list[Organization]:
        """The units that help."""
        return self._units(TaskUnit.Role.SUPPORT)

    def _units(self, role: str) -> list[Organization]:
        return [link.organization for link in self.units.all() if link.role == role]

    @property
    def lacks(self) -> list[str]:
        """What the task still lacks before the plan can be issued. A divided one asks units and days of its parts."""
        missing = [] if self.division or self.lead else ["牵头单位"]
        missing += [] if self.division or self.due else ["完成时限"]
        return missing + self.lacking_levels() if self.plan.graded else missing

    def lacking_levels(self) -> list[str]:
        """The levels of responsibility nobody bears yet, as they are named."""
        borne = {bearer.level for bearer in self.bearers.all()}
        return [str(level.label) for level in Bearer.Level if level not in borne]


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
        ]


class Bearer(models.Model):
    """Who bears one level of the responsibility for a task: a post, a person, a section of a unit, as named."""

    class Level(models.TextChoices):
        """主要领导负总责，分管领导直接负责，科室落实."""

        OVERALL = "overall", "总责"
        DIRECT = "direct", "直接责任"
        OFFICE = "office", "落实科室"

    task = models.ForeignKey(Task, models.CASCADE, related_name="bearers")
    level = models.CharField(max_length=8, choices=Level.choices)
    name = models.CharField("姓名、职务或者科室", max_length=120)
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, related_name="+"
    )  # where the name is a post here

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(level="overall"), name="task_one_overall"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(level="direct"), name="task_one_direct"
            ),
        ]

    def __str__(self) -> str:
        return self.name
