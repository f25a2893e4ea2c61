"""What two who judge without seeing each other make together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from yifa.procedures.scoring import Given, written


@dataclass(frozen=True, slots=True)
class View:
    """What one gave. `turn`: 1 and 2 the two, 3 the third, 4 a meeting."""

    turn: int
    who: str
    points: Decimal
    reason: str


def apart(first: Decimal, second: Decimal, tolerance: Decimal) -> bool:
    """Whether two differ by more than is tolerated."""
    return abs(first - second) > tolerance


def agreed(views: Sequence[View], tolerance: Decimal) -> Given | None:
    """The points that count; None while somebody still has to judge.

    A meeting's points count as they are. Of two who are close enough the mean, of three the one in the middle.
    """
    by_turn = {view.turn: view for view in views}
    meeting = by_turn.get(4)
    if meeting is not None:
        return Given(Fraction(meeting.points), f"合议定为{written(meeting.points)}分（{meeting.reason}）")
    two = [by_turn[turn] for turn in (1, 2) if turn in by_turn]
    if len(two) < 2:
        return None
    third = by_turn.get(3)
    if third is not None:
        points = median(Fraction(view.points) for view in (*two, third))
        return Given(points, f"{_said([*two, third])}，取居中的分值")
    if apart(two[0].points, two[1].points, tolerance):
        return None
    mean = (Fraction(two[0].points) + Fraction(two[1].points)) / 2
    return Given(mean, _said(two) + ("" if two[0].points == two[1].points else "，取平均"))


def _said(views: Sequence[View]) -> str:
    """What each gave and why."""
    return "；".join(f"{view.who}评{written(view.points)}分（{view.reason}）" for view in views)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the two agree over all they both judged: how many are within tolerance, and their mean distance."""

    pairs: int
    close: int
    distance: Decimal


def agreement(pairs: Sequence[tuple[Decimal, Decimal, Decimal]]) -> Agreement:
    """Of first, second and tolerance of each item."""
    close = sum(not apart(*pair) for pair in pairs)
    total = sum((abs(first - second) for first, second, _ in pairs), Decimal(0))
    return Agreement(len(pairs), close, total / len(pairs) if pairs else Decimal(0))
