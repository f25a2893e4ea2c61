"""Projections of the records: cases and register entries as they stand. Rebuilt by `yifa ledger rebuild`."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yifa.ledger.models.people import Organization, User
from yifa.ledger.models.records import Record
from yifa.ledger.models.scoping import CaseManager, EntryManager

# The database does not check each row for what it names where rows are made from records: verification compares them.
# Lists in the order of an index look at what they filter by in the index itself, not row by row in the table.
# PostgreSQL too tests such columns before it fetches a row: a page of what runs out this week, by its title, took 300 ms.
OWN = ("organization", "case_type")
STATE = ("closed_on", "next_due", "broken", "findings_count")


class Case(models.Model):
    """One run of a procedure (projection)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_type = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="cases", db_index=False)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=80, blank=True, db_index=True)
    level = models.CharField(max_length=20)
    jurisdiction = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    status = models.CharField(max_length=40)
    next_due = models.DateField(null=True)  # earliest deadline still running
    next_clock = models.CharField(max_length=60, blank=True)
    broken = models.PositiveIntegerField(default=0)  # deadlines broken and stopped
    findings_count = models.PositiveIntegerField(default=0)
    length = models.PositiveIntegerField(default=0)  # records in the chain; guards against two people at once
    last = models.PositiveBigIntegerField(default=0)  # id of the last record: whether anything changed
    head = models.CharField(max_length=64)  # digest of the last record
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = CaseManager()

    class Meta:
        ordering: ClassVar = ["-opened_on", "-id"]
        verbose_name = "事项"
        indexes: ClassVar = [
            models.Index(fields=["opened_on", "id", *OWN, *STATE], name="case_by_day"),
            models.Index(
                fields=["case_type", "opened_on", "id", "organization", *STATE],
                name="case_by_type",
            ),
            models.Index(
                fields=["organization", "opened_on", "id", "case_type", *STATE],
                name="case_by_unit",
            ),
            models.Index(fields=["status", "opened_on", "id", *OWN, *STATE], name="case_by_status"),
            models.Index(fields=["title", "opened_on", "id", *OWN, *STATE], name="case_by_title"),
            models.Index(
                fields=["next_due", "opened_on", "id", *OWN, "closed_on", "broken", "findings_count"],
                name="case_by_due",
            ),
            models.Index(
                fields=["findings_count", "opened_on", "id", *OWN, "closed_on", "next_due", "broken"],
                name="case_by_findings",
            ),
            models.Index(fields=["case_type", "last"], name="case_last"),
            models.Index(
                fields=["opened_on", "id"], name="case_open", condition=models.Q(closed_on__isnull=True)
            ),
            models.Index(  # `findings_count` too, else SQLite asks the table for it
                fields=["opened_on", "id", *OWN, "last", "findings_count"],
                name="case_faulty",
                condition=models.Q(findings_count__gt=0),
            ),
            models.Index(  # likewise
                fields=["opened_on", "id", *OWN, "next_due", "broken"],
                name="case_broken",
                condition=models.Q(broken__gt=0),
            ),
            models.Index(
                fields=["case_type", "status", "opened_on", "id", "organization"],
                name="case_waiting",
                condition=models.Q(closed_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CaseAct(models.Model):
    """One act as it stands after corrections (projection). `record` is the last record that shaped it."""

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="acts", db_index=False, db_constraint=False
    )  # the constraint over case and position has an index
    position = models.PositiveIntegerField()  # entry position within the case, as the engine counts
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    act = models.CharField(max_length=60)
    happened_on = models.DateField()
    outcome = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    role = models.CharField(max_length=20, blank=True)
    fields = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)  # [{"title", "attachment": sha256 | null}]
    entered = models.CharField(max_length=10)
    corrected = models.BooleanField(default=False)
    listed = models.JSONField(default=dict)  # how what it names stood on its day, as the engine knows it

    class Meta:
        ordering: ClassVar = ["happened_on", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "position"], name="case_act_position_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["act", "happened_on"]),
            models.Index(  # what leaders did themselves; `role` too, else SQLite asks the table for it
                fields=["actor", "happened_on", "role"],
                name="act_of_leaders",
                condition=models.Q(role="leader"),
            ),
        ]


# deadlines of the body itself that run towards a known day
RUNNING = models.Q(minimum=False, party=False, paused=False, stopped_on__isnull=True, due__isnull=False)


class CaseClock(models.Model):
    """One clock of a case (projection); overdue means: running, due before today."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks", db_constraint=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    clock = models.CharField(max_length=60)
    minimum = models.BooleanField(default=False)
    party = models.BooleanField(default=False)  # somebody else's time to do something
    started_on = models.DateField(null=True)
    due = models.DateField(null=True)
    stopped_on = models.DateField(null=True)
    paused = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["due"]
        indexes: ClassVar = [
            models.Index(
                fields=["due", "organization", "case", "clock"],
                name="clock_running",
                condition=RUNNING,
            )
        ]


class CaseFinding(models.Model):
    """One fault of procedure (projection)."""

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="findings", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=30)
    act = models.CharField(max_length=60, blank=True)
    clock = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField(null=True)  # the act's entry position
    message = models.TextField()
    basis = models.JSONField(null=True)  # {"law", "article"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "kind", "act", "id"], name="finding_of_case")]


class Handover(models.Model):
    """A unit that a case stands handed to (projection); its accounts see the case (see `models.scoping`).

    What a list of them is cut and sorted by is the case's own and stands here too, in one index.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="handovers", db_constraint=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    case_type = models.CharField(max_length=60)
    opened_on = models.DateField(null=True)
    unit = models.CharField(max_length=120)  # as the act names it: an office is renamed, a record is not
    act = models.CharField(max_length=60)
    waiting = models.BooleanField()  # it has done nothing about it since

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "waiting", "case"], name="handover_by_unit"),
            models.Index(
                fields=["unit", "opened_on", "case", "organization", "case_type"], name="handover_listed"
            ),
        ]


class CaseText(models.Model):
    """The words by which a case is found (projection): title, number, actors.

    Its pairs stand in an index beside it, in PostgreSQL in a column that only `ledger.search.searching` knows.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="words", db_constraint=False)
    text = models.TextField()


class Entry(models.Model):
    """One line of a register as it stands (projection)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="entries")
    key = models.CharField(max_length=120, db_index=True)
    title = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    begins = models.DateField(null=True, db_index=True)
    ends = models.DateField(null=True, db_index=True)
    version = models.PositiveIntegerField(default=1)
    withdrawn = models.BooleanField(default=False)
    length = models.PositiveIntegerField(default=0)  # records in the chain
    last = models.PositiveBigIntegerField(default=0)  # id of the last record
    head = models.CharField(max_length=64)

    objects = EntryManager()

    class Meta:
        ordering: ClassVar = ["register", "key"]
        verbose_name = "条目"
        indexes: ClassVar = [
            models.Index(fields=["register", "key", "id"], name="entry_by_key"),
            models.Index(fields=["register", "last"], name="entry_last"),
        ]

    def __str__(self) -> str:
        return self.title


class EntryVersion(models.Model):
    """One version of an entry (projection)."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    data = models.JSONField()
    happened_on = models.DateField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["version"]


class NumberSeries(models.Model):
    """The last serial number given out, per issuer, case type and year."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    case_type = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "case_type", "year"], name="series_once")
        ]


class ProjectionState(models.Model):
    """Under which rules the rows of a kind of case or entry stand, and what counts of it (see `ledger.rows.kinds`)."""

    kind = models.CharField(max_length=60, unique=True)  # case type or register
    rows = models.CharField(max_length=80, blank=True)
    spans = models.CharField(max_length=80, blank=True)
    built_at = models.DateTimeField()


class Rebuild(models.Model):
    """How far a rebuild has come that is under way or was interrupted."""

    what = models.CharField(max_length=60, unique=True)  # a kind; or a subject, of which all is made anew
    target = models.CharField(max_length=64)  # the rules: of others, what was done does not count
    reached = models.CharField(max_length=80, blank=True)
    done = models.PositiveBigIntegerField(default=0)  # records
    total = models.PositiveBigIntegerField(default=0)
    began_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    @property
    def percent(self) -> int:
        """How much is done, of about so much in all."""
        return min(99, 100 * self.done // max(self.total, 1))
