"""In which row of its drawing each act of a procedure stands: below all that must come before it."""

from __future__ import annotations

from collections.abc import Collection

from yifa.law.schema import CaseType

WIDEST = 5  # acts beside each other


def rows(case_type: CaseType, shown: Collection[str] | None = None) -> list[list[str]]:
    """The acts from top to bottom, each row in the order of the catalogue. `shown`: only these."""
    depth: dict[str, int] = {}
    for name in case_type.acts:
        _depth(case_type, name, depth, set())
    found: list[list[str]] = []
    names = [name for name in case_type.acts if shown is None or name in shown]
    for level in sorted({depth[name] for name in names}):
        acts = [name for name in names if depth[name] == level]
        lines = -(-len(acts) // WIDEST)
        each = -(-len(acts) // lines)
        found += [acts[first : first + each] for first in range(0, len(acts), each)]
    return found


def _depth(case_type: CaseType, name: str, known: dict[str, int], under: set[str]) -> int:
    """How many acts deep; what waits for each other in a circle is cut where it is met again."""
    if name in known:
        return known[name]
    if name in case_type.opens_with and not case_type.acts[name].after:
        known[name] = 0
        return 0
    before = {one for needed in case_type.acts[name].after for one in needed.acts} - under - {name}
    before &= case_type.acts.keys()
    deepest = max((_depth(case_type, one, known, under | {name}) for one in before), default=0)
    known[name] = deepest + 1
    return known[name]
