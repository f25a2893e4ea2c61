"""Import of a list of tickets, as a ratio to a plain COPY (PostgreSQL) or executemany (SQLite) of the same rows.

Run with an empty, migrated database: YIFA_DATA and DATABASE_URL as for `yifa serve`.

    python -m benchmarks.importing 100000
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.settings")


def main(many: int) -> None:
    """Makes a list, imports it, copies the rows it made once more, and says what each took."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection, transaction

    from yifa.exchange import running, samples
    from yifa.exchange.mapping import propose
    from yifa.exchange.models import Import
    from yifa.exchange.staging import stage
    from yifa.exchange.targets import target_of
    from yifa.ledger.actions import CreateOrganization, StoreAttachment
    from yifa.ledger.models import (
        Case,
        CaseAct,
        CaseClock,
        CaseFinding,
        CaseText,
        CountedSpan,
        Organization,
        Record,
    )

    settings.IMPORT_APART = sys.maxsize
    body = (
        Organization.objects.body()
        or CreateOrganization(actor=None, code="body", name="示例县人民政府", level="county").execute()
    )
    for number in range(1, 11):
        if not Organization.objects.filter(code=f"u{number}").exists():
            CreateOrganization(
                actor=None, code=f"u{number}", name=f"示例{number}局", level="department", parent=body
            ).execute()
    units = list(Organization.objects.exclude(parent=None).values_list("name", flat=True))
    rows = samples.tickets(many, units, date(2025, 12, 31), prefix=f"B{int(time.time())}")
    attachment = StoreAttachment(actor=None, content=samples.as_csv(rows), name="工单.csv").execute()
    del rows
    target = target_of("case:hotline_ticket")
    last = {model: _last(model) for model in (Record, CaseAct, CaseClock, CaseFinding, CaseText, CountedSpan)}
    before = set(Case.objects.values_list("pk", flat=True)) if Case.objects.count() < 10**6 else set()

    begun = _now()
    staged = stage(attachment)
    run = Import.objects.create(
        organization=body, target=target.key, attachment=attachment, mapping=propose(target, staged).as_json(),
        total=staged.length,
    )  # fmt: skip
    read = _say("read", begun, many)
    running.check(run)
    checked = _say("dry run", read, many)
    running.bring_in(run, Import.Mode.SKIP, update=False)
    imported = _say("import", checked, many)
    if run.counts["new"] != many:
        sys.exit(f"not all came in: {run.counts}")
    import_seconds = imported[0] - checked[0]

    copies = []
    for model in (Record, Case, CaseAct, CaseClock, CaseFinding, CaseText, CountedSpan):
        columns = [field.column for field in model._meta.concrete_fields]
        table = connection.ops.quote_name(model._meta.db_table)
        own = "" if model is Case else f" WHERE id > {last[model]}"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(map(connection.ops.quote_name, columns))} FROM {table}{own}")
            found = cursor.fetchall()
        copies.append((model, found))
    total = sum(len(found) for _, found in copies)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                for model, _ in reversed(copies):
                    name = model._meta.db_table
                    cursor.execute(f"CREATE TEMPORARY TABLE copy_{name} AS SELECT * FROM {name} WHERE 1 = 0")
            start = time.monotonic()
            for model, found in copies:
                _copy(model, found)
            plain = time.monotonic() - start
            raise _Undo
    except _Undo:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"plain copy of the same {total:,} rows of tables: {plain:.1f} s; import / copy = {import_seconds / plain:.1f}"
    )
    print(f"peak memory {peak:.0f} MB; database {connection.vendor}; cases before {len(before):,}")


class _Undo(Exception):  # noqa: N818 - not an error
    """Takes the copies back."""


def _copy(model: object, rows: list[tuple[object, ...]]) -> None:
    from django.db import connection

    name = f"copy_{model._meta.db_table}"  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(
                        [value if not isinstance(value, dict | list) else json.dumps(value) for value in row]
                    )
        else:
            marks = ", ".join("?" * len(rows[0])) if rows else ""
            cursor.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


def _last(model: type) -> int:
    from django.db.models import Max

    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0  # type: ignore[attr-defined,no-any-return]


def _now() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _say(what: str, begun: tuple[float, float], many: int) -> tuple[float, float]:
    now = _now()
    wall, own = now[0] - begun[0], now[1] - begun[1]
    speed = f"{many / wall:,.0f} rows a second ({many / own:,.0f} of own processor)"
    print(f"{what}: {wall:.1f} s, own processor {own:.1f} s, {speed}")
    return now


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
