"""Reads a catalogue folder, strictly, and says kindly what is wrong: file, line, key, what was found and expected.

    cases/*.yaml  registers/*.yaml  counting/*.yaml  gaps/*.yaml  outlines/*.yaml  documents/*.yaml
    indicators/*.yaml  sheets/*.yaml  levels/*.yaml  jurisdictions/*.yaml  laws.yaml

Every file holds one thing and bears its id as name. The whole folder is read each time, except by `catalogue()` where
`keep_in` has named a folder for a checked copy (`yifa.law.keeping`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

from pydantic import BaseModel

from yifa.law.crosschecks import Known
from yifa.law.errors import YifaError
from yifa.law.laws import LawList
from yifa.law.listchecks import problems_of
from yifa.law.messages import Problem, validate
from yifa.law.nodes import Place, Text, YamlError, read_yaml
from yifa.law.schema import (
    CaseType,
    CountingRule,
    DocumentType,
    GapType,
    IndicatorSet,
    Jurisdiction,
    Law,
    LevelProfile,
    Model,
    OutlineType,
    RegisterType,
    SheetType,
)

FOLDER = Path(__file__).parent / "catalogue"
LAWS = "laws.yaml"
_SUFFIX = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")
Shape = TypeVar("Shape", bound=BaseModel)


class CatalogueError(YifaError):
    """One fault of a catalogue file. `file` is relative to the folder, `line` counts from 1."""

    code = "catalogue"

    def __init__(self, file: str, line: int, key: str, what: str) -> None:
        self.file, self.line, self.key, self.what = file, line, key, what
        super().__init__(f"目录文件 {file} 第 {line} 行{' ' + key if key else ''}：{what}")


class InvalidCatalogueError(CatalogueError):
    """The catalogue cannot be used; `errors` holds every fault, the message shows them all."""

    def __init__(self, errors: list[CatalogueError]) -> None:
        first = errors[0]
        super().__init__(first.file, first.line, first.key, first.what)
        self.errors = tuple(errors)
        self.message = "\n".join(error.message for error in errors)


@dataclass(frozen=True)
class Catalogue:
    """The law as data. All mappings are by id, in the order of the ids."""

    folder: Path
    case_types: Mapping[str, CaseType]
    registers: Mapping[str, RegisterType]
    counting_rules: Mapping[str, CountingRule]
    gaps: Mapping[str, GapType]
    outlines: Mapping[str, OutlineType]
    documents: Mapping[str, DocumentType]
    indicator_sets: Mapping[str, IndicatorSet]
    sheets: Mapping[str, SheetType]
    levels: Mapping[str, LevelProfile]
    jurisdictions: Mapping[str, Jurisdiction]
    laws: LawList
    digest: str  # SHA-256 over the names and contents of all files
    sources: Mapping[str, Path]

    def source(self, id_: str) -> Path:
        """The file in which the thing of an id stands."""
        return self.sources[id_]

    def jurisdiction(self, name: str) -> Jurisdiction | None:
        """A jurisdiction by its id or its name, with or without 省、市、自治区."""
        for found in self.jurisdictions.values():
            if name in {found.jurisdiction, found.title, _SUFFIX.sub("", found.title)}:
                return found
        return None


@dataclass(frozen=True)
class _Kind(Generic[Shape]):
    """One folder of the catalogue: the shape of its files and the field that holds the id."""

    folder: str
    shape: type[Shape]
    id_field: str

    @property
    def key(self) -> str:
        return self.shape.model_fields[self.id_field].alias or self.id_field


_KINDS: tuple[_Kind[Model], ...] = (
    _Kind("cases", CaseType, "case_type"),
    _Kind("registers", RegisterType, "register_"),
    _Kind("counting", CountingRule, "counting_rule"),
    _Kind("gaps", GapType, "gap"),
    _Kind("outlines", OutlineType, "outline"),
    _Kind("documents", DocumentType, "document"),
    _Kind("indicators", IndicatorSet, "indicator_set"),
    _Kind("sheets", SheetType, "sheet"),
    _Kind("levels", LevelProfile, "level"),
    _Kind("jurisdictions", Jurisdiction, "jurisdiction"),
)


class _Laws(Model):
    laws: list[Law]


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read and check a catalogue. Raises InvalidCatalogueError."""
    loading = _Loading(folder or FOLDER)
    if loading.errors:
        raise InvalidCatalogueError(loading.errors)
    return loading.catalogue()


def check_catalogue(folder: Path | None = None) -> list[CatalogueError]:
    """Everything that is wrong with a catalogue, in the order of files and lines."""
    return _Loading(folder or FOLDER).errors


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue shipped with Yifa, read once, with what the installation follows besides (`follow`)."""
    found = _shipped()
    for change in _changes:
        found = change(found)
    return found


def _shipped() -> Catalogue:
    from yifa.law.keeping import kept

    if _place is None:
        return load_catalogue()
    return kept(FOLDER, digest_of(FOLDER), _place, load_catalogue)


def digest_of(folder: Path) -> str:
    """SHA-256 over the names and contents of all files of a catalogue."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        found.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()


_place: Path | None = None
_changes: list[Callable[[Catalogue], Catalogue]] = []


def keep_in(place: Path | None) -> None:
    """From now on `catalogue()` keeps a checked copy in this folder; None: it keeps none."""
    global _place  # noqa: PLW0603 - where an installation keeps things is one fact of the process
    _place = place
    catalogue.cache_clear()


def follow(change: Callable[[Catalogue], Catalogue]) -> None:
    """From now on `catalogue()` is what this change makes of it, e.g. new texts of laws (`yifa.law.amending`)."""
    _changes.append(change)
    catalogue.cache_clear()


class _Loading:
    """One pass over a folder: read, validate, cross-check; keeps going after an error to find them all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors: list[CatalogueError] = []
        self.sources: dict[str, Path] = {}
        self.found: dict[str, dict[str, Model]] = {kind.folder: {} for kind in _KINDS}
        self.texts: dict[str, Text] = {}
        if not folder.is_dir():
            self.errors.append(CatalogueError(str(folder), 1, "", "没有这个目录文件夹"))
            return
        self.laws = LawList(self._read_laws())
        for kind in _KINDS:
            for path in self._files(folder / kind.folder):
                self._read(kind, path)
        self._cross_check()
        self.errors.sort(key=lambda e: (e.file, e.line, e.key))

    def catalogue(self) -> Catalogue:
        parts = {kind.folder: MappingProxyType(self.found[kind.folder]) for kind in _KINDS}
        return Catalogue(
            folder=self.folder,
            case_types=parts["cases"],  # type: ignore[arg-type]  # one dict a kind, each of its own shape
            registers=parts["registers"],  # type: ignore[arg-type]
            counting_rules=parts["counting"],  # type: ignore[arg-type]
            gaps=parts["gaps"],  # type: ignore[arg-type]
            outlines=parts["outlines"],  # type: ignore[arg-type]
            documents=parts["documents"],  # type: ignore[arg-type]
            indicator_sets=parts["indicators"],  # type: ignore[arg-type]
            sheets=parts["sheets"],  # type: ignore[arg-type]
            levels=parts["levels"],  # type: ignore[arg-type]
            jurisdictions=parts["jurisdictions"],  # type: ignore[arg-type]
            laws=self.laws,
            digest=digest_of(self.folder),
            sources=MappingProxyType(self.sources),
        )

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _files(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".yaml":
                yield path
            elif path.suffix == ".yml":
                self._wrong(path, 1, "", "文件名应以 .yaml 结尾，现在是 .yml，没有读入")

    def _wrong(self, path: Path, line: int, key: str, what: str) -> None:
        self.errors.append(CatalogueError(self._name(path), line, key, what))

    def _all_wrong(self, text: Text, problems: list[Problem]) -> None:
        for place, what in problems:
            self._wrong(text.path, text.line(place), text.key(place), what)

    def _text(self, path: Path) -> Text | None:
        try:
            text = read_yaml(path)
        except YamlError as error:
            self._wrong(path, error.line, Text.key(error.place), error.what)
            return None
        return text

    def _read_laws(self) -> list[Law]:
        path = self.folder / LAWS
        if not path.is_file():
            self._wrong(path, 1, "", "缺少法律目录 laws.yaml")
            return []
        text = self._text(path)
        if text is None:
            return []
        wrapped = Text(path, {"laws": text.data}, {("laws", *k): line for k, line in text.lines.items()})
        laws, problems = validate(_Laws, wrapped)
        self._all_wrong(text, [(place[1:], what) for place, what in problems])
        if laws is None:
            return []
        seen: set[str] = set()
        for index, law in enumerate(laws.laws):
            if law.id in seen:
                self._wrong(path, text.line((index,)), f"[{index}].id", f"编号 {law.id} 用了两次")
            seen.add(law.id)
        return laws.laws

    def _read(self, kind: _Kind[Model], path: Path) -> None:
        text = self._text(path)
        if text is None:
            return
        found, problems = validate(kind.shape, text)
        self._all_wrong(text, problems)
        if found is None:
            return
        id_ = str(getattr(found, kind.id_field))
        place: Place = (kind.key,)
        if id_ != path.stem:
            what = f"标识是“{id_}”，文件名却是“{path.name}”，文件名应为“{id_}.yaml”"
            self._wrong(path, text.line(place), kind.key, what)
        if id_ in self.sources:
            what = f"标识“{id_}”已用在 {self._name(self.sources[id_])}，标识不能重复"
            self._wrong(path, text.line(place), kind.key, what)
            return
        self.sources[id_] = path
        self.texts[id_] = text
        self.found[kind.folder][id_] = found

    def _cross_check(self) -> None:
        known = Known(
            case_types=self.found["cases"],  # type: ignore[arg-type]  # one dict a kind, each of its own shape
            registers=self.found["registers"],  # type: ignore[arg-type]
            counting_rules=self.found["counting"],  # type: ignore[arg-type]
            laws=self.laws,
            gaps=self.found["gaps"],  # type: ignore[arg-type]
            documents=self.found["documents"],  # type: ignore[arg-type]
        )
        for kind in _KINDS:
            for id_, thing in self.found[kind.folder].items():
                self._all_wrong(self.texts[id_], list(problems_of(thing, known)))
