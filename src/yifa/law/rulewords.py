"""A counting rule in plain words and as its own data, made from the data alone.

Pages, print, spreadsheets and the command line say the same; nothing here is written by hand for a single rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from yifa.law.loader import Catalogue
from yifa.law.phrases import LEVELS, cited, condition, plain, titles
from yifa.law.schema import (
    CaseType,
    Condition,
    CountedState,
    Definition,
    FieldSpec,
    FieldType,
    Model,
    RegisterType,
    Unit,
)

Lines = tuple[tuple[str, str], ...]  # label and text

CLOCK_STATES = {"waiting": "未起算", "running": "计时中", "paused": "暂停", "kept": "按期", "broken": "超期"}
DAYS = {Unit.DAYS: "自然日", Unit.WORKDAYS: "工作日"}
UNTOLD = "没有填写的列为“未填”"

KEYS = {
    "case_type": "事项类型", "register": "清单", "rate": "比率", "numerator": "分子", "denominator": "分母",
    "complement": "取差额", "times": "倍数", "units": "数单位", "levels": "层级", "named_in": "写在哪个字段",
    "counts": "计入时点", "acts": "环节", "outcomes": "结果", "where": "条件", "clock": "时限", "clock_state": "时限状态",
    "per": "计次", "sum_field": "加总字段", "takes": "用时", "from": "自环节", "unit": "计量", "aggregate": "合计方式",
    "distinct_by": "去重字段", "years_before": "前移年数", "breakdown": "分项",
}  # fmt: skip
STATES = {
    CountedState.ACT: "期内发生", CountedState.OPEN_AT_START: "期初尚未办结", CountedState.OPEN_AT_END: "截止日尚未办结",
    CountedState.IN_FORCE_AT_END: "截止日有效", CountedState.BEGAN: "期内开始有效", CountedState.ENDED: "期内终止",
}  # fmt: skip
WORDS = {
    "per": {"case": "一件一次", "act": "每次一次", "year": "一件每年一次"},
    "aggregate": {"sum": "相加", "mean": "平均数", "median": "中位数", "distinct": "去重数"},
}
EACH = {
    "act": "每办理一次计一次",
    "case": "一件事项只计一次",
    "year": "一件事项每年只计一次，每年只看当年的环节",
}


def in_words(rule: Definition, known: Catalogue) -> Lines:
    """What is counted, when, whose, how the number is made, what is left out; labels in a fixed order."""
    source = _Source(rule, known)
    lines = (
        ("数什么", source.counted()),
        ("归入期间", source.placed()),
        ("只计", "；".join(source.only())),
        ("谁的", source.whose()),
        ("怎样得数", source.amount()),
        ("分项", source.parts()),
        ("计量单位", rule.unit),
        ("不计入", "；".join(source.left_out())),
        ("依据", cited(rule.basis)),
    )
    return tuple((label, text) for label, text in lines if text)


def query_of(rule: Definition, known: Catalogue) -> Lines:
    """The rule's own data, key by key, with the names of what its ids mean; what is not given is left out."""
    source = _Source(rule, known)
    return tuple(
        (KEYS[key], source.named(key, getattr(rule, name)))
        for name, info in Definition.model_fields.items()
        for key in [info.alias or name]
        if name in rule.model_fields_set
        and key in KEYS
        and name not in {"unit"}
        and getattr(rule, name) is not None
    )


class _Source:
    """A rule with the case type or register it counts over."""

    def __init__(self, rule: Definition, known: Catalogue) -> None:
        self.rule, self.known = rule, known
        self.case_type: CaseType | None = known.case_types.get(rule.case_type or "")
        self.register: RegisterType | None = known.registers.get(rule.register_ or "")
        self.fields: Mapping[str, FieldSpec] = (
            self.case_type.facts if self.case_type else self.register.fields if self.register else {}
        )

    # ------------------------------------------------------------ plain words

    def counted(self) -> str:
        rule = self.rule
        if rule.rate is not None:
            return f"“{self._rule(rule.rate.numerator)}”与“{self._rule(rule.rate.denominator)}”之比"
        if rule.units is not None:
            return self._units()
        if self.register is not None:
            return f"“{self.register.title}”中{STATES[rule.counts]}的条目"
        if self.case_type is None:
            return ""
        if rule.counts is not CountedState.ACT:
            return f"{STATES[rule.counts]}的“{self.case_type.title}”事项，一件计一次"
        each = EACH[rule.per]
        return f"“{self.case_type.title}”事项中办理了{self._acts(self.case_type)}的，{each}"

    def _units(self) -> str:
        assert self.rule.units is not None  # noqa: S101 - the caller has looked
        levels = "、".join(LEVELS.get(level, level) for level in self.rule.units.levels)
        if self.rule.units.named_in is None or self.register is None:
            return f"截止日已有的单位（{levels}）"
        field = self.register.fields[self.rule.units.named_in].title
        return f"单位（{levels}）中，截止日有效的“{self.register.title}”条目在“{field}”里写到的"

    def _acts(self, case_type: CaseType) -> str:
        return titles(case_type, self.rule.acts or case_type.opens_with)

    def placed(self) -> str:
        rule = self.rule
        moved = f"；统计期间前移{rule.years_before}年" if rule.years_before else ""
        if rule.rate is not None:
            return "分子、分母各按自己的口径"
        if rule.units is not None:
            return f"看截止日{moved}"
        if rule.counts is CountedState.ACT and self.case_type is not None:
            which = {"act": "每次", "case": "首次", "year": "当年首次"}[rule.per]
            return f"{which}办理{self._acts(self.case_type)}之日在统计期间内{moved}"
        register = self.register
        begins = (
            f"“{register.fields[register.begins].title}”" if register and register.begins else "列入清单之日"
        )
        ends = f"“{register.fields[register.ends].title}”" if register and register.ends else "撤下之日"
        return {
            CountedState.OPEN_AT_START: "看统计期间开始的前一天",
            CountedState.OPEN_AT_END: "看截止日",
            CountedState.IN_FORCE_AT_END: f"看截止日：{begins}不晚于该日，{ends}不早于该日或者没有",
            CountedState.BEGAN: f"{begins}在统计期间内",
            CountedState.ENDED: f"{ends}的次日在统计期间内",
        }.get(rule.counts, "") + moved

    def only(self) -> Iterator[str]:
        rule = self.rule
        if rule.outcomes:
            yield f"结果为{'、'.join(f'“{one}”' for one in rule.outcomes)}{'之一' if len(rule.outcomes) > 1 else ''}的"
        if rule.where is not None:
            yield f"{condition(rule.where, self.case_type, self.fields)}的"
        if self.case_type is not None and rule.clocks:
            states = "或者".join(CLOCK_STATES.get(state, state) for state in rule.clock_state or ())
            names = "或者".join(f"“{self.case_type.clocks[name].title}”" for name in rule.clocks)
            yield f"时限{names}到截止日{states}的"

    def whose(self) -> str:
        if self.rule.rate is not None:
            return ""
        if self.rule.units is not None:
            return "本单位及其全部下级单位"
        return f"本单位及其全部下级单位登记的{'条目' if self.register else '事项'}，同一件不因层级重复计"

    def amount(self) -> str:
        rule = self.rule
        if rule.rate is not None:
            return self._rate()
        if rule.aggregate == "distinct":
            return f"数不同的“{self._field(rule.distinct_by or '')}”，相同的只计一次，列表逐项看"
        what = ""
        if rule.sum_field is not None:
            listed = self._spec(rule.sum_field)
            how = "的项数" if listed is not None and listed.type is FieldType.LIST else ""
            what = f"“{self._field(rule.sum_field)}”{how}"
        elif rule.takes is not None and self.case_type is not None:
            what = f"自最近一次{titles(self.case_type, rule.takes.starts)}起所用的{DAYS.get(rule.takes.unit, '日')}数"
        if rule.aggregate in {"mean", "median"}:
            return f"取{what}的{WORDS['aggregate'][rule.aggregate]}，保留两位小数"
        return f"加总{what}" if what else ""

    def _rate(self) -> str:
        rate = self.rule.rate
        assert rate is not None  # noqa: S101 - the caller has looked
        over, under = self._rule(rate.numerator), self._rule(rate.denominator)
        above = f"（“{under}”－“{over}”）" if rate.complement else f"“{over}”"
        times = f"×{rate.times}" if rate.times != 1 else ""
        return f"{above}÷“{under}”{times}，四舍五入到两位小数"

    def parts(self) -> str:
        kind, _, name = (self.rule.breakdown or "").partition(":")
        if not kind:
            return ""
        by = {"outcome": "结果", "unit": "单位", "act": "环节"}.get(kind) or f"“{self._field(name)}”"
        return f"按{by}分列，各项相加等于总数，{UNTOLD}"

    def left_out(self) -> Iterator[str]:
        rule = self.rule
        if rule.rate is not None:
            yield "分母为 0 时不计算，显示“无发生”；分子或者分母没有采集的，比率也是未采集"
            return
        if self.case_type is not None:
            yield "已撤回的环节"
            if rule.counts is CountedState.ACT and rule.per == "case":
                yield "同一事项以后再次办理的"
            if rule.counts is CountedState.ACT and rule.per == "year":
                yield "同一事项同一年内再次办理的"
        elif rule.units is None:
            yield "已撤下的条目自撤下次日起"
        if rule.takes is not None and self.case_type is not None:
            yield f"没有{titles(self.case_type, rule.takes.starts)}的"
        if rule.distinct_by is not None:
            yield f"没有填写“{self._field(rule.distinct_by)}”的"
        if {"kept", "broken"} & set(rule.clock_state or ()):
            yield "没有届满日的，不算按期也不算超期"
        yield "声明未采集的单位（在数字旁列明）"

    # ------------------------------------------------------------ the data itself

    def named(self, key: str, value: Any) -> str:
        """A value of the rule's data: names with the ids they stand for."""
        if isinstance(value, Condition):
            return condition(value, self.case_type, self.fields)
        if isinstance(value, Model):
            return "，".join(
                f"{KEYS.get(info.alias or name, name)} {self.named(info.alias or name, getattr(value, name))}"
                for name, info in type(value).model_fields.items()
                if name in value.model_fields_set
            )
        if isinstance(value, list):
            return "、".join(self.named(key, one) for one in value)
        if isinstance(value, bool):
            return plain(value)
        if isinstance(value, Enum):
            return f"{STATES.get(value) or DAYS.get(value) or ''}（{value.value}）"  # type: ignore[call-overload]
        title = self._title(key, str(value))
        return f"{title}（{value}）" if title and title != str(value) else str(value)

    def _title(self, key: str, name: str) -> str:
        if key in WORDS:
            return WORDS[key][name]
        if key == "case_type" and self.case_type:
            return self.case_type.title
        if key == "register" and self.register:
            return self.register.title
        if key in {"numerator", "denominator"}:
            return self._rule(name)
        if key in {"acts", "from"} and self.case_type:
            return self.case_type.acts[name].title
        if key == "clock" and self.case_type:
            return self.case_type.clocks[name].title
        if key == "clock_state":
            return CLOCK_STATES.get(name, "")
        if key == "levels":
            return LEVELS.get(name, "")
        if key == "breakdown":
            kind, _, field = name.partition(":")
            return (
                self._field(field)
                if field
                else {"outcome": "结果", "unit": "单位", "act": "环节"}.get(kind, "")
            )
        return self._field(name) if key in {"sum_field", "distinct_by", "named_in"} else ""

    def _rule(self, name: str) -> str:
        return self.known.counting_rules[name].title

    def _spec(self, name: str) -> FieldSpec | None:
        if self.case_type is not None:
            for act in self.rule.acts or self.case_type.opens_with:
                if name in self.case_type.acts[act].fields:
                    return self.case_type.acts[act].fields[name]
        return self.fields.get(name)

    def _field(self, name: str) -> str:
        spec = self._spec(name)
        return spec.title if spec is not None else name
