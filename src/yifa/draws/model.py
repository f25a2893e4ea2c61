"""What a draw is made from: a pool closed on a day, rules, and a seed that became known after the closing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from yifa.draws.errors import DrawError
from yifa.law.digests import sm3


class Exclusion(StrEnum):
    """Why something in the pool is not drawn."""

    DECLARED = "申报回避或者人工排除"
    OWN_UNIT = "属于应当回避的单位"
    RECENT = "近期已经抽中"
    NO_WEIGHT = "权重为零"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing or person that may be drawn.

    Attributes:
        facets: Values of the pool's facets, in their order, e.g. risk and trade.
        weight: Its own weight, multiplied by the factors of the rules.
        avoids: Ids or units it may not be matched with.
        excluded: Why it must not be drawn, where somebody said so by hand; empty: nobody did.
    """

    id: str
    name: str = ""
    unit: str = ""
    facets: tuple[str, ...] = ()
    weight: Fraction = Fraction(1)
    avoids: tuple[str, ...] = ()
    last_drawn: date | None = None
    excluded: str = ""

    def line(self) -> str:
        """What of it goes into the digest of the pool: one line, fields parted by tabs, lists by commas."""
        last = self.last_drawn.isoformat() if self.last_drawn else ""
        lists = ",".join(self.facets), ",".join(self.avoids)
        return "\t".join(
            (self.id, self.name, self.unit, lists[0], str(self.weight), lists[1], last, self.excluded)
        )


@dataclass(frozen=True, slots=True)
class Pool:
    """All that may be drawn, in the order of the ids. `facets` names what `Item.facets` holds."""

    items: tuple[Item, ...]
    facets: tuple[str, ...] = ()

    def values(self, facet: str) -> list[str]:
        """What its items have of a facet, each once."""
        at = self.facets.index(facet)
        return sorted({item.facets[at] for item in self.items})

    def digest(self) -> str:
        """SM3 over the facets' names and the lines of the items, each ended by a line feed."""
        lines = [",".join(self.facets), *(item.line() for item in self.items)]
        return sm3(("\n".join(lines) + "\n").encode())


def pool(items: Iterable[Item], facets: Iterable[str] = ()) -> Pool:
    """A pool of items in any order. Raises DrawError for an id given twice, a negative weight, a broken line."""
    ordered, names = tuple(sorted(items, key=lambda item: item.id)), tuple(facets)
    before = None
    for item in ordered:
        _refuse(item, names)
        if item.id == before:
            raise DrawError(f"名录中编号“{item.id}”出现了两次，请合并后再抽。", code="twice")
        before = item.id
    return Pool(ordered, names)


def _refuse(item: Item, facets: tuple[str, ...]) -> None:
    if not item.id.strip():
        raise DrawError(f"名录中“{item.name}”没有编号，请补上后再抽。", code="no_id")
    if item.weight < 0:
        raise DrawError(f"“{item.id}”的权重是{item.weight}，权重不能小于零。", code="weight")
    if len(item.facets) != len(facets):
        raise DrawError(
            f"“{item.id}”有{len(item.facets)}个分类值，名录分{len(facets)}类，请补齐。", code="facets"
        )
    parts = (item.id, item.name, item.unit, item.excluded, *item.facets, *item.avoids)
    if any("\t" in part or "\n" in part for part in parts):
        raise DrawError(f"“{item.id}”的内容里有换行或者制表符，请去掉。", code="line")
    if any("," in part for part in (*item.facets, *item.avoids)):
        raise DrawError(f"“{item.id}”的分类或者回避对象里有半角逗号，请改为顿号。", code="line")


@dataclass(frozen=True, slots=True)
class Factor:
    """By what the weight of an item is multiplied where one of its facets has a value."""

    facet: str
    value: str
    times: Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """How many are drawn, how they are weighed, and who is left out.

    Attributes:
        not_units: Units whose items are left out: whoever draws does not draw its own.
        rest_days: What was drawn that many days before the draw or later is left out; 0: nothing is.
    """

    take: int
    factors: tuple[Factor, ...] = ()
    not_units: tuple[str, ...] = ()
    rest_days: int = 0

    def rested_since(self, on: date) -> date | None:
        """The first day on which having been drawn leaves out of a draw on a day; None: no such day."""
        return on - timedelta(days=self.rest_days) if self.rest_days else None


@dataclass(frozen=True, slots=True)
class Seed:
    """What nobody could choose: published by somebody else, after the pool was closed.

    Attributes:
        text: As published, to the character.
        source: Where everybody can look it up.
        on: The day on which it was published.
    """

    text: str
    source: str
    on: date
