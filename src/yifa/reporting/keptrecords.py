"""The records behind the figures of reports, as they were counted: sets that figures, reports and versions share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression


class PartsField(models.JSONField):
    """The parts of a figure by label, in their order: kept as a list, since a database may order an object's keys."""

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        """Pairs become a dict."""
        found = super().from_db_value(value, expression, connection)
        return dict(found) if isinstance(found, list) else found

    def get_prep_value(self, value: Any) -> Any:
        """A dict becomes pairs."""
        given = list(map(list, value.items())) if isinstance(value, dict) else value
        return super().get_prep_value(given)


class RecordSet(models.Model):
    """Records counted alike. `digest` is SM3 over the text of its pages: the same records are kept once."""

    digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()


class RecordPage(models.Model):
    """Some lines of a set, by the ids of their records from `first` to `last`, packed as `yifa.ledger.figures.columns` says."""

    record_set = models.ForeignKey(RecordSet, models.CASCADE, related_name="pages")
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    packed = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["record_set", "last", "first"], name="page_by_record")]


class FigureRecords(models.Model):
    """A set behind a figure: `part` where all its lines make one, `by_unit` where the unit of each is its part."""

    figure = models.ForeignKey("reporting.StoredFigure", models.CASCADE, related_name="sets")
    record_set = models.ForeignKey(RecordSet, models.PROTECT, related_name="figures")
    part = models.TextField(null=True)  # noqa: DJ001 - no part is not an empty part
    by_unit = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
