"""A million working-day additions: Yifa's table against the `holidays` package, in one run.

    .venv/bin/python benchmarks/working_days.py

Prints both times per addition, their ratio and the limit, and exits 1 below the limit. Both add the same lengths
to the same days and must agree. The peer walks day by day, so it gets a sample and is scaled to the million.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import holidays

from yifa.law.calendar import default_calendar

ADDITIONS = 1_000_000
SAMPLE = 20_000
LIMIT = 50
LENGTHS = (3, 5, 7, 10, 15, 20, 30, 60)  # working days that statutes give, extensions included
Addition = tuple[date, int]


def additions(count: int) -> list[Addition]:
    """Start days over 2010 to 2024 and lengths, the same in every run."""
    chance = random.Random(20240101)
    first, span = date(2010, 1, 1), (date(2024, 12, 31) - date(2010, 1, 1)).days
    return [(first + timedelta(days=chance.randrange(span)), chance.choice(LENGTHS)) for _ in range(count)]


def timed(add: Callable[[date, int], date], work: list[Addition]) -> tuple[float, list[date]]:
    """Seconds an addition, and the answers."""
    began = time.perf_counter()
    answers = [add(day, length) for day, length in work]
    return (time.perf_counter() - began) / len(work), answers


def main() -> int:
    work = additions(ADDITIONS)
    peer = holidays.country_holidays("CN", years=range(2004, 2027))
    own, answers = timed(default_calendar().add_workdays, work)
    other, expected = timed(peer.get_nth_working_day, work[:SAMPLE])
    if answers[:SAMPLE] != expected:
        wrong = next((w, a, e) for w, a, e in zip(work, answers, expected, strict=False) if a != e)
        print(f"答案不一致：{wrong}")
        return 1
    ratio = other / own
    print(f"yifa      {own * 1e6:8.3f} 微秒/次，{ADDITIONS:,} 次共 {own * ADDITIONS:.2f} 秒")
    print(f"holidays  {other * 1e6:8.3f} 微秒/次，{SAMPLE:,} 次取样，百万次约 {other * ADDITIONS:.0f} 秒")
    print(f"倍数      {ratio:8.1f}（下限 {LIMIT}）")
    return 0 if ratio >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
