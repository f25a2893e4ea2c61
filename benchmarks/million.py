"""Pages, recording and figures at a million cases, against the limits of the plan and the same counts written in SQL.

    python benchmarks/million.py --data /tmp/million --cases 1000000            build (once), check a sample, measure
    python benchmarks/million.py --data /tmp/million --measure                  measure what stands
    python benchmarks/million.py --data /tmp/million --measure --adopt          … built before rules changed: speed only
    DATABASE_URL=postgresql://… python benchmarks/million.py --data …           the same on PostgreSQL

Everything is measured twice. Cold: before each kind of thing, and each list, the memory of the machine for files is
emptied (as root; else this half is left out) and the connection closed, so that the first of its runs comes from the
disk; PostgreSQL keeps what it holds itself. Warm: after the database was read ahead as `yifa serve` does at its start
(`ledger.sqlitecare.warm`), on PostgreSQL by `pg_prewarm` where the server has it, in the place of some days of use.
Warm says what a running server takes, cold what the first ask after a start costs.

Pages are asked of the application in this process: routing, permissions, queries, template. Figures are counted with
nothing remembered. While acts are recorded SQLite's log is written back by a thread, as the server does. Each time is
that of the clock on the wall; beside it the share this process had of one core, since a machine that is shared makes
every clock slow. Peer: Open Zaak at 500,000 cases on two cores of the same kind: list 931 ms, case with its statuses
179 ms, recording a status 183 ms at the median.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import time
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from benchmarks.large_figures import built, by_hand, figure_pages, report, units  # noqa: E402 - found by the path above
from benchmarks.large_pages import TODAY, acts, case_pages, homes, lists  # noqa: E402 - as above
from benchmarks.timed import Fresh  # noqa: E402 - as above


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", required=True, help="a folder of its own")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--measure", action="store_true", help="do not build")
    parser.add_argument(
        "--adopt", action="store_true", help="take the spans of rules that changed for theirs"
    )
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--warm", action="store_true", help="nothing from a cold disk")
    given = parser.parse_args()
    Path(given.data).mkdir(parents=True, exist_ok=True)
    os.environ["YIFA_DATA"] = given.data
    os.environ["DJANGO_SETTINGS_MODULE"] = "yifa.settings"
    import django

    django.setup()
    if not given.measure:
        build(given.cases)
    if given.adopt:
        adopt()
    from django.db import connection

    from yifa.ledger.models import Case, CaseAct

    print(
        f"{connection.vendor}: {Case.objects.count():,} cases, {CaseAct.objects.count():,} acts", flush=True
    )
    measure(given.runs, cold=not given.warm)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {peak:,.0f} MB; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def build(cases: int) -> None:
    from benchmarks import copying
    from django.core.management import call_command

    from yifa.ledger.process import keeping

    began = time.time()
    call_command("migrate", verbosity=0)
    copying.build(cases, TODAY, lambda said: print(f"{time.time() - began:8.1f} s  {said}", flush=True))
    keeping.note_all()
    tidy()
    wrong = copying.check(300)
    print(
        f"{time.time() - began:8.1f} s  300 cases made anew from their records: {wrong[:5] or 'the same rows'}"
    )


def tidy() -> None:
    """Writes SQLite's log back: after the building it is as long as the database."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def adopt() -> None:
    """Lets spans made under earlier rules pass for those of today's. Values may be wrong then; what reading costs is not."""
    from yifa.ledger.figures.spans import present_keys
    from yifa.ledger.models import CountedRule
    from yifa.ledger.rows.ruling import definition, spanned_rules

    stands, known = (
        present_keys(),
        dict(CountedRule._default_manager.order_by("id").values_list("rule", "id")),
    )
    changed = [name for name in spanned_rules() if name not in stands]
    for name in changed:
        digest = definition(spanned_rules()[name])
        CountedRule._default_manager.filter(rule=name, digest=digest).exclude(pk=known.get(name, 0)).delete()
        CountedRule._default_manager.update_or_create(
            pk=known.get(name), defaults={"rule": name, "digest": digest, "complete": True}
        )
    print(
        f"  ({len(changed)} rules changed since this county was made: their old spans pass for theirs, values may differ)"
    )


FILES = Path("/proc/sys/vm/drop_caches")


def measure(runs: int, *, cold: bool) -> None:
    if cold and os.access(FILES, os.W_OK):
        measure_all("cold", runs, dropped, seed=5)
    elif cold:
        print("not root: nothing is measured from a cold disk")
    print(f"read ahead: {read_ahead() / 1e6:,.0f} MB", flush=True)
    measure_all("warm", runs, lambda: None, seed=6)
    by_hand()


def read_ahead() -> int:
    """Reads the database into the machine's memory for files, as far as there is room. How many bytes."""
    from django.db import connection

    from yifa.ledger.tables.sqlitecare import warm

    if connection.vendor == "sqlite":
        return warm()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_prewarm'")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        cursor.execute(
            "SELECT sum(pg_prewarm(oid::regclass, 'read')) * current_setting('block_size')::int FROM pg_class"
            " WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
        )
        return int(cursor.fetchone()[0])


def dropped() -> None:
    """Nothing of the database is in memory: what is asked next comes from the disk."""
    from django.db import connection

    connection.close()
    os.sync()
    FILES.write_text("3", encoding="ascii")


def measure_all(state: str, runs: int, fresh: Fresh, seed: int) -> None:
    """Everything once. Warm and cold draw other cases and rules: what one has read must not help the other."""
    chance = random.Random(seed)
    head = f"{state:5} {'':44} {'runs':>5} {'p50 ms':>9} {'p95 ms':>9} {'max ms':>9} {'core':>7} {'limit':>8}"
    print(head, flush=True)
    for timed in chain(
        homes(runs, fresh), lists(runs, fresh), case_pages(chance, runs, fresh), acts(chance, runs, fresh),
        figure_pages(chance, runs, fresh), units(fresh), report(fresh), built(fresh),
    ):  # fmt: skip
        print(f"{state:5} {timed.line()}", flush=True)


if __name__ == "__main__":
    main()
