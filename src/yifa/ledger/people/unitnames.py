"""Which unit a name in a plan or a report means. What is not clear stays open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from yifa.ledger.models import Organization, OrganizationName

_GROUP = re.compile(r"等(部门|单位|机关)?$")
_ANYBODY = re.compile(r"^(各|每|有关|相关|全体)")
_OFFICE = re.compile(r"[局办委厅部院会所队站社府]$|办公室$|中心$")


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A name as written, the organization it means without doubt, and those it may mean."""

    name: str
    organization: Organization | None
    candidates: tuple[Organization, ...] = ()


class UnitNames:
    """The names by which the units of a body are known in a year."""

    def __init__(self, body: Organization, year: int) -> None:
        first, last = date(year, 1, 1), date(year, 12, 31)
        held = OrganizationName.objects.filter(valid_from__lte=last)
        units = Organization.objects.filter(path__startswith=body.path).prefetch_related(
            Prefetch("names", queryset=held.exclude(valid_to__lt=first))
        )
        self._forms: dict[str, set[Organization]] = {}
        for unit in units:
            for form in _forms(unit, body):
                self._forms.setdefault(form, set()).add(unit)

    def find(self, name: str) -> NamedUnit:
        """The unit a name means; several or none leave it open, with candidates for abbreviations."""
        wanted = _plain(name)
        exact = self._forms.get(wanted, set())
        if len(exact) == 1:
            return NamedUnit(name, next(iter(exact)))
        loose = exact or {
            unit for form, units in self._forms.items() if _abbreviates(wanted, form) for unit in units
        }
        return NamedUnit(name, None, tuple(sorted(loose, key=lambda unit: unit.path)))

    def likely(self, name: str) -> Organization | None:
        """The unit a name means, also the only one that an abbreviation can mean; for what is looked at before it counts."""
        found = self.find(name)
        return found.organization or (found.candidates[0] if len(found.candidates) == 1 else None)

    def clear(self, names: Iterable[str]) -> list[Organization]:
        """The units that the names mean without doubt, each once, in order."""
        found = (self.find(name).organization for name in names)
        return list(dict.fromkeys(unit for unit in found if unit is not None))


def _forms(unit: Organization, body: Organization) -> set[str]:
    names = {unit.name, unit.short_name}
    for held in unit.names.all():
        names |= {held.name, held.short_name}
    full = {_plain(name) for name in names if name}
    place = _shared_start(_plain(unit.name), _plain(body.name)) if unit != body else ""
    if len(place) < 2:
        return full
    bare = {name.removeprefix(place) for name in full if name.startswith(place)} - {""}
    return full | bare | {place[-1] + name for name in bare}


def _plain(name: str) -> str:
    return "".join(name.split()).replace("(", "（").replace(")", "）")


def _shared_start(one: str, other: str) -> str:
    length = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return one[:length]


def _abbreviates(short: str, full: str) -> bool:
    """Whether the characters of `short` stand in `full` in order, e.g. 住建局; a name of an office ends alike."""
    if len(short) < 2 or len(short) >= len(full) or (_OFFICE.search(short) and short[-1] != full[-1]):
        return False
    rest = iter(full)
    return all(character in rest for character in short)


def suggestions(names: Iterable[str], units: UnitNames) -> tuple[NamedUnit, ...]:
    """What each name of a task may mean, for the coordinator to decide; 「甲、乙等部门」 is taken apart."""
    single = (part for name in names for part in _GROUP.sub("", name).split("、"))
    return tuple(units.find(name) for name in dict.fromkeys(single) if name and not _ANYBODY.match(name))
