"""From when until when a register entry is in force, as its versions say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from yifa.law.schema import RegisterType
from yifa.ledger.chain.history import EntryHistory

Said = Mapping[str, Any]  # what one version says, by field


def begins_of(register: RegisterType, said: Sequence[Said]) -> date | None:
    """The first day in force that the last version names; None where it names none.

    Where the register's terms follow one another (`continues`), a version whose term begins within the former one or
    on the day after it, and ends later, goes on with it: who holds a renewed certificate held one before.
    """
    begins, ends = _term(register, said[-1])
    if begins is None or not register.continues:
        return begins
    for earlier, until in (_term(register, one) for one in reversed(said[:-1])):
        if (
            earlier is not None
            and until is not None
            and earlier < begins <= until + timedelta(days=1)
            and (ends is None or until < ends)
        ):
            begins, ends = earlier, until
    return begins


def first_day(history: EntryHistory, register: RegisterType) -> date | None:
    """The day the entry itself names; else the day it came onto the register."""
    return begins_of(register, [one.data for one in history.versions]) or history.versions[0].happened_on


def last_day(history: EntryHistory, register: RegisterType) -> date | None:
    """The day the entry itself names, or the day it was taken off the register, whichever is first."""
    _, named = _term(register, history.data)
    return min((day for day in (named, history.withdrawn_on) if day is not None), default=None)


def _term(register: RegisterType, said: Said) -> tuple[date | None, date | None]:
    return day_of(said, register.begins), day_of(said, register.ends)


def day_of(said: Said, field: str | None) -> date | None:
    """The day a field names, if it does."""
    value = said.get(field) if field else None
    return date.fromisoformat(value) if isinstance(value, str) and value else None
