"""Rows made from records that name a case or an entry that is not there: no database asks for each row as it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CaseText,
    CountedSpan,
    Entry,
    Handover,
    Subject,
)

OF_CASES: tuple[type[models.Model], ...] = (
    CaseAct,
    CaseClock,
    CaseFinding,
    CaseText,
    CountedSpan,
    Handover,
)
OF_ENTRIES: tuple[type[models.Model], ...] = (CountedSpan,)


def astray(subject: Subject) -> Iterator[tuple[QuerySet[Any], str]]:
    """Such rows, table by table, with the column that names what is not there."""
    parent: type[Case | Entry] = Case if subject == Subject.CASE else Entry
    tables = OF_CASES if subject == Subject.CASE else OF_ENTRIES
    named = f"{parent._meta.model_name}_id"
    there = Exists(parent._default_manager.order_by().filter(pk=OuterRef(named)))
    for model in tables:
        rows = model._default_manager.order_by().filter(**{f"{named}__isnull": False})
        yield rows.filter(~there), named
