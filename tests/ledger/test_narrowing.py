"""What the database picks out for gap lists is what reading case by case finds."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from tests.ledger.test_projections import walk
from tests.scenarios.acting import play
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, CountingRule, FieldType, GapType
from yifa.ledger.actions import CreateOrganization, OpenCase, PublishEntry, RecordAct
from yifa.ledger.figures.casebycase import CaseByCase
from yifa.ledger.figures.counting import Counting
from yifa.ledger.figures.gapanswers import EVER
from yifa.ledger.figures.gaps import Finding, Gap
from yifa.ledger.figures.narrowing import narrowed, overstepped
from yifa.ledger.models import Case, Organization

DAYS = date(2024, 2, 20), date(2024, 3, 20), date(2024, 12, 31)


def test_the_database_picks_out_the_cases_that_reading_finds(place: Town) -> None:
    """For conditions at random over every kind of case, and for every gap list of cases."""
    walk(place, 3)
    chance, told, some = random.Random(5), 0, 0
    for name, kind in catalogue().case_types.items():
        cases = Case.objects.filter(case_type=name)
        facts = list(cases.values_list("facts", flat=True))
        for _ in range(10):
            rule, on = _rule(name, kind, _condition(chance, kind, facts, 3)), chance.choice(DAYS)
            picked = CaseByCase(place.body, EVER, on, on).counted(rule, cases)
            assert picked == _read(place, rule, on), (name, on, rule.where)
            assert rule.where is not None
            told += narrowed(rule.where, kind.facts, on).exact
            some += bool(picked)
    assert told > 100 and some > 100  # so many the database told alone; so many found something
    found = 0
    for gap in catalogue().gaps.values():
        if gap.case_type is None or gap.clock is not None:
            continue
        rule = _rule(gap.case_type, catalogue().case_types[gap.case_type], gap.where)
        for on in DAYS:
            plain = gap.model_copy(update={"cases": "any", "unless": [], "each": None})
            picked = {UUID(str(one.id)) for one in Finding(place.body, on).gaps(plain)}
            assert picked == _read(place, rule, on), (gap.gap, on)
            found += len(picked)
    assert found > 20


def _read(place: Town, rule: CountingRule, on: date) -> set[UUID]:
    """What reading every case of the kind finds."""
    return {UUID(str(one.id)) for one, _ in CaseByCase(place.body, EVER, on, on).records(rule, ())}


def _rule(name: str, kind: CaseType, where: Any) -> CountingRule:
    return CountingRule.model_validate({
        "counting_rule": "gap", "title": "", "unit": "件", "explain": "", "case_type": name, "acts": kind.opens_with,
        "where": where,
    })  # fmt: skip


def _condition(chance: random.Random, kind: CaseType, facts: list[Any], depth: int) -> dict[str, Any]:
    """A condition at random over what the kind has; half of what it compares with stands in a case."""
    form = chance.choice(["act", "act", "act", "fact", "level", *(["all", "any", "not"] * (depth > 0))])
    if form in {"all", "any"}:
        return {form: [_condition(chance, kind, facts, depth - 1) for _ in range(chance.randrange(1, 4))]}
    if form == "not":
        return {form: _condition(chance, kind, facts, depth - 1)}
    if form == "level":
        return {form: chance.sample(["county", "department", "town"], 2)}
    if form == "act":
        return _of_act(chance, kind)
    return _of_fact(chance, kind, facts)


def _of_act(chance: random.Random, kind: CaseType) -> dict[str, Any]:
    act = chance.choice(list(kind.acts))
    asked: dict[str, Any] = {"act": act, "done": chance.random() < 0.6}
    if kind.acts[act].outcomes and chance.random() < 0.4:
        asked["outcome"] = chance.sample(list(kind.acts[act].outcomes), 1)
    elif kind.acts[act].fields and chance.random() < 0.3:
        asked |= {"field": chance.choice(list(kind.acts[act].fields)), "given": chance.random() < 0.5}
    return asked


def _of_fact(chance: random.Random, kind: CaseType, facts: list[Any]) -> dict[str, Any]:
    name = chance.choice(list(kind.facts))
    if kind.facts[name].type is FieldType.BOOLEAN and chance.random() < 0.7:
        return {"fact": name, "is": chance.random() < 0.5}
    values = [one[name] for one in facts if isinstance(one.get(name), str | int | float)]
    if not values or chance.random() < 0.5:
        return {"fact": name, "given": chance.random() < 0.5}
    value = chance.choice(values)
    return {"fact": name, "is": value} if chance.random() < 0.5 else {"fact": name, "in": [value, "别的"]}


# ------------------------------------------------------------ answers by unit


@pytest.mark.parametrize("on", [date(2024, 12, 1), date(2025, 1, 5)])
def test_bodies_without_penalties_are_as_read_record_by_record(
    place: Town, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom the sums by unit leave on the list is whom the records leave: with none, one in this year, one in another."""
    other = _unit(place, "scjgj", "澜亭县市场监督管理局")
    for unit in (place.office, other, place.town):
        data = sample("enforcement_bodies", {"code": unit.name, "kind": "法定行政机关"})
        PublishEntry(
            actor=None, organization=place.body, register="enforcement_bodies", data=data, on=date(2020, 1, 1)
        ).execute()
    _fined(place.office, date(2024, 6, 3))
    _fined(other, date(2023, 6, 5))
    kind = catalogue().gaps["bodies_without_penalties_or_licences"]
    summed = _sorted(kind, place.body, on)
    assert summed  # never all of them
    asked: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(Counting, "by_unit", lambda _, rule: asked.append(rule.counting_rule))
        assert _sorted(kind, place.body, on) == summed
    assert asked == ["penalties_imposed", "licences_granted"]
    office = [one for one in summed if one.title == place.office.name]
    assert bool(office) is (on.year != 2024)


def _sorted(kind: GapType, body: Organization, on: date) -> list[Gap]:
    return sorted(Finding(body, on).gaps(kind), key=lambda one: one.title)


def _unit(place: Town, code: str, name: str) -> Organization:
    return CreateOrganization(
        actor=None, code=code, name=name, level="department", parent=place.body, document_code=f"澜{code}"
    ).execute()


def _fined(at: Organization, on: date) -> None:
    """A penalty, and in the other year's unit nothing else."""
    case = OpenCase(
        actor=None, organization=at, case_type="administrative_penalty", act="file", on=on, entered="back",
        facts={"subject": "占道经营案", "body": at.name},
    ).execute()  # fmt: skip
    RecordAct(
        actor=None, case=case, act="decide", on=on + timedelta(days=20), entered="back", outcome="罚款、没收",
        fields={"fine": 500},
    ).execute()  # fmt: skip


def test_the_database_picks_out_the_cases_that_are_late_today(place: Town) -> None:
    """For every deadline of every kind of case that the rows of deadlines tell of, and every gap list over deadlines."""
    walk(place, 3)
    today, told, found = timezone.localdate(), 0, 0
    for name, kind in catalogue().case_types.items():
        for clock in kind.clocks:
            rule = _rule(name, kind, None).model_copy(update={"clock": clock, "clock_state": ["broken"]})
            late = overstepped(rule, kind, today)
            assert overstepped(rule, kind, today - timedelta(days=1)) is None
            picked = CaseByCase(place.body, EVER, today, today).counted(
                rule, Case.objects.filter(case_type=name)
            )
            assert picked == _read(place, rule, today), (name, clock)
            told += late is not None and bool(picked)
    for gap in catalogue().gaps.values():
        if gap.case_type is not None and gap.clock is not None:
            kind = catalogue().case_types[gap.case_type]
            rule = _rule(gap.case_type, kind, gap.where).model_copy(
                update={"clock": gap.clock, "clock_state": gap.clock_state}
            )
            plain = gap.model_copy(update={"cases": "any", "unless": [], "each": None})
            picked = {UUID(str(one.id)) for one in Finding(place.body, today).gaps(plain)}
            assert picked == _read(place, rule, today), gap.gap
            found += len(picked)
    assert told > 20 and found > 1


def test_of_many_records_only_those_are_read_that_name_what_is_looked_at(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same gaps with few and with many records behind the figure; a name is known with blanks around it."""
    begun = {"guided_on": "2024-02-01", "ended": None}
    for party, before, told in (("甲店", 0, ("甲店", " 甲店 ")), ("乙店", 2, ("乙店",)), ("丙店", 0, ())):
        PublishEntry(
            actor=None, organization=place.office, register="guided_parties", on=date(2024, 2, 1),
            data=sample("guided_parties", {"party": party, "violations_before": before, **begun}),
        ).execute()  # fmt: skip
        for said in told:
            _penalty(place, said)
    for number in range(3):
        _penalty(place, f"别的店{number}")
    read: list[int | None] = []
    records = CaseByCase.records

    def spied(self: CaseByCase, rule: CountingRule, silent: Any, known: Any = None) -> Any:
        if rule.counting_rule == "penalties_imposed":
            read.append(None if known is None else len(known))
        return records(self, rule, silent, known)

    monkeypatch.setattr(CaseByCase, "records", spied)
    kind = catalogue().gaps["guided_parties_no_better"]
    few = Finding(place.body, DAYS[2]).gaps(kind)
    monkeypatch.setattr("yifa.ledger.figures.counting.FEW", 0)
    assert Finding(place.body, DAYS[2]).gaps(kind) == few
    assert [(one.title, one.found) for one in few] == [("甲店", 2.0)]
    assert read == [6, 3]


def _penalty(place: Town, party: str) -> None:
    case = play("administrative_penalty/normal_on_spot", place.office).standing
    Case.objects.filter(pk=case.pk).update(facts={**case.facts, "party": party})
