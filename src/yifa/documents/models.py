"""The papers of cases, their versions, and what only papers say.

Every change comes from `yifa.documents.actions` and stands as a line of the paper's chain in the ledger.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.ledger.models import Attachment, Case, Organization, User


class CaseDocument(models.Model):
    """One paper of a case, made from a template for an act.

    `position` is the act's entry in the case once it is recorded; until then `draft` holds what is intended: its day,
    outcome and fields, with which the form of the act begins.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    template = models.CharField("模板", max_length=80)
    title = models.CharField("名称", max_length=200)
    act = models.CharField(max_length=60)
    position = models.PositiveIntegerField(null=True)
    draft = models.JSONField(default=dict)  # {"on", "outcome", "fields": {…}}
    year = models.PositiveIntegerField()
    serial = models.PositiveIntegerField(null=True)  # within organization, template and year
    withdrawn = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["made_at"]
        verbose_name = "文书"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "template", "year", "serial"], name="document_serial_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """One text of a paper: filled by Yifa, or brought back from Word.

    `lines` are the lines as filled, each a list of [field or null, text, whether it is a blank]. `differences` is what a
    returned one says otherwise (`yifa.documents.returning`).
    """

    class State(models.TextChoices):
        """What became of it."""

        FILLED = "filled", "由台账填写"
        WAITING = "waiting", "待核对"
        SIGNED = "signed", "定稿"
        REFUSED = "refused", "已退回"

    document = models.ForeignKey(CaseDocument, models.PROTECT, related_name="versions")
    order = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    lines = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "order"], name="document_version_once")
        ]


class CaseAnswer(models.Model):
    """What only papers say of a case, given once for all its papers. Its history is in the chains of the papers."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    name = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "name"], name="answer_once")]


class OfficeDetail(models.Model):
    """What papers say of an organization: address, telephone, where remedies are sought; units below take it from above."""

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="office_detail")
    data = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


class CaseLink(models.Model):
    """Two cases that belong together, and why; where the catalogue does not already name one in a field of the other.

    `case` comes before `other` where the kind says which comes first.
    """

    class Kind(models.TextChoices):
        """How they belong together, seen from the first."""

        FOLLOWS = "follows", "后续程序"
        SAME_PARTY = "same_party", "同一当事人"
        JOINED = "joined", "并案办理"
        LIKE = "like", "疑似重复"
        OTHER = "other", "其他关联"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.CharField(max_length=300)
    withdrawn = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "other"], condition=models.Q(withdrawn=False), name="cases_linked_once"
            )
        ]
