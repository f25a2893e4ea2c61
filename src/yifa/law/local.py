"""Lengths of time that the law leaves to the locality: which there are, and the catalogue with those that were given.

    - {case_type: hotline_ticket, clock: handling, length: 5, unit: workdays, from: 2026-01-01,
       document: 澜亭县12345热线办理办法, article: 第十条}

A length given later for the same clock takes its place from its own day on; cases begun before keep the one before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import Field

from yifa.law.errors import YifaError
from yifa.law.loader import Catalogue
from yifa.law.messages import validate
from yifa.law.nodes import Text, YamlError, read_yaml
from yifa.law.schema import CaseType, ClockType, Duration, Id, Model, Unit

DAY = timedelta(days=1)


class LocalLengthError(YifaError):
    """The file of local lengths is wrong; the message names file, line and key."""

    code = "local_length"


class LocalLength(Model):
    """A number the locality gives to a clock, or (`extension`) to an act that lengthens it, and by which document."""

    case_type: Id
    clock: Id
    extension: Id | None = None
    length: int = Field(ge=0, le=3660)
    unit: Unit = Field(default=Unit.WORKDAYS, strict=False)
    document: str
    article: str | None = None
    valid_from: date = Field(alias="from")

    @property
    def place(self) -> tuple[str, str, str | None]:
        """What it is the length of."""
        return self.case_type, self.clock, self.extension


class _Lengths(Model):
    lengths: list[LocalLength]


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time now in force: of a clock, or (`extension`) of an act that lengthens it."""

    case_type: str
    clock: str
    extension: str | None
    case_title: str
    title: str
    now: Duration

    @property
    def place(self) -> tuple[str, str, str | None]:
        """What it is the length of."""
        return self.case_type, self.clock, self.extension


def lengths_in_force(catalogue: Catalogue) -> Iterator[Length]:
    """Every length of time that has not been ended, by case type."""
    for name, case in catalogue.case_types.items():
        for id_, clock in case.clocks.items():
            for extension, title, durations in clock_durations(case, clock):
                for last in durations[-1:]:
                    if last.valid_to is None:
                        yield Length(name, id_, extension, case.title, title, last)


def left_open(catalogue: Catalogue) -> tuple[Length, ...]:
    """The lengths without a number, neither in the catalogue nor among the facts of the case: the locality's."""
    return tuple(
        one
        for one in lengths_in_force(catalogue)
        if one.now.length is None and one.now.length_by_fact is None
    )


def clock_durations(case: CaseType, clock: ClockType) -> Iterator[tuple[str | None, str, Sequence[Duration]]]:
    """The durations of a clock: its own, and those of the acts that lengthen it, each with its title."""
    yield None, clock.title, clock.at_most or clock.at_least or ()
    for extension in clock.extensions:
        title = f"{clock.title}（{case.acts[extension.act].title}）"
        yield extension.act, title, extension.at_most


def with_duration(case: CaseType, clock: str, extension: str | None, made: Duration) -> CaseType:
    """The case type with a new duration that begins where the old ones end."""
    old = case.clocks[clock]
    if extension is not None:
        changed = [
            one.model_copy(update={"at_most": _lengthened(one.at_most, made)})
            if one.act == extension
            else one
            for one in old.extensions
        ]
        new = old.model_copy(update={"extensions": changed})
    else:
        key = "at_most" if old.at_most is not None else "at_least"
        new = old.model_copy(update={key: _lengthened(getattr(old, key), made)})
    return case.model_copy(update={"clocks": {**case.clocks, clock: new}})


def _lengthened(durations: Sequence[Duration], made: Duration) -> list[Duration]:
    if made.valid_from is None:
        return [made]
    last = made.valid_from - DAY
    ended = [
        old.model_copy(update={"valid_to": last}) if old.valid_to is None or old.valid_to > last else old
        for old in durations
        if old.valid_from is None or old.valid_from <= last
    ]
    return [*ended, made]


def with_lengths(catalogue: Catalogue, lengths: Sequence[LocalLength]) -> Catalogue:
    """The catalogue with local lengths; those of clocks it does not have (any more) are passed over."""
    cases = dict(catalogue.case_types)
    used = []
    for one in sorted(lengths, key=lambda one: one.valid_from):
        case = cases.get(one.case_type)
        if case is None or not _has(case, one):
            continue
        made = Duration.model_validate(
            {
                "law": one.document,
                "article": one.article,
                "length": one.length,
                "unit": one.unit,
                "from": one.valid_from,
                "note": "由本地规定",
            }
        )
        cases[one.case_type] = with_duration(case, one.clock, one.extension, made)
        used.append(one.model_dump_json())
    if not used:
        return catalogue
    return replace(
        catalogue, case_types=MappingProxyType(cases), digest=f"{catalogue.digest}+local:{'|'.join(used)}"
    )


def _has(case: CaseType, one: LocalLength) -> bool:
    clock = case.clocks.get(one.clock)
    return clock is not None and (
        one.extension is None or one.extension in {extension.act for extension in clock.extensions}
    )


def read_lengths(path: Path) -> tuple[LocalLength, ...]:
    """The local lengths of a file; none where there is no file. Raises LocalLengthError."""
    if not path.is_file():
        return ()
    try:
        text = read_yaml(path)
    except YamlError as error:
        raise LocalLengthError(f"本地时限文件 {error.message}") from None
    wrapped = Text(
        path, {"lengths": text.data}, {("lengths", *place): line for place, line in text.lines.items()}
    )
    found, problems = validate(_Lengths, wrapped)
    if found is None:
        lines = (
            f"本地时限文件 {path.name} 第 {text.line(place[1:])} 行 {text.key(place[1:])}：{what}"
            for place, what in problems
        )
        raise LocalLengthError("\n".join(lines))
    return tuple(found.lengths)


def write_lengths(path: Path, lengths: Sequence[LocalLength]) -> None:
    """Keeps the local lengths; a reader sees the old file or the new one, whole."""
    plain: list[dict[str, Any]] = [
        {**one.model_dump(by_alias=True, mode="json", exclude_none=True), "from": one.valid_from}
        for one in lengths
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), "utf-8")
    unfinished.replace(path)
