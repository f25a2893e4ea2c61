"""Scores of units as the ledger has them now, remembered until anything is recorded or a rule changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone

from yifa.ledger.legal import rules_digest
from yifa.ledger.models import Organization, Record
from yifa.procedures.scoring import Scores
from yifa.workbench.figures.keyfigures import KEPT_SECONDS

Scored = tuple[Organization, Scores]


def kept_scores(
    what: str, units: Sequence[Organization], compute: Callable[[Sequence[Organization]], Iterable[Scored]]
) -> list[Scored]:
    """What `compute` gives for the units; only those not remembered are computed. `what` names all it depends on."""
    newest = Record.objects.aggregate(newest=Max("id"))["newest"]
    world = f"{what}:{newest}:{timezone.localdate()}:{rules_digest()[:16]}"
    keys = {unit.pk: f"scores:{unit.pk}:{world}" for unit in units}
    kept: dict[str, Scores] = cache.get_many(keys.values())
    wanting = [unit for unit in units if keys[unit.pk] not in kept]
    for unit, scores in compute(wanting) if wanting else ():
        kept[keys[unit.pk]] = scores
        cache.set(keys[unit.pk], scores, KEPT_SECONDS)
    return [(unit, kept[keys[unit.pk]]) for unit in units]
