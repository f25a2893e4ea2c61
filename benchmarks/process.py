"""What really happened in a million cases: steps and their times, deadlines kept and broken, what stands out. Limit: 2 s.

    YIFA_DATA=/tmp/million python benchmarks/process.py            reads what benchmarks/million.py built
    DATABASE_URL=postgresql://… YIFA_DATA=… python benchmarks/process.py

First what changed and waits to be read is read, once. Beside the times: a plain scan of the acts, below which nothing that
looks at every act can come; and the same counted by hand: lead() over the acts of each case, joined to its kind, grouped.
DuckDB, not among the libraries here, took 0.4 s for such a grouping of 2.5 million events in columns, without a database around
them.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.settings")
LIMIT, RUNS, DUCKDB = 2.0, 3, 0.4

SCAN = "SELECT COUNT(*), MAX(happened_on), SUM(position), MAX(act) FROM ledger_caseact"
HAND = """
    SELECT case_type, act, next, COUNT(*), AVG(days) FROM (
        SELECT c.case_type, a.act, LEAD(a.act) OVER w AS next, {days} AS days
        FROM ledger_caseact a JOIN ledger_case c ON c.id = a.case_id
        WINDOW w AS (PARTITION BY a.case_id ORDER BY a.happened_on, a.position)
    ) AS passages GROUP BY case_type, act, next
"""
DAYS = {
    "sqlite": "JULIANDAY(LEAD(a.happened_on) OVER w) - JULIANDAY(a.happened_on)",
    "postgresql": "LEAD(a.happened_on) OVER w - a.happened_on",
}


def timed(name: str, work: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """The best of some runs by the clock on the wall; what was found."""
    best, core, found = float("inf"), float("inf"), None
    for _ in range(runs):
        wall, own = time.perf_counter(), time.process_time()
        found = work()
        best, core = min(best, time.perf_counter() - wall), min(core, time.process_time() - own)
    print(f"{name:52} {best:7.2f} s   processor {core:6.2f} s", flush=True)
    return best, found


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    from yifa.ledger.models import CaseAct, Organization, StaleChain
    from yifa.ledger.process import keeping
    from yifa.ledger.process.happened import Span, broken_ones, kept, outliers, passages, units_below

    began = time.process_time()
    while not keeping.refresh(60):
        print(f"  {StaleChain._default_manager.count():,} cases wait to be read", flush=True)
    print(f"what changed was read in {time.process_time() - began:.1f} s of processor")
    ever, today = Span(None, date(1990, 1, 1), date(2090, 1, 1)), date(2026, 11, 22)
    unit = Organization.objects.exclude(parent=None).order_by("pk").first()
    assert unit is not None
    own = Span(units_below(unit), date(2026, 1, 1), date(2026, 12, 31))
    acts = CaseAct.objects.count()
    print(f"{connection.vendor}: {acts:,} acts")

    all_, found = timed("steps and times of all procedures", lambda: passages(ever))
    assert sum(one.many for some in found.values() for one in some) == acts
    largest = max(found, key=lambda kind: sum(one.many for one in found[kind]))
    one, _ = timed(f"  of {largest}", lambda: passages(ever, largest))
    timed("  of one unit, one year", lambda: passages(own))
    clocks, _ = timed("deadlines kept and broken", lambda: kept(ever, today))
    timed("  the broken ones with their causes", lambda: broken_ones(ever, today))
    timed("what stands out", lambda: outliers(found, found))

    def ask(sql: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    scan, _ = timed("one plain scan of the acts", lambda: ask(SCAN))
    hand, rows = timed(
        "by hand: lead() over all acts, grouped", lambda: ask(HAND.format(days=DAYS[connection.vendor])), 1
    )
    counted = {(kind, act, after): many for kind, act, after, many, _ in rows if after}
    ours = {
        (kind, one.source, one.target): one.many
        for kind, some in found.items()
        for one in some
        if one.source and one.many
    }
    print(f"the same edges with the same numbers: {'yes' if counted == ours else 'NO'} ({len(ours):,})")
    slowest = max(all_, one, clocks)
    print(
        f"limit {LIMIT} s: {'met' if slowest <= LIMIT else 'NOT met'}; {all_ / scan:.1f} times the plain scan, by hand"
        f" {hand / all_:.0f} times as long; {all_ / DUCKDB:.1f} times DuckDB's 0.4 s"
    )


if __name__ == "__main__":
    main()
