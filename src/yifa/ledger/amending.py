"""What a new text of a law means for the ledger: entries that cite it, and open cases with their due dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from yifa.law.amending import Amending, Amendment, amended, stored
from yifa.law.articles import articles_at
from yifa.law.loader import Catalogue, catalogue, follow
from yifa.law.schema import CaseType
from yifa.ledger.deciding.cases import context_of
from yifa.ledger.models import Case, Entry
from yifa.ledger.tables.loading import BATCH, with_acts
from yifa.procedures import engine
from yifa.procedures.model import Act, Context
from yifa.reading.citations import citations

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


def followed() -> tuple[Amendment, ...]:
    """The new texts that the installation follows, the latest first."""
    files = sorted(folder().glob("*.yaml"), reverse=True) if folder().is_dir() else ()
    return tuple(found for file in files if (found := stored(file)) is not None)


def follow_folder() -> None:
    """Let the catalogue be read with the new texts kept in the data folder."""

    def change(known: Catalogue) -> Catalogue:
        return amended(folder(), known)

    follow(change)


def impact(amending: Amending, today: date) -> Impact:
    """The entries (discretion rows and templates among them) and open cases that a new text touches."""
    return Impact(tuple(_entries(amending, today)), tuple(_cases(amending, today)))


def _entries(amending: Amending, today: date) -> Iterator[CitingEntry]:
    found = Entry.objects.filter(withdrawn=False).exclude(ends__lt=today).select_related("organization")
    for entry in found.order_by("register", "key").iterator(chunk_size=BATCH):
        register = catalogue().registers.get(entry.register)
        cited = _cited(entry.data, amending) if register else ""
        if register and cited:
            yield CitingEntry(entry, register.title, cited)


def _cited(data: Mapping[str, Any], amending: Amending) -> str:
    """What an entry cites of the law that changes: in the fields made for it, else anywhere in its words."""
    law, article = str(data.get(LAW) or ""), str(data.get(ARTICLE) or "")
    if law and amending.touches(law, article or None):
        return f"《{law.strip('《》')}》{article}"
    words = "\n".join(_words(value) for name, value in data.items() if name not in {LAW, ARTICLE})
    return next((f"《{law}》{article}" for law, article in _citations(words, amending)), "")


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(map(_words, value.values()))
    return "\n".join(map(_words, value)) if isinstance(value, list) else str(value or "")


def _citations(words: str, amending: Amending) -> Iterator[tuple[str, str]]:
    """Citations of the changed articles in a text, e.g. of a template: title and article as written."""
    if not any(name in words for name in amending.names):
        return
    for citation in citations(words, None, catalogue().laws):
        article = articles_at(words, citation.span[1])
        if citation.law == amending.law.id and amending.touches(citation.title, article or None):
            yield citation.title, article


def _cases(amending: Amending, today: date) -> Iterator[OpenCase]:
    """Open cases with a clock that changes, each judged under the law as it is and as it will be."""
    before, after = catalogue().case_types, amending.after().case_types
    for kind in sorted({new.case_type for new in amending.amendment.durations}):
        clocks = {new.clock for new in amending.amendment.durations if new.case_type == kind}
        judged = Judging(before[kind], after[kind], sorted(clocks), amending.amendment.effective, today)
        cases = Case.objects.filter(case_type=kind, closed_on__isnull=True).select_related("organization")
        for case, acts in with_acts(cases):
            yield from judged.of(case, acts)


@dataclass(frozen=True, slots=True)
class Judging:
    """One case type before and after a change in the law; its cases are judged one by one."""

    before: CaseType
    after: CaseType
    clocks: Sequence[str]
    effective: date
    today: date
    contexts: dict[tuple[str, str], Context] = field(default_factory=dict)  # by level and jurisdiction

    def of(self, case: Case, acts: Sequence[Act]) -> Iterator[OpenCase]:
        """The clocks of a case that run and would have another length."""
        fact = self.before.governed_by_fact
        now = self._dues(self.before, case, acts, case.facts)
        facts = {**case.facts, fact: self.effective.isoformat()} if fact else {}
        moved = self._dues(self.after, case, acts, facts) if fact else {}
        for clock in self.clocks:
            if now.get(clock) is not None:
                title = self.before.clocks[clock].title
                yield OpenCase(case, clock, title, now[clock], moved.get(clock), movable=fact is not None)

    def _dues(
        self, case_type: CaseType, case: Case, acts: Sequence[Act], facts: Mapping[str, Any]
    ) -> dict[str, date | None]:
        """The due dates of the clocks that run."""
        clocks = engine.clocks(case_type, facts, acts, self._context(case))
        return {name: clock.due for name, clock in clocks.items() if clock.stopped is None}

    def _context(self, case: Case) -> Context:
        kind = (case.level, case.jurisdiction)
        if kind not in self.contexts:
            self.contexts[kind] = context_of(case, self.today)
        return self.contexts[kind]
