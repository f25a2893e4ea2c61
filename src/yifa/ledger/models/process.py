"""What really happened, act by act and deadline by deadline (projection); made anew of what changed, when it is read.

Kinds of steps and deadlines are numbered, so that the rows of millions of acts stay small.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yifa.ledger.models.people import Organization
from yifa.ledger.models.projected import Case, Entry
from yifa.ledger.models.records import Record


class StaleChain(models.Model):
    """A case or entry that changed since its rows here were made. Stored in the transaction that changes it."""

    subject = models.CharField(max_length=20)
    chain = models.UUIDField()


class Edge(models.Model):
    """From one act of a procedure straight to the next. An empty source: the case begins."""

    case_type = models.CharField(max_length=60)
    source = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_type", "source", "target"], name="edge_once")
        ]


class Step(models.Model):
    """An act of a case and how it was come to; or an act that the case should have had (`mark` SKIPPED)."""

    class Mark(models.IntegerChoices):
        """What is to be said of a step."""

        PLAIN = 0, "依次"
        EARLY = 1, "未按法定次序"
        AGAIN = 2, "重复办理"
        SKIPPED = 3, "应办未办"

    class Stands(models.IntegerChoices):
        """Whether another act followed."""

        FOLLOWED = 0, "有后续环节"
        WAITS = 1, "停在这一环节"
        ENDS = 2, "到此办结"

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", db_constraint=False)
    edge = models.ForeignKey(Edge, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    mark = models.PositiveSmallIntegerField(choices=Mark.choices, default=Mark.PLAIN)
    stands = models.PositiveSmallIntegerField(choices=Stands.choices, default=Stands.FOLLOWED)
    days = models.IntegerField()  # calendar days since the act before; 0 for the first
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    on = models.DateField()
    position = models.PositiveIntegerField()  # of the act in its case; 0 where it was not done

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["edge", "mark", "stands", "days", "organization", "on"], name="step_by_edge")
        ]


class Term(models.Model):
    """A deadline or a minimum of a procedure."""

    case_type = models.CharField(max_length=60)
    clock = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case_type", "clock"], name="term_once")]


class TermRun(models.Model):
    """One clock of the body in one case: whether it was kept, and if not, what the ledger can say why."""

    class State(models.IntegerChoices):
        """How it stands; one that runs is broken once its last day has passed."""

        RUNS = 0, "在走"
        KEPT = 1, "按期"
        BROKEN = 2, "超期"
        PAUSED = 3, "中止中"

    class Sign(models.IntegerChoices):
        """What the ledger says about a clock that was broken, or will be: bits, several may hold."""

        BACK = 1, "事后补录"
        HANDED = 2, "转交他人后才办"
        EXTENSION = 4, "可以延长而没有办理延长"
        PAUSE = 8, "有可中止的情形而没有登记中止"
        EVIDENCE = 16, "证据材料不齐"
        EARLY = 32, "未满法定最短期限就办"

    case = models.ForeignKey(Case, models.CASCADE, related_name="term_runs", db_constraint=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    state = models.PositiveSmallIntegerField(choices=State.choices)
    due = models.DateField()
    stopped_on = models.DateField(null=True)
    edge = models.ForeignKey(  # where it waited longest; where it waits
        Edge, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    signs = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["term", "state", "organization", "due", "edge", "signs"], name="term_run_by_state"
            )
        ]


class Amendment(models.Model):
    """A record that came into the ledger after the day it is about, or that changed what stood there."""

    class What(models.IntegerChoices):
        """What was recorded."""

        BACK = 0, "补录"
        CORRECTED = 1, "更正环节"
        WITHDRAWN = 2, "撤销环节"
        FACTS = 3, "更改事项信息"
        REVISED = 4, "追溯修订条目"

    record = models.ForeignKey(
        Record, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="amendments", db_constraint=False)
    entry = models.ForeignKey(
        Entry, models.CASCADE, null=True, related_name="amendments", db_constraint=False
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=60)  # case type or register
    what = models.PositiveSmallIntegerField(choices=What.choices)
    days = models.IntegerField()  # recorded so many days after it happened
    recorded_on = models.DateField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["recorded_on", "organization", "kind", "what", "days"], name="amendment_by_day"
            )
        ]
