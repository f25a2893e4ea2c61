"""Which cases stand handed to which units, made from the acts that are stored: where nothing else of their rows changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import CaseType
from yifa.ledger.models import Case, CaseAct, Handover, ProjectionState
from yifa.ledger.rows.kinds import present, without_handing
from yifa.procedures.handing import handed
from yifa.procedures.model import Act

BATCH = 2000


def fill() -> int:
    """Stores the rows of all cases in the place of those there; rows made before a kind said it hands on stand then."""
    Handover.objects.all().delete()
    kinds = [one for one in catalogue().case_types.values() if one.handing]
    many = 0
    for kind in kinds:
        rows: list[Handover] = []
        for row in _rows(kind):
            rows.append(row)
            if len(rows) == BATCH:
                many += len(Handover.objects.bulk_create(rows))
                rows = []
        many += len(Handover.objects.bulk_create(rows))
        stand(kind.case_type)
    return many


def stand(kind: str) -> None:
    """Notes of rows made before a kind said that it hands on that they stand: nothing else follows from that."""
    standing = ProjectionState.objects.filter(kind=kind, rows=without_handing(kind))
    standing.update(rows=present()[kind].rows, built_at=timezone.now())


def _rows(kind: CaseType) -> Iterator[Handover]:
    hand_on = sorted({one.act for one in kind.handing})
    moving = sorted(
        {
            act
            for one in kind.handing
            for act in (one.act, *one.may, *(each.act for each in (*one.back, *one.again)))
        }
    )
    seen = Case.objects.filter(case_type=kind.case_type)
    cases = CaseAct.objects.filter(act__in=hand_on, case__in=seen).values("case")
    known = {
        case.pk: case for case in seen.filter(pk__in=cases).only("facts", "organization_id", "opened_on")
    }
    acts = CaseAct.objects.filter(case__in=cases, act__in=moving)
    names = ("case_id", "act", "happened_on", "outcome", "fields")
    ordered = acts.order_by("case_id", "happened_on", "position").values_list(*names)
    for case, group in groupby(ordered.iterator(BATCH), key=itemgetter(0)):
        done = [
            Act(act=act, on=on, outcome=outcome or None, fields=fields)
            for _, act, on, outcome, fields in group
        ]
        own = known[case]
        for one in handed(kind, own.facts, done):
            yield Handover(
                case_id=case, organization_id=own.organization_id, case_type=kind.case_type,
                opened_on=own.opened_on, unit=one.unit, act=one.act, waiting=one.waiting,
            )  # fmt: skip
