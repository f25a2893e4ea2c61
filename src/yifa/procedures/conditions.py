"""Conditions of the catalogue, compiled once into functions over a History.

A fact that was not given is unknown and meets no comparison; only a yes/no fact that was not given reads as no.
An act is judged by its latest occurrence: a review that failed after it had passed has failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yifa.law.schema import ActField, Condition, FieldSpec, FieldType
from yifa.procedures.history import History

Test = Callable[[History], bool]
ValueTest = Callable[[Any], bool]
EMPTY: tuple[Any, ...] = (None, "", [], ())


def compile_condition(condition: Condition, facts: Mapping[str, FieldSpec]) -> Test:
    """The condition as a function. `facts` are the case type's (or register's) fields."""
    if condition.all_ is not None:
        every = [compile_condition(part, facts) for part in condition.all_]
        return lambda history: all(test(history) for test in every)
    if condition.any_ is not None:
        some = [compile_condition(part, facts) for part in condition.any_]
        return lambda history: any(test(history) for test in some)
    if condition.not_ is not None:
        inner = compile_condition(condition.not_, facts)
        return lambda history: not inner(history)
    if condition.level is not None:
        levels = frozenset(condition.level)
        return lambda history: history.level in levels
    if condition.act is not None:
        return _act_test(condition, condition.act)
    if condition.fact is not None:
        return _fact_test(condition, condition.fact, facts.get(condition.fact))
    raise ValueError("an empty condition")  # the schema's loader does not let one through


def looks_at_acts(condition: Condition) -> bool:
    """Whether what happens in the case can change the condition's truth."""
    parts = [*(condition.all_ or ()), *(condition.any_ or ())]
    if condition.not_ is not None:
        parts.append(condition.not_)
    return condition.act is not None or any(looks_at_acts(part) for part in parts)


def _fact_test(condition: Condition, fact: str, spec: FieldSpec | None) -> Test:
    test, other = _value_test(condition), condition.same_as
    if other is not None:
        return lambda history: (
            test(history.facts.get(fact)) and _same(history.facts.get(fact), _latest(history, other))
        )
    if spec is not None and spec.type is FieldType.BOOLEAN and condition.given is None:
        return lambda history: test(history.facts.get(fact) or False)
    return lambda history: test(history.facts.get(fact))


def _act_test(condition: Condition, act: str) -> Test:
    wanted = condition.done is not False
    outcomes = None if condition.outcome is None else frozenset(condition.outcome)
    field = condition.field
    test = _value_test(condition) if field is not None else None
    other = condition.same_as

    def holds(history: History) -> bool:
        occurrences = history.happened.get(act)
        if not occurrences:
            return not wanted
        latest = occurrences[-1]
        true = outcomes is None or latest.outcome in outcomes
        if true and test is not None and field is not None:
            value = latest.fields.get(field)
            true = test(value) and (other is None or _same(value, _latest(history, other)))
        return true is wanted

    return holds


def _latest(history: History, named: ActField) -> Any:
    """What the field says in the latest occurrence of its act; None where that has not happened."""
    occurrences = history.happened.get(named.act)
    return occurrences[-1].fields.get(named.field) if occurrences else None


def _same(one: Any, other: Any) -> bool:
    return one == other or (one in EMPTY and other in EMPTY)


def _value_test(condition: Condition) -> ValueTest:
    tests: list[ValueTest] = []
    if condition.given is not None:
        given = condition.given
        tests.append(lambda value: (value not in EMPTY) is given)
    if condition.is_ is not None:
        same = condition.is_
        tests.append(lambda value: value == same)
    if condition.in_ is not None:
        choices = condition.in_
        tests.append(lambda value: _within(value, choices))
    if condition.at_least is not None:
        least = condition.at_least
        tests.append(lambda value: (size := _size(value)) is not None and size >= least)
    if condition.at_most is not None:
        most = condition.at_most
        tests.append(lambda value: (size := _size(value)) is not None and size <= most)
    if not tests:
        return bool if condition.same_as is None else _any_value
    if len(tests) == 1:
        return tests[0]
    return lambda value: all(test(value) for test in tests)


def _any_value(_: Any) -> bool:
    return True


def _within(value: Any, choices: list[Any]) -> bool:
    if isinstance(value, list | tuple):
        return any(item in choices for item in value)
    return value in choices


def _size(value: Any) -> float | None:
    """A number itself, the length of a list; anything else has no size."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, list | tuple):
        return len(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
