"""Cross-checks of registers, counting rules, outlines, levels and jurisdictions."""

from __future__ import annotations

from collections.abc import Iterator

from yifa.law.casechecks import case_problems
from yifa.law.countingchecks import counting_problems
from yifa.law.crosschecks import Known, bases, fields, reference, references
from yifa.law.documentchecks import document
from yifa.law.gapchecks import gap_problems
from yifa.law.indicatorchecks import indicator_set
from yifa.law.messages import Problem
from yifa.law.outlinechecks import outline
from yifa.law.schema import (
    CaseType,
    CountingRule,
    DocumentType,
    FieldType,
    GapType,
    IndicatorSet,
    Jurisdiction,
    LevelProfile,
    Model,
    OutlineType,
    RegisterType,
    SheetType,
)


def problems_of(thing: Model, known: Known) -> Iterator[Problem]:
    """All that is wrong with the references of one file."""
    if isinstance(thing, CaseType):
        yield from case_problems(thing, known)
        return
    yield from bases((), thing, known)
    if isinstance(thing, RegisterType):
        yield from _register(thing)
        yield from _listed_from(thing, known)
        for name, spec in thing.fields.items():
            if spec.asked_with is not None:
                yield ("fields", name, "asked_with"), "asked_with 只用于事项字段"
        yield from fields(("fields",), thing.fields, known)
    elif isinstance(thing, CountingRule):
        yield from counting_problems(thing, known)
    elif isinstance(thing, GapType):
        yield from gap_problems(thing, known)
    elif isinstance(thing, OutlineType):
        yield from outline(thing, known)
    elif isinstance(thing, DocumentType):
        yield from document(thing, known)
    elif isinstance(thing, IndicatorSet):
        yield from indicator_set(thing, known)
    elif isinstance(thing, SheetType):
        yield from references(("case_types",), thing.case_types, known.case_types, "事项类型")
    elif isinstance(thing, LevelProfile):
        yield from references(("case_types",), thing.case_types, known.case_types, "事项类型")
        yield from references(("registers",), thing.registers, known.registers, "清单")
    elif isinstance(thing, Jurisdiction):
        yield from _jurisdiction(thing, known)


def _register(register: RegisterType) -> Iterator[Problem]:
    for key in ("key", "title_field", "begins", "ends", "paper"):
        name = getattr(register, key)
        if name is None:
            continue
        yield from reference((key,), name, register.fields, "字段")
        spec = register.fields.get(name)
        if spec is not None and key in {"begins", "ends"} and spec.type is not FieldType.DATE:
            yield (key,), f"“{name}”的类型应为 date，现在是 {spec.type.value}"
    if register.renews and register.ends is None:
        yield ("ends",), "到期提醒、续期的清单要写明 ends"
    if register.continues and (register.begins is None or register.ends is None):
        yield ("continues",), "续期连续计算的清单要写明 begins 和 ends"


def _listed_from(register: RegisterType, known: Known) -> Iterator[Problem]:
    for index, one in enumerate(register.listed_from):
        place = ("listed_from", index)
        yield from reference((*place, "case_type"), one.case_type, known.case_types, "事项类型")
        case = known.case_types.get(one.case_type)
        if case is None:
            continue
        yield from reference((*place, "act"), one.act, case.acts, "环节")
        own = {f"fact.{name}" for name in case.facts} | {f"act.{name}.on" for name in case.acts}
        for name, origin in one.fields.items():
            yield from reference((*place, "fields"), name, register.fields, "字段")
            yield from reference((*place, "fields", name), origin, {"case.number", "case.unit", *own}, "来源")
        if register.key not in one.fields:
            yield (*place, "fields"), f"没有写“{register.key}”从哪里来：凭它知道列没列"


def _jurisdiction(jurisdiction: Jurisdiction, known: Known) -> Iterator[Problem]:
    for index, local in enumerate(jurisdiction.durations):
        place = ("durations", index)
        yield from reference((*place, "case_type"), local.case_type, known.case_types, "事项类型")
        case = known.case_types.get(local.case_type)
        if case is not None:
            yield from reference((*place, "clock"), local.clock, case.clocks, "时限")
        if local.duration.length is None:
            yield (*place, "duration", "length"), "本地时长必须写明 length；没有核实的数字不要写入"
    for name in jurisdiction.names:
        yield from reference(("names", name), name, {**known.case_types, **known.registers}, "事项类型或清单")
