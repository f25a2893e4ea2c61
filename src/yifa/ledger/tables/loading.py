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
    "case_id", "record__digest", "position", "act", "happened_on", "outcome", "actor", "unit__code", "role", "evidence", "fields",
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
        acts = standing_acts(batch)
        for case in batch:
            yield case, tuple(act for act, _ in acts[case.pk])


def standing_acts(cases: Sequence[Case]) -> dict[UUID, list[tuple[Act, str]]]:
    """The standing acts of the cases in the order entered, each with the digest of the record that shaped it last."""
    found: dict[UUID, list[tuple[Act, str]]] = defaultdict(list)
    for first in range(0, len(cases), BATCH):
        some = [case.pk for case in cases[first : first + BATCH]]
        rows = CaseAct.objects.filter(case__in=some).order_by("case_id", "position")
        for case_id, digest, *values in rows.values_list(*COLUMNS):
            found[case_id].append((_act(values), digest))
    return found


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
