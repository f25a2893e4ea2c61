"""Things of the catalogue in groups, by the field of work they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from yifa.law.phrases import DOMAINS
from yifa.law.schema import Domain

T = TypeVar("T")
OTHER = "其他"


def by_domain(things: Iterable[T], domain: Callable[[T], Domain | None]) -> list[tuple[str, list[T]]]:
    """The things under the title of their domain, in the order of the domains; those without one last."""
    groups: dict[Domain | None, list[T]] = {}
    for thing in things:
        groups.setdefault(domain(thing), []).append(thing)
    known = [(title, groups[key]) for key, title in DOMAINS.items() if key in groups]
    return [*known, (OTHER, groups[None])] if None in groups else known
