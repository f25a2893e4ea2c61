"""What is stored of the work on a report: versions, parts of units, comments, steps, problems, what came back.

Django finds these through `yifa.reporting.models`, which imports them; import them from there.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yifa.ledger.models import Organization, User


class SectionVersion(models.Model):
    """One saved text of a section. A text that came too late and was not taken has no number: it is kept beside."""

    class How(models.TextChoices):
        """How the text came about."""

        BUILT = "built", "由台账生成"
        EDITED = "edited", "修改"
        COMPOSED = "composed", "采用单位稿"
        RESTORED = "restored", "恢复旧版"
        WORD = "word", "采用 Word 修改"
        ASIDE = "aside", "同时修改，未采用"

    section = models.ForeignKey("reporting.Section", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True)
    base = models.PositiveIntegerField(null=True)  # the version its writer had seen
    text = models.TextField(blank=True)
    how = models.CharField(max_length=10, choices=How.choices)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "number"], name="section_version_once")
        ]


class UnitPart(models.Model):
    """What one unit writes for a section; it stays readable beside what the body made of it."""

    class State(models.TextChoices):
        """How far the unit is."""

        WRITING = "writing", "待提交"
        HANDED_IN = "handed_in", "已提交"
        RETURNED = "returned", "退回修改"
        TAKEN = "taken", "已采用"
        LEFT_OUT = "left_out", "不采用"

    section = models.ForeignKey("reporting.Section", models.CASCADE, related_name="unit_parts")
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    due = models.DateField("提交期限", null=True, blank=True)
    note = models.TextField("要求", blank=True)
    text = models.TextField("单位稿", blank=True)
    version = models.PositiveIntegerField(default=1)  # guards against two people at once
    state = models.CharField(max_length=10, choices=State.choices, default=State.WRITING)
    reason = models.TextField("退回或者不采用的理由", blank=True)
    handed_in_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["section__order", "unit__path"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["section", "unit"], name="unit_part_once")]

    def __str__(self) -> str:
        return f"{self.section}：{self.unit}"

    @property
    def ready(self) -> bool:
        """Whether the body may take it over; what was put aside may be taken up again."""
        put_aside = self.state == self.State.LEFT_OUT and self.handed_in_at is not None
        return self.state in (self.State.HANDED_IN, self.State.TAKEN) or put_aside


class Comment(models.Model):
    """A remark on a section or on words of it, or an answer to one (`parent`)."""

    class State(models.TextChoices):
        """Where a remark stands; an open one holds up the next step."""

        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        CLOSED = "closed", "已办结"

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="comments")
    section = models.ForeignKey("reporting.Section", models.SET_NULL, null=True, related_name="comments")
    about = models.CharField(max_length=220, blank=True)  # the section's heading, which may be gone later
    quote = models.TextField("所指文字", blank=True)
    text = models.TextField("意见")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    role = models.CharField(max_length=20, blank=True)  # in which it was made
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]


class ReportVersion(models.Model):
    """The whole report as it stood at a step: each printed line, each figure, the digest of the text."""

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    why = models.CharField(max_length=60)
    lines = models.JSONField()  # [{"level": 0 for text, "text", "section": key | null}]
    figures = models.JSONField()  # rule -> {"title", "shown", "digest"}
    digest = models.CharField(max_length=64)  # SM3 of the text, see yifa.reporting.versions
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_once")
        ]


class Step(models.Model):
    """One step of signing off: who, when, with which opinion."""

    class Kind(models.TextChoices):
        """What was done."""

        SENT_TO_UNITS = "sent_to_units", "送单位核对"
        CONFIRMED = "confirmed", "单位核对意见"
        SENT_TO_REVIEW = "sent_to_review", "送合法性和保密审查"
        LEGALITY = "legality", "合法性审查"
        SECRECY = "secrecy", "保密审查"
        SIGNED = "signed", "签发"
        SUBMITTED = "submitted", "提交"
        PUBLISHED = "published", "公开"
        RETURNED = "returned", "退回"
        TAKEN_BACK = "taken_back", "撤回已提交的报告"

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="steps")
    round = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    unit = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField("结论", max_length=40, blank=True)
    opinion = models.TextField("意见", blank=True)
    on = models.DateField("日期")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    details = models.JSONField(default=dict)  # e.g. {"channel", "link"} of a publication
    version = models.ForeignKey(ReportVersion, models.PROTECT, null=True, related_name="steps")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]


class ProblemItem(models.Model):
    """A problem the report states; becomes an entry of the register `stated_problems` when the report is submitted."""

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="problems")
    order = models.PositiveIntegerField()
    content = models.TextField("问题")
    cause = models.TextField("原因", blank=True)
    measure = models.TextField("改进措施", blank=True)
    code = models.CharField(max_length=40, blank=True)
    entry = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]


class ProblemAnswer(models.Model):
    """What the report says of a problem that an earlier report stated. `entry` is its entry in the register."""

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="problem_answers")
    entry = models.UUIDField()
    year = models.PositiveIntegerField()  # as the problem stood when it was answered, like `content`
    content = models.TextField()
    state = models.CharField("解决情况", max_length=10)  # a choice of the register
    text = models.TextField("说明")
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "entry"], name="problem_answered_once")
        ]


class TextComparison(models.Model):
    """A text found on a page, or about to be put there, set against the one that was signed."""

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="comparisons")
    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="+")  # what it was set against
    link = models.CharField("网址或者版面", max_length=300, blank=True)
    name = models.CharField(max_length=255, blank=True)  # of the file, where one was given
    digest = models.CharField(max_length=64)
    same = models.BooleanField()
    differences = models.JSONField(default=list)  # [{"before", "after"}]
    foreign = models.JSONField(default=list)  # [{"message", "excerpt"}]
    around = models.JSONField(default=list)  # lines of the page before and after the report
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class CutReason(models.Model):
    """Why words of the signed text are not published; the same cut found again needs no second word."""

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="cut_reasons")
    key = models.CharField(max_length=64)  # identifies the cut: the paragraph before and after
    removed = models.TextField("不公开的文字")
    reason = models.TextField("理由")
    basis = models.CharField("法律依据", max_length=200)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "key"], name="cut_explained_once")]


class WordReturn(models.Model):
    """A Word file that was edited outside and brought back, and what became of each change.

    `offers` is a list of {"section": key, "title", "seen": version, "before", "after", "state": offered | taken | declined};
    `refused` of {"section", "figure", "rule", "was", "became"}; `named` of {"kind": new | lost, "title", "text"}.
    """

    report = models.ForeignKey("reporting.Report", models.CASCADE, related_name="word_returns")
    attachment = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    offers = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    named = models.JSONField(default=list)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    @property
    def open(self) -> int:
        """How many of its changes nobody has decided."""
        return sum(offer["state"] == "offered" for offer in self.offers)
