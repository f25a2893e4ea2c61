"""Closing the days of the ledger."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from yifa.ledger.actions.base import Action
from yifa.ledger.chain.canonical import GENESIS, merkle_root, moment, seal_digest
from yifa.ledger.models import Record, Seal
from yifa.ledger.people.needs import Needs, Reach


@dataclass(kw_only=True)
class SealDays(Action[list[Seal]]):
    """Seals every day before `today` that has records and no seal yet, each chained to the one before.

    A day without records gets no seal: a record slipped in later on such a day is found, because it lies before a
    sealed day and under no seal.
    """

    needs = Needs("逐日封存", reach=Reach.SYSTEM)

    today: date
    actor: None = None

    def _change(self) -> list[Seal]:
        last = Seal.objects.order_by("-day").first()
        waiting = Record.objects.filter(recorded_on__lt=self.today)
        if last is not None:
            waiting = waiting.filter(recorded_on__gt=last.day)
        days: dict[date, list[str]] = defaultdict(list)
        for day, digest in waiting.values_list("recorded_on", "digest").iterator():
            days[day].append(digest)
        seals = []
        previous = last.digest if last else GENESIS
        for day in sorted(days):
            seal = build_seal(day, days[day], previous)
            previous = seal.digest
            seals.append(seal)
        return Seal.objects.bulk_create(seals)


def build_seal(day: date, digests: list[str], previous: str) -> Seal:
    """The seal of one day, not stored."""
    seal = Seal(
        day=day,
        count=len(digests),
        root=merkle_root(digests),
        previous=previous,
        sealed_at=timezone.now(),
    )
    seal.digest = seal_digest(
        {
            "day": day.isoformat(),
            "count": seal.count,
            "root": seal.root,
            "previous": previous,
            "sealed_at": moment(seal.sealed_at),
        }
    )
    return seal
