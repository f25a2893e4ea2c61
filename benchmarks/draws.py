"""A weighted draw of 1,000 objects and 1,000 inspectors from pools of 1,000,000 in all, with exclusions. Limit: 2 s.

    python benchmarks/draws.py [ITEMS]        default: 1000000

Nine in ten are objects in four classes of risk and five trades, one in ten inspectors. A tenth is excluded by hand, of
the own unit or drawn of late. Told apart: closing the pools (their digests), which is done days before; the draw with
weights, exclusions and matching; and the same with the keys of all computed to the last digit, which must draw the same.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from yifa.draws import Factor, Item, Pool, Rules, draw, match, pool  # noqa: E402
from yifa.draws.drawing import key, weigh  # noqa: E402

ON = date(2026, 3, 2)
TRADES = ("餐饮", "零售", "建筑", "运输", "制造")
TAKE, LIMIT = 1000, 2.0
SEED = "3876.34"


def item(head: str, n: int) -> Item:
    return Item(
        f"{head}{n:09d}",
        f"名称{n}",
        f"单位{n % 97}",
        ("ABCD"[n % 4], TRADES[n % 5]),
        last_drawn=ON - timedelta(days=n % 4000) if n % 3 == 0 else None,
        excluded="申报回避" if n % 50 == 0 else "",
    )


def pools(many: int) -> tuple[Pool, Pool]:
    people = many // 10
    names = ("风险", "行业")
    return pool((item("O", n) for n in range(many - people)), names), pool(
        (item("P", n) for n in range(people)), names
    )


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    objects, people = pools(many)
    weights = tuple(
        Factor("风险", value, Fraction(times)) for value, times in zip("ABCD", (1, 2, 5, 10), strict=True)
    )
    rules = Rules(
        TAKE, (*weights, Factor("行业", "餐饮", Fraction(3, 2))), ("单位7", "单位8", "单位9"), rest_days=180
    )
    began = time.process_time()
    digests = objects.digest(), people.digest()
    closed = time.process_time()
    drawn, persons = draw(objects, rules, SEED, "检查对象", ON), draw(people, rules, SEED, "检查人员", ON)
    one, other = {lot.id for lot in drawn.lots}, {lot.id for lot in persons.lots}
    chosen = (
        [thing for thing in objects.items if thing.id in one],
        [person for person in people.items if person.id in other],
    )
    match(*chosen, 2, SEED)
    done = time.process_time()
    print(
        f"pools of {len(objects.items):,} and {len(people.items):,}; digests {digests[0][:8]} {digests[1][:8]}"
    )
    met = "met" if done - closed <= LIMIT else "NOT met"
    print(
        f"closing the pools {closed - began:.2f} s, draw and matching {done - closed:.2f} s, limit {LIMIT:.0f} s {met}"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"excluded {len(drawn.excluded):,} and {len(persons.excluded):,}; peak {peak} MiB")
    if many <= 200_000:
        weighted, _ = weigh(objects, rules, ON)
        every = sorted(
            (key(SEED, "检查对象", thing.id, weighted.weights[place]), thing.id)
            for thing, place in zip(weighted.items, weighted.places, strict=True)
        )
        assert [id_ for _, id_ in every[:TAKE]] == [lot.id for lot in drawn.lots]
        print(f"the same with every key: {time.process_time() - done:.2f} s")


if __name__ == "__main__":
    main()
