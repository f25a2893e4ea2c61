"""What hidden fields and addresses name: a number, a row. What no page of this program would send names nothing."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404

Row = TypeVar("Row", bound=Model)
DIGITS = 9  # a database keeps no larger whole numbers in every column


def whole(text: str | None) -> int | None:
    """The whole number from 0 that is written; None where something else is, or far too many digits."""
    return int(text) if text and text.isdecimal() and len(text) <= DIGITS else None


def named(rows: QuerySet[Row], key: str | None) -> Row:
    """The row of that key among `rows`; 404 where there is none, also where the key is none at all."""
    try:
        return rows.get(pk=key)
    except (ObjectDoesNotExist, ValidationError, ValueError, TypeError) as error:
        raise Http404 from error
