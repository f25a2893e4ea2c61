"""Scores as the ledger keeps them, exact: fractions as text, indicators by their id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yifa.law.schema import IndicatorSet
from yifa.ledger.chain.canonical import canonical, sm3
from yifa.procedures.scoring import Capped, Quantity, Scored, Scores, summed


def as_stored(scores: Scores) -> dict[str, Any]:
    """Scores as JSON."""
    return {
        "lines": [
            {
                "id": line.indicator.id,
                "part": line.part,
                "full": str(line.full),
                "of": str(line.of),
                "points": str(line.points),
                "why": line.why,
                "value": None if line.value is None else str(line.value),
                "pending": line.pending,
            }
            for line in scores.lines
        ],
        "capped": [
            {
                "event": one.event.title,
                "title": one.quantity.title,
                "value": str(one.quantity.value),
                "unit": one.quantity.unit,
            }
            for one in scores.capped
        ],
    }


def from_stored(given: IndicatorSet, stored: Mapping[str, Any] | str) -> Scores:
    """Scores from JSON, under the set they were made with; exactly those that were stored."""
    held: Mapping[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    indicators = {one.id: one for part in given.parts for one in part.indicators}
    events = {one.title: one for one in given.grave}
    lines = [
        Scored(
            indicators[one["id"]], one["part"], Fraction(one["full"]), Fraction(one["of"]), Fraction(one["points"]),
            one["why"], None if one["value"] is None else Decimal(one["value"]), one["pending"],
        )
        for one in held["lines"]
    ]  # fmt: skip
    capped = [
        Capped(
            events[one["event"]],
            Quantity(one["title"], one["unit"], Decimal(one["value"])),
            Fraction(events[one["event"]].cap),
        )
        for one in held["capped"]
    ]
    return summed(Fraction(given.full), lines, capped)


def defined(given: IndicatorSet) -> dict[str, Any]:
    """A set as the ledger keeps it."""
    return given.model_dump(mode="json", by_alias=True, exclude_none=True)


def digest_of(value: Any) -> str:
    """SM3 over the canonical form."""
    return sm3(canonical(value).encode())
