"""A batch: which cases were chosen, what was to be done on them, and what became of each."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.ledger.models import User


class CaseBatch(models.Model):
    """Cases chosen together by one user, and the act done on them.

    `rows` has a line for each case: {"case", "title", "state", "message", "position", "length"}; states are those of
    `Row`. `given` is the act as the form gave it. The acts themselves stand in the ledger, each in its case.
    """

    class State(models.TextChoices):
        """How far it is."""

        CHOSEN = "chosen", "未办理"
        RUNNING = "running", "办理中"
        DONE = "done", "已办理"
        UNDONE = "undone", "已撤销"

    class Row(models.TextChoices):
        """What became of a case."""

        WAITING = "waiting", "待办"
        DONE = "done", "已办"
        REFUSED = "refused", "未办"
        UNDONE = "undone", "已撤销"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.CHOSEN)
    case_type = models.CharField(max_length=60, blank=True)
    act = models.CharField(max_length=60, blank=True)
    given = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]
        verbose_name = "批量办理"
        indexes: ClassVar = [models.Index(fields=["actor", "-made_at"], name="batch_of_actor")]

    def many(self, state: str) -> int:
        """How many cases are in a state."""
        return sum(row["state"] == state for row in self.rows)

    @property
    def done(self) -> int:
        """On how many the act was recorded and stands."""
        return self.many(self.Row.DONE)

    @property
    def refused(self) -> int:
        """On how many it was not."""
        return self.many(self.Row.REFUSED)

    @property
    def waiting(self) -> int:
        """How many are still to come."""
        return self.many(self.Row.WAITING)
