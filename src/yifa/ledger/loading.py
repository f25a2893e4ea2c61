"""Many cases with the acts that stand in them, in bounded memory: for what looks at all cases of a kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yifa.ledger.models import Case, CaseAct
from yifa.procedures.model import Act, Entered, Listing

BATCH = 500  # below SQLite's limit on parameters
COLUMNS = (
    "case_id", "position", "act", "happened_on", "outcome", "actor", "unit__code", "role", "evidence", "fields",
    "entered", "corrected", "listed",
)  # fmt: skip


def batches(cases: QuerySet[Case], size: int = BATCH) -> Iterator[list[Case]]:
    """The cases in the order of their ids, some at a time, each time asked for beyond the last one seen."""
    ordered, last = cases.order_by("pk"), None
    while found := list((ordered if last is None else ordered.filter(pk__gt=last))[:size]):
        yield found
        last = found[-1].pk


def with_acts(cases: QuerySet[Case], size: int = BATCH) -> Iterator[tuple[Case, tuple[Act, ...]]]:
    """Each case with its standing acts in the order entered. Two queries for `size` cases."""
    for batch in batches(cases, size):
        acts = acts_of(batch)
        for case in batch:
            yield case, acts[case.pk]


def acts_of(cases: Sequence[Case]) -> dict[UUID, tuple[Act, ...]]:
    """The standing acts of at most `BATCH` cases, in the order entered."""
    found: dict[UUID, list[Act]] = defaultdict(list)
    rows = CaseAct.objects.filter(case__in=[case.pk for case in cases]).order_by("case_id", "position")
    for case_id, *values in rows.values_list(*COLUMNS):
        found[case_id].append(_act(values))
    return {case.pk: tuple(found[case.pk]) for case in cases}


def _act(values: Sequence[Any]) -> Act:
    position, act, on, outcome, by, unit, role, evidence, fields, entered, corrected, standing = values
    return Act(
        act=act,
        on=on,
        outcome=outcome or None,
        by=by or None,
        unit=unit,
        role=role or None,
        evidence=tuple(paper["title"] for paper in evidence),
        fields=fields,
        entered=Entered(entered),
        position=position,
        corrected=corrected,
        listed={name: Listing(found) for name, found in standing.items()},
    )
