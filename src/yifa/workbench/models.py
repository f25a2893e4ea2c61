"""What people keep for themselves on the pages: no facts, nothing of the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yifa.ledger.models import User


class SavedView(models.Model):
    """A list with its filters and its order, kept under a name by whoever uses it.

    `page` is the address of the list, `query` what stands behind the question mark. The `chosen` one is what the list
    opens with.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField("列表", max_length=120)
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=1000)
    chosen = models.BooleanField("默认打开", default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["page", "name"]
        verbose_name = "视图"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="view_name_once"),
            models.UniqueConstraint(
                fields=["user", "page"], name="view_chosen_once", condition=models.Q(chosen=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Where it opens."""
        return f"{self.page}?{self.query}"


class GuideState(models.Model):
    """How far somebody is in the guided first hour; `after`: the last record there was when it began."""

    user = models.OneToOneField(User, models.CASCADE, related_name="guide_state")
    after = models.BigIntegerField("开始以前的最后一条记录", default=0)
    hidden = models.BooleanField("收起", default=False)
    opened = models.JSONField("打开过的", default=list)  # ids of the tasks whose page was opened

    class Meta:
        verbose_name = "引导进度"

    def __str__(self) -> str:
        return str(self.user)
