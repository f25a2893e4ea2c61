"""Spans say for every cut-off what counting says: on random cases, for every rule of the catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.procedures.test_engine_walks import an_act, some_facts, some_value
from yifa.law.loader import catalogue
from yifa.law.overdue import overdue_rules_of
from yifa.law.schema import CaseType, CountedState, CountingRule, FieldType, RegisterType
from yifa.procedures.counting import CountedCase, entry_matches, matches
from yifa.procedures.model import Act, Context, Correction, Entry
from yifa.procedures.spans import STATES, EntryVersion, Span, case_spans, entry_spans

LAW = catalogue()
FIRST = date(2023, 8, 1)
DAY = timedelta(days=1)
calm = settings(max_examples=8, deadline=None)


def rules_over(kind: str) -> list[CountingRule]:
    rules = [rule for rule in LAW.counting_rules.values() if kind in {rule.case_type, rule.register_}]
    own = LAW.case_types.get(kind)
    return [rule for rule in rules if rule.units is None] + (list(overdue_rules_of(own)) if own else [])


def days() -> st.SearchStrategy[date]:
    return st.integers(0, 500).map(lambda number: FIRST + number * DAY)


@st.composite
def cases(draw: st.DrawFn, case_type: CaseType) -> CountedCase:
    """Acts in any order, allowed or not, some corrected or withdrawn; dates among the facts."""
    facts: dict[str, Any] = dict(draw(some_facts(case_type)))
    for name, spec in case_type.facts.items():
        if spec.type is FieldType.DATE and draw(st.booleans()):
            facts[name] = draw(days()).isoformat()
        elif spec.type in {FieldType.NUMBER, FieldType.MONEY} and draw(st.booleans()):
            facts[name] = draw(st.integers(0, 40))
    names = st.sampled_from([*case_type.opens_with, *case_type.acts])
    made = st.tuples(names, days(), st.integers(0, 5))
    opening = Act(case_type.opens_with[0], draw(days()))
    entries: list[Entry] = [opening] if draw(st.integers(0, 9)) else []
    entries += [an_act(case_type, *each) for each in draw(st.lists(made, max_size=8))]
    for _ in range(draw(st.integers(0, 2)) if len(entries) > 1 else 0):
        withdrawn = {entry.of for entry in entries if isinstance(entry, Correction) and entry.withdraws}
        standing = [
            at for at, entry in enumerate(entries, 1) if isinstance(entry, Act) and at not in withdrawn
        ]
        if len(standing) > 1:
            changes = {"on": draw(days())} if draw(st.booleans()) else {}
            of = draw(st.sampled_from(standing))
            entries.append(Correction(of=of, changes=changes, reason="录错", withdraws=not changes))
    return CountedCase(facts, entries, "示例局")


def counted(spans: list[Span], rule: CountingRule, cutoff: date, start: date) -> set[Any]:
    found = [span for span in spans if span.rule is rule and span.since <= cutoff < span.until]
    return {span.match for span in found if rule.counts in STATES or span.match.on >= start}


@pytest.mark.parametrize("name", [name for name in LAW.case_types if rules_over(name)])
@calm
@given(data=st.data())
def test_of_cases(name: str, data: st.DataObject) -> None:
    case_type, rules = LAW.case_types[name], rules_over(name)
    case = data.draw(cases(case_type))
    spans = case_spans(rules, case_type, case, Context(on=FIRST))
    edges = sorted({day for span in spans for day in (span.since, span.until) if day < date(9999, 1, 1)})
    near = st.sampled_from(edges or [FIRST]).flatmap(lambda day: st.sampled_from([day - DAY, day, day + DAY]))
    for _ in range(6):
        start, end = sorted((data.draw(near | days()), data.draw(near | days())))
        on = data.draw(st.just(end) | days())
        for rule in rules:
            expected = matches(rule, case_type, case, start, end, Context(on=on))
            at_start = rule.counts is CountedState.OPEN_AT_START
            cutoff = min(start - DAY if at_start else end, on)
            found = counted(spans, rule, cutoff, start) if cutoff >= start or at_start else set()
            assert found == set(expected), (rule.counting_rule, start, end, on)


@st.composite
def versions(draw: st.DrawFn, register: RegisterType) -> list[EntryVersion]:
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        data = {name: some_value(spec) for name, spec in register.fields.items() if draw(st.booleans())}
        for name, spec in register.fields.items():
            if name in data and spec.choices and spec.type is FieldType.CHOICE:
                data[name] = draw(st.sampled_from(spec.choices))
        found.append(EntryVersion(number, draw(days()), data))
    return found


@pytest.mark.parametrize("name", [name for name in LAW.registers if rules_over(name)])
@calm
@given(data=st.data())
def test_of_entries(name: str, data: st.DataObject) -> None:
    register, rules = LAW.registers[name], rules_over(name)
    said, begins, ends = data.draw(versions(register)), data.draw(days()), data.draw(st.none() | days())
    spans = entry_spans(rules, register, said, begins, ends)
    edges = [begins, ends or begins, *(version.on for version in said)]
    near = st.sampled_from(edges).flatmap(lambda day: st.sampled_from([day - DAY, day, day + DAY]))
    for _ in range(6):
        start, end = sorted((data.draw(near | days()), data.draw(near | days())))
        version = ([each for each in said if each.on <= end] or said[:1])[-1]
        for rule in rules:
            expected = entry_matches(rule, register, version.data, begins, ends, start, end)
            found = counted(spans, rule, end, start)
            if rule.counts not in STATES:
                found = {match for match in found if match.on <= end}
            assert found == {replace(match, position=version.version) for match in expected}, (
                rule.counting_rule, start, end,
            )  # fmt: skip
