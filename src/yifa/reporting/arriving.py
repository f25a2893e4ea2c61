"""What is stored of the reports that units below owe and hand in: each delivery with what was found in it.

Django finds these through `yifa.reporting.models`, which imports them; import them from there.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.ledger.models import Attachment, Organization, User


class IncomingReport(models.Model):
    """The report of one unit on one year, as far as it has come in. `state` is that of the last delivery."""

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", "已收到，待审核"
        RETURNED = "returned", "已退回修改"
        ACCEPTED = "accepted", "已接收"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="incoming_reports")
    year = models.PositiveIntegerField("年度", db_index=True)
    outline = models.CharField("大纲", max_length=60)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RECEIVED)

    class Meta:
        ordering: ClassVar = ["-year", "unit__path"]
        verbose_name = "下级报告"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "year", "outline"], name="incoming_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.unit}{self.year}年度"


class Delivery(models.Model):
    """One text a unit handed in, with the findings and the comparison of that day, and what was decided on it.

    `findings`: list of {rule, title, severity, message, words, basis}. `compared`: list of {subject, reported, rule,
    title, counted, unit, difference, verdict, organization, records, digest}. `remarks`: what else the reader is told.
    """

    class Decision(models.TextChoices):
        """What became of it."""

        NONE = "", "待审核"
        RETURNED = "returned", "退回修改"
        ACCEPTED = "accepted", "接收"
        REPLACED = "replaced", "由后一稿替换"

    incoming = models.ForeignKey(IncomingReport, models.CASCADE, related_name="deliveries")
    number = models.PositiveIntegerField("第几稿")
    received_on = models.DateField("收到日期")
    received_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField("文件名", max_length=255)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=300)
    text = models.TextField("正文")
    findings = models.JSONField(default=list)
    compared = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.NONE, blank=True)
    words = models.TextField("退回理由或者接收说明", blank=True)
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["incoming", "number"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.incoming}第{self.number}稿"

    def count(self, severity: str) -> int:
        """How many findings are of a severity."""
        return sum(finding["severity"] == severity for finding in self.findings)

    @property
    def errors(self) -> int:
        """Findings that are errors."""
        return self.count("error")

    @property
    def warnings(self) -> int:
        """Findings that ask for a judgment."""
        return self.count("warning")

    @property
    def differing(self) -> int:
        """Figures the ledger gives otherwise."""
        return sum(line["verdict"] == "differs" for line in self.compared)
