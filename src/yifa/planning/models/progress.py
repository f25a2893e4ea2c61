"""How far a task is: what units said of it, and the records that show it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yifa.ledger.models import Attachment, Organization, User
from yifa.planning.models.plans import Task


class TaskEvidence(models.Model):
    """A record of the ledger that somebody linked to a task because no counting rule finds it.

    `record_id` is the case or entry, `length` and `digest` how its chain ended when it was linked: a correction that
    comes later shows. An unlinked one stays, with its reason.
    """

    class Kind(models.TextChoices):
        """What is linked."""

        CASE = "case", "事项"
        ENTRY = "entry", "条目"

    task = models.ForeignKey(Task, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    record_id = models.UUIDField()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")  # whose record it is
    source = models.CharField(max_length=60)  # the case type or register
    title = models.CharField("名称", max_length=200)
    number = models.CharField("编号", max_length=120, blank=True)
    length = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    note = models.TextField("说明")
    linked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_reason = models.TextField("取消理由", blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["record_id"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task", "record_id"], condition=models.Q(ended_at=None), name="task_evidence_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class TaskProgress(models.Model):
    """What a unit said of a task for a quarter of the plan's year; the last note that stands gives the task's state.

    A note is never changed: another that `corrects` it takes its place. A returned one asks for more and does not
    speak for the task until it is answered by such another.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="progress")
    unit = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")  # whose note it is
    on = models.DateField("日期")
    quarter = models.PositiveSmallIntegerField("季度")
    state = models.CharField(max_length=12, choices=Task.State.choices)
    note = models.TextField("进展情况", blank=True)
    reason = models.TextField("未开展原因", blank=True)
    records = models.ManyToManyField(TaskEvidence, related_name="notes")
    corrects = models.OneToOneField("self", models.CASCADE, null=True, related_name="corrected_by")
    why = models.TextField("更正理由", blank=True)
    returned_on = models.DateField("退回日期", null=True, blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    return_reason = models.TextField("退回理由", blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["on", "id"]
        indexes: ClassVar = [models.Index(fields=["task", "quarter"])]


class ProgressPaper(models.Model):
    """A file with a note, where no record of the ledger can be the evidence; `why` says why none can."""

    progress = models.ForeignKey(TaskProgress, models.CASCADE, related_name="papers")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=200)
    why = models.TextField("为何没有台账记录")

    class Meta:
        ordering: ClassVar = ["id"]
