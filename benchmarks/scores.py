"""All scores of 60 units by a set of 100 indicators at a million cases; limit 15 s.

    python benchmarks/scores.py --data /tmp/million         a county of benchmarks/million.py; nothing is written
    DATABASE_URL=postgresql://… python benchmarks/scores.py --data FOLDER       the same on PostgreSQL

The set is that of the catalogue with more figures until there are a hundred. Nothing is remembered between runs. Beside
the time on the wall stands that of the processor: a machine that is shared makes every clock slow.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yifa.law.schema import IndicatorSet

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
TODAY, LIMIT, WANTED = date(2026, 11, 22), 15.0, 100


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", required=True, help="a folder with a million cases")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    os.environ["YIFA_DATA"], os.environ["DJANGO_SETTINGS_MODULE"] = given.data, "yifa.settings"
    import django

    django.setup()
    from yifa.assessment.computing import measured, scores_of, set_named
    from yifa.ledger.models import Case, Organization

    wide = hundred(set_named("county_units"))
    units = measured(wide, Organization.objects.all())[:60]
    count = sum(len(part.indicators) for part in wide.parts)
    print(f"{Case.objects.count():,} cases, {len(units)} units, {count} indicators", flush=True)
    for _ in range(given.runs):
        wall, core = time.perf_counter(), time.process_time()
        scores = list(scores_of(wide, units, TODAY.replace(month=1, day=1), TODAY))
        wall, core = time.perf_counter() - wall, time.process_time() - core
        points = sum(len(one.lines) for _, one in scores)
        met = "met" if wall <= LIMIT else "NOT met"
        print(
            f"{points} points: {wall:.1f} s on the wall, {core:.1f} s of the processor; limit {LIMIT:.0f} s {met}"
        )


def hundred(given: IndicatorSet) -> IndicatorSet:
    """The set with as many figures more as make a hundred indicators, a part of one point each."""
    from yifa.law.loader import catalogue
    from yifa.law.schema import Indicator, IndicatorPart

    used = {one.figure for part in given.parts for one in part.indicators}
    have = sum(len(part.indicators) for part in given.parts)
    rules = [name for name, rule in catalogue().counting_rules.items() if name not in used and not rule.rate]
    points = dict.fromkeys(given.classes, Decimal(1))
    more = [
        Indicator(id=f"more_{number}", title=name, points=points, figure=name, at_least=Decimal(4))
        for number, name in enumerate(rules[: WANTED - have])
    ]
    return given.model_copy(update={"parts": [*given.parts, IndicatorPart(title="其他", indicators=more)]})


if __name__ == "__main__":
    main()
