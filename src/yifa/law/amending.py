"""A new text of a law: what of the catalogue it touches, and the catalogue as it will be.

    law: 行政处罚法
    effective: 2027-03-01
    kind: 修订
    changed: [第六十条]                 # left out: the whole text is new
    articles: 86                        # where known
    durations:
      - {case_type: administrative_penalty, clock: decision, article: 第六十条, length: 60, unit: days}
    transition: keep                    # open cases keep the law under which they began; move: they follow the new one

Nothing in the catalogue's files is changed: the new durations begin where the old ones end, and stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Literal

import yaml
from pydantic import Field

from yifa.law.articles import article_numbers, on_articles
from yifa.law.errors import YifaError
from yifa.law.laws import LawList
from yifa.law.loader import Catalogue
from yifa.law.local import Length, clock_durations, lengths_in_force, with_duration
from yifa.law.messages import Problem, validate
from yifa.law.nodes import Text, YamlError, read_yaml
from yifa.law.schema import (
    Basis,
    CaseType,
    Duration,
    EarlierBasis,
    Id,
    Law,
    LawVersion,
    Model,
    OutlineType,
    Unit,
)


class AmendmentError(YifaError):
    """The file of a new text is wrong; the message names file, line and key."""

    code = "amendment"


class NewDuration(Model):
    """The number a clock has under the new text; `extension` where it is that of an extending act."""

    case_type: Id
    clock: Id
    extension: Id | None = None
    article: str
    length: int = Field(ge=0)
    unit: Unit = Field(default=Unit.DAYS, strict=False)


class Amendment(Model):
    """A new text of a law."""

    law: str
    effective: date
    kind: Literal["修正", "修订", "修改"] = "修订"
    number: str | None = None
    promulgated: date | None = None
    articles: int | None = Field(default=None, ge=1)
    changed: list[str] = Field(default_factory=list)
    durations: list[NewDuration] = Field(default_factory=list)
    transition: Literal["keep", "move"] = "keep"


@dataclass(frozen=True, slots=True)
class Touched:
    """A place in the catalogue that rests on a changed article.

    Attributes:
        kind: "case_type", "register", "counting_rule", "gap", "outline".
        id, title: Of the thing; `place` names the part of it in Chinese, "" for the thing itself.
        cites: The article as cited.
    """

    kind: str
    id: str
    title: str
    place: str
    cites: str


def resting(catalogue: Catalogue) -> dict[str, tuple[Touched, ...]]:
    """Every place of the catalogue that rests on a law, by the law's id."""
    found: dict[str, list[Touched]] = {}
    for kind, things in _things(catalogue):
        for id_, thing in things.items():
            for place, basis in _bases(thing, ""):
                law = catalogue.laws.find(basis.law)
                if law is not None:
                    name = thing.kind if isinstance(thing, OutlineType) else thing.title
                    where = "" if place == thing.title else place
                    found.setdefault(law.id, []).append(Touched(kind, id_, name, where, basis.article or ""))
    return {law: tuple(places) for law, places in found.items()}


def lengths(catalogue: Catalogue, law: Law) -> tuple[Length, ...]:
    """The lengths of time in force that a law gives: what a new text of it may change."""
    return tuple(
        one
        for one in lengths_in_force(catalogue)
        if (found := catalogue.laws.find(one.now.law)) is not None and found.id == law.id
    )


def _things(catalogue: Catalogue) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return (
        ("case_type", catalogue.case_types),
        ("register", catalogue.registers),
        ("counting_rule", catalogue.counting_rules),
        ("gap", catalogue.gaps),
        ("outline", catalogue.outlines),
    )


def parse_amendment(content: bytes, catalogue: Catalogue) -> Amendment:
    """The amendment of a file's content, as `read_amendment`."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "新法.yaml"
        path.write_bytes(content)
        return read_amendment(path, catalogue)


def as_yaml(amendment: Amendment) -> bytes:
    """The file of an amendment: what is kept, and what `parse_amendment` reads back."""
    plain: dict[str, Any] = amendment.model_dump(mode="json", exclude_defaults=True)
    dates = {name: getattr(amendment, name) for name in ("effective", "promulgated") if name in plain}
    return yaml.safe_dump(plain | dates, allow_unicode=True, sort_keys=False).encode()


def read_amendment(path: Path, catalogue: Catalogue) -> Amendment:
    """The amendment of a file. Raises AmendmentError with all that is wrong."""
    text, amendment, problems = _shaped(path)
    if amendment is not None:
        problems = list(_problems(amendment, catalogue))
    if amendment is None or problems:
        raise AmendmentError("\n".join(_line(text, problem) for problem in problems))
    return amendment


def _shaped(path: Path) -> tuple[Text, Amendment | None, list[Problem]]:
    try:
        text = read_yaml(path)
    except YamlError as error:
        raise AmendmentError(f"新法文件 {error.message}") from None
    return text, *validate(Amendment, text)


def _line(text: Text, problem: Problem) -> str:
    place, what = problem
    key = text.key(place)
    return f"新法文件 {text.path.name} 第 {text.line(place)} 行{' ' + key if key else ''}：{what}"


def _problems(amendment: Amendment, catalogue: Catalogue) -> Iterator[Problem]:
    law = catalogue.laws.find(amendment.law)
    if law is None:
        yield ("law",), f"法律目录里没有《{amendment.law}》，请改用目录里的名称"
        return
    newest = max((day for day in (law.effective, *(v.effective for v in law.versions)) if day), default=None)
    if newest and amendment.effective <= newest:
        yield ("effective",), f"施行日期应晚于现有文本的施行日期 {newest}，现在是 {amendment.effective}"
    for index, article in enumerate(amendment.changed):
        if article_numbers(article) is None:
            yield ("changed", index), f"“{article}”不是条文的写法，应写成 第六十条"
    for index, new in enumerate(amendment.durations):
        place = ("durations", index)
        case = catalogue.case_types.get(new.case_type)
        if case is None:
            yield (*place, "case_type"), f"目录里没有“{new.case_type}”这类事项"
            continue
        clock = case.clocks.get(new.clock)
        if clock is None:
            yield (
                (*place, "clock"),
                f"“{case.title}”没有“{new.clock}”这个时限。现有：{'、'.join(case.clocks)}",
            )
        elif new.extension and new.extension not in {one.act for one in clock.extensions}:
            yield (*place, "extension"), f"“{clock.title}”没有由“{new.extension}”延长的规定"


def amended(folder: Path, catalogue: Catalogue) -> Catalogue:
    """The catalogue with all new texts of a folder, the earliest first; those that it knows itself by now are passed over."""
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        amendment = stored(path)
        if amendment is None or not _known(amendment, catalogue):
            catalogue = Amending(catalogue, read_amendment(path, catalogue)).after()
    return catalogue


def stored(path: Path) -> Amendment | None:
    """The amendment of a kept file, whether or not the catalogue knows it by now; None where it is none."""
    return _shaped(path)[1]


def _known(amendment: Amendment, catalogue: Catalogue) -> bool:
    law = catalogue.laws.find(amendment.law)
    return law is not None and amendment.effective in {version.effective for version in law.versions}


class Amending:
    """An amendment laid against a catalogue."""

    def __init__(self, catalogue: Catalogue, amendment: Amendment) -> None:
        law = catalogue.laws.find(amendment.law)
        if law is None:
            raise AmendmentError(f"法律目录里没有《{amendment.law}》。")
        self.catalogue, self.amendment, self.law = catalogue, amendment, law
        self._numbers = {n for article in amendment.changed for n in article_numbers(article) or ()}

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which a text may cite the law."""
        return tuple(name for name in (self.law.title, self.law.short, *self.law.aliases) if name)

    def touches(self, law: str, article: str | None) -> bool:
        """Whether a citation rests on what changes; one without an article rests on the whole law."""
        found = self.catalogue.laws.find(law)
        if found is None or found.id != self.law.id:
            return False
        return on_articles(article, self._numbers)

    def touched(self) -> tuple[Touched, ...]:
        """Every place of the catalogue that rests on a changed article."""
        found = resting(self.catalogue).get(self.law.id, ())
        return tuple(
            replace(one, cites=one.cites or "全文")
            for one in found
            if self.touches(self.law.title, one.cites or None)
        )

    def after(self) -> Catalogue:
        """The catalogue with the new text: its durations from the day it takes effect."""
        changed = {
            name: self._case_type(case)
            for name, case in self.catalogue.case_types.items()
            if any(new.case_type == name for new in self.amendment.durations)
        }
        laws = [self._law() if law.id == self.law.id else law for law in self.catalogue.laws]
        return replace(
            self.catalogue,
            case_types=MappingProxyType({**self.catalogue.case_types, **changed}),
            laws=LawList(laws),
            digest=f"{self.catalogue.digest}+{self.law.id}:{self.amendment.effective}",
        )

    def _law(self) -> Law:
        new = LawVersion(
            promulgated=self.amendment.promulgated,
            effective=self.amendment.effective,
            kind=self.amendment.kind,
            number=self.amendment.number,
            articles=self.amendment.articles,
        )
        return self.law.model_copy(update={"versions": [*self.law.versions, new]})

    def _case_type(self, case: CaseType) -> CaseType:
        for new in self.amendment.durations:
            if new.case_type == case.case_type:
                case = with_duration(case, new.clock, new.extension, self._duration(case, new))
        return case

    def _duration(self, case: CaseType, new: NewDuration) -> Duration:
        """The new number; whether its last day moves to a working day is as it was."""
        named = {extension: old for extension, _, old in clock_durations(case, case.clocks[new.clock])}
        return Duration.model_validate(
            {
                "law": self.law.short or self.law.title,
                "article": new.article,
                "length": new.length,
                "unit": new.unit,
                "from": self.amendment.effective,
                "roll_over": any(old.roll_over for old in named[new.extension][-1:]),
            }
        )


def _bases(part: object, place: str) -> Iterator[tuple[str, Basis]]:
    """Every legal basis within a part of the catalogue, with the title of the nearest part that has one."""
    ended = isinstance(part, Duration) and part.valid_to is not None
    if isinstance(part, Basis) and not isinstance(part, EarlierBasis) and not ended:
        yield place, part
    if isinstance(part, Model):
        own = getattr(part, "title", None) if place or not isinstance(part, CaseType) else None
        here = own if isinstance(own, str) and place != own else place
        for name in type(part).model_fields:
            yield from _bases(getattr(part, name), here if name != "title" else place)
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _bases(value, getattr(value, "title", None) or place)
    elif isinstance(part, list):
        for value in part:
            yield from _bases(value, place)
