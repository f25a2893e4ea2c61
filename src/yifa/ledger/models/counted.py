"""What counting rules count, by span of the cut-off (projection), and what units declare not to collect."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yifa.ledger.models.indexes import WordedIndex
from yifa.ledger.models.people import Organization
from yifa.ledger.models.projected import Case, Entry
from yifa.ledger.models.records import Record


class CountedRule(models.Model):
    """A definition of a counting rule under which spans were made. `complete`: of all cases or entries there are."""

    rule = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)  # of the definition and of what else its counting follows from
    complete = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "digest"], name="counted_rule_once")]


class Tally(models.Model):
    """A set of counting rules, with the part in each, that count the same things. Never changed."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=60, db_index=True)  # case type or register
    plain = models.BooleanField(default=True)  # its spans have neither `told` nor `part`


class TallyRule(models.Model):
    """One rule of a tally. `part` is the part of its breakdown, where the catalogue lists the parts there can be."""

    tally = models.ForeignKey(Tally, models.CASCADE, related_name="rules")
    rule = models.ForeignKey(CountedRule, models.CASCADE, related_name="tallies")
    part = models.TextField(null=True)  # noqa: DJ001 - no breakdown is not an empty part

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tally", "rule"], name="tally_rule_once")]


class CountedSpan(models.Model):
    """Something counted by the rules of a tally while the cut-off lies in [since, until) (projection)."""

    tally = models.ForeignKey(Tally, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="spans", db_constraint=False)
    entry = models.ForeignKey(
        Entry, models.CASCADE, null=True, related_name="spans", db_index=False, db_constraint=False
    )
    position = models.PositiveIntegerField()  # of the act in its case; 0 for an entry
    record = models.ForeignKey(
        Record, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )  # that says so
    standing = models.BooleanField(default=False)  # counts by how it stands, whatever the period's start
    on = models.DateField()
    since = models.DateField()
    until = models.DateField()
    amount = models.BigIntegerField(null=True)  # in millionths; None where that does not hold it
    told = models.TextField(null=True)  # noqa: DJ001 - nothing to tell it apart by is not an empty text
    part = models.TextField(null=True)  # noqa: DJ001 - the part, where the catalogue does not list the parts

    class Meta:
        indexes: ClassVar = [
            WordedIndex(
                fields=["tally", "on", "organization", "since", "until", "amount", "record", "position"],
                words=["part", "told"],
                name="span_in_period",
            ),
            WordedIndex(
                # `standing` too, though it is true of all: else SQLite asks the table for it
                fields=[
                    "tally",
                    "until",
                    "since",
                    "organization",
                    "on",
                    "amount",
                    "record",
                    "position",
                    "standing",
                ],
                words=["part", "told"],
                name="span_standing_at",
                condition=models.Q(standing=True),
            ),
            models.Index(  # few of them are of entries
                fields=["entry"], name="span_of_entry", condition=models.Q(entry__isnull=False)
            ),
        ]


class CollectionGap(models.Model):
    """A unit's declaration that it does not collect what a counting rule counts: 「未采集」, which is not 0."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="collection_gaps")
    counting_rule = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.TextField()
