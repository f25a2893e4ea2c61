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
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
TODAY = date(2026, 11, 22)


@dataclass
class Timed:
    """Milliseconds of several runs of one thing."""

    name: str
    limit: float
    wall: list[float] = field(default_factory=list)
    core: list[float] = field(default_factory=list)

    @contextmanager
    def run(self) -> Iterator[None]:
        wall, core = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.core.append((time.process_time() - core) * 1000)

    def at(self, share: float) -> float:
        ordered = sorted(self.wall)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def line(self) -> str:
        met = "met" if self.at(0.95) <= self.limit else "NOT met"
        busy = 100 * sum(self.core) / sum(self.wall)
        return (
            f"{self.name:44} {len(self.wall):5} {self.at(0.5):9.1f} {self.at(0.95):9.1f} {max(self.wall):9.1f}"
            f" {busy:6.0f}% {self.limit:8.0f}  {met}"
        )


Fresh = Callable[[], None]  # called before something else is measured


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

    from yifa.ledger import process

    began = time.time()
    call_command("migrate", verbosity=0)
    copying.build(cases, TODAY, lambda said: print(f"{time.time() - began:8.1f} s  {said}", flush=True))
    process.note_all()
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
    from yifa.ledger.models import CountedRule
    from yifa.ledger.ruling import definition, spanned_rules
    from yifa.ledger.spans import present_keys

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

    from yifa.ledger.sqlitecare import warm

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


# ------------------------------------------------------------ pages


def client(username: str) -> Callable[[str], None]:
    from django.test import Client

    from yifa.ledger.models import User

    browser = Client()
    browser.force_login(User.objects.get(username=username))

    def get(url: str) -> None:
        answer = browser.get(url)
        assert answer.status_code == 200, (url, answer.status_code)

    get("/cases/")
    return get


LISTS = (
    "", "page=2", "page=200", "type=service_case", "type=administrative_penalty&state=open", "state=overdue", "state=open",
    "state=closed", "state=faulty", "state=soon", "unit=u01", "unit=scjg&state=open", "sort=title", "sort=-due", "sort=unit",
    "sort=status", "sort=-findings", "from=2025-03-01&to=2025-03-31", "q=12345", "q=示例 99999", "q=农机", "q=市场监督",
)  # fmt: skip


def homes(runs: int, fresh: Fresh) -> Iterable[Timed]:
    """The first page of a coordinator, a leader, an officer of one unit: as it opens, nothing remembered."""
    from django.core.cache import cache

    for username in ("fazhi", "lingdao", "shichang", "qingheng"):
        get, home = client(username), Timed(f"first page, {username}", 100)
        fresh()
        for _ in range(max(5, runs // 2)):
            cache.clear()
            with home.run():
                get("/")
        yield home


def lists(runs: int, fresh: Fresh) -> Iterable[Timed]:
    for username in ("fazhi", "chengban", "shichang", "qingheng"):
        get, all_ = client(username), Timed(f"list of cases, {username}", 100)
        for query in LISTS:
            one = Timed(f"  {query or 'as it opens'}", 100)
            fresh()
            for _ in range(max(2, runs // 10)):
                with one.run(), all_.run():
                    get(f"/cases/?{query}")
            if one.at(0.5) > 70:
                yield one
        yield all_
    from yifa.ledger.models import Entry

    get, registers = client("fazhi"), Timed("lists of registers", 100)
    fresh()
    for register in list(Entry.objects.order_by().values_list("register", flat=True).distinct())[:runs]:
        with registers.run():
            get(f"/registers/{register}/")
    yield registers


def case_pages(chance: random.Random, runs: int, fresh: Fresh) -> Iterable[Timed]:
    from yifa.ledger.models import Case

    get = client("fazhi")
    ids = list(Case.objects.order_by().values_list("pk", flat=True)[:200_000])
    longest = list(Case.objects.filter(length__gt=8).order_by().values_list("pk", "length")[:50_000])
    longest.sort(key=lambda one: -one[1])
    most = [case_id for case_id, _ in longest[: runs * 4]]
    for name, some in (("case page", ids), ("case page, the longest cases", most)):
        pages = Timed(name, 100)
        fresh()
        for case_id in chance.sample(some, min(len(some), runs * 2)):
            with pages.run():
                get(f"/cases/{case_id}/")
        yield pages


def acts(chance: random.Random, runs: int, fresh: Fresh) -> Iterable[Timed]:
    from yifa.ledger.actions import ActionRefused, RecordAct
    from yifa.ledger.cases import state_of
    from yifa.ledger.legal import case_type_of
    from yifa.ledger.models import Case, User

    actor, timed = User.objects.get(username="chengban"), Timed("recording an act, committed", 60)
    actor.is_superuser = True
    opened = list(Case.objects.filter(closed_on=None).order_by().values_list("pk", flat=True)[:50_000])
    stop = written_back()
    fresh()
    for case_id in chance.sample(opened, len(opened)):
        case = Case.objects.select_related("organization").get(pk=case_id)
        kind = case_type_of(case.case_type)
        for name in state_of(case, TODAY).next:
            act = kind.acts[name]
            if any(spec.required for spec in act.fields.values()):
                continue
            papers = [{"title": title, "attachment": None} for title in act.evidence]
            outcome = act.outcomes[0] if act.outcomes else None
            record = RecordAct(
                actor=actor, case=case, act=name, on=TODAY, outcome=outcome, evidence=papers, entered="back"
            )
            try:
                with timed.run():
                    record.execute()
            except ActionRefused:
                continue
            break
        if len(timed.wall) >= runs * 2:
            break
    stop.set()
    yield timed


def written_back() -> threading.Event:
    """SQLite's log written back every few seconds until told to stop, as the server does."""
    from yifa.ledger.sqlitecare import write_back
    from yifa.workbench.server import WRITE_BACK, every

    stop = threading.Event()
    threading.Thread(target=every, args=(WRITE_BACK, write_back, stop), daemon=True).start()
    return stop


def figure_pages(chance: random.Random, runs: int, fresh: Fresh) -> Iterable[Timed]:
    from django.core.cache import cache

    from yifa.law.loader import catalogue
    from yifa.ledger.ruling import spanned_rules
    from yifa.ledger.spans import present_keys

    get, year, other = client("fazhi"), Timed("figure page, the year of the body", 300), Timed(
        "figure page, any period and unit", 300
    )  # fmt: skip
    stands = present_keys()
    rules = sorted(name for name in catalogue().counting_rules if name in stands)
    old = [name for name, one in spanned_rules().items() if name not in stands]
    if old:
        print(f"  ({len(old)} rules changed since this county was made are counted case by case: left out)")
    fresh()
    for rule in chance.sample(rules, runs * 2):
        cache.clear()
        with year.run():
            get(f"/figures/{rule}/?unit=lanting&from=2026-01-01&to=2026-11-21")
    busiest = [
        name
        for name, one in catalogue().counting_rules.items()
        if one.case_type in {"service_case", "hotline_ticket"} and name in stands
    ]
    fresh()
    for rule in chance.sample(busiest, min(len(busiest), runs)):
        cache.clear()
        with other.run():
            get(
                f"/figures/{rule}/?unit={chance.choice(['lanting', 'scjg', 'u01'])}&from=2024-02-10&to=2026-03-15"
            )
    cards = Timed("key figures of the first page, counted anew", 1000)
    fresh()
    for _ in range(3):
        cache.clear()
        with cards.run():
            get("/home/figures/")
    yield year
    yield other
    yield cards


# ------------------------------------------------------------ many figures


def units(fresh: Fresh) -> Iterator[Timed]:
    from yifa.law.loader import catalogue
    from yifa.ledger.counting import each
    from yifa.ledger.models import Organization
    from yifa.ledger.spans import present_keys

    stands = present_keys()
    rules = [name for name in catalogue().counting_rules if name in stands]
    timed, found = Timed("the year's figures of 60 units (values)", 5000), 0
    fresh()
    for _ in range(2):
        with timed.run():
            for counting in each(list(Organization.objects.all()), date(2026, 1, 1), date(2026, 12, 31)):
                found += sum(counting.count(rule).value is not None for rule in rules)
    print(f"  ({found // 2:,} values)")
    yield timed


def report(fresh: Fresh) -> Iterator[Timed]:
    from yifa.law.loader import catalogue
    from yifa.ledger.counting import Counting
    from yifa.ledger.models import Organization
    from yifa.ledger.spans import present_keys

    body = Organization.objects.body()
    assert body is not None
    timed, stands = Timed("200 figures of a report (values, parts)", 5000), present_keys()
    rules = [name for name in catalogue().counting_rules if name in stands]
    fresh()
    for _ in range(3):
        with timed.run():
            counting = Counting(body, date(2026, 1, 1), date(2026, 12, 31), many=True)
            counted = 0
            for rule in rules:
                counted += counting.count(rule).value not in {None, 0}
                if counted == 200:
                    break
    yield timed


def built(fresh: Fresh) -> Iterator[Timed]:
    """A report of the year with the records behind all its figures, made and taken back."""
    from django.db import transaction

    from yifa.ledger.models import Organization
    from yifa.reporting.actions import BuildReport
    from yifa.reporting.models import RecordPage, RecordSet

    body = Organization.objects.body()
    assert body is not None
    timed = Timed("building the report of the year", 5000)
    fresh()
    for _ in range(2):
        with transaction.atomic():
            with timed.run():
                made = BuildReport(actor=None, organization=body, year=2026).execute()
            figures = made.figures.count()
            behind = sum(made.figures.values_list("records_count", flat=True))
            own = RecordSet._default_manager.filter(figures__figure__report=made).distinct()
            kept = sum(own.values_list("size", flat=True))
            pages = RecordPage._default_manager.filter(record_set__in=own)
            size = sum(len(page) for page in pages.values_list("packed", flat=True))
            transaction.set_rollback(True)
    print(f"  ({figures} figures, {behind:,} records behind them, {kept:,} kept in {size / 1e6:.1f} MB)")
    yield timed


# ------------------------------------------------------------ by hand

ACTS = (
    "FROM ledger_caseact a JOIN ledger_case c ON c.id = a.case_id WHERE c.case_type = '{kind}' AND a.act IN ({acts})"
    " AND a.happened_on BETWEEN '2026-01-01' AND '2026-11-21'"
)
OPEN = (
    "SELECT COUNT(*) FROM ledger_case WHERE case_type = '{kind}' AND opened_on <= '2026-11-21'"
    " AND (closed_on IS NULL OR closed_on > '2026-11-21')"
)


def hands(vendor: str) -> dict[str, str]:
    """The same counts as somebody who knows the tables would write them."""

    def said(column: str, name: str) -> str:
        return f"{column}->>'{name}'" if vendor == "postgresql" else f"json_extract({column}, '$.{name}')"

    def cases(kind: str, *acts: str) -> str:
        return "SELECT COUNT(DISTINCT a.case_id) " + ACTS.format(
            kind=kind, acts=", ".join(f"'{a}'" for a in acts)
        )

    fee = ACTS.format(kind="service_case", acts="'charge_fee'")
    fine = ACTS.format(kind="administrative_penalty", acts="'decide', 'decide_on_spot'")
    register = ACTS.format(kind="hotline_ticket", acts="'register'")
    number = "CAST({} AS numeric)" if vendor == "postgresql" else "{}"
    return {
        "service_accepted": cases("service_case", "accept", "deem_accepted"),
        "service_decided": cases("service_case", "decide"),
        "service_granted": cases("service_case", "decide") + " AND a.outcome = '准予'",
        "hotline_tickets_registered": cases("hotline_ticket", "register"),
        "hotline_tickets_received": f"SELECT COUNT(DISTINCT {said('c.facts', 'ticket_no')}) {register}",
        "penalties_imposed": cases("administrative_penalty", "decide", "decide_on_spot"),
        "penalty_fines": f"SELECT COALESCE(SUM({number.format(said('a.fields', 'fine'))}), 0) {fine}",
        "service_fees_charged": f"SELECT COALESCE(SUM({number.format(said('a.fields', 'amount'))}), 0) {fee}",
        "petitions_open": OPEN.format(kind="petition"),
        "penalties_open": OPEN.format(kind="administrative_penalty"),
    }


def by_hand() -> None:
    from django.db import connection

    from yifa.ledger.counting import Counting
    from yifa.ledger.models import Organization

    body = Organization.objects.body()
    assert body is not None
    for name, sql in hands(connection.vendor).items():
        ours, theirs = Timed(name, 0), Timed("", 0)
        value = by_sql = None
        for _ in range(7):
            with ours.run():
                value = Counting(body, date(2026, 1, 1), date(2026, 11, 21)).count(name).value
            with theirs.run(), connection.cursor() as cursor:
                cursor.execute(sql)
                (by_sql,) = cursor.fetchone()
        ratio = ours.at(0.5) / theirs.at(0.5)
        same = "the same" if int(value or 0) == int(by_sql or 0) else f"NOT the same: {by_sql}"
        print(
            f"by hand: {name:40} {value!s:>9} ({same})  {ours.at(0.5):8.1f} ms / {theirs.at(0.5):8.1f} ms"
            f" = {ratio:5.2f}  limit 1.3  {'met' if ratio <= 1.3 else 'NOT met'}"
        )


if __name__ == "__main__":
    main()
