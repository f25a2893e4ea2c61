"""The annual report as it stands: sections of prose with live figures, and each figure with its records.

Every change comes from `yifa.reporting.actions` and stands as a line of the report's chain in the ledger.
"""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import ClassVar

from django.db import models

from yifa.ledger.figures.columns import joined, unpack
from yifa.ledger.models import Organization, User
from yifa.reporting.arriving import Delivery, IncomingReport
from yifa.reporting.keptrecords import FigureRecords, PartsField, RecordPage, RecordSet
from yifa.reporting.recordlists import RecordList, Share
from yifa.reporting.working import (
    Comment,
    CutReason,
    ProblemAnswer,
    ProblemItem,
    ReportVersion,
    SectionVersion,
    Step,
    TextComparison,
    UnitPart,
    WordReturn,
)

__all__ = [
    "CLOSING",
    "OPENING",
    "Comment",
    "CutReason",
    "Delivery",
    "Explanation",
    "FigureRecords",
    "IncomingReport",
    "ProblemAnswer",
    "ProblemItem",
    "RecordPage",
    "RecordSet",
    "Report",
    "ReportVersion",
    "Section",
    "SectionVersion",
    "Step",
    "StoredFigure",
    "TextComparison",
    "UnitPart",
    "WordReturn",
]


class Report(models.Model):
    """One report of one body on one year."""

    class State(models.TextChoices):
        """How far the report is. Text and figures change in the draft only."""

        DRAFT = "draft", "草稿"
        UNIT_REVIEW = "unit_review", "单位核对"
        LEGAL_REVIEW = "legal_review", "合法性和保密审查"
        LEADER = "leader", "领导签发"
        SUBMITTED = "submitted", "已提交"
        PUBLISHED = "published", "已公开"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reports")
    year = models.PositiveIntegerField("年度", db_index=True)
    outline = models.CharField("大纲", max_length=60)
    subject = models.CharField("述法人", max_length=60, blank=True)  # of a report on one person
    title = models.CharField("标题", max_length=200)
    period_start = models.DateField("统计起")
    cutoff = models.DateField("统计止")
    dated = models.DateField("成文日期")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    catalogue_digest = models.CharField("目录摘要", max_length=64)
    built_at = models.DateTimeField("数字计算时间")
    units = models.JSONField(default=dict)  # ids of units -> their names when the figures were counted
    round = models.PositiveIntegerField(
        default=1
    )  # of signing off; each return to the draft begins a new one
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "organization"]
        verbose_name = "年度报告"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "year", "outline", "subject"], name="report_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def unit_names(self) -> dict[int, str]:
        """The names of the units when the figures were counted, by id."""
        return {int(id_): name for id_, name in self.units.items()}


OPENING, CLOSING = (
    "opening_lines",
    "closing_lines",
)  # keys of the lines before the first heading and after the last text


class Section(models.Model):
    """One section. `text` is prose, a paragraph a line, with live figures as `{rule_id}`.

    `drafted` is what the outline and the records gave last; `text` differs from it once somebody has `edited` it.
    The lines before the first heading and after the last text are sections too: of level 0, printed without heading.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    order = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)  # id in the outline
    number = models.CharField("序号", max_length=20)  # 一、 （一） 1.
    title = models.CharField("标题", max_length=200)
    required = models.CharField(max_length=20, blank=True)
    guidance = models.TextField("写作提示", blank=True)
    text = models.TextField("正文", blank=True)
    drafted = models.TextField(blank=True)
    edited = models.BooleanField("已人工修改", default=False)
    version = models.PositiveIntegerField(default=1)  # guards against two people at once

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "key"], name="section_once")]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class StoredFigure(models.Model):
    """A figure as it was computed: value, rule, period, breakdown, and the records behind it.

    `value` is None unless `status` is "counted". The records are kept in sets that figures share (`FigureRecords`);
    `known` is the id of the last record of the ledger when they were counted, None where they are kept in their own
    words. A rate has no records of its own: `numerator` and `denominator` name the figures that have them.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures")
    rule = models.CharField(max_length=120)
    rule_version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    explain = models.TextField()
    basis = models.JSONField(null=True)  # {"law", "article"}
    unit = models.CharField(max_length=20)
    status = models.CharField(max_length=20)  # counted | no_power | not_collected
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    parts = PartsField(default=dict)  # label -> decimal as text, in order
    parts_title = models.CharField(max_length=60, blank=True)  # what the parts are by
    numerator = models.CharField(max_length=120, blank=True)
    denominator = models.CharField(max_length=120, blank=True)
    records_count = models.PositiveIntegerField(default=0)
    known = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "rule"], name="figure_once")]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def records(self) -> RecordList:
        """The records behind it, as they were; read when they are asked for."""
        return RecordList(self.records_count, self._shares, self.report.unit_names, self.known)

    def _shares(self) -> list[Share]:
        held = self.sets.select_related("record_set").prefetch_related("record_set__pages")
        return [
            Share(joined([unpack(page.packed) for page in one.record_set.pages.all()]), one.part, one.by_unit)
            for one in held
        ]


class Explanation(models.Model):
    """Why a warning of the check was left standing when the report was submitted."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="explanations")
    key = models.CharField(max_length=64)  # identifies the finding: rule and the words it is about
    rule = models.CharField(max_length=60)
    message = models.TextField()
    text = models.TextField("说明")
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "key"], name="explained_once")]
