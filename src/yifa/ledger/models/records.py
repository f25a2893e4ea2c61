"""The ledger itself: records in chains, the seals of days, and the files they name. Written once, never changed."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models

from yifa.ledger.models.people import Organization, User

M = TypeVar("M", bound=models.Model)


class Subject(models.TextChoices):
    """What a chain of records is about."""

    CASE = "case", "事项"
    ENTRY = "entry", "条目"
    ORGANIZATION = "organization", "单位"
    PLAN = "plan", "计划"
    REPORT = "report", "报告"
    DOCUMENT = "document", "文书"
    DRAW = "draw", "抽取"
    REVIEW = "review", "案卷评查"
    ASSESSMENT = "assessment", "年度考核"
    ATTEMPT = "attempt", "被拒绝的办理"  # of the case with the same id


class LedgerIsAppendOnlyError(TypeError):
    """Somebody's code tried to change or delete a record or seal. A fault of the program, not of a user."""

    def __init__(self) -> None:
        super().__init__("台账只能追加：记录和封存不得修改、不得删除；更正请另记一条。")


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Refuses everything but reading and adding."""

    def update(self, **_: Any) -> NoReturn:
        """Refused."""
        raise LedgerIsAppendOnlyError

    def delete(self) -> NoReturn:
        """Refused."""
        raise LedgerIsAppendOnlyError


class AppendOnly(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores a new row; an existing one is refused."""
        if not self._state.adding:
            raise LedgerIsAppendOnlyError
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refused."""
        raise LedgerIsAppendOnlyError


class Record(AppendOnly):
    """One line of the ledger, never changed, never deleted.

    `payload` is canonical JSON (sorted keys, no spaces, UTF-8 as is). `digest` is SM3 over the previous digest of
    the same subject and every stored column of this line; `recorded_on` is the local day whose seal covers it.
    """

    subject = models.CharField(max_length=20, choices=Subject.choices)
    subject_id = models.UUIDField()
    position = models.PositiveIntegerField()  # from 1 within the subject
    kind = models.CharField(
        max_length=40
    )  # "case.opened", "act.recorded", "act.corrected", "entry.versioned" …
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    happened_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField(db_index=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    payload = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "subject_id", "position"], name="record_position_once")
        ]


class Seal(AppendOnly):
    """The Merkle root over one day's records, chained to the day before."""

    day = models.DateField(unique=True)
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering: ClassVar = ["day"]


class Attachment(models.Model):
    """A file, stored once under its SHA-256 below YIFA_DATA/attachments."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
