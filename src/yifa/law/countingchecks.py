"""Whether a counting rule refers to what is there, and whether its versions follow one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from yifa.law.conditionchecks import condition, field_condition
from yifa.law.crosschecks import Known, reference, references
from yifa.law.messages import Problem
from yifa.law.phrases import LEVELS
from yifa.law.schema import (
    CaseType,
    CountedState,
    CountingRule,
    Definition,
    FieldSpec,
    FieldType,
    GapType,
    RegisterType,
)

CLOCK_STATES = ("waiting", "running", "paused", "kept", "broken")


_OF_CASES = {CountedState.ACT, CountedState.OPEN_AT_START, CountedState.OPEN_AT_END}


_NUMERIC = {FieldType.NUMBER, FieldType.MONEY, FieldType.LIST}  # a list gives its length


def counting_problems(rule: CountingRule, known: Known) -> Iterator[Problem]:
    """All that is wrong with a counting rule and its earlier versions."""
    yield from _defined(rule, known)
    for index, earlier in enumerate(rule.earlier):
        for place, what in _defined(earlier, known):
            yield ("earlier", index, *place), what
    yield from _versions(rule)


def _versions(rule: CountingRule) -> Iterator[Problem]:
    """Earlier versions are whole and in order, and each counts otherwise than the next."""
    if rule.version != len(rule.earlier) + 1:
        yield (
            ("version",),
            f"现行是第 {rule.version} 版，earlier 里应有以前的 {rule.version - 1} 版，现有 {len(rule.earlier)} 版："
            "改了算法要把原来的定义原样留在 earlier 里",
        )
    until: date | None = None
    for index, one in enumerate(rule.earlier):
        place = ("earlier", index)
        if one.version != index + 1:
            yield (
                (*place, "version"),
                f"各版应按 1、2、3 的顺序写，这里应为 {index + 1}，现在是 {one.version}",
            )
        if one.valid_from is not None and one.valid_from > one.valid_to:
            yield (*place, "from"), f"适用期起止颠倒：from {one.valid_from} 晚于 to {one.valid_to}"
        if until is not None and one.valid_to <= until:
            yield (*place, "to"), f"第 {one.version} 版应晚于上一版终止，上一版的 to 是 {until}"
        elif until is not None and one.valid_from not in {None, until + timedelta(days=1)}:
            yield (*place, "from"), f"应与上一版相接，写 {until + timedelta(days=1)}，或者不写 from"
        until = one.valid_to
        later: Definition = rule.earlier[index + 1] if index + 1 < len(rule.earlier) else rule
        if one.meaning() == later.meaning():
            yield place, f"第 {one.version} 版与下一版的算法相同：只改名称、说明、依据，不另立版本"


def _defined(rule: Definition, known: Known) -> Iterator[Problem]:
    if rule.rate is not None:
        for key in ("numerator", "denominator"):
            yield from reference(("rate", key), getattr(rule.rate, key), known.counting_rules, "口径")
            part = known.counting_rules.get(getattr(rule.rate, key))
            if part is not None and part.rate is not None:
                yield ("rate", key), "比率的分子、分母应是计数的口径，不能又是比率"
        yield from _divided(rule, known)
    elif rule.case_type is not None:
        yield from reference(("case_type",), rule.case_type, known.case_types, "事项类型")
        if rule.case_type in known.case_types:
            yield from _counting_cases(rule, known.case_types[rule.case_type])
    elif rule.register_ is not None:
        yield from reference(("register",), rule.register_, known.registers, "清单")
        if rule.register_ in known.registers:
            yield from _counting_entries(rule, known.registers[rule.register_])


def _divided(rule: Definition, known: Known) -> Iterator[Problem]:
    """A percentage divides like by like: 件 by 件; so many of one for each of another is no percentage."""
    if rule.rate is None:
        return
    above, below = (known.counting_rules.get(name) for name in (rule.rate.numerator, rule.rate.denominator))
    percent = rule.unit in {"%", "％"}
    if percent != (rule.rate.times == 100):
        yield (
            ("unit",),
            f"计量单位是“{rule.unit}”，倍数是 {rule.rate.times}：百分比写 times: 100，每一个有多少写 times: 1",
        )
    elif percent and above is not None and below is not None and above.unit != below.unit:
        yield (
            ("rate",),
            f"百分比的分子以“{above.unit}”计，分母以“{below.unit}”计，不能相除；每{below.unit}多少{above.unit}的，写 times: 1",
        )


def _counting_cases(rule: Definition, case: CaseType) -> Iterator[Problem]:
    if rule.counts not in _OF_CASES:
        yield ("counts",), f"事项的口径不能用 {rule.counts.value}，应为 act、open_at_start 或 open_at_end"
    if rule.counts is CountedState.ACT and not rule.acts:
        yield ("acts",), "没有写 acts：要数哪个环节？例如 acts: [receive]"
    yield from references(("acts",), rule.acts, case.acts, "环节")
    acts = [case.acts[a] for a in rule.acts if a in case.acts] or list(case.acts.values())
    yield from references(("outcomes",), rule.outcomes or [], [o for a in acts for o in a.outcomes], "结果")
    yield from condition(("where",), rule.where, case)
    yield from clock_references(rule, case)
    own = dict(case.facts)
    for act in acts:
        own |= act.weighed
    yield from _sum(rule, own)
    if rule.takes is not None:
        yield from references(("takes", "from"), rule.takes.starts, case.acts, "环节")
    yield from _breakdown(rule, case.facts, ("outcome", "unit", "act"), own)


def clock_references(thing: Definition | GapType, case: CaseType) -> Iterator[Problem]:
    """The clocks named must be those of the case type, with a state that clocks have."""
    names = [thing.clock] if isinstance(thing.clock, str) else thing.clock or []
    yield from references(("clock",), names, case.clocks, "时限")
    if (thing.clock is None) != (thing.clock_state is None):
        yield ("clock",), "clock 与 clock_state 要一起写，例如 clock: answer 与 clock_state: [broken]"
    yield from references(("clock_state",), thing.clock_state or [], CLOCK_STATES, "时限状态")


def _counting_entries(rule: Definition, register: RegisterType) -> Iterator[Problem]:
    if rule.units is not None:
        yield from references(("units", "levels"), rule.units.levels, LEVELS, "层级")
        if rule.units.named_in is not None:
            yield from reference(("units", "named_in"), rule.units.named_in, register.fields, "字段")
    if rule.counts in _OF_CASES:
        yield ("counts",), "清单的口径应写 counts: in_force_at_end、began 或 ended"
    if rule.acts or rule.outcomes or rule.clock:
        yield ("acts",), "清单没有环节、结果和时限，口径里不能写 acts、outcomes、clock"
    if rule.counts is CountedState.BEGAN and register.begins is None:
        yield ("counts",), f"清单 {register.register_} 没有生效日期字段 begins，数不出新增"
    if rule.counts is CountedState.ENDED and register.ends is None:
        yield ("counts",), f"清单 {register.register_} 没有失效日期字段 ends，数不出失效"
    yield from field_condition(("where",), rule.where, register.fields)
    yield from _sum(rule, register.fields)
    yield from _breakdown(rule, register.fields, ("unit",))


def _sum(rule: Definition, own: dict[str, FieldSpec]) -> Iterator[Problem]:
    if rule.distinct_by is not None:
        yield from reference(("distinct_by",), rule.distinct_by, own, "字段")
    if rule.sum_field is None:
        return
    yield from reference(("sum_field",), rule.sum_field, own, "字段")
    spec = own.get(rule.sum_field)
    if spec is not None and spec.type not in _NUMERIC:
        yield (
            ("sum_field",),
            f"“{rule.sum_field}”的类型是 {spec.type.value}，只有 number、money 能相加，list 按项数相加",
        )


def _breakdown(
    rule: Definition,
    fields: dict[str, FieldSpec],
    words: tuple[str, ...],
    of_acts: dict[str, FieldSpec] | None = None,
) -> Iterator[Problem]:
    if rule.breakdown is None or rule.breakdown in words:
        return
    kind, _, name = rule.breakdown.partition(":")
    if kind == "fact" and name:
        yield from reference(("breakdown",), name, fields, "字段")
    elif kind == "field" and name and of_acts is not None:
        yield from reference(("breakdown",), name, of_acts, "字段")
    else:
        last = " 或 fact:字段" if of_acts is None else "、fact:字段 或 field:环节字段"
        yield ("breakdown",), f"分项应写 {'、'.join(words)}{last}，现在是“{rule.breakdown}”"


def fields_counted(rule: CountingRule | None, known: Known) -> dict[str, FieldSpec] | None:
    """The fields of what a rule counts; None where that is not there."""
    if rule is None:
        return None
    if rule.register_ is not None:
        register = known.registers.get(rule.register_)
        return register.fields if register is not None else None
    case = known.case_types.get(rule.case_type or "")
    if case is None:
        return None
    found = dict(case.facts)
    for act in case.acts.values():
        found |= act.weighed
    return found
