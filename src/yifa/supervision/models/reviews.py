"""The review of one file by two who do not see each other's sheet, and by a third where they differ."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.ledger.models import Case, Organization, User
from yifa.supervision.models.draws import Draw


class FileReview(models.Model):
    """What goes with a case of the type `case_review`: the file, its sheet, who reviews it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="file_reviews")
    case = models.OneToOneField(Case, models.PROTECT, related_name="file_review")
    file = models.ForeignKey(Case, models.PROTECT, null=True, related_name="reviewed_by")
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+")  # whose file it is
    sheet = models.CharField(max_length=60)
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="reviews")
    signal = models.CharField(max_length=200, blank=True)
    signal_key = models.CharField(max_length=120, blank=True, db_index=True)  # see `yifa.supervision.signals`
    settled_on = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]
        verbose_name = "案卷评查"

    def __str__(self) -> str:
        return self.case.title

    @property
    def sheet_type(self) -> SheetType:
        """The sheet in the catalogue."""
        return catalogue().sheets[self.sheet]

    @property
    def has_file(self) -> bool:
        """Whether the file is there to be read: in the ledger, or sent on paper by its unit."""
        return self.file_id is not None or self.case.acts.filter(act="submit_file").exists()


class Scoring(models.Model):
    """One reviewer's sheet. Turn 3 is the view of a third. `answers`: item -> [mark, note]."""

    review = models.ForeignKey(FileReview, models.CASCADE, related_name="scorings")
    turn = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="scorings")
    answers = models.JSONField(default=dict)
    submitted_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["turn"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "turn"], name="scoring_turn_once"),
            models.UniqueConstraint(fields=["review", "reviewer"], name="scoring_reviewer_once"),
        ]
