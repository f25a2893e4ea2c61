"""A change of a register on its way: drafted by one, approved and with that published, or returned, by another."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.ledger.models import Entry, Organization, User


class EntryDraft(models.Model):
    """A new entry, a new version or a withdrawal that waits for approval. Only what is published stands in the ledger.

    `length`: how many records the entry had when the draft was made; what was changed since must be drafted anew.
    `on`: the day of publication whoever drafted it had in mind; whoever approves it decides. `batch`: what came in one
    list is approved together; `source`: which file and row it came from.
    """

    class Kind(models.TextChoices):
        """What is to be done."""

        NEW = "new", "登记"
        REVISE = "revise", "修订"
        WITHDRAW = "withdraw", "撤下"

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "待审核"
        PUBLISHED = "published", "已公布"
        RETURNED = "returned", "已退回"
        REDRAFTED = "redrafted", "退回后已重新送审"
        DROPPED = "dropped", "起草人已撤回"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="drafts")
    length = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    on = models.DateField(null=True)
    batch = models.UUIDField(null=True, db_index=True)
    source = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-drafted_at"]
        verbose_name = "清单变更草稿"
        indexes: ClassVar = [models.Index(fields=["state", "-drafted_at"], name="draft_by_state")]
