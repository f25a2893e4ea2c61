"""The record of a draw: all that went into it and all that came out, in one file from which it can be made again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from yifa.draws.drawing import Drawn, Lot, draw, eligible
from yifa.draws.errors import DrawError
from yifa.draws.matching import Match, match
from yifa.draws.model import Exclusion, Item, Pool, Rules, Seed, pool
from yifa.law.digests import sm3
from yifa.law.phrases import day

FORMAT = "yifa-draw-1"
OBJECTS, PEOPLE = "检查对象", "检查人员"


@dataclass(frozen=True, slots=True)
class Side:
    """One pool with its rules and what was drawn from it. `role` is what the draw mixes into the keys."""

    role: str
    pool: Pool
    rules: Rules
    digest: str  # of the pool, as announced when it was closed
    drawn: tuple[Lot, ...] = ()
    excluded: tuple[tuple[str, Exclusion], ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """How many people each object of the first side gets from the second, and who they are."""

    per: int
    pairs: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """That a draw takes the place of an earlier one: the earlier one's digest, and why."""

    of: str
    reason: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A draw: prepared (pools closed, seed announced) or made (with its seed and what was drawn).

    `announced` says, before anybody can know it, what will be the seed. `digest` is that of all the rest.
    """

    title: str
    organization: str
    closed_on: date
    announced: str
    sides: tuple[Side, ...]
    format: str = FORMAT
    matching: Matching | None = None
    again: Again | None = None
    seed: Seed | None = None
    drawn_on: date | None = None
    digest: str = ""

    def proper_digest(self) -> str:
        """What `digest` has to be."""
        text = json.dumps(
            _plain(replace(self, digest="")), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return sm3(text.encode())


_ADAPTER: TypeAdapter[Paper] = TypeAdapter(Paper)


def _plain(paper: Paper) -> dict[str, Any]:
    return {"format": paper.format, **_ADAPTER.dump_python(paper, mode="json", exclude_defaults=True)}


def prepare(paper: Paper) -> Paper:
    """The draw with its pools closed: their digests and its own. Raises DrawError where the rules cannot hold."""
    if not paper.announced.strip():
        raise DrawError(
            "请写明用什么作种子，须是封存名录之后才会公布、本单位不能左右的数。", code="announced"
        )
    if paper.again is not None and not paper.again.reason.strip():
        raise DrawError("重抽要写明理由。", code="reason")
    if paper.matching is not None and len(paper.sides) < 2:
        raise DrawError("要配对，须有对象和人员两个名录。", code="sides")
    closed = tuple(replace(side, digest=side.pool.digest(), drawn=(), excluded=()) for side in paper.sides)
    for side in closed:
        eligible(side.pool, side.rules, side.role, paper.closed_on)
    found = replace(paper, sides=closed, digest="")
    return replace(found, digest=found.proper_digest())


def make(prepared: Paper, seed: Seed, on: date) -> Paper:
    """The draw made from a prepared one. Raises DrawError where the seed could have been chosen, or too few are left."""
    refuse_seed(prepared, seed, on)
    sides = tuple(
        _drawn(side, draw(side.pool, side.rules, seed.text, side.role, on)) for side in prepared.sides
    )
    matching = prepared.matching
    if matching is not None:
        matching = replace(matching, pairs=match(chosen(sides[0]), chosen(sides[1]), matching.per, seed.text))
    made = replace(prepared, sides=sides, matching=matching, seed=seed, drawn_on=on, digest="")
    return replace(made, digest=made.proper_digest())


def refuse_seed(paper: Paper, seed: Seed, on: date) -> None:
    """A seed must be published by somebody else, after the pool was closed and not after the draw."""
    if not seed.text.strip() or not seed.source.strip():
        raise DrawError("请填写种子的内容和公布来源，他人才能核对。", code="seed")
    if seed.text != seed.text.strip() or "\n" in seed.text:
        raise DrawError("种子前后不要留空格，也不要换行。", code="seed")
    if seed.on <= paper.closed_on:
        raise DrawError(
            f"种子公布于{day(seed.on)}，名录封存于{day(paper.closed_on)}；种子须在封存次日及以后公布，否则分不清先后，可以挑选。",
            code="early_seed",
        )
    if seed.on > on:
        raise DrawError(f"种子公布日{day(seed.on)}晚于抽取日{day(on)}，请核对。", code="seed")


def _drawn(side: Side, found: Drawn) -> Side:
    return replace(side, drawn=found.lots, excluded=tuple(sorted(found.excluded.items())))


def chosen(side: Side) -> tuple[Item, ...]:
    """The items drawn, in their order."""
    items = {item.id: item for item in side.pool.items}
    return tuple(items[lot.id] for lot in side.drawn if lot.id in items)


def write(paper: Paper) -> str:
    """The file: JSON, for machines and for whoever wants to look into it."""
    return json.dumps(_plain(paper), ensure_ascii=False, indent=1) + "\n"


def read(text: str | bytes) -> Paper:
    """Reads a file. Raises DrawError saying what is wrong where."""
    try:
        paper = _ADAPTER.validate_json(text)
    except ValidationError as error:
        raise DrawError(_wrong(error), code="file") from error
    if paper.format != FORMAT:
        raise DrawError(f"文件格式是“{paper.format}”，这里认识的是“{FORMAT}”。", code="file")
    for side in paper.sides:
        pool(side.pool.items, side.pool.facets)
    return paper


def _wrong(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "json_invalid":
        return "这不是抽取记录文件：内容不是 JSON，可能没有下载完整，请重新下载。"
    if first["type"] == "missing":
        return f"抽取记录文件缺少“{where}”，可能不完整，请重新下载。"
    if not where:
        return "这不是抽取记录文件，请核对是不是选错了文件。"
    return f"抽取记录文件的“{where}”写得不对，可能被改动过，请重新下载。"
