"""Draws that anyone can make again: pure functions over a closed pool, a published seed and rules. No database.

How a draw comes about is told in docs/reference/draw-format.md; nothing in it depends on a generator of random numbers.
"""

from yifa.draws.drawing import Drawn, Lot, draw
from yifa.draws.errors import DrawError
from yifa.draws.matching import Match, match
from yifa.draws.model import Exclusion, Factor, Item, Pool, Rules, Seed, pool
from yifa.draws.paper import OBJECTS, PEOPLE, Again, Matching, Paper, Side, make, prepare, read, write
from yifa.draws.verifying import differences

__all__ = [
    "OBJECTS",
    "PEOPLE",
    "Again",
    "DrawError",
    "Drawn",
    "Exclusion",
    "Factor",
    "Item",
    "Lot",
    "Match",
    "Matching",
    "Paper",
    "Pool",
    "Rules",
    "Seed",
    "Side",
    "differences",
    "draw",
    "make",
    "match",
    "pool",
    "prepare",
    "read",
    "write",
]
