"""Layouts in which offices hand in their lists (台账): title row, columns under merged heads, signatures, as data.

One YAML file each in `layouts/`; a locality puts its own into the folder `layouts` of the data folder, where a file of the
same name goes before the one delivered.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yifa.exchange.targets import Target, target_of
from yifa.law.errors import YifaError

OF_CASES = frozenset({"title", "number", "unit", "status", "opened", "closed", "due"})
OF_ENTRIES = frozenset({"title", "key", "unit", "state", "begins", "ends"})
BLANK = "blank"  # to be filled in by hand


class LayoutColumn(BaseModel):
    """A column. `under`: the head it shares with its neighbours; `value`: what it shows, the first that is given of several."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    value: str | tuple[str, ...] = BLANK
    width: float = Field(default=12, ge=4, le=80)
    under: str | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """All it may show."""
        return (self.value,) if isinstance(self.value, str) else self.value


class Layout(BaseModel):
    """A sheet as an office hands it in. A serial number stands before all columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    layout: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    of: str = Field(pattern=r"^(case|register):[a-z0-9_]+$")
    orientation: Literal["landscape", "portrait"] = "landscape"
    columns: tuple[LayoutColumn, ...] = Field(min_length=1)
    signatures: tuple[str, ...] = ("填报人", "审核人", "联系电话")
    note: str | None = None

    @property
    def case_type(self) -> str | None:
        """Of which cases it is, if of cases."""
        kind, _, name = self.of.partition(":")
        return name if kind == "case" else None


def layouts() -> dict[str, Layout]:
    """All layouts that can be used, by name; a locality's own go before."""
    return _delivered() | _read(_own_folder())[0]


def layouts_of(target: str) -> list[Layout]:
    """Those of a case type or register, as `case:hotline_ticket`."""
    return [one for one in layouts().values() if one.of == target]


def own() -> list[Layout]:
    """A locality's own layouts that can be used."""
    return list(_read(_own_folder())[0].values())


def faults() -> list[str]:
    """What is wrong with a locality's own files; these are left aside."""
    return _read(_own_folder())[1]


def _own_folder() -> Path:
    return Path(settings.DATA) / "layouts"


@lru_cache(maxsize=1)
def _delivered() -> dict[str, Layout]:
    found, wrong = _read(Path(str(files("yifa.exchange"))) / "layouts")
    if wrong:
        raise YifaError("；".join(wrong), code="damaged")
    return found


def _read(folder: Path) -> tuple[dict[str, Layout], list[str]]:
    found: dict[str, Layout] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        try:
            layout = read(path.read_text(encoding="utf-8"), path.name)
            found[layout.layout] = layout
        except YifaError as error:
            wrong.append(error.message)
    return found, wrong


def read(text: str, name: str) -> Layout:
    """A layout from its file. Raises YifaError where it is not valid, or names what its target does not have."""
    try:
        layout = Layout.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        where = ".".join(map(str, first["loc"])) if first else "文件"
        raise YifaError(f"台账格式 {name}：{where} 不对，请对照说明修改后再放回。", code="invalid") from error
    target = target_of(layout.of)
    known = {*(OF_CASES if target.is_case else OF_ENTRIES), *meanings(target), BLANK}
    for column in layout.columns:
        for value in column.values:
            if value not in known:
                raise YifaError(
                    f"台账格式 {name}：“{column.title}”一栏写的 {value}，“{target.title}”里没有这一项。",
                    code="invalid",
                )
    return layout


def meanings(target: Target) -> set[str]:
    """What the fields of a target are called in a layout: fact:NAME, act:ACT:on|outcome|by, field:ACT:NAME, data:NAME."""
    return {key for key in target.meanings if ":" in key}
