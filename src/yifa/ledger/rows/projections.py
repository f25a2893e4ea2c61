"""Storing the rows lists and counts need. One way for a live record, a rebuild and verification: `rows` makes them.

A case's rows follow from its history and the rules alone, never from today: they are looked at on the day of the last
record. What depends on today (overdue, days left) is asked for when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CaseText,
    CountedSpan,
    Entry,
    EntryVersion,
    Handover,
    NumberSeries,
    Organization,
    Subject,
)
from yifa.ledger.process import keeping
from yifa.ledger.rows import kinds, tallies
from yifa.ledger.rows.values import CaseRows, EntryRows
from yifa.ledger.search import searching
from yifa.ledger.tables import storing


def organization_ids() -> dict[str, int]:
    """Organization codes and their ids."""
    return dict(Organization.objects.values_list("code", "id"))


CASE_TABLES = (
    (Case, "id"), (CaseAct, "case"), (CaseClock, "case"), (CaseFinding, "case"), (CountedSpan, "case"), (CaseText, "case"),
    (Handover, "case"),
)  # fmt: skip
ENTRY_TABLES = ((Entry, "id"), (EntryVersion, "entry"), (CountedSpan, "entry"))


def write_cases(cases: Sequence[CaseRows]) -> None:
    """Stores the rows of cases, in the place of those they had."""
    kinds.note({rows.case["case_type"] for rows in cases})
    ids = [rows.case["id"] for rows in cases]
    there = storing.standing(CASE_TABLES, ids)
    storing.store(Case, [Case(**rows.case) for rows in cases], there)
    storing.store_children(CaseAct, [CaseAct(**values) for rows in cases for values in rows.acts], there)
    storing.store_children(
        CaseClock, [CaseClock(**values) for rows in cases for values in rows.clocks], there
    )
    storing.store_children(
        CaseFinding, [CaseFinding(**values) for rows in cases for values in rows.findings], there
    )
    storing.store_children(CountedSpan, tallies.rows_of([rows.spanned() for rows in cases]), there)
    handovers = [Handover(**values) for rows in cases for values in rows.handovers]
    storing.store_children(Handover, handovers, there)
    searching.store([rows.text for rows in cases], there[CaseText])
    keeping.note(Subject.CASE, ids)


def write_entries(entries: Sequence[EntryRows]) -> None:
    """Stores the rows of register entries, in the place of those they had."""
    kinds.note({rows.entry["register"] for rows in entries})
    ids = [rows.entry["id"] for rows in entries]
    there = storing.standing(ENTRY_TABLES, ids)
    storing.store(Entry, [Entry(**rows.entry) for rows in entries], there)
    versions = [EntryVersion(**values) for rows in entries for values in rows.versions]
    storing.store_children(EntryVersion, versions, there)
    storing.store_children(CountedSpan, tallies.rows_of([rows.spanned() for rows in entries]), there)
    keeping.note(Subject.ENTRY, ids)


def raise_series(cases: Iterable[Mapping[str, Any]]) -> None:
    """Sets the number series to at least the serials these cases were given."""
    organizations = organization_ids()
    last: dict[tuple[int, str, int], int] = {}
    for case in cases:
        for number in case["numbers"]:
            if number.get("serial") is None:
                continue
            key = (organizations[number["of"]], case["case_type"], number["year"])
            last[key] = max(last.get(key, 0), number["serial"])
    for (organization, case_type, year), serial in last.items():
        series, _ = NumberSeries.objects.get_or_create(
            organization_id=organization, case_type=case_type, year=year
        )
        NumberSeries.objects.filter(pk=series.pk, last__lt=serial).update(last=serial)
