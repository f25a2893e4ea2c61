"""The order of names as people look them up: by the sounds of their characters, units below the one they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from yifa.ledger.models import Organization, User

T = TypeVar("T")


@cache
def sounds(name: str) -> tuple[str, ...]:
    """The sounds of a name's characters, known by the words they stand in; other signs as they are."""
    from pypinyin import lazy_pinyin  # its tables are large: read when the first list is sorted

    return tuple(lazy_pinyin(name))


def by_sound(things: Iterable[T], name: Callable[[T], str] = str) -> list[T]:
    """Things in the order of their names."""
    return sorted(things, key=lambda thing: (sounds(name(thing)), name(thing)))


def units_by_sound(units: Iterable[Organization]) -> list[Organization]:
    """Each unit before those below it, units of one parent in the order of their names."""
    listed = list(units)
    names = {unit.code: unit.name for unit in listed}

    def place(unit: Organization) -> tuple[tuple[tuple[str, ...], str], ...]:
        return tuple((sounds(names.get(code, code)), code) for code in unit.ancestor_codes())

    return sorted(listed, key=place)


def people_by_sound(people: Iterable[User]) -> list[User]:
    """People by their units and names."""
    return by_sound(people, lambda one: f"{one.organization or ''} {one.display_name or one.username}")
