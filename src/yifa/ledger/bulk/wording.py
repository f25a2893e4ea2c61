"""What records say, in canonical form: of records that are alike what they have alike is written once and taken again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yifa.ledger.chain.canonical import Parsed, as_stored, canonical
from yifa.procedures.noting import MOST

Own = Mapping[str, Parsed | str | None]  # parts of a payload that are a record's own, by name
Worded = tuple[str, Mapping[str, Any]]  # a payload: as it is stored, and what stands there then


class Alike:
    """The payloads of records that differ only in parts of certain names."""

    def __init__(self, alike: Mapping[str, Any], own: tuple[str, ...]) -> None:
        shared = {name: value for name, value in alike.items() if name not in own}
        self._own = tuple(sorted(own))
        written = {name: _doubled(canonical(value)) for name, value in shared.items()} | dict.fromkeys(
            own, "%s"
        )
        parts = [f"{_doubled(canonical(name))}:{written[name]}" for name in sorted(written)]
        self._text = f"{{{','.join(parts)}}}"
        self._stored: dict[str, Any] = as_stored(canonical(shared))

    def worded(self, own: Own) -> Worded:
        """The payload of the record with these parts."""
        texts = [
            value.text if value.__class__ is Parsed else canonical(value) for value in map(own.get, self._own)
        ]
        return self._text % tuple(texts), {**self._stored, **own}


def _doubled(text: str) -> str:
    """For a place beside marks for what is filled in."""
    return text.replace("%", "%%")


@dataclass(slots=True)
class Wordings:
    """Those known, by what names them."""

    _known: dict[Any, Alike] = field(default_factory=dict)

    def of(self, key: Any, alike: Mapping[str, Any], own: Own) -> Worded:
        """The payload of `alike` and `own`, where the same key is always given for the same in everything not own."""
        known = self._known.get((key, *own))
        if known is None:
            if len(self._known) >= MOST:
                self._known.clear()
            known = self._known[key, *own] = Alike(alike, tuple(own))
        return known.worded(own)
