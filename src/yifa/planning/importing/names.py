"""Names of units in a draft: those that are clear, and those that a person has to decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yifa.ledger.models import Organization
from yifa.ledger.people.unitnames import NamedUnit, UnitNames
from yifa.planning.importing.draft import Draft

_GROUPS = {
    "towns": re.compile(
        r"(各|全部|所有|全体)(乡镇|镇|乡|街道|镇乡)(（(街道|街道办事处|办事处)）|街道)?(人民政府)?"
    ),
    "departments": re.compile(r"(各|全部|所有)(县级|县直|市直|区直|有关|相关|职能)?部门"),
}


@dataclass(frozen=True, slots=True)
class OpenName:
    """A name that means no unit without doubt, what it may mean, and the items that have it."""

    name: str
    candidates: tuple[Organization, ...]
    items: tuple[str, ...]


class ChosenNames:
    """The units that names mean, with what a person chose for the unclear ones; 「各乡镇」 may mean several."""

    def __init__(self, known: UnitNames, chosen: Mapping[str, Sequence[Organization]]) -> None:
        self._known, self._chosen = known, chosen

    def find(self, name: str) -> NamedUnit:
        """The one unit a name means."""
        chosen = self._chosen.get(name, ())
        return NamedUnit(name, chosen[0]) if len(chosen) == 1 else self._known.find(name)

    def clear(self, names: Iterable[str]) -> list[Organization]:
        """The units that the names mean without doubt, each once, in order."""
        found: list[Organization] = []
        for name in names:
            one = self._known.find(name).organization
            found += self._chosen.get(name) or ([one] if one else [])
        return list(dict.fromkeys(found))


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


def everyone(body: Organization) -> dict[str, tuple[str, tuple[Organization, ...]]]:
    """What 「各乡镇」 and 「各部门」 may mean, by key: its name and the units right below the body."""
    below = list(Organization.objects.filter(parent=body).order_by("path"))
    groups = {
        "towns": ("全部乡镇（街道）", tuple(unit for unit in below if unit.level == "town")),
        "departments": ("全部部门", tuple(unit for unit in below if unit.level != "town")),
        "all": ("全部下属单位", tuple(below)),
    }
    return {key: group for key, group in groups.items() if group[1]}


def group(name: str, body: Organization) -> tuple[str, tuple[Organization, ...]]:
    """What 「各乡镇」 or 「各部门」 means, with the units below the body; nothing for any other name."""
    wanted = "".join(name.split()).replace("(", "（").replace(")", "）")
    key = next((key for key, words in _GROUPS.items() if words.fullmatch(wanted)), "")
    return everyone(body).get(key, ("", ()))
