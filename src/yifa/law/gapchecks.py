"""Whether a gap list refers to what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yifa.law.conditionchecks import condition, field_condition
from yifa.law.countingchecks import clock_references, fields_counted
from yifa.law.crosschecks import Known, reference, references
from yifa.law.messages import Problem
from yifa.law.nodes import Place
from yifa.law.phrases import LEVELS
from yifa.law.schema import (
    Answering,
    CaseType,
    FieldSpec,
    FieldType,
    GapType,
)

COMMON = ("key", "number", "title", "unit")  # what every entry or case can be matched by


PERSON = FieldSpec(title="办理人", type=FieldType.PERSON)  # who did an act, and the posts held that day


def gap_problems(gap: GapType, known: Known) -> Iterator[Problem]:
    """All that is wrong with a gap list."""
    own: dict[str, FieldSpec] | None = None
    if gap.register_ is not None:
        yield from reference(("register",), gap.register_, known.registers, "清单")
        own = known.registers[gap.register_].fields if gap.register_ in known.registers else None
        if own is not None:
            yield from field_condition(("where",), gap.where, own)
    elif gap.case_type is not None:
        yield from reference(("case_type",), gap.case_type, known.case_types, "事项类型")
        case = known.case_types.get(gap.case_type)
        if case is not None:
            own = {**case.facts, **_fields_of_acts(case)}
            yield from condition(("where",), gap.where, case)
            yield from clock_references(gap, case)
    elif gap.counting_rule is not None:
        yield from reference(("counting_rule",), gap.counting_rule, known.counting_rules, "口径")
        counted = fields_counted(known.counting_rules.get(gap.counting_rule), known)
        own = None if counted is None else counted | {"by": PERSON, "posts": PERSON}
    else:
        own = {}
        if gap.where is not None:
            yield ("where",), "看单位的缺口不能写 where，层级写在 levels 里"
    yield from references(("levels",), gap.levels or [], LEVELS, "层级")
    if gap.each is not None and own is not None:
        yield from _listed_field(gap.each, own)
        own = {**own, "item": own[gap.each]} if gap.each in own else own
    for index, answering in enumerate(gap.unless):
        yield from _answering(("unless", index), answering, own, known)


def _fields_of_acts(case: CaseType) -> dict[str, FieldSpec]:
    """The fields of acts by the names under which gap lists know them: carry_over.round."""
    return {f"{id_}.{name}": spec for id_, act in case.acts.items() for name, spec in act.weighed.items()}


def _listed_field(name: str, own: Mapping[str, FieldSpec]) -> Iterator[Problem]:
    yield from reference(("each",), name, own, "字段")
    if name in own and own[name].type is not FieldType.LIST:
        yield ("each",), f"“{name}”的类型应为 list，现在是 {own[name].type.value}：each 逐项看一个列表"


def _answering(
    place: Place, answering: Answering, own: Mapping[str, FieldSpec] | None, known: Known
) -> Iterator[Problem]:
    theirs: dict[str, FieldSpec] | None = None
    if answering.register_ is not None:
        yield from reference((*place, "register"), answering.register_, known.registers, "清单")
        register = known.registers.get(answering.register_)
        if register is not None:
            theirs = register.fields
            yield from field_condition((*place, "where"), answering.where, theirs)
    elif answering.counting_rule is not None:
        yield from reference((*place, "counting_rule"), answering.counting_rule, known.counting_rules, "口径")
        theirs = fields_counted(known.counting_rules.get(answering.counting_rule), known)
    if answering.equals is not None:
        yield from reference((*place, "equals"), answering.equals, known.counting_rules, "口径")
        other = fields_counted(known.counting_rules.get(answering.equals), known)
        for name in answering.match if other is not None else ():
            yield from reference((*place, "match", name), name, [*(other or {}), *COMMON], "字段")
    for part, pairs, common in (
        ("match", answering.match, COMMON),
        ("same", answering.same, COMMON),
        ("up_to", answering.up_to, ()),
    ):
        for name, mine in pairs.items():
            here = (*place, part, name)
            if theirs is not None:
                yield from reference(here, name, [*theirs, *common], "字段")
            if own is not None:
                yield from reference(here, mine, [*own, *common], "字段")
    if own is not None:
        yield from _bounds(place, answering, own)


def _bounds(place: Place, answering: Answering, own: Mapping[str, FieldSpec]) -> Iterator[Problem]:
    """How many and how far back may be fields of the thing looked at."""
    length = answering.within.length if answering.within is not None else None
    bounds = {"at_least": answering.at_least, "at_most": answering.at_most, "within": length}
    for key, bound in bounds.items():
        if isinstance(bound, str):
            yield from reference((*place, key), bound, own, "字段")
