"""What is done once a day, at the start and after midnight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.ledger.actions.sealing import SealDays
from yifa.ledger.process import keeping
from yifa.ledger.rows.kinds import outdated
from yifa.ledger.rows.rebuilding import renew
from yifa.ledger.tables import statistics


@dataclass(frozen=True, slots=True)
class Daily:
    """What the daily work did."""

    sealed: int  # days
    rebuilt: int | None  # records read, where the rules had changed


def daily(today: date) -> Daily:
    """Seals the days before today, and recomputes the projections where catalogue or calendar changed.

    The database counts its tables where it has not for long. May run as often as one likes; a second run on the same day
    finds nothing to do.
    """
    seals = SealDays(today=today).execute()
    rebuilt = renew() if outdated() else None
    keeping.refresh()
    statistics.keep()
    return Daily(sealed=len(seals), rebuilt=rebuilt)
