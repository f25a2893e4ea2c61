"""A draw with its record, and what was drawn when."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.draws import Paper, read
from yifa.ledger.models import Case, Organization, User


class Draw(models.Model):
    """A draw from the closing of its pools on. `kept` is its file; a re-draw names the one whose place it takes."""

    class Purpose(models.TextChoices):
        """What is drawn for."""

        INSPECTION = "inspection", "双随机检查"
        FILES = "files", "案卷评查"
        UNITS = "units", "督察抽查"
        EXPERTS = "experts", "评审专家"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="draws")
    purpose = models.CharField("用途", max_length=12, choices=Purpose.choices)
    title = models.CharField("名称", max_length=200)
    scope = models.JSONField(default=dict)  # from what the pools are made, see `yifa.supervision.pools.Scope`
    closed_on = models.DateField("封存日期")
    drawn_on = models.DateField("抽取日期", null=True)
    digest = models.CharField(max_length=64)
    former = models.OneToOneField("self", models.PROTECT, null=True, related_name="later")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="draws")
    published_on = models.DateField("公布日期", null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-made_at"]
        verbose_name = "抽取"
        indexes: ClassVar = [models.Index(fields=["organization", "-made_at"], name="draws_of_unit")]

    def __str__(self) -> str:
        return self.title

    @property
    def record(self) -> Paper:
        """The record as the pure rules know it."""
        return read(self.kept.text)

    @property
    def replaced(self) -> bool:
        """Whether a later draw took its place."""
        return Draw.objects.filter(former=self, drawn_on__isnull=False).exists()


class DrawRecord(models.Model):
    """The file of a draw, apart from it because it may be long."""

    draw = models.OneToOneField(Draw, models.CASCADE, primary_key=True, related_name="kept")
    text = models.TextField()


class DrawnLot(models.Model):
    """Something drawn, for asking when it was drawn last."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="lots")
    role = models.CharField(max_length=20)
    item = models.CharField(max_length=160)
    place = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["place"]
        indexes: ClassVar = [models.Index(fields=["role", "item"], name="lot_by_item")]
