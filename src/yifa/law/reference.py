"""The reference pages of the catalogue, for people: what each case type, register and counting rule says.

Pure text in Chinese, made from the data alone; `tools/docs.py` writes it to docs/reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from yifa.law.casepages import case_type_parts
from yifa.law.loader import Catalogue, catalogue
from yifa.law.phrases import DOMAINS, cited, condition, titles
from yifa.law.rulewords import CLOCK_STATES
from yifa.law.schema import (
    CaseType,
    CountedState,
    CountingRule,
    FieldSpec,
    RegisterType,
)
from yifa.law.tables import fields_table, page, table

GENERATED = "本页由目录文件生成，请改目录，不要改本页。"

COUNTED = {
    CountedState.ACT: "报告期内发生",
    CountedState.OPEN_AT_START: "期初尚未结束（上期结转）",
    CountedState.OPEN_AT_END: "截止日尚未结束",
    CountedState.IN_FORCE_AT_END: "截止日有效",
    CountedState.BEGAN: "报告期内开始有效",
    CountedState.ENDED: "报告期内终止",
}


def case_types_page() -> str:
    """All case types of the default catalogue by domain, each with a page of its own."""
    parts = ["# 事项类型", GENERATED]
    for domain, title in DOMAINS.items():
        types = [item for item in catalogue().case_types.values() if item.domain is domain]
        if types:
            links = [f"- [{item.title}](procedures/{item.case_type}.md)：{item.summary}" for item in types]
            parts += [f"## {title}", "\n".join(links)]
    return page(parts)


def case_type_page(case_type: CaseType, *, drawn: bool = True) -> str:
    """One case type: its flow (where `drawn`), facts, acts, clocks, number; what is counted of it and what is missed."""
    known = catalogue()
    rules = [rule for rule in known.counting_rules.values() if rule.case_type == case_type.case_type]
    gaps = [gap for gap in known.gaps.values() if gap.case_type == case_type.case_type]
    parts = [f"# {case_type.title}", GENERATED, *case_type_parts(case_type, drawn=drawn)]
    if rules:
        rows = [(rule.title, f"`{rule.counting_rule}`", rule.unit, rule.explain) for rule in rules]
        parts += ["## 统计", table(("口径", "编号", "单位", "说明"), rows)]
    if gaps:
        parts += ["## 缺口清单", "\n".join(f"- {gap.title}：{gap.explain}" for gap in gaps)]
    return page(parts)


def gap_lists_page() -> str:
    """All gap lists of the default catalogue by domain."""
    parts = ["# 缺口清单", GENERATED, "应当有而台账里没有的，由清单和事项自动比对得出。"]
    for domain, title in DOMAINS.items():
        gaps = [gap for gap in catalogue().gaps.values() if gap.domain is domain]
        if gaps:
            rows = [(gap.title, f"`{gap.gap}`", gap.explain, cited(gap.basis)) for gap in gaps]
            parts += [f"## {title}", table(("清单", "编号", "说明", "依据"), rows)]
    return page(parts)


def documents_page() -> str:
    """All templates of papers of the default catalogue, by case type."""
    known = catalogue()
    parts = ["# 文书模板", GENERATED, "文书由台账填写；期限取自时限，台账没有的内容在文书页面填一次。"]
    for case_type in known.case_types.values():
        order = list(case_type.acts)
        rows = [
            (order.index(serves.act), template, serves.act)
            for template in known.documents.values()
            for serves in template.serves
            if serves.case_type == case_type.case_type
        ]
        lines = [
            (
                case_type.acts[act].title,
                template.title,
                f"`{template.document}`",
                template.summary,
                "、".join(cited(one) for one in template.basis),
            )
            for _, template, act in sorted(rows, key=lambda row: (row[0], row[1].document))
        ]
        if lines:
            parts += [f"## {case_type.title}", table(("环节", "文书", "编号", "内容", "依据"), lines)]
    return page(parts)


def registers_page() -> str:
    """All registers of the default catalogue."""
    return page(
        [
            "# 清单和名录",
            GENERATED,
            *(part for item in catalogue().registers.values() for part in _register_parts(item)),
        ]
    )


def counting_rules_page() -> str:
    """All counting rules of the default catalogue, by what they count."""
    known = catalogue()
    groups: dict[str, list[CountingRule]] = {}
    for rule in known.counting_rules.values():
        groups.setdefault(_source(rule, known), []).append(rule)
    parts = [
        "# 口径",
        GENERATED,
        "每个数字都按下面的口径由记录算出。同一口径改动后版本加一，旧数字保留旧版本。",
    ]
    for group, rules in groups.items():
        rows = [
            (
                rule.title,
                f"`{rule.counting_rule}`",
                rule.unit,
                rule.explain,
                _how(rule, known),
                cited(rule.basis),
            )
            for rule in rules
        ]
        parts += [f"## {group}", table(("口径", "编号", "单位", "说明", "算法", "依据"), rows)]
    return page(parts)


def _register_parts(register: RegisterType) -> Iterator[str]:
    yield f"## {register.title}"
    yield f"编号 `{register.register_}`，计数单位“{register.unit}”。{register.summary}"
    if register.basis:
        yield "依据：" + "、".join(cited(basis) for basis in register.basis)
    yield _validity_of_entries(register)
    yield fields_table(register.fields)


def _validity_of_entries(register: RegisterType) -> str:
    text = f"每一条以“{register.fields[register.key].title}”识别"
    if register.begins:
        text += f"，自“{register.fields[register.begins].title}”起{register.in_force_label}"
    if register.ends:
        text += f"，“{register.fields[register.ends].title}”之后{register.ended_label}"
    if register.continues:
        text += "，续期的与上一期连续计算"
    if register.remind_days:
        text += f"，提前{register.remind_days}日提醒"
    return text + "。"


def _source(rule: CountingRule, known: Catalogue) -> str:
    """What a rule counts; a rate is shown with its numerator."""
    if rule.rate is not None:
        return _source(known.counting_rules[rule.rate.numerator], known)
    if rule.case_type is not None:
        return known.case_types[rule.case_type].title
    return known.registers[rule.register_ or ""].title


def _how(rule: CountingRule, known: Catalogue) -> str:
    if rule.rate is not None:
        over = known.counting_rules[rule.rate.numerator].title
        under = known.counting_rules[rule.rate.denominator].title
        return f"“{over}”除以“{under}”"
    case_type = known.case_types.get(rule.case_type or "")
    fields = case_type.facts if case_type else known.registers[rule.register_ or ""].fields
    text = COUNTED[rule.counts]
    if case_type and rule.acts:
        text += titles(case_type, rule.acts)
    if rule.outcomes:
        text += f"，结果为{'；'.join(rule.outcomes)}"
    if rule.where is not None:
        text += f"，{condition(rule.where, case_type, fields)}"
    if case_type and rule.clocks:
        states = "或者".join(CLOCK_STATES.get(state, state) for state in rule.clock_state or ())
        names = "或".join(f"“{case_type.clocks[name].title}”" for name in rule.clocks)
        text += f"，{names}{states}"
    if rule.sum_field:
        text += f"，加总“{_summed(rule, case_type, fields)}”"
    return text + {"act": "，每次计一次", "year": "，每年计一次", "case": ""}[rule.per]


def _summed(rule: CountingRule, case_type: CaseType | None, facts: dict[str, FieldSpec]) -> str:
    name = rule.sum_field or ""
    for act in rule.acts:
        if case_type and name in case_type.acts[act].fields:
            return case_type.acts[act].fields[name].title
    return facts[name].title
