"""What really happened in many cases at once, read from their rows by the database itself.

A stretch of changed chains stands in tables of its transaction; all that is added up later follows from the rows by
windows over the acts of each case. Only why a clock was broken, or waits, is asked of `rows`, case by case.
"""
# ruff: noqa: S608 - the words are our own; values are parameters

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from yifa.law.loader import catalogue
from yifa.ledger.chain.history import ACT_CORRECTED, ACT_RECORDED, ACT_WITHDRAWN, FACTS_CHANGED
from yifa.ledger.models import Amendment, CaseAct, CaseFinding, Step, Subject, TermRun
from yifa.ledger.process.rows import Clock, Done, Read
from yifa.procedures.model import Entered, FindingKind

TAKEN = """
    CREATE TEMPORARY TABLE happened_chain AS
    SELECT id, subject, chain FROM ledger_stalechain ORDER BY id LIMIT {size} {held}
"""
CASES = """
    CREATE TEMPORARY TABLE happened_case AS
    SELECT DISTINCT k.id, k.case_type, k.organization_id, k.closed_on
    FROM happened_chain c CROSS JOIN ledger_case k
    WHERE c.subject = %s AND k.id = c.chain AND k.case_type IN ({kinds})
"""
GONE = "DELETE FROM {table} WHERE case_id IN (SELECT chain FROM happened_chain WHERE subject = %s)"
# CROSS JOIN: SQLite reads such tables in the order in which they are named
STEPS = f"""
    CREATE TEMPORARY TABLE happened_step AS
    SELECT k.id AS case_id, k.case_type, k.organization_id,
        COALESCE(LAG(a.act) OVER acts, '') AS source, a.act AS target, a.happened_on AS day, a.position,
        COALESCE({{days}}, 0) AS days,
        CASE WHEN LEAD(a.act) OVER acts IS NOT NULL THEN {Step.Stands.FOLLOWED:d}
            WHEN k.closed_on IS NULL THEN {Step.Stands.WAITS:d} ELSE {Step.Stands.ENDS:d} END AS stands,
        CASE WHEN EXISTS (
                SELECT 1 FROM ledger_casefinding f
                WHERE f.case_id = a.case_id AND f.kind = '{FindingKind.ORDER}' AND f.position = a.position
            ) THEN {Step.Mark.EARLY:d}
            WHEN ROW_NUMBER() OVER (PARTITION BY a.case_id, a.act ORDER BY a.happened_on, a.position) > 1
            THEN {Step.Mark.AGAIN:d} ELSE {Step.Mark.PLAIN:d} END AS mark
    FROM happened_case k CROSS JOIN ledger_caseact a
    WHERE a.case_id = k.id
    WINDOW acts AS (PARTITION BY a.case_id ORDER BY a.happened_on, a.position)
"""
SKIPPED = f"""
    INSERT INTO happened_step
        (case_id, case_type, organization_id, source, target, day, position, days, stands, mark)
    SELECT DISTINCT s.case_id, s.case_type, s.organization_id, s.target, f.act, s.day, 0, 0,
        {Step.Stands.FOLLOWED:d}, {Step.Mark.SKIPPED:d}
    FROM happened_step s CROSS JOIN ledger_casefinding f
    WHERE s.stands <> {Step.Stands.FOLLOWED:d} AND f.case_id = s.case_id AND f.kind = '{FindingKind.MISSING}'
"""
EDGES = """
    INSERT INTO ledger_edge (case_type, source, target)
    SELECT DISTINCT case_type, source, target FROM happened_step s
    WHERE NOT EXISTS (
        SELECT 1 FROM ledger_edge e
        WHERE e.case_type = s.case_type AND e.source = s.source AND e.target = s.target
    )
    ON CONFLICT DO NOTHING
"""
STEPPED = """
    INSERT INTO ledger_step (case_id, edge_id, mark, stands, days, organization_id, "on", position)
    SELECT s.case_id, e.id, s.mark, s.stands, s.days, s.organization_id, s.day, s.position
    FROM happened_step s CROSS JOIN ledger_edge e
    WHERE e.case_type = s.case_type AND e.source = s.source AND e.target = s.target
"""

# clocks of the body that started and know their last day; a minimum counts once it was stopped
STATE = f"""
    CASE WHEN x.stopped_on IS NULL THEN CASE WHEN x.paused THEN {TermRun.State.PAUSED:d} ELSE {TermRun.State.RUNS:d} END
        WHEN x.minimum AND x.stopped_on >= x.due OR NOT x.minimum AND x.stopped_on <= x.due
        THEN {TermRun.State.KEPT:d} ELSE {TermRun.State.BROKEN:d} END
"""
CLOCKS = f"""
    FROM happened_case k CROSS JOIN ledger_caseclock x
    WHERE x.case_id = k.id AND NOT x.party AND x.started_on IS NOT NULL AND x.due IS NOT NULL
        AND NOT (x.minimum AND x.stopped_on IS NULL) AND ({STATE}) IN ({{states}})
"""
SOUND = f"{TermRun.State.KEPT:d}, {TermRun.State.PAUSED:d}"
ASKED = f"{TermRun.State.BROKEN:d}, {TermRun.State.RUNS:d}"  # of these it is asked where they wait, and why
TERMS = f"""
    INSERT INTO ledger_term (case_type, clock)
    SELECT DISTINCT case_type, clock FROM (SELECT k.case_type, x.clock {CLOCKS}) AS c
    WHERE NOT EXISTS (SELECT 1 FROM ledger_term t WHERE t.case_type = c.case_type AND t.clock = c.clock)
    ON CONFLICT DO NOTHING
""".format(states=f"{SOUND}, {ASKED}")
RUN = f"""
    INSERT INTO ledger_termrun (case_id, term_id, organization_id, state, due, stopped_on, signs)
    SELECT c.id, t.id, c.organization_id, c.state, c.due, c.stopped_on, 0
    FROM (
        SELECT k.id, k.case_type, k.organization_id, x.clock, x.due, x.stopped_on, {STATE} AS state {CLOCKS}
    ) AS c CROSS JOIN ledger_term t
    WHERE t.case_type = c.case_type AND t.clock = c.clock
""".format(states=SOUND)
OPEN = f"""
    SELECT k.id, k.case_type, k.organization_id, x.clock, x.minimum, x.due, x.started_on, x.stopped_on, {STATE}
    {CLOCKS} ORDER BY k.id, x.id
""".format(states=ASKED)

WHAT = f"""
    CASE r.kind WHEN '{ACT_CORRECTED}' THEN {Amendment.What.CORRECTED:d}
        WHEN '{ACT_WITHDRAWN}' THEN {Amendment.What.WITHDRAWN:d}
        WHEN '{FACTS_CHANGED}' THEN {Amendment.What.FACTS:d} ELSE {Amendment.What.BACK:d} END
"""
# facts that an act asks for correct nothing
AMENDED = f"""
    INSERT INTO ledger_amendment (case_id, record_id, organization_id, kind, what, days, recorded_on)
    SELECT k.id, r.id, k.organization_id, k.case_type, {WHAT},
        CASE WHEN r.recorded_on > r.happened_on THEN {{days}} ELSE 0 END, r.recorded_on
    FROM happened_case k CROSS JOIN ledger_record r
    WHERE r.subject = %s AND r.subject_id = k.id AND (
        r.kind IN ('{ACT_CORRECTED}', '{ACT_WITHDRAWN}')
        OR r.kind = '{FACTS_CHANGED}' AND {{place}}(r.payload, '"with":') = 0
        OR r.kind = '{ACT_RECORDED}' AND (r.recorded_on > r.happened_on OR EXISTS (
            SELECT 1 FROM ledger_caseact a
            WHERE a.case_id = k.id AND a.record_id = r.id AND a.entered = '{Entered.BACK}'
        ))
    )
"""
READ = "DELETE FROM ledger_stalechain WHERE id IN (SELECT id FROM happened_chain)"


def _days(later: str, earlier: str) -> str:
    """The days between two days, in the words of the database."""
    if connection.vendor == "postgresql":
        return f"{later} - {earlier}"
    return f"CAST(JULIANDAY({later}) - JULIANDAY({earlier}) AS INTEGER)"


def take(size: int) -> list[UUID]:
    """Holds the chains noted first, so that two who read do it one after the other; the entries among them."""
    held = "FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN.format(size=size, held=held))
        cursor.execute("SELECT DISTINCT chain FROM happened_chain WHERE subject = %s", [str(Subject.ENTRY)])
        return [UUID(str(chain)) for (chain,) in cursor.fetchall()]


def cases() -> None:
    """Puts in the place of what stood what follows from the rows of the cases taken, but for the clocks of `asked`."""
    own, kinds = str(Subject.CASE), list(catalogue().case_types)
    with connection.cursor() as cursor:
        cursor.execute(CASES.format(kinds=", ".join(["%s"] * len(kinds))), [own, *kinds])
        for model in (Step, TermRun, Amendment):
            cursor.execute(GONE.format(table=model._meta.db_table), [own])
        cursor.execute(STEPS.format(days=_days("a.happened_on", "LAG(a.happened_on) OVER acts")))
        for sql in (SKIPPED, EDGES, STEPPED, TERMS, RUN):
            cursor.execute(sql)
        place = "STRPOS" if connection.vendor == "postgresql" else "INSTR"
        cursor.execute(AMENDED.format(days=_days("r.recorded_on", "r.happened_on"), place=place), [own])


def asked() -> Iterator[Read]:
    """The cases taken that have clocks which are broken or run, with what tells where and why."""
    clocks: dict[UUID, list[Clock]] = defaultdict(list)
    about: dict[UUID, tuple[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        for key, kind, unit, clock, minimum, *days, state in cursor.fetchall():
            case = UUID(str(key))
            due, began, stopped = map(_day, days)
            about[case] = kind, unit
            clocks[case].append(Clock(clock, bool(minimum), due, began, stopped, state))
    acts, papers = _acts(about), _papers(about)
    law = catalogue().case_types
    for case, (kind, unit) in about.items():
        yield Read(case, law[kind], unit, acts[case], clocks[case], papers[case])


def _day(value: Any) -> Any:
    """SQLite's days are text where no model reads them."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _acts(ids: Collection[UUID]) -> Mapping[UUID, Sequence[Done]]:
    rows = CaseAct.objects.filter(case__in=ids).order_by("case_id", "happened_on", "position")
    names = ("case_id", "position", "act", "happened_on", "entered", "actor", "unit_id")
    return _grouped(
        (case, Done(position, act, on, entered, (actor, unit)))
        for case, position, act, on, entered, actor, unit in rows.values_list(*names)
    )


def _papers(ids: Collection[UUID]) -> Mapping[UUID, Sequence[int | None]]:
    """The acts of which a paper is missing."""
    rows = CaseFinding.objects.filter(case__in=ids, kind=FindingKind.EVIDENCE)
    return _grouped(rows.values_list("case_id", "position"))


def _grouped(rows: Iterable[tuple[UUID, Any]]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for case, row in rows:
        found[case].append(row)
    return found


def done() -> None:
    """The chains taken are read."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        for table in ("chain", "case", "step"):
            cursor.execute(f"DROP TABLE happened_{table}")
