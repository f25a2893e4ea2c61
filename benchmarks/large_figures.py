"""Figures, reports and the same counts written in SQL in a large ledger, timed: what `million.py` runs last."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date

from benchmarks.large_pages import client
from benchmarks.timed import Fresh, Timed


def figure_pages(chance: random.Random, runs: int, fresh: Fresh) -> Iterable[Timed]:
    from django.core.cache import cache

    from yifa.law.loader import catalogue
    from yifa.ledger.figures.spans import present_keys
    from yifa.ledger.rows.ruling import spanned_rules

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


def units(fresh: Fresh) -> Iterator[Timed]:
    from yifa.law.loader import catalogue
    from yifa.ledger.figures.counting import each
    from yifa.ledger.figures.spans import present_keys
    from yifa.ledger.models import Organization

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
    from yifa.ledger.figures.counting import Counting
    from yifa.ledger.figures.spans import present_keys
    from yifa.ledger.models import Organization

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

    from yifa.ledger.figures.counting import Counting
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
