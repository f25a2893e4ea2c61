"""Imports and reconciliations as they stand. What they bring into the ledger stands there; nothing here is a record."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.ledger.models import Attachment, Organization, User


class SavedMapping(models.Model):
    """How the columns of a list are read, kept under a name for the next list with the same head."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    target = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64, db_index=True)  # of the heads
    data = models.JSONField()
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["-saved_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "target", "name"], name="mapping_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """A list on its way into the ledger."""

    class State(models.TextChoices):
        """How far it is."""

        READING = "reading", "读表中"
        OPEN = "open", "待核对"
        CHECKING = "checking", "试算中"
        CHECKED = "checked", "已试算"
        RUNNING = "running", "导入中"
        DONE = "done", "已导入"
        UNDOING = "undoing", "撤销中"
        UNDONE = "undone", "已撤销"
        FAILED = "failed", "没有导入"

    class Mode(models.TextChoices):
        """What happens where rows are wrong."""

        WHOLE = "whole", "全部导入，或者一行也不导入"
        SKIP = "skip", "跳过有错的行"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    target = models.CharField(max_length=80)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sheet = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.WHOLE)
    update = models.BooleanField(default=False)  # whether rows that differ from what is there change it
    reason = models.TextField(blank=True)  # of its undoing
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    worker = models.CharField(max_length=40, blank=True)
    beat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/exchange/imports/{self.pk}/"

    @property
    def stands(self) -> str:
        """How far it is, in words; one that broke off after its first rows came in is not called as if none had."""
        half = self.state == self.State.FAILED and self.mode == self.Mode.SKIP and self.done
        return "停在中途" if half else self.get_state_display()


class ImportFault(models.Model):
    """What is wrong with a cell, as the last check found it."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField()  # as people see it in the sheet
    column = models.IntegerField(null=True)  # from 0; None: the row as a whole
    message = models.TextField()

    class Meta:
        ordering: ClassVar = ["row", "id"]


class ImportedRow(models.Model):
    """What became of a row: the journal by which an interrupted import goes on, and an undo finds what came in."""

    class What(models.TextChoices):
        """What was done with it."""

        NEW = "new", "新增"
        SAME = "same", "已有，相同"
        DIFFERENT = "different", "已有，不同，未改"
        CHANGED = "changed", "已有，已更新"
        WRONG = "wrong", "有错，未导入"
        UNDONE = "undone", "已撤销"
        KEPT = "kept", "未撤销"

    run = models.ForeignKey(  # its other indexes begin with it; a database asks for it no more with each row
        Import, models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    row = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What.choices)
    subject_id = models.UUIDField(null=True)
    length = models.PositiveIntegerField(default=0)  # of the chain when it came in
    title = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["row"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "row"], name="imported_row_once")]
        indexes: ClassVar = [models.Index(fields=["run", "what", "row"], name="imported_row_what")]


class Reconciliation(models.Model):
    """A list held against the ledger, or against another list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    target = models.CharField(max_length=80)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sheet = models.PositiveIntegerField(default=0)
    other = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    other_sheet = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    other_mapping = models.JSONField(default=dict)
    unit = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)  # of the result
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/exchange/compare/{self.pk}/"


class ReconciledRow(models.Model):
    """One thing of either side."""

    class How(models.TextChoices):
        """How the sides stand to each other."""

        MATCHED = "matched", "一致"
        DIFFERENT = "different", "不同"
        THERE = "there", "只在外来表"
        HERE = "here", "只在本台账"
        DOUBTFUL = "doubtful", "不能判定"

    run = models.ForeignKey(Reconciliation, models.CASCADE, related_name="rows")
    how = models.CharField(max_length=10, choices=How.choices)
    key = models.CharField(max_length=200)
    row = models.PositiveIntegerField(null=True)  # in the list
    other_row = models.PositiveIntegerField(null=True)  # in the second list
    subject_id = models.UUIDField(null=True)
    title = models.CharField(max_length=200, blank=True)
    differences = models.JSONField(default=list)  # [{"key", "title", "here", "there"}]
    settled = models.CharField(max_length=20, blank=True)  # what was done about it
    note = models.TextField(blank=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["run", "how"], name="reconciled_how")]
