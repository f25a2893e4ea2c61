"""A county of any size for measuring: invented cases of the demonstration, walked and counted in earnest, then copied.

A copy is another case: its own id, unit (of the same level), title, number and chain of digests. Its rows are those the
actions would have written, since nothing in them follows from what was changed; `check` proves it on a sample by
making the rows anew from the stored records.
"""

from __future__ import annotations

import json
import math
import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from benchmarks.tables import insert, prepared
from django.db import connection, models, transaction

from yifa.demo import cases as invented
from yifa.demo import county, entries, shapes, work
from yifa.demo.entries import EntryMaker
from yifa.ledger.actions import CreateOrganization, SealDays
from yifa.ledger.chain.canonical import GENESIS, RECORD_COLUMNS, canonical, record_digest, sm3
from yifa.ledger.chain.history import replay_case
from yifa.ledger.deciding.cases import line_from, lines_of
from yifa.ledger.deciding.numbering import issuer_of, number
from yifa.ledger.installation import options
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CaseText,
    CountedSpan,
    Handover,
    NumberSeries,
    Organization,
    Record,
    Subject,
    TallyRule,
)
from yifa.ledger.proof.spanfaults import COLUMNS as SPAN_COLUMNS
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.rows import handing, kinds, tallies
from yifa.ledger.rows.projections import organization_ids
from yifa.ledger.rows.values import CaseRows, case_rows
from yifa.ledger.search import searching
from yifa.ledger.tables import statistics, storing

ACTS_A_CASE = 2.5
UNITS = 60
YEARS = 6  # walked in stretches of two
TEMPLATES = 5000
BATCH = 5000
TABLES: tuple[type[models.Model], ...] = (
    Record,
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CaseText,
    CountedSpan,
)
Values = dict[str, Any]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Template:
    """One walked case with everything stored of it. Ids of records count from 1."""

    case: invented.Invented
    records: Sequence[Values]
    rows: CaseRows
    spans: Sequence[Values]

    @property
    def acts(self) -> int:
        return len(self.rows.acts)


def build(size: int, today: date, say: Progress, seed: int = 1) -> None:
    """Makes a county with so many cases in an empty, migrated database."""
    chance = random.Random(seed)
    units = county.create_units()
    county.rename_units(units, today.year - 1)
    county.create_posts(units, today.year - 1)
    users = county.create_accounts(units)
    body = units[shapes.county().body.code]
    more_units(body, UNITS - len(units))
    kinds.note(())
    last = today - timedelta(days=1)
    walked: list[invented.Invented] = []
    for years in range(YEARS, 0, -2):
        first = date(today.year - years + 1, 1, 2)
        until = min(last, date(today.year - years + 2, 12, 30))
        maker = invented.CaseMaker(invented.seeded(until, seed + years), units, body, first, until)
        walked += [case for case in maker.all() if case.happenings]
    say(f"{len(walked)} cases walked")
    invented.give_numbers(walked)
    staff = _staff(users)
    templates = list(_templates(chance.sample(walked, TEMPLATES), staff, body.jurisdiction))
    say(f"{sum(len(one.spans) for one in templates)} spans of {sum(one.acts for one in templates)} acts")
    copier = Copier(templates, chance)
    with without_indexes(), transaction.atomic():
        for stored in copier.store(size):
            say(f"{stored} cases stored")
        copier.store_series()
        handing.fill()
    statistics.refresh()
    say("indexes made")
    maker = EntryMaker(invented.seeded(today, seed), units, date(today.year - 1, 1, 2), last)
    entries.store(list(maker.all(walked[-4000:])), users["gongkai"])
    try:
        work.create(body, today)
    except (
        ActionRefused
    ) as error:  # a copied county's own report may be refused: that is not what is measured
        say(f"the demonstration's year stops here: {error}")
    SealDays(today=today).execute()
    say("days sealed")
    options.choose(options.Open.CHECK, True, by="示范县", at=today)


def more_units(body: Organization, many: int) -> None:
    """Departments and towns beside those of the demonstration."""
    for number_ in range(1, many + 1):
        level, name = ("town", "镇人民政府") if number_ % 2 else ("department", "局")
        CreateOrganization(
            actor=None, code=f"u{number_:02}", name=f"示例{number_}{name}", level=level, parent=body,
            short_name=f"示例{number_}", document_code=f"示{number_}",
        ).execute()  # fmt: skip


def _staff(users: Mapping[str, Any]) -> invented.Staff:
    officers = {
        given.unit: users[given.username]
        for given in shapes.county().accounts
        if "officer" in given.roles and given.unit != shapes.county().body.code
    }
    return invented.Staff(officers=officers, anyone=users["chengban"], reviewer=users["shenhe"])


def _templates(
    cases: Sequence[invented.Invented], staff: invented.Staff, jurisdiction: str
) -> Iterator[Template]:
    organizations = organization_ids()
    for first in range(0, len(cases), 500):
        some = cases[first : first + 500]
        chains = [invented.records_of(case, staff, jurisdiction) for case in some]
        for chain in chains:
            for place, record in enumerate(chain, start=1):
                record.pk = place
        rows = [
            case_rows(replay_case(case.id, map(line_from, chain)), organizations)
            for case, chain in zip(some, chains, strict=True)
        ]
        spans: dict[uuid.UUID, list[Values]] = defaultdict(list)
        for span in tallies.rows_of([each.spanned() for each in rows]):
            spans[span.case_id].append(_columns(span))
        for case, chain, each in zip(some, chains, rows, strict=True):
            said = [_columns(record) | {"user": record.recorded_by.get_username()} for record in chain]
            yield Template(case, said, each, spans[case.id])


def _columns(row: models.Model) -> Values:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


Row = list[Any]


@dataclass(frozen=True)
class Said:
    """A record of a template as text: the pieces of what its digest is of, between what a copy changes."""

    payload: str
    before: str  # up to the organization
    position: str
    after: str  # from the moment of recording to the subject

    def digest(self, unit: str, payload: str, previous: str, case_id: uuid.UUID) -> str:
        """As `record_digest`: canonical JSON has its keys in order, so it can be put together."""
        return sm3(
            f'{self.before}"{unit}","payload":{json.dumps(payload, ensure_ascii=False)},"position":{self.position},'
            f'"previous":"{previous}",{self.after}"{case_id}"}}'.encode()
        )


def _said(record: Values, unit: Organization) -> Said:
    columns = {name: record[name] for name in RECORD_COLUMNS if name in record}
    columns |= {"organization": unit.code, "recorded_by": record["user"]}
    names = sorted(columns)
    first, last = names.index("organization"), names.index("recorded_at")
    before = canonical({name: columns[name] for name in names[:first]})[:-1] + ',"organization":'
    after = canonical({name: columns[name] for name in names[last:-1]})[1:-1] + ',"subject_id":'
    return Said(record["payload"], before, str(record["position"]), after)


class Plan:
    """A table's rows of a template, written but for what a copy changes."""

    def __init__(self, model: type[models.Model], rows: Sequence[Values]) -> None:
        fields = model._meta.concrete_fields
        self.at = {field.attname: place for place, field in enumerate(fields)}
        prepare = [(field.attname, prepared(field)) for field in fields]
        self.rows: list[Row] = [[_ready(ready, row.get(name)) for name, ready in prepare] for row in rows]


class Prepared:
    """A template with everything that can be done once."""

    def __init__(self, template: Template) -> None:
        self.template, case = template, template.case
        self.said = [_said(record, case.organization) for record in template.records]
        rows = template.rows
        self.plans = {
            Record: Plan(Record, template.records), Case: Plan(Case, [rows.case]), CaseAct: Plan(CaseAct, rows.acts),
            CaseClock: Plan(CaseClock, rows.clocks), CaseFinding: Plan(CaseFinding, rows.findings),
            CountedSpan: Plan(CountedSpan, template.spans),
        }  # fmt: skip
        self.words = rows.words.split("\n")[1 + bool(rows.case["number"]) : -1]
        own = case.organization.pk  # units whose acts a copy keeps: the law may want them apart from its own
        self.others = {act["unit_id"] for act in rows.acts} - {own, None}
        self.unit = f'"unit":{json.dumps(case.organization.code)}'
        self.title = f'"title":{json.dumps(rows.case["title"], ensure_ascii=False)}'
        numbers = [json.loads(one.payload).get("number") for one in self.said]
        self.number = next((f'"number":{canonical(one)}' for one in numbers if one), None)


class Copier:
    """Copies templates until there are enough cases, with two and a half acts each on average."""

    def __init__(self, templates: Sequence[Template], chance: random.Random) -> None:
        self.templates, self.chance = templates, chance
        self.prepared: dict[int, Prepared] = {}
        self.series: dict[tuple[int, str, int], int] = defaultdict(int)
        self.last = {model: model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
                     for model in TABLES if model not in {Case, CaseText}}  # fmt: skip
        self.alike: dict[str, list[Organization]] = defaultdict(list)
        for unit in Organization.objects.all():
            self.alike[unit.level].append(unit)

    def store(self, size: int) -> Iterator[int]:
        """Stores so many cases; yields how many there are so far."""
        weights = _weights(self.templates)
        for first in range(0, size, BATCH):
            rows: dict[type[models.Model], list[Row]] = {model: [] for model in TABLES}
            for serial in range(first, min(first + BATCH, size)):
                (place,) = self.chance.choices(range(len(self.templates)), cum_weights=weights)
                if place not in self.prepared:
                    self.prepared[place] = Prepared(self.templates[place])
                self._copy(self.prepared[place], serial + 1, rows)
            for model in TABLES:
                if model is not CaseText:
                    insert(model, rows[model])
            names = ("id", "case_id", "text")
            searching.add([dict(zip(names, row, strict=True)) for row in rows[CaseText]])
            if (first + BATCH) % (10 * BATCH) == 0 or first + BATCH >= size:
                yield min(first + BATCH, size)

    def store_series(self) -> None:
        """The number series as far as they were used."""
        NumberSeries.objects.bulk_create(
            NumberSeries(organization_id=unit, case_type=kind, year=year, last=last)
            for (unit, kind, year), last in self.series.items()
        )

    def _copy(self, made: Prepared, serial: int, rows: Mapping[type[models.Model], list[Row]]) -> None:
        template = made.template
        case_id = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        own = case_id.hex if connection.vendor == "sqlite" else case_id
        unit = self.chance.choice([
            one for one in self.alike[template.case.organization.level] if one.pk not in made.others
        ])  # fmt: skip
        title = f"{template.rows.case['title']}（{serial}）"[:200]
        number_ = self._number(template, unit)
        base, head = self.last[Record], self._records(made, rows[Record], case_id, own, unit, title, number_)
        given = {
            "id": own,
            "organization_id": unit.pk,
            "title": title,
            "head": head,
            "last": self.last[Record],
        }
        if number_:
            given["number"] = number_["text"]
        self._put(Case, made, rows, given)
        self._put(
            CaseAct, made, rows, {"case_id": own}, base, ("unit_id", template.case.organization.pk, unit.pk)
        )
        self._put(CaseClock, made, rows, {"case_id": own, "organization_id": unit.pk})
        self._put(CaseFinding, made, rows, {"case_id": own})
        self._put(CountedSpan, made, rows, {"case_id": own, "organization_id": unit.pk}, base)
        marks = searching.unit_mark(unit.pk) + searching.kind_mark(template.rows.case["case_type"])
        words = "\n".join([title, *([number_["text"]] if number_ else []), *made.words, marks])
        key = searching.text_key(template.rows.case["opened_on"], case_id)
        rows[CaseText].append([key, case_id, words])

    def _put(  # the rows of one table
        self, model: type[models.Model], made: Prepared, rows: Mapping[type[models.Model], list[Row]],
        given: Values, base: int | None = None, changed: tuple[str, Any, Any] | None = None,
    ) -> None:  # fmt: skip
        plan = made.plans[model]
        places = [(plan.at[name], value) for name, value in given.items()]
        for row in plan.rows:
            copy = row.copy()
            for place, value in places:
                copy[place] = value
            if model is not Case:
                self.last[model] += 1
                copy[0] = self.last[model]
            if base is not None:
                copy[plan.at["record_id"]] += base
            if changed is not None and copy[plan.at[changed[0]]] == changed[1]:
                copy[plan.at[changed[0]]] = changed[2]
            rows[model].append(copy)

    def _number(self, template: Template, unit: Organization) -> Mapping[str, Any] | None:
        """The next number of the series, where the template was given one."""
        rule = template.case.case_type.number
        if rule is None or not template.case.numbers:
            return None
        (place,) = template.case.numbers
        issuer, year = issuer_of(rule, unit), template.case.happenings[place].on.year
        key = (issuer.pk, template.case.case_type.case_type, year)
        self.series[key] += 1
        return number(rule, issuer, year, self.series[key])

    def _records(  # the chain; its last digest
        self, made: Prepared, rows: list[Row], case_id: uuid.UUID, own: Any, unit: Organization, title: str,
        number_: Mapping[str, Any] | None,
    ) -> str:  # fmt: skip
        plan, head = made.plans[Record], GENESIS
        unit_text = f'"unit":{json.dumps(unit.code)}'
        for place, (row, said) in enumerate(zip(plan.rows, made.said, strict=True)):
            payload = said.payload.replace(made.unit, unit_text) if place else said.payload
            if place == 0:
                before, _, after = payload.rpartition(made.title)  # the facts may have a title too
                payload = f'{before}"title":{json.dumps(title, ensure_ascii=False)}{after}'
            if number_ and made.number:
                payload = payload.replace(made.number, f'"number":{canonical(number_)}')
            copy, at = row.copy(), plan.at
            self.last[Record] += 1
            copy[at["id"]], copy[at["subject_id"]], copy[at["organization_id"]] = (
                self.last[Record],
                own,
                unit.pk,
            )
            copy[at["payload"]], copy[at["previous"]] = payload, head
            copy[at["digest"]] = head = said.digest(unit.code, payload, head, case_id)
            rows.append(copy)
        return head


def _weights(templates: Sequence[Template]) -> list[float]:
    """Cumulated weights by which the cases have as many acts on average as they should."""

    def mean(slope: float) -> float:
        each = [math.exp(-slope * one.acts) for one in templates]
        return sum(weight * one.acts for weight, one in zip(each, templates, strict=True)) / sum(each)

    low, high = 0.0, 5.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(middle) > ACTS_A_CASE else (low, middle)
    found, total = [], 0.0
    for one in templates:
        total += math.exp(-low * one.acts)
        found.append(total)
    return found


def _ready(prepare: Callable[[Any], Any] | None, value: Any) -> Any:
    return value if prepare is None or value is None else prepare(value)


class without_indexes:  # noqa: N801 - reads as what it is
    """Within: the tables have no indexes but those of their keys; after: all again."""

    def __enter__(self) -> None:
        tables = ", ".join(f"'{model._meta.db_table}'" for model in TABLES)
        own = (
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})"
            if connection.vendor == "sqlite"
            else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
            f" AND tablename IN ({tables}) AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        with connection.cursor() as cursor:
            cursor.execute(own)
            self.found = list(cursor.fetchall())
            for name, _ in self.found:
                cursor.execute(f'DROP INDEX "{name}"')
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA cache_size = -1000000")
                cursor.execute("PRAGMA foreign_keys = OFF")
            else:
                cursor.execute("SET session_replication_role = replica")

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            for _, sql in self.found:
                cursor.execute(sql)
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_keys = ON")
            else:
                cursor.execute("SET session_replication_role = origin")
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(t, 'id'), m) FROM (VALUES "
                    + ", ".join(
                        f"('{model._meta.db_table}', (SELECT COALESCE(MAX(id), 1) FROM {model._meta.db_table}))"
                        for model in TABLES
                        if model is not Case
                    )
                    + ") AS last(t, m)"
                )


# ------------------------------------------------------------ is it true


def check(many: int, seed: int = 2) -> list[str]:
    """What is wrong with some of the stored cases: chains that do not hold, rows that the records do not give."""
    ids = list(Case.objects.values_list("pk", flat=True))
    organizations = organization_ids()
    wrong = []
    for case_id in random.Random(seed).sample(ids, min(many, len(ids))):
        rows = case_rows(replay_case(case_id, lines_of(Subject.CASE, case_id)), organizations)
        wrong += [f"{case_id}: {what}" for what in _differences(case_id, rows)]
    return wrong


def _differences(case_id: uuid.UUID, rows: CaseRows) -> Iterable[str]:
    chain = list(Record.objects.filter(subject=Subject.CASE, subject_id=case_id).order_by("position"))
    for before, record in zip([None, *chain], chain, strict=False):
        if record.previous != (before.digest if before else GENESIS) or record.digest != _digest(record):
            yield f"record {record.position}"
    if not _counts_alike(case_id, rows):
        yield CountedSpan.__name__
    for model, wanted in (
        (Case, [rows.case]), (CaseAct, rows.acts), (CaseClock, rows.clocks), (CaseFinding, rows.findings),
        (Handover, rows.handovers),
        (CaseText, [{"case_id": case_id, "text": rows.words}]),
    ):  # fmt: skip
        names = [name for name in (wanted[0] if wanted else {}) if model is Case or name != "id"]
        own = {"pk": case_id} if model is Case else {"case_id": case_id}
        found = model._default_manager.filter(**own).values_list(*names) if names else []
        made = ([row[name] for name in names] for row in wanted)
        if sorted(map(storing.said, found)) != sorted(map(storing.said, made)):
            yield model.__name__


def _counts_alike(case_id: uuid.UUID, rows: CaseRows) -> bool:
    """Whether the stored spans say what the records give, whatever the tallies' keys: definitions are named anew."""
    thing = rows.spanned()
    wanted = Counter(
        (
            thing.organization_id, row.position, thing.records[row.position], row.standing, row.on, row.since,
            row.until, row.amount, row.told, row.part, parts,
        )
        for row, parts in tallies.grouped(thing.spans).items()
    )  # fmt: skip
    stored = CountedSpan._default_manager.filter(case_id=case_id).values_list(*SPAN_COLUMNS)
    return wanted == Counter((*values, _parts()[tally]) for *values, tally in stored)


@cache
def _parts() -> Mapping[int, frozenset[tallies.Part]]:
    found: dict[int, set[tallies.Part]] = defaultdict(set)
    for tally, rule, part in TallyRule._default_manager.values_list("tally_id", "rule__rule", "part"):
        found[tally].add((rule, part))
    return {tally: frozenset(parts) for tally, parts in found.items()}


def _digest(record: Record) -> str:
    said = _columns(record) | {
        "organization": record.organization.code,
        "recorded_by": record.recorded_by.get_username() if record.recorded_by else None,
    }
    return record_digest(said)
