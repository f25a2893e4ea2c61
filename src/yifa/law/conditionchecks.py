"""Whether a condition asks for fields that are there, and for values that they can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yifa.law.crosschecks import reference, references
from yifa.law.messages import Problem
from yifa.law.nodes import Place
from yifa.law.phrases import LEVELS
from yifa.law.schema import CaseType, Condition, FieldSpec, FieldType


def condition(place: Place, given: Condition | None, case: CaseType) -> Iterator[Problem]:
    """All that is wrong with a condition on a case."""
    if given is None:
        return
    for key, several in (("all", given.all_), ("any", given.any_)):
        for index, one in enumerate(several or []):
            yield from condition((*place, key, index), one, case)
    yield from condition((*place, "not"), given.not_, case)
    yield from references((*place, "level"), given.level or [], LEVELS, "层级")
    if given.fact is not None:
        yield from _tested((*place, "fact"), given.fact, case.facts, given, "事项字段")
    if given.act is not None:
        yield from reference((*place, "act"), given.act, case.acts, "环节")
        act = case.acts.get(given.act)
        if act is not None:
            yield from references((*place, "outcome"), given.outcome or [], act.outcomes, "结果")
            if given.field is not None:
                yield from _tested((*place, "field"), given.field, act.weighed, given, "环节字段")
    if given.same_as is not None:
        other = case.acts.get(given.same_as.act)
        yield from reference((*place, "same_as", "act"), given.same_as.act, case.acts, "环节")
        if other is not None:
            here = (*place, "same_as", "field")
            yield from reference(here, given.same_as.field, other.weighed, "环节字段")


def field_condition(
    place: Place, given: Condition | None, fields: Mapping[str, FieldSpec]
) -> Iterator[Problem]:
    """All that is wrong with a condition on the fields of a register entry."""
    if given is None:
        return
    for key, several in (("all", given.all_), ("any", given.any_)):
        for index, one in enumerate(several or []):
            yield from field_condition((*place, key, index), one, fields)
    yield from field_condition((*place, "not"), given.not_, fields)
    yield from references((*place, "level"), given.level or [], LEVELS, "层级")
    if given.fact is not None:
        yield from _tested((*place, "fact"), given.fact, fields, given, "字段")
    if given.act is not None:
        yield (*place, "act"), "清单条目没有环节，条件请用 fact 写字段名"
    if given.same_as is not None:
        yield (*place, "same_as"), "清单条目没有环节，不能与环节的字段比"


def _tested(
    place: Place, name: str, fields: Mapping[str, FieldSpec], given: Condition, what: str
) -> Iterator[Problem]:
    """The field a condition tests must exist, and the values it is compared with must be possible."""
    yield from reference(place, name, fields, what)
    spec = fields.get(name)
    if spec is None:
        return
    around = place[:-1]
    for key, values in (("is", [given.is_]), ("in", given.in_ or [])):
        if f"{key}_" in given.model_fields_set:
            for value in values:
                yield from _value((*around, key), value, name, spec)
    numeric = spec.type in {FieldType.NUMBER, FieldType.MONEY}
    for key in ("at_least", "at_most"):
        if key in given.model_fields_set and not numeric:
            yield (
                (*around, key),
                f"“{name}”的类型是 {spec.type.value}，不能比大小；{key} 只用于 number 或 money",
            )


def _value(place: Place, value: Any, name: str, spec: FieldSpec) -> Iterator[Problem]:
    if spec.type is FieldType.CHOICE and value not in (spec.choices or []):
        yield place, f"“{name}”没有选项“{value}”，可选：{'、'.join(spec.choices or [])}"
    if spec.type is FieldType.BOOLEAN and not isinstance(value, bool):
        yield place, f"“{name}”是是否字段，应比 true 或 false，现在是“{value}”"
