"""The pools of a draw as its page explains them: who was drawn, who was left out and why, who was kept from whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from yifa.draws import Exclusion, Item, Lot, Paper, Side
from yifa.draws.drawing import weigh
from yifa.draws.explaining import explained, in_general
from yifa.draws.matching import barred
from yifa.draws.paper import chosen

SHOWN = 200  # of what was left out; the file holds all
SAME_UNIT = "同一单位"


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """Something drawn, with its name and unit."""

    lot: Lot
    name: str
    unit: str
    facets: str


@dataclass(frozen=True, slots=True)
class SideShown:
    """One pool as the page shows it. `weights`: how many may be drawn with which weight, the heaviest first."""

    side: Side
    rows: list[DrawnRow]
    counts: list[tuple[str, int]]
    excluded: list[tuple[str, str]]
    left_out: int
    weights: list[tuple[Fraction, int]]

    @property
    def size(self) -> int:
        """How many there are in the pool."""
        return len(self.side.pool.items)

    @property
    def with_units(self) -> bool:
        """Whether what was drawn belongs to units."""
        return any(row.unit for row in self.rows)

    @property
    def facets(self) -> str:
        """By what things are told apart; of the unit another column says it."""
        return "、".join(facet for facet in self.side.pool.facets if facet != "单位")

    @property
    def more(self) -> int:
        """How many left out are not shown."""
        return self.left_out - len(self.excluded)


def side_shown(side: Side, on: date) -> SideShown:
    """The drawn and the left out with their names; before the draw who would be left out on that day."""
    items = {item.id: item for item in side.pool.items}
    rows = [_row(lot, items[lot.id]) for lot in side.drawn]
    weighted, found = weigh(side.pool, side.rules, on)
    excluded: Mapping[str, Exclusion] = dict(side.excluded) if side.drawn else dict(sorted(found.items()))
    told = [
        (items[id_].name or id_, explained(items[id_], why, side))
        for id_, why in list(excluded.items())[:SHOWN]
        if id_ in items
    ]
    counts = [(in_general(why), many) for why, many in Counter(excluded.values()).items()]
    weights = sorted(weighted.counts.items(), reverse=True)
    return SideShown(side, rows, counts, told, len(excluded), weights)


def _row(lot: Lot, item: Item) -> DrawnRow:
    """What was drawn, saying its unit once: neither a unit's own name nor the facet of that name says it again."""
    name = item.name or item.id
    return DrawnRow(
        lot,
        name,
        item.unit if item.unit != name else "",
        "、".join(facet for facet in item.facets if facet != item.unit),
    )


def pairs_of(paper: Paper) -> Iterator[tuple[str, list[str]]]:
    """Who inspects what, by name."""
    if paper.matching is None:
        return
    things, people = ({item.id: item.name or item.id for item in side.pool.items} for side in paper.sides[:2])
    for pair in paper.matching.pairs:
        yield things[pair.object], [people[id_] for id_ in pair.people]


def kept_apart(paper: Paper) -> list[tuple[str, str, str]]:
    """Who of the drawn was kept from which drawn object for something declared; of the own unit the page says it in general."""
    if paper.matching is None or paper.drawn_on is None:
        return []
    found: list[tuple[str, str, str]] = []
    people = [one for one in chosen(paper.sides[1]) if one.avoids]
    for thing in chosen(paper.sides[0]):
        for person in people:
            why = barred(thing, person)
            if why is not None and why != SAME_UNIT:
                found.append((person.name or person.id, thing.name or thing.id, why))
        if len(found) >= SHOWN:
            break
    return found[:SHOWN]
