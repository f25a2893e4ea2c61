"""Names of units in a draft: those that are clear, and those that a person has to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yifa.ledger.models import Organization
from yifa.ledger.unitnames import NamedUnit, UnitNames
from yifa.planning.importing.draft import Draft


@dataclass(frozen=True, slots=True)
class OpenName:
    """A name that means no unit without doubt, what it may mean, and the items that have it."""

    name: str
    candidates: tuple[Organization, ...]
    items: tuple[str, ...]


class ChosenNames:
    """The units that names mean, with what a person chose for the unclear ones."""

    def __init__(self, known: UnitNames, chosen: Mapping[str, Organization]) -> None:
        self._known, self._chosen = known, chosen

    def find(self, name: str) -> NamedUnit:
        """The unit a name means."""
        if name in self._chosen:
            return NamedUnit(name, self._chosen[name])
        return self._known.find(name)

    def clear(self, names: Iterable[str]) -> list[Organization]:
        """The units that the names mean without doubt, each once, in order."""
        found = (self.find(name).organization for name in names)
        return list(dict.fromkeys(unit for unit in found if unit is not None))


def open_names(draft: Draft, known: UnitNames) -> tuple[OpenName, ...]:
    """The names of leading and supporting units that are not clear, in order of the draft."""
    where: dict[str, list[str]] = {}
    for item in draft.items:
        for name in dict.fromkeys((*item.lead, *item.support)):
            where.setdefault(name, []).append(f"{item.number}{item.title[:16]}")
    found = ((known.find(name), items) for name, items in where.items())
    return tuple(
        OpenName(named.name, named.candidates, tuple(items))
        for named, items in found
        if named.organization is None
    )
