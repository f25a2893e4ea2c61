"""Does a record of a draw hold? Everything in it is made again from the pools, the rules and the seed alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from yifa.draws.drawing import Drawn, draw
from yifa.draws.errors import DrawError
from yifa.draws.matching import Match, match
from yifa.draws.paper import Paper, Side, chosen, refuse_seed


def differences(paper: Paper) -> tuple[str, ...]:
    """What differs from what is made again, in words; empty: the draw holds."""
    return tuple(_differences(paper))


def _differences(paper: Paper) -> Iterator[str]:
    for side in paper.sides:
        if (proper := side.pool.digest()) != side.digest:
            yield (
                f"{side.role}名录的摘要应为{proper}，记录为{side.digest}：名录在封存之后被改动，或者摘要被改动。"
            )
    if paper.again is not None and not paper.again.reason.strip():
        yield "这是重抽，却没有写明理由。"
    if paper.digest != (proper := paper.proper_digest()):
        yield f"整份记录的摘要应为{proper}，记录为{paper.digest or '空'}：记录被改动。"
    if paper.seed is None or paper.drawn_on is None:
        yield "名录已经封存，还没有抽取：记录里没有种子和抽取日期。"
        return
    try:
        refuse_seed(paper, paper.seed, paper.drawn_on)
    except DrawError as error:
        yield error.message
    again = []
    for side in paper.sides:
        try:
            found = draw(side.pool, side.rules, paper.seed.text, side.role, paper.drawn_on)
        except DrawError as error:
            yield f"按记录的名录和规则抽不出来：{error.message}"
            continue
        yield from _of_side(side, found)
        again.append(replace(side, drawn=found.lots))
    if paper.matching is not None and len(again) == len(paper.sides):
        try:
            proper_pairs = match(chosen(again[0]), chosen(again[1]), paper.matching.per, paper.seed.text)
        except DrawError as error:
            yield f"按记录的抽取结果配不上对：{error.message}"
        else:
            yield from _of_pairs(paper.matching.pairs, proper_pairs, again)


def _of_side(side: Side, found: Drawn) -> Iterator[str]:
    names = {item.id: item.name or item.id for item in side.pool.items}
    kept = dict(side.excluded)
    for id_, reason in found.excluded.items():
        if id_ not in kept:
            yield f"{side.role}“{names[id_]}”应当排除（{reason}），记录里没有排除。"
        elif kept[id_] != reason:
            yield f"{side.role}“{names[id_]}”排除的理由应为“{reason}”，记录为“{kept[id_]}”。"
    yield from (
        f"{side.role}“{names.get(id_, id_)}”记录为排除（{reason}），按名录和规则不应当排除。"
        for id_, reason in side.excluded
        if id_ not in found.excluded
    )
    proper, written = [lot.id for lot in found.lots], [lot.id for lot in side.drawn]
    yield from (
        f"{side.role}“{names.get(id_, id_)}”没有抽中，记录为抽中。" for id_ in written if id_ not in proper
    )
    yield from (f"{side.role}“{names[id_]}”应当抽中，记录里没有。" for id_ in proper if id_ not in written)
    if proper != written and sorted(proper) == sorted(written):
        yield f"{side.role}抽中的先后次序不对，应为：{'、'.join(names[id_] for id_ in proper)}。"
    lots = {lot.id: lot for lot in side.drawn}
    for lot in found.lots:
        if (given := lots.get(lot.id)) is not None and (given.weight, given.key) != (lot.weight, lot.key):
            yield (
                f"{side.role}“{names[lot.id]}”的权重和抽签值应为{lot.weight}和{lot.key}，"
                f"记录为{given.weight}和{given.key}。"
            )


def _of_pairs(written: Sequence[Match], proper: Sequence[Match], sides: Sequence[Side]) -> Iterator[str]:
    objects, people = ({item.id: item.name or item.id for item in side.pool.items} for side in sides[:2])
    what, who = (side.role for side in sides[:2])

    def names(ids: Sequence[str]) -> str:
        return "、".join(people.get(id_, id_) for id_ in ids) or "空"

    given = {pair.object: pair.people for pair in written}
    for pair in proper:
        if (chosen_people := given.pop(pair.object, ())) != pair.people:
            thing = objects.get(pair.object, pair.object)
            yield f"{what}“{thing}”的{who}应为{names(pair.people)}，记录为{names(chosen_people)}。"
    yield from (f"{what}“{objects.get(id_, id_)}”没有抽中，记录里却配了{who}。" for id_ in given)
