"""The rows of new cases as they go into the tables: what many cases have alike is written once and taken again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yifa.ledger.bulk.remembering import Told
from yifa.ledger.chain.history import CaseHistory
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CountedSpan,
    Handover,
    Record,
    StaleChain,
    Subject,
)
from yifa.ledger.rows import kinds, tallies
from yifa.ledger.rows.tallies import Row, Wanted
from yifa.ledger.rows.values import Verdict, act_values, case_values
from yifa.ledger.search import searching
from yifa.ledger.search.words import words_of
from yifa.ledger.tables.copying import Form, Lines, joined, packed
from yifa.procedures.handing import handed
from yifa.procedures.model import Act
from yifa.procedures.noting import MOST

RECORD = Form(Record, "id", "subject_id", "position", "previous", "digest", "payload", "happened_on")
CASE = Form(Case, "id", "title", "number", "facts", "length", "head", "last")
ACT = Form(CaseAct, "case_id", "record_id", "happened_on", "actor", "fields")
CLOCK = Form(CaseClock, "case_id", "organization_id")
FINDING = Form(CaseFinding, "case_id")
SPAN = Form(CountedSpan, "tally_id", "case_id", "organization_id", "record_id", "told")
HANDED = Form(Handover, "case_id", "organization_id", "unit", "opened_on")
NOTED = Form(StaleChain, "chain")  # as `process.note` notes
FORMS = (RECORD, CASE, ACT, CLOCK, FINDING, HANDED, NOTED)


@dataclass(slots=True)
class Made:
    """Rows of new cases, ready to be stored by any process; spans by the tally in `wanted` at the same place."""

    kinds: set[str] = field(default_factory=set)
    lines: tuple[list[Any], ...] = field(default_factory=lambda: tuple([] for _ in FORMS))
    texts: list[Mapping[str, Any]] = field(default_factory=list)
    spans: list[list[Any]] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)

    def packed(self) -> Packed:
        """As they go through a pipe, and are stored."""
        return Packed(
            self.kinds,
            tuple(map(packed, self.lines)),
            packed(searching.made(self.texts)),
            tuple(map(packed, self.spans)),
            self.wanted,
        )


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows of new cases as the database reads them."""

    kinds: set[str]
    lines: tuple[Lines, ...]
    texts: Lines
    spans: tuple[Lines, ...]
    wanted: list[Wanted]

    def store(self, tallies_known: dict[Wanted, int]) -> None:
        """Stores the rows; the tallies that are not known yet are looked up, or made."""
        kinds.note(self.kinds)
        for form, lines in zip(FORMS, self.lines, strict=True):
            form.store(lines)
        new = [wanted for wanted in self.wanted if wanted not in tallies_known]
        tallies_known.update(tallies.tally_ids(new) if new else {})
        SPAN.ready()
        counted = [
            SPAN.behind(tallies_known[wanted], lines)
            for wanted, lines in zip(self.wanted, self.spans, strict=True)
        ]
        SPAN.store(joined(counted))
        searching.put(self.texts)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a verdict comes to in the rows of a case of one unit. The verdict is held, so that its identity stays its own."""

    verdict: Verdict
    case: Any
    clocks: tuple[Any, ...]
    findings: tuple[Any, ...]


Counted = tuple[
    Any, tuple[tuple[int, str | None, Wanted, Any], ...]
]  # the group; position, name, tally, the rest


class Writer:
    """Makes rows. For one state of the catalogue and one database."""

    def __init__(self) -> None:
        self._judged: dict[Any, _Judged] = {}
        self._acts: dict[Any, Any] = {}
        self._counted: dict[int, Counted] = {}
        for form in (*FORMS, SPAN):
            form.ready()
        self._noted = NOTED.rest({"subject": str(Subject.CASE)})

    def write(  # noqa: PLR0917 - a case and what was found of it
        self, made: Made, history: CaseHistory, acts: Sequence[Act], verdict: Verdict, told: Told,
        organizations: Mapping[str, int], places: dict[Wanted, int],
    ) -> None:  # fmt: skip
        """Makes the rows of a case, its records aside; `places` says where tallies stand in what was made."""
        _, cases, acted, clocks, findings, handovers, noted = made.lines
        judged = self._judged_of(history, verdict)
        case_id, unit = history.id.hex, history.organization_id
        named = (history.title, history.number, history.facts, history.length, history.head, history.last)
        cases.append(CASE.line((case_id, *named), judged.case))
        for act in acts:
            record = history.shaped[act.position].id
            values = (case_id, record, act.on, act.by or "", act.fields)
            acted.append(ACT.line(values, self._act_of(history, act, organizations)))
        clocks += [CLOCK.numbered((case_id, unit), rest) for rest in judged.clocks]
        findings += [FINDING.numbered((case_id,), rest) for rest in judged.findings]
        for one in handed(case_type_of(history.case_type), history.facts, acts):
            rest = HANDED.rest({"act": one.act, "waiting": one.waiting, "case_type": history.case_type})
            handovers.append(HANDED.line((case_id, unit, one.unit, verdict.case["opened_on"]), rest))
        self._count(made, history, told, places)
        made.texts.append(self._text(history, verdict, acts))
        made.kinds.add(history.case_type)
        noted.append(NOTED.numbered((case_id,), self._noted))

    def _text(self, history: CaseHistory, verdict: Verdict, acts: Iterable[Act]) -> Mapping[str, Any]:
        case = {"title": history.title, "number": history.number, "organization_id": history.organization_id,
                "case_type": history.case_type}  # fmt: skip
        key = searching.text_key(verdict.case["opened_on"], history.id)
        done = [(act.act, act.by or "", history.evidence[act.position]) for act in acts]
        return {"id": key, "case_id": history.id, "text": words_of(case, done)}

    def _judged_of(self, history: CaseHistory, verdict: Verdict) -> _Judged:
        key = (
            id(verdict),
            history.organization_id,
            history.level,
            history.jurisdiction,
            history.opened_by_id,
        )
        known = self._judged.get(key)
        if known is None:
            if len(self._judged) >= MOST:
                self._judged.clear()
            known = self._judged[key] = _Judged(
                verdict,
                CASE.rest(case_values(history) | verdict.case),
                tuple(map(CLOCK.rest, verdict.clocks)),
                tuple(map(FINDING.rest, verdict.findings)),
            )
        return known

    def _act_of(self, history: CaseHistory, act: Act, organizations: Mapping[str, int]) -> Any:
        """What is not an act's own: a row without papers says little else."""
        if act.evidence or act.listed:
            return ACT.rest(act_values(history, act, organizations))
        key = (act.act, act.position, act.outcome, act.unit, act.role, act.entered)
        known = self._acts.get(key)
        if known is None:
            known = self._acts[key] = ACT.rest(act_values(history, act, organizations))
        return known

    def _count(self, made: Made, history: CaseHistory, told: Told, places: dict[Wanted, int]) -> None:
        group = told.group
        known = self._counted.get(id(group))
        if known is None or known[0] is not group:
            if len(self._counted) >= MOST:
                self._counted.clear()
            spans = tuple(
                [(row.position, row.told, (row.sort, parts), _span(row)) for row, parts in group.items()]
            )
            known = self._counted[id(group)] = (group, spans)
        case_id, unit, shaped = history.id.hex, history.organization_id, history.shaped
        for position, name, wanted, rest in known[1]:
            place = places.get(wanted)
            if place is None:
                place = places[wanted] = len(made.wanted)
                made.wanted.append(wanted)
                made.spans.append([])
            own = rest if name is None else SPAN.before(told.names[name], rest)
            made.spans[place].append(SPAN.numbered((case_id, unit, shaped[position].id), own))


def _span(row: Row) -> Any:
    """What cases alike have alike in a row of what is counted."""
    rest = SPAN.rest(tallies.columns_of(row))
    return rest if row.told is not None else SPAN.before(None, rest)


def record_line(record_id: int, case_id: UUID, columns: Sequence[Any], rest: Any) -> Any:
    """The row of a record; `columns` are those between its chain and the rest."""
    return RECORD.line((record_id, case_id.hex, *columns), rest)
