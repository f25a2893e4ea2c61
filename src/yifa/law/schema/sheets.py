"""Sheets by which files are reviewed: items with points, in groups, each with the law it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from yifa.law.schema.base import Basis, Id, Model, wrong


class SheetItem(Model):
    """One thing a reviewer looks at. `veto`: where it is not so, the file fails whatever its points."""

    id: Id
    title: str
    points: int = Field(gt=0)
    basis: Basis | None = None
    veto: bool = False


class SheetGroup(Model):
    """Items that belong together."""

    title: str
    items: list[SheetItem] = Field(min_length=1)


class SheetType(Model):
    """The sheet of one kind of file.

    `case_types`: whose cases are files of this kind. From `excellent` and `passing` points of a hundred on a file is
    that good; these two and the points are ours, no law gives them.
    """

    sheet: Id
    title: str
    summary: str
    file_kind: str
    case_types: list[Id] = Field(default_factory=list)
    excellent: int = Field(ge=0, le=100)
    passing: int = Field(ge=0, le=100)
    basis: list[Basis] = Field(default_factory=list)
    groups: list[SheetGroup] = Field(min_length=1)

    def items(self) -> Iterator[SheetItem]:
        """All items in their order."""
        for group in self.groups:
            yield from group.items

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [item.id for item in self.items()]
        if twice := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            raise wrong(f"评查项的标识重复：{'、'.join(twice)}")
        if (total := sum(item.points for item in self.items())) != 100:
            raise wrong(f"各项分值之和应为100，现在是{total}")
        if self.passing >= self.excellent:
            raise wrong("合格线应低于优秀线")
        return self
