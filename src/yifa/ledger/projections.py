"""Storing the rows lists and counts need. One way for a live record, a rebuild and verification: `rows` makes them.

A case's rows follow from its history and the rules alone, never from today: they are looked at on the day of the last
record. What depends on today (overdue, days left) is asked for when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yifa.ledger import kinds, process, searching, storing, tallies
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    Entry,
    EntryVersion,
    NumberSeries,
    Organization,
    Subject,
)
from yifa.ledger.rows import CaseRows, EntryRows


def organization_ids() -> dict[str, int]:
    """Organization codes and their ids."""
    return dict(Organization.objects.values_list("code", "id"))


def write_cases(cases: Sequence[CaseRows]) -> None:
    """Stores the rows of cases, in the place of those they had."""
    kinds.note({rows.case["case_type"] for rows in cases})
    storing.store(Case, [Case(**rows.case) for rows in cases])
    ids = [rows.case["id"] for rows in cases]
    storing.store_children(
        CaseAct, "case", ids, [CaseAct(**values) for rows in cases for values in rows.acts]
    )
    storing.store_children(
        CaseClock, "case", ids, [CaseClock(**values) for rows in cases for values in rows.clocks]
    )
    storing.store_children(
        CaseFinding, "case", ids, [CaseFinding(**values) for rows in cases for values in rows.findings]
    )
    tallies.write([rows.spanned() for rows in cases])
    searching.store(rows.text for rows in cases)
    process.note(Subject.CASE, ids)


def write_entries(entries: Sequence[EntryRows]) -> None:
    """Stores the rows of register entries, in the place of those they had."""
    kinds.note({rows.entry["register"] for rows in entries})
    storing.store(Entry, [Entry(**rows.entry) for rows in entries])
    ids = [rows.entry["id"] for rows in entries]
    versions = [EntryVersion(**values) for rows in entries for values in rows.versions]
    storing.store_children(EntryVersion, "entry", ids, versions)
    tallies.write([rows.spanned() for rows in entries])
    process.note(Subject.ENTRY, ids)


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
