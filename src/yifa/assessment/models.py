"""The year of an assessment as it stands. All rows follow from its chain in the ledger (`yifa.assessment.replaying`)."""

from __future__ import annotations

import uuid
from datetime import date
from functools import cached_property
from typing import ClassVar

from django.db import models

from yifa.law.schema import IndicatorSet
from yifa.ledger.models import Case, Organization, User


class Assessment(models.Model):
    """One indicator set, issued by one body for one year, with the weights and terms it was issued with."""

    class State(models.TextChoices):
        """How far it is."""

        RUNNING = "running", "考核中"
        PUBLISHED = "published", "初步结果已公布"
        FROZEN = "frozen", "结果已确定"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="assessments")
    year = models.PositiveIntegerField("年度")
    name = models.CharField("指标", max_length=60)  # id of the set in the catalogue
    title = models.CharField("名称", max_length=200)
    definition = models.TextField()  # the set as it was issued, as JSON
    digest = models.CharField(max_length=64)
    rules = models.CharField("考核办法", max_length=200, blank=True)
    starts = models.DateField()
    ends = models.DateField()
    issued_on = models.DateField("印发日期")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.RUNNING)

    class Meta:
        ordering: ClassVar = ["-year", "title"]
        verbose_name = "年度考核"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name", "year"], name="assessment_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.year}年度{self.title}"

    @cached_property
    def set(self) -> IndicatorSet:
        """The set as it was issued."""
        return IndicatorSet.model_validate_json(self.definition)

    @property
    def latest(self) -> ResultVersion | None:
        """The last version of the result, if one was published."""
        return self.versions.order_by("-number").first()

    @property
    def frozen(self) -> ResultVersion | None:
        """The last version that was signed."""
        return self.versions.filter(frozen_on__isnull=False).order_by("-number").first()


class AssessedUnit(models.Model):
    """A unit that is assessed, and in which class."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="units")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    unit_class = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["organization__path"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "organization"], name="assessed_once")
        ]


class DailyEntry(models.Model):
    """Points taken away, or given back, on a day (日常记分). One made after the cut-off does not count."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=60)
    points = models.DecimalField(max_digits=9, decimal_places=4)
    on = models.DateField()
    reason = models.CharField(max_length=300)
    evidence = models.CharField(max_length=200)
    papers = models.JSONField(default=list)  # title and digest of each file, as acts have them
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_constraint=False)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_on = models.DateField()
    late = models.BooleanField(default=False)
    withdrawn = models.CharField(max_length=300, blank=True)  # why

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number"], name="daily_entry_once")
        ]


class Judging(models.Model):
    """What one person gives for one indicator of one unit. Turns 1 and 2 are blind, 3 is a third, 4 a meeting's."""

    THIRD, MEETING = 3, 4

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="judgings")
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=60)
    turn = models.PositiveSmallIntegerField()
    scorer = models.ForeignKey(User, models.PROTECT, null=True, related_name="judgings")
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    reason = models.CharField(max_length=300, blank=True)
    asked = models.CharField(max_length=300, blank=True)  # why a third or a meeting was needed
    given_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["unit__path", "indicator", "turn"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "unit", "indicator", "turn"], name="judging_turn_once"
            )
        ]


class SetAside(models.Model):
    """An indicator that does not count for a unit, and why."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="asides")
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "unit", "indicator"], name="set_aside_once")
        ]


class ResultVersion(models.Model):
    """One version of the result: first provisional, then signed and never changed."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    published_on = models.DateField("公布日期")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    until = models.DateField("异议截止", null=True)
    frozen_on = models.DateField("确定日期", null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opinion = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the signed result

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number"], name="result_version_once")
        ]


class Result(models.Model):
    """The scores of one unit in one version."""

    version = models.ForeignKey(ResultVersion, models.CASCADE, related_name="results")
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    scores = models.TextField()  # see `yifa.assessment.storing`
    total = models.DecimalField(max_digits=9, decimal_places=2)
    band = models.CharField(max_length=20, blank=True)
    accepted_on = models.DateField(null=True)  # the unit said that it does not object
    accepted_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["unit__path"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "unit"], name="result_once")]


class Objection(models.Model):
    """A unit's objection to the points of one indicator, and the answer."""

    version = models.ForeignKey(ResultVersion, models.CASCADE, related_name="objections")
    number = models.PositiveIntegerField()  # within the assessment
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    evidence = models.CharField(max_length=200, blank=True)
    papers = models.JSONField(default=list)  # as above
    raised_on = models.DateField()
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    due = models.DateField(null=True)
    upheld = models.BooleanField(null=True)
    before = models.CharField(max_length=30)  # exact points
    after = models.CharField(max_length=30, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]

    def late(self, today: date) -> bool:
        """Whether the answer is overdue."""
        return self.upheld is None and self.due is not None and self.due < today


class HandOver(models.Model):
    """To whom a signed version was given, and what for."""

    version = models.ForeignKey(ResultVersion, models.CASCADE, related_name="handed")
    recipient = models.CharField(max_length=120)
    purpose = models.CharField(max_length=60)
    on = models.DateField()

    class Meta:
        ordering: ClassVar = ["on", "pk"]
