"""A Document as the JSON object of the contract, without findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from yifa.reading.document import Document, Figure, Heading, Mark

_OWN = {Heading: {"ordinal", "style", "body"}, Figure: {"low", "high"}}  # what others need not know


def as_json(document: Document) -> dict[str, object]:
    """The object of contracts/document.md: spans as lists, dates in ISO form."""
    made = _named(document)
    if document.period:
        start, end = document.period
        made["period"] = {"from": start.isoformat(), "to": end.isoformat()}
    return made


def _named(thing: Any) -> dict[str, object]:
    """A part of a document by the names of its fields; the detail of a mark beside its other fields."""
    hidden = _OWN.get(type(thing), set())
    made = {each.name: _plain(getattr(thing, each.name)) for each in fields(thing) if each.name not in hidden}
    if isinstance(thing, Mark):
        made |= dict(thing.detail)
        del made["detail"]
    return made


def _plain(value: Any) -> object:
    if is_dataclass(value):
        return _named(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
