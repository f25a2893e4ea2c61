"""Who inspects what: so many people for each object, never of its own unit, nobody with much more to do than others.

The objects are served in the order in which they were drawn. Each takes, of those who may, whoever has least to do; among
them the one whose key of this turn is lowest: SM3(seed ‖ LF ‖ 配对 ‖ LF ‖ tasks so far ‖ LF ‖ id). Where that leaves somebody
with two tasks more than another who could take one over, tasks are passed on until it does not.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from yifa.draws.errors import DrawError
from yifa.draws.model import Item
from yifa.law.digests import sm3

ROLE = "配对"
Turn = tuple[int, str, str]  # tasks so far, key of the turn, id


@dataclass(frozen=True, slots=True)
class Match:
    """An object and who inspects it."""

    object: str
    people: tuple[str, ...]


def barred(thing: Item, person: Item) -> str | None:
    """Why somebody may not inspect something; None: they may."""
    if thing.unit and thing.unit == person.unit:
        return "同一单位"
    if thing.id in person.avoids or (thing.unit and thing.unit in person.avoids):
        return "申报了利害关系"
    if person.id in thing.avoids or (person.unit and person.unit in thing.avoids):
        return "对象申请回避"
    return None


def match(objects: Sequence[Item], people: Sequence[Item], per: int, seed: str) -> tuple[Match, ...]:
    """Matches what was drawn. Raises DrawError naming each object for which there are not enough people."""
    _refuse_lacking(objects, people, per)
    known = {person.id: person for person in people}
    waiting = [_turn(seed, 0, person.id) for person in people]
    heapq.heapify(waiting)
    served = {thing.id: _serve(thing, known, waiting, per, seed) for thing in objects}
    _even_out({thing.id: thing for thing in objects}, known, served)
    return tuple(Match(thing.id, tuple(served[thing.id])) for thing in objects)


def _refuse_lacking(objects: Sequence[Item], people: Sequence[Item], per: int) -> None:
    if per < 1:
        raise DrawError("每个对象的检查人员应当至少1名。", code="per")
    lacking = []
    for thing in objects:
        may = sum(1 for _ in islice((person for person in people if barred(thing, person) is None), per))
        if may < per:
            lacking.append(f"{thing.name or thing.id}（{may}人）")
    if lacking:
        shown = "、".join(lacking[:5]) + ("等" if len(lacking) > 5 else "")
        raise DrawError(
            f"抽中的{len(people)}人中，可以检查以下对象的不足{per}人：{shown}。请多抽人员，或者换不同单位的人员入库。",
            code="unmatched",
        )


def _turn(seed: str, tasks: int, id_: str) -> Turn:
    return tasks, sm3(f"{seed}\n{ROLE}\n{tasks}\n{id_}".encode()), id_


def _serve(thing: Item, people: Mapping[str, Item], waiting: list[Turn], per: int, seed: str) -> list[str]:
    taken: list[Turn] = []
    passed: list[Turn] = []
    while len(taken) < per:
        turn = heapq.heappop(waiting)
        (passed if barred(thing, people[turn[2]]) else taken).append(turn)
    for turn in passed:
        heapq.heappush(waiting, turn)
    for tasks, _, id_ in taken:
        heapq.heappush(waiting, _turn(seed, tasks + 1, id_))
    return [id_ for _, _, id_ in taken]


def _even_out(things: Mapping[str, Item], people: Mapping[str, Item], served: dict[str, list[str]]) -> None:
    """Passes tasks on along chains, from whoever has most to whoever has two fewer, until there is no such chain."""
    holds: dict[str, list[str]] = {id_: [] for id_ in people}
    for thing, who in served.items():
        for id_ in who:
            holds[id_].append(thing)
    stuck: set[str] = set()
    while True:
        loads = sorted((-len(held), id_) for id_, held in holds.items() if id_ not in stuck)
        if not loads or -loads[0][0] < 2 + min(map(len, holds.values())):
            return
        fullest = loads[0][1]
        chain = _chain(fullest, things, people, served, holds)
        if chain is None:
            stuck.add(fullest)
            continue
        for giver, thing, taker in chain:
            served[thing][served[thing].index(giver)] = taker
            holds[giver].remove(thing)
            holds[taker].append(thing)


Step = tuple[str, str, str]  # giver, thing, taker


def _chain(
    start: str,
    things: Mapping[str, Item],
    people: Mapping[str, Item],
    served: Mapping[str, list[str]],
    holds: Mapping[str, list[str]],
) -> list[Step] | None:
    """The shortest chain of passing on that ends with somebody who has at least two tasks fewer than the first."""
    reached: dict[str, Step | None] = {start: None}
    waiting = deque([start])
    enough = len(holds[start]) - 2
    while waiting:
        giver = waiting.popleft()
        if len(holds[giver]) <= enough and giver != start:
            return _walked(reached, giver)
        for thing in holds[giver]:
            for id_, person in people.items():
                if id_ not in reached and id_ not in served[thing] and barred(things[thing], person) is None:
                    reached[id_] = (giver, thing, id_)
                    waiting.append(id_)
    return None


def _walked(reached: Mapping[str, Step | None], last: str) -> list[Step]:
    steps: list[Step] = []
    while (step := reached[last]) is not None:
        steps.append(step)
        last = step[0]
    return steps
