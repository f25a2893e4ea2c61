"""What sheets add up to, and how far two reviewers agree. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from yifa.law.schema import SheetItem, SheetType


class Mark(StrEnum):
    """What a reviewer says of an item."""

    FULL = "符合"
    HALF = "部分符合"
    NONE = "不符合"
    NOT_APPLICABLE = "不涉及"


SHARE = {Mark.FULL: Fraction(1), Mark.HALF: Fraction(1, 2), Mark.NONE: Fraction(0)}
EXCELLENT, PASSED, FAILED = "优秀", "合格", "不合格"
Answers = Mapping[str, tuple[Mark, str]]


@dataclass(frozen=True, slots=True)
class Scored:
    """A file's points of a hundred, what it is worth by them, and what is wrong with it."""

    score: Fraction
    grade: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """An item with what both said."""

    item: SheetItem
    first: Mark
    second: Mark

    @property
    def agreed(self) -> bool:
        """Whether both said the same."""
        return self.first is self.second

    @property
    def opposed(self) -> bool:
        """Whether one says it is so and the other that it is not."""
        return {self.first, self.second} == {Mark.FULL, Mark.NONE}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two agree. `kappa` is Cohen's: beyond what chance would give; None where chance alone gives all."""

    items: tuple[Compared, ...]
    share: Fraction
    kappa: Fraction | None
    third: bool  # whether a third has to look

    @property
    def varied(self) -> bool:
        """Whether both gave more than one mark; else `kappa` says nothing, near as they may be."""
        return all(
            len(marks) > 1
            for marks in ({one.first for one in self.items}, {one.second for one in self.items})
        )


def scored(sheet: SheetType, *views: Answers) -> Scored:
    """Points over the items that apply, as one, two or three see them.

    Of two views the points are the mean. Of three that mark counts which two gave, else the third's. An item that
    must be so and is not fails the file. A note stands with its problem.
    """
    got, most, failed = Fraction(0), 0, False
    problems = []
    for item in sheet.items():
        marks = _counting([view[item.id][0] for view in views])
        applying = [SHARE[mark] for mark in marks if mark is not Mark.NOT_APPLICABLE]
        if not applying:
            continue
        share = sum(applying, Fraction(0)) / len(applying)
        got, most = got + share * item.points, most + item.points
        failed = failed or (item.veto and Mark.NONE in marks)
        if share < 1:
            notes = dict.fromkeys(view[item.id][1] for view in views if view[item.id][1])
            problems.append(f"{item.title}：{'；'.join(notes)}" if notes else item.title)
    score = got / most * 100 if most else Fraction(100)
    return Scored(score, _grade(sheet, score, failed), tuple(problems))


def _counting(marks: Sequence[Mark]) -> Sequence[Mark]:
    if len(marks) < 3:
        return marks
    most, times = Counter(marks).most_common(1)[0]
    return [most if times > 1 else marks[2]]


def _grade(sheet: SheetType, score: Fraction, failed: bool) -> str:
    if failed or score < sheet.passing:
        return FAILED
    return EXCELLENT if score >= sheet.excellent else PASSED


def agreement(sheet: SheetType, first: Answers, second: Answers) -> Agreement:
    """Item by item and in all. A third looks where the grades differ or one says yes to what the other denies."""
    items = tuple(Compared(item, first[item.id][0], second[item.id][0]) for item in sheet.items())
    same = Fraction(sum(one.agreed for one in items), len(items))
    ones, others = Counter(one.first for one in items), Counter(one.second for one in items)
    chance = Fraction(sum(ones[mark] * others[mark] for mark in Mark), len(items) ** 2)
    kappa = None if chance == 1 else (same - chance) / (1 - chance)
    apart = scored(sheet, first).grade != scored(sheet, second).grade
    return Agreement(items, same, kappa, apart or any(one.opposed for one in items))
