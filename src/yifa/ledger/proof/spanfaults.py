"""Do the stored spans, from which figures are counted, agree with what the records give?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from yifa.ledger.models import CountedSpan, TallyRule
from yifa.ledger.rows.tallies import Part, Spanned, grouped

COLUMNS = (
    "organization_id", "position", "record_id", "standing", "on", "since", "until", "amount", "told", "part", "tally_id",
)  # fmt: skip


Tallies = Mapping[int, frozenset[Part]]


def stored_tallies() -> Tallies:
    """What the tallies say, by their ids."""
    parts: dict[int, set[Part]] = defaultdict(set)
    for tally, rule, part in TallyRule._default_manager.values_list("tally_id", "rule__rule", "part"):
        parts[tally].add((rule, part))
    return {tally: frozenset(found) for tally, found in parts.items()}


class StoredSpans:
    """The spans of some cases or of some entries, by their ids. `parent`: case_id or entry_id."""

    def __init__(self, tallies: Tallies, parent: str, ids: Collection[UUID]) -> None:
        self._of: dict[UUID | None, list[tuple[Any, ...]]] = defaultdict(list)
        rows = CountedSpan._default_manager.filter(**{f"{parent}__in": ids}).values_list(parent, *COLUMNS)
        for own, *values, tally in rows:
            self._of[own].append((*values, tallies.get(tally)))

    def differ(self, thing: Spanned) -> bool:
        """Whether what is stored of a case or an entry is not what its records give."""
        expected = [
            (
                thing.organization_id, row.position if thing.case_id is not None else 0, thing.records[row.position],
                row.standing, row.on, row.since, row.until, row.amount, row.told, row.part, parts,
            )
            for row, parts in grouped(thing.spans).items()
        ]  # fmt: skip
        found = self._of.get(thing.case_id or thing.entry_id, [])
        return len(found) != len(expected) or set(found) != set(expected)
