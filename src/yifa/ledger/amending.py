"""What a new text of a law means for the ledger: entries that cite it, and open cases with their due dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from yifa.law.amending import Amending, amended
from yifa.law.loader import Catalogue, catalogue, follow
from yifa.law.schema import CaseType
from yifa.ledger.cases import context_of, entries_of
from yifa.ledger.models import Case, Entry
from yifa.procedures import engine

LAW, ARTICLE = "law", "article"  # the fields by which an entry names its legal basis


@dataclass(frozen=True, slots=True)
class CitingEntry:
    """An entry of a register that rests on a changed article."""

    entry: Entry
    register: str
    cites: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case with a clock whose length changes.

    Attributes:
        due: As the law stands for the case; `moved` as it would be under the new text.
        movable: Whether the case can follow the new text: its kind has a fact that says which law governs.
    """

    case: Case
    clock: str
    title: str
    due: date | None
    moved: date | None
    movable: bool


@dataclass(frozen=True, slots=True)
class Impact:
    """What an amendment touches in the ledger."""

    entries: tuple[CitingEntry, ...]
    cases: tuple[OpenCase, ...]


def folder() -> Path:
    """Where the installation keeps the new texts it follows."""
    return Path(settings.DATA) / "law"


def follow_folder() -> None:
    """Let the catalogue be read with the new texts kept in the data folder."""

    def change(known: Catalogue) -> Catalogue:
        return amended(folder(), known)

    follow(change)


def impact(amending: Amending, today: date) -> Impact:
    """The entries and open cases that a new text touches."""
    return Impact(tuple(_entries(amending, today)), tuple(_cases(amending, today)))


def _entries(amending: Amending, today: date) -> Iterator[CitingEntry]:
    registers = [
        register for register in catalogue().registers.values() if {LAW, ARTICLE} <= register.fields.keys()
    ]
    for register in registers:
        found = Entry.objects.filter(register=register.register_, withdrawn=False).select_related(
            "organization"
        )
        for entry in found.exclude(ends__lt=today):
            law, article = str(entry.data.get(LAW, "")), str(entry.data.get(ARTICLE, ""))
            if amending.touches(law, article or None):
                yield CitingEntry(entry, register.title, f"《{law.strip('《》')}》{article}")


def _cases(amending: Amending, today: date) -> Iterator[OpenCase]:
    after = amending.after()
    clocks: dict[str, list[str]] = {}
    for new in amending.amendment.durations:
        clocks.setdefault(new.case_type, []).append(new.clock)
    cases = Case.objects.filter(case_type__in=clocks, closed_on__isnull=True).select_related("organization")
    for case in cases.order_by("case_type", "opened_on"):
        fact = catalogue().case_types[case.case_type].governed_by_fact
        now = _dues(catalogue().case_types[case.case_type], case, case.facts, today)
        facts = {**case.facts, fact: amending.amendment.effective.isoformat()} if fact else case.facts
        moved = _dues(after.case_types[case.case_type], case, facts, today) if fact else {}
        for clock in dict.fromkeys(clocks[case.case_type]):
            if clock in now and now[clock] is not None:
                title = catalogue().case_types[case.case_type].clocks[clock].title
                yield OpenCase(case, clock, title, now[clock], moved.get(clock), movable=fact is not None)


def _dues(case_type: CaseType, case: Case, facts: Mapping[str, Any], today: date) -> dict[str, date | None]:
    """The due dates of the clocks that run."""
    state = engine.state(case_type, facts, entries_of(case), context_of(case, today))
    return {name: clock.due for name, clock in state.clocks.items() if clock.stopped is None}
