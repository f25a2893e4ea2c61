"""Import of a list of tickets, as ratios to plain ways of storing the same rows: COPY or executemany, and bulk_create.

Run with an empty, migrated database: YIFA_DATA and DATABASE_URL as for `yifa serve`. The second number is how many acts a
ticket has: 2 (received, sent out), as most lists of platforms are, or 5. The third is how many processes prepare rows while
this one stores them (as YIFA_IMPORT_WORKERS; one on two cores). Where other programs run too, what counts is the
processor time of all processes, the database's own among them, by the number of cores.

    python -m benchmarks.importing 100000 2 1
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.settings")

Rows = Mapping[Any, list[dict[str, Any]]]  # by model
PEER_ROWS = 10_000  # tickets whose rows the slow peer stores once more


def main(many: int, acts: int, workers: int) -> None:
    """Makes a list, imports it, stores the rows it made once more in plain ways, and says what each took."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from yifa.exchange import running

    settings.IMPORT_APART, settings.IMPORT_WORKERS = 0, workers
    running.start = lambda run: running.work(run.pk)  # here, not in a process apart
    run = prepared(many, acts)
    import_seconds = imported(run, many)
    rows = made(PEER_ROWS)
    total = sum(len(found) for found in rows.values())
    tickets = min(many, PEER_ROWS)
    each = import_seconds / many
    for what, store in (("plain copy", copy), ("bulk_create", bulk_create)):
        seconds = timed_and_undone(store, rows)
        print(
            f"{what} of the rows of {tickets:,} tickets ({total / tickets:.0f} each): {seconds:.1f} s; ",
            end="",
        )
        print(f"import / {what} = {each * tickets / seconds:.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB; database {connection.vendor}")


def prepared(many: int, acts: int) -> Any:
    """A body with ten units, and a list on its way in."""
    from yifa.exchange import samples
    from yifa.exchange.mapping import propose
    from yifa.exchange.models import Import
    from yifa.exchange.staging import stage
    from yifa.exchange.targets import target_of
    from yifa.ledger.actions import StoreAttachment

    body, units = organizations()
    rows = samples.tickets(many, units, date(2025, 12, 31), prefix=f"B{int(time.time())}")
    if acts <= 2:
        rows = [[*row[:9], *[""] * 5] for row in rows]
    file = StoreAttachment(actor=None, content=samples.as_csv(rows), name="工单.csv").execute()
    target = target_of("case:hotline_ticket")
    with said("read", many):
        staged = stage(file)
    return Import.objects.create(
        organization=body, target=target.key, attachment=file, mapping=propose(target, staged).as_json(), total=staged.length
    )  # fmt: skip


def organizations() -> tuple[Any, list[str]]:
    """The body and the names of its units."""
    from yifa.ledger.actions import CreateOrganization
    from yifa.ledger.models import Organization

    body = (
        Organization.objects.body()
        or CreateOrganization(actor=None, code="body", name="示例县人民政府", level="county").execute()
    )
    for number in range(1, 11):
        if not Organization.objects.filter(code=f"u{number}").exists():
            CreateOrganization(
                actor=None, code=f"u{number}", name=f"示例{number}局", level="department", parent=body
            ).execute()
    return body, list(Organization.objects.exclude(parent=None).values_list("name", flat=True))


def imported(run: Any, many: int) -> float:
    """Tries the list, brings it in; the seconds of the second."""
    from yifa.exchange import running
    from yifa.exchange.models import Import

    with said("dry run", many):
        running.check(run)
    begun = time.monotonic()
    with said("import", many):
        running.bring_in(run, Import.Mode.SKIP, update=False)
    if run.counts["new"] != many:
        sys.exit(f"not all came in: {run.counts}")
    return time.monotonic() - begun


def made(most: int) -> Rows:
    """The rows of the tickets brought in last, as columns by model."""
    from yifa.ledger.models import Case, CaseAct, CaseClock, CaseFinding, CaseText, CountedSpan, Record

    cases = list(Case.objects.order_by("-last").values_list("pk", flat=True)[:most])
    found: dict[Any, list[dict[str, Any]]] = {}
    for model in (Record, Case, CaseAct, CaseClock, CaseFinding, CaseText, CountedSpan):
        key = "subject_id" if model is Record else "pk" if model is Case else "case_id"
        names = [field.attname for field in model._meta.concrete_fields]
        found[model] = [
            row
            for first in range(0, len(cases), 500)
            for row in model._default_manager.filter(**{f"{key}__in": cases[first : first + 500]}).values(
                *names
            )
        ]
    return found


def copy(rows: Rows) -> None:
    """Into tables without an index, by COPY (PostgreSQL) or executemany (SQLite), values as text already known."""
    from django.db import connection

    from yifa.ledger.tables.copying import insert_values

    for model, found in rows.items():
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE plain_copy AS SELECT * FROM {table} WHERE 1 = 0")
            kept, model._meta.db_table = model._meta.db_table, "plain_copy"
            try:
                insert_values(model, found, None)
            finally:
                model._meta.db_table = kept
            cursor.execute("DROP TABLE plain_copy")


def bulk_create(rows: Rows) -> None:
    """Into the tables themselves, with their indexes and keys, by Django's bulk_create: no rule, no digest."""
    from django.db import connection

    for model, found in rows.items():
        model._default_manager.bulk_create([model(**row) for row in found], batch_size=500)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def taken_out(rows: Rows) -> None:
    """Takes the rows out of the tables, so that they can be stored once more."""
    from django.db import connection

    with connection.cursor() as cursor:
        for model, found in reversed(list(rows.items())):
            table, column = model._meta.db_table, model._meta.pk.column
            kind = "uuid[]" if column == "id" and not isinstance(found[0]["id"], int) else "bigint[]"
            keys = [row["id"] for row in found]
            if connection.vendor == "postgresql":
                cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s::{kind})", [keys])
            else:
                plain = [(key if isinstance(key, int) else key.hex,) for key in keys]
                cursor.executemany(f"DELETE FROM {table} WHERE {column} = %s", plain)


def timed_and_undone(store: Callable[[Rows], None], rows: Rows) -> float:
    """The seconds something takes, after which it is as before."""
    from django.db import transaction

    seconds = 0.0
    with transaction.atomic():
        taken_out(rows)
        begun = time.monotonic()
        store(rows)
        seconds = time.monotonic() - begun
        transaction.set_rollback(True)
    return seconds


@contextmanager
def said(what: str, many: int) -> Iterator[None]:
    """Says what something took: seconds, processor seconds of this process and those it started, and of all of the database's."""
    wall, own, server = time.monotonic(), own_processor(), server_processor()
    yield
    wall, own = time.monotonic() - wall, own_processor() - own
    server = server_processor() - server
    print(
        f"{what}: {wall:.1f} s, {many / wall:,.0f} rows a second; processor {own:.1f} s here, {server:.1f} s in the database:"
        f" on two cores at most {2 * many / (own + server):,.0f} rows a second",
        flush=True,
    )


def own_processor() -> float:
    """Processor seconds of this process and of those it started that have ended."""
    return sum(os.times()[:4])


def server_processor() -> float:
    """Processor seconds of all processes of PostgreSQL, ended ones too, where it is on this machine; else 0."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
    try:
        first = _stat(own)[1]  # the process that began all others
        ticks = sum(_stat(int(first))[11:15])
        for found in Path("/proc").glob("[0-9]*/stat"):
            parts = _stat(int(found.parent.name))
            ticks += sum(parts[11:13]) if parts[1] == first else 0
    except OSError:
        return 0.0
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(process: int) -> list[int]:
    """What the system says of a process after its name, as numbers; the state is 0."""
    try:
        _, *rest = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # it has just ended
        return [0] * 15
    return [0, *map(int, rest)]


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    main(*given, *(100_000, 2, 1)[len(given) :])
