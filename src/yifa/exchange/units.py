"""Which unit a cell means: by code, by a name it has or had, by a short name."""

from __future__ import annotations

from django.utils import timezone

from yifa.ledger.models import Organization
from yifa.ledger.people.unitnames import UnitNames


class UnitFinder:
    """The units of a body by everything they are called or were called; asked for once."""

    def __init__(self, body: Organization) -> None:
        self._known: dict[str, set[Organization]] = {}
        units = Organization.objects.filter(path__startswith=body.path).prefetch_related("names")
        for unit in units:
            past = [name for held in unit.names.all() for name in (held.name, held.short_name)]
            for name in (unit.code, unit.name, unit.short_name, *past):
                if name:
                    self._known.setdefault(_plain(name), set()).add(unit)
        self._names = UnitNames(body, timezone.localdate().year)
        self._found: dict[str, tuple[Organization | None, str]] = {}

    def find(self, text: str, shown: str) -> tuple[Organization | None, str]:
        """The unit, or why it is not clear which."""
        if text not in self._found:
            self._found[text] = self._look(text, shown)
        return self._found[text]

    def _look(self, text: str, shown: str) -> tuple[Organization | None, str]:
        exact = self._known.get(_plain(text), set())
        if len(exact) == 1:
            return next(iter(exact)), ""
        named = self._names.find(text)
        if named.organization is not None:
            return named.organization, ""
        candidates = [unit.name for unit in (*exact, *named.candidates)]
        if candidates:
            return None, f"{shown}可能是{'、'.join(dict.fromkeys(candidates[:4]))}，请写全称或者代码。"
        return None, f"本系统里没有叫{shown}的单位。请核对名称，或者在“值的对照”里选定它是哪个单位。"


def _plain(name: str) -> str:
    return "".join(name.split()).replace("(", "（").replace(")", "）").lower()
