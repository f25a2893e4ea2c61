"""All invented cases, from dice to rows: walked, numbered, chained, stored in bulk."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from yifa.demo.inventing import Inventor
from yifa.demo.shapes import Chances, Course, Due, Line, chances, lines, principal_on
from yifa.demo.walking import Happening, People, Walk
from yifa.law.schema import CaseType
from yifa.ledger.bulk.cases import write_new_cases
from yifa.ledger.chain.appending import as_imported, build_record
from yifa.ledger.chain.canonical import GENESIS
from yifa.ledger.chain.history import ACT_CORRECTED, ACT_RECORDED, CASE_OPENED, replay_case
from yifa.ledger.deciding.cases import line_from
from yifa.ledger.deciding.decisions import refuse_facts
from yifa.ledger.deciding.numbering import issuer_of, number
from yifa.ledger.legal import calendar, case_type_of, context
from yifa.ledger.models import Organization, Record, Subject, User
from yifa.ledger.rows.projections import organization_ids, raise_series
from yifa.ledger.rows.tallies import Wanted, grouped
from yifa.ledger.rows.values import case_rows
from yifa.ledger.tables.copying import insert_values, reserve

BATCH = 500
LONGEST = 60  # days before the last one on which the search for a standing case begins
TRIES = 60
NOTHING_WRONG = Chances(slow=0, back=0, disordered=0, omitted=0, wrong_day=0, paper_missing=0)
Progress = Callable[[int], None]


@dataclass
class Invented:
    """A case walked to its end (or to the last day)."""

    id: uuid.UUID
    case_type: CaseType
    organization: Organization
    facts: Mapping[str, Any]
    happenings: Sequence[Happening]
    numbers: dict[int, dict[str, Any]] = field(default_factory=dict)  # by place among the happenings

    @property
    def title(self) -> str:
        """As OpenCase makes it."""
        return str(self.facts.get(self.case_type.title_fact or "", "") or self.case_type.title)[:200]


def known_of(unit: Organization) -> dict[str, Any]:
    """What texts of a unit's cases and entries may name."""
    return {"unit_name": unit.name, "unit_code": unit.code.upper()}


def how_many() -> int:
    """The number of cases that will be invented."""
    return sum(line.cases for line in lines().values())


@dataclass(frozen=True)
class Staff:
    """Who records for a unit: its own officer's account, else the county's."""

    officers: Mapping[str, User]
    anyone: User
    reviewer: User

    def of(self, organization: Organization, happening: Happening) -> User:
        """Whose hand entered it."""
        if happening.act is not None and happening.act.role == "reviewer":
            return self.reviewer
        return self.officers.get(organization.code, self.anyone)


class CaseMaker:
    """Walks all cases between two days."""

    def __init__(
        self,
        inventor: Inventor,
        units: Mapping[str, Organization],
        body: Organization,
        first: date,
        last: date,
    ) -> None:
        self.inventor, self.chance = inventor, inventor.chance
        self.units, self.body = units, body
        self.first, self.last = first, last
        self.calendar = calendar()
        self.reviewers = inventor.persons(3)
        self.officers = {code: inventor.persons(6) for code in units}

    def all(self) -> Iterator[Invented]:
        """Every case of every type, in no order of time."""
        for name, line in lines().items():
            case_type = case_type_of(name)
            for _ in range(line.cases):
                yield self._one(case_type, line, self._begin(line, self.first, self.last))
            for unit, begun in self._yearly(line):
                yield self._one(case_type, line, begun, unit)
            for due in line.due:
                for days in due.in_days:
                    case = self._standing(case_type, line, due, self.last + timedelta(days=days + 1))
                    if case is not None:
                        yield case

    def _yearly(self, line: Line) -> Iterator[tuple[str, date]]:
        """The units that have a case each year, with the day it begins."""
        for year in range(self.first.year, self.last.year + 1) if line.yearly else ():
            first = max(self.first, date(year, line.months[0], 1))
            last = min(self.last, date(year, line.months[1], 28))
            for unit in line.units if first < last else ():
                yield unit, self._begin(line, first, last)

    def _one(self, case_type: CaseType, line: Line, begun: date, unit: str = "") -> Invented:
        walk, course = self._walk(case_type, line, None, begun, unit)
        walk.run(course, begun)
        return self._invented(walk)

    def _begin(self, line: Line, first: date, last: date) -> date:
        """A day between two on which a case begins, in the months of its kind."""
        while True:
            begun = self.calendar.next_workday(
                first + timedelta(days=self.chance.randint(0, (last - first).days))
            )
            if line.months[0] <= begun.month <= line.months[1]:
                return begun

    def _walk(
        self, case_type: CaseType, line: Line, course: Course | None, begun: date, code: str = ""
    ) -> tuple[Walk, Course]:
        """A case of a unit about to begin on a day, with the course it will take."""
        unit = self.units[code or self.inventor.weighted(line.units)]
        course = course or self.chance.choices(line.courses, [each.weight for each in line.courses])[0]
        known = {**known_of(unit), "year": begun.year, "lastyear": begun.year - 1}
        facts = self.inventor.facts({**line.facts, **line.of_unit.get(unit.code, {}), **course.facts}, known)
        facts |= {name: (begun + timedelta(days=after)).isoformat() for name, after in line.dated.items()}
        facts = {name: value for name, value in facts.items() if value is not None}
        refuse_facts(case_type, facts)
        walk = Walk(
            case_type=case_type,
            facts=facts,
            unit=unit.code,
            people=self._people(unit.code),
            context=lambda on: context(case_type.case_type, unit.level, self.body.jurisdiction, on),
            calendar=self.calendar,
            last=self.last,
            inventor=self.inventor,
            chances=chances(),
            known=known,
        )
        return walk, course

    def _invented(self, walk: Walk) -> Invented:
        return Invented(self._id(), walk.case_type, self.units[walk.unit], walk.facts, walk.happenings)

    def _standing(self, case_type: CaseType, line: Line, due: Due, day: date) -> Invented | None:
        """A case that goes well and stands still, with a deadline on that day; None where no beginning gives it."""
        course = line.courses[due.course]
        shortened = course.model_copy(update={"acts": course.acts[: due.steps]})
        opens = self.calendar.next_workday(self.last - timedelta(days=LONGEST))
        for _ in range(TRIES):
            walk, _ = self._walk(case_type, line, shortened, opens)
            walk.chances = NOTHING_WRONG
            walk.run(shortened, opens)
            found = walk.due(due.clock)
            if found == day and len(walk.happenings) == due.steps:
                return self._invented(walk)
            missed = (day - found).days if found is not None else 0
            nearer = opens + timedelta(days=missed + self.chance.randint(-3, 3))
            opens = self.calendar.next_workday(min(max(nearer, self.first), self.last))
        return None

    def _people(self, unit: str) -> People:
        officer = self.chance.choice(self.officers[unit])
        return People(
            officer=officer,
            reviewer=self.chance.choice([name for name in self.reviewers if name not in self.officers[unit]]),
            other=self.chance.choice([name for name in self.officers[unit] if name != officer]),
            principal=lambda day: principal_on(unit, day, self.first.year),
        )

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)


def give_numbers(cases: Sequence[Invented]) -> None:
    """Numbers in the order in which the acts that allow them were recorded, per issuer, type and year."""
    due = []
    for case in cases:
        rule = case.case_type.number
        for place, happening in enumerate(case.happenings):
            if rule is not None and happening.act is not None and happening.act.act == rule.act:
                due.append((happening.at, place, case, rule))
                break
    last: dict[tuple[int, str, int], int] = defaultdict(int)
    for _, place, case, rule in sorted(due, key=lambda item: (item[0], str(item[2].id))):
        issuer = issuer_of(rule, case.organization)
        year = case.happenings[place].on.year
        key = (issuer.pk, case.case_type.case_type, year)
        last[key] += 1
        case.numbers[place] = number(rule, issuer, year, last[key])


def records_of(case: Invented, staff: Staff, jurisdiction: str) -> list[Record]:
    """The case's chain, not stored."""
    chain: list[Record] = []

    def append(kind: str, happening: Happening, payload: Mapping[str, Any], at: datetime) -> None:
        chain.append(
            build_record(
                subject=Subject.CASE,
                subject_id=case.id,
                position=len(chain) + 1,
                previous=chain[-1].digest if chain else GENESIS,
                kind=kind,
                organization=case.organization,
                happened_on=happening.on,
                recorded_at=at,
                recorded_by=staff.of(case.organization, happening),
                payload=as_imported(payload),
            )
        )

    opening = case.happenings[0]
    opened = {
        "case_type": case.case_type.case_type,
        "title": case.title,
        "level": case.organization.level,
        "jurisdiction": jurisdiction,
        "facts": case.facts,
    }
    append(CASE_OPENED, opening, opened, opening.at)
    for place, happening in enumerate(case.happenings):
        if happening.act is not None:
            payload = happening.act.payload(place + 1, case.numbers.get(place))
            append(ACT_RECORDED, happening, payload, happening.at)
        elif happening.correction is not None:
            correction = happening.correction
            mended = {
                "entry": correction.position,
                "of": correction.of,
                "reason": correction.reason,
                "changes": dict(correction.changes),
            }
            append(ACT_CORRECTED, happening, mended, happening.at)
    return chain


def store(cases: Sequence[Invented], staff: Staff, jurisdiction: str, moved: Progress) -> None:
    """Stores records in the order of time, then the rows made from them."""
    chains = [records_of(case, staff, jurisdiction) for case in cases]
    store_records([record for chain in chains for record in chain])
    organizations = organization_ids()
    known: dict[Wanted, int] = {}
    for first in range(0, len(cases), BATCH):
        rows = [
            case_rows(replay_case(case.id, map(line_from, chain)), organizations)
            for case, chain in zip(cases[first : first + BATCH], chains[first : first + BATCH], strict=True)
        ]
        write_new_cases(rows, [grouped(one.spanned().spans) for one in rows], known)
        raise_series(each.case | {"numbers": each.numbers} for each in rows)
        moved(len(rows))


def store_records(records: Sequence[Record]) -> None:
    """Stores records in the order in which they were recorded."""
    ordered = sorted(records, key=lambda record: record.recorded_at)
    for serial, record in enumerate(ordered, reserve(Record, len(ordered))):
        record.pk = serial
    insert_values(Record, map(vars, ordered), None)


def seeded(today: date, seed: int) -> Inventor:
    """The source of chance of one loading."""
    years = {"year": str(today.year), "lastyear": str(today.year - 1), "beforelast": str(today.year - 2)}
    return Inventor(random.Random(seed), years)  # noqa: S311 - repeatable invention, nothing secret
