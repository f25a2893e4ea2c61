"""What each entered field feeds: figures, papers, clocks, gap lists, yearly reports; and what a report asks to be typed.

Pure text in Chinese, made from the catalogue alone; `tools/docs.py` writes it to docs/reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from yifa.law.loader import Catalogue, catalogue
from yifa.law.phrases import DOMAINS
from yifa.law.schema import CaseType, FieldSpec, OutlineType, RegisterType, SectionType
from yifa.law.tables import page, table

GENERATED = "本页由目录文件生成，请改目录，不要改本页。"
NAMING = {
    "fact",
    "field",
    "sum_field",
    "distinct_by",
    "breakdown",
    "named_in",
    "each",
    "at_least",
    "at_most",
    "equals",
}
BRACED = re.compile(r"\{([a-z][a-z0-9_.]*)[^{}]*\}")
FIGURE = re.compile(r"\{([a-z][a-z0-9_]*)(?::[^{}]+)?\}")
SHOWN = 3


@dataclass
class Feeds:
    """What one field feeds, as titles."""

    rules: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)  # acts it allows, requires or limits
    lists: list[str] = field(default_factory=list)  # what it names or is found by

    @property
    def words(self) -> str:
        """In one cell."""
        parts = (
            ("数字", self.rules), ("年度报告", self.reports), ("文书", self.papers), ("时限", self.clocks),
            ("缺口清单", self.gaps), ("办理条件", self.steps), ("列表", self.lists),
        )  # fmt: skip
        said = [f"{word}：{_listed(names)}" for word, names in parts if names]
        return "；".join(said) or "案卷和查找"


def _listed(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    more = f"等 {len(found)} 个" if len(found) > SHOWN else ""
    return "、".join(found[:SHOWN]) + more


def named(data: Any) -> set[str]:
    """The fields a piece of the catalogue names, wherever in it."""
    found: set[str] = set()
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key in NAMING and isinstance(value, str):
                found.add(value.rpartition(".")[2])
            elif key == "match" and isinstance(value, Mapping):
                found |= {str(one).rpartition(".")[2] for pair in value.items() for one in pair}
            else:
                found |= named(value)
    elif isinstance(data, list | tuple):
        for one in data:
            found |= named(one)
    return found


def reports_by_rule(known: Catalogue) -> dict[str, list[str]]:
    """In which yearly reports each counting rule is written."""
    found: dict[str, list[str]] = {}
    for outline in known.outlines.values():
        for section in _sections(outline.sections):
            rules = {name for one in section.sentences for name in FIGURE.findall(one.text)}
            rules |= {name for one in section.exhibits for name in one.figures}
            for rule in rules:
                found.setdefault(rule, []).append(_plain(outline))
    for rule in known.counting_rules.values():  # a rate in a report needs both of its sides
        if rule.rate is not None:
            for side in (rule.rate.numerator, rule.rate.denominator):
                found.setdefault(side, []).extend(found.get(rule.counting_rule, []))
    return found


def _plain(outline: OutlineType) -> str:
    return BRACED.sub("", outline.title).removeprefix("年度").removeprefix("年")


def _sections(sections: Iterable[SectionType]) -> Iterator[SectionType]:
    for section in sections:
        yield section
        yield from _sections(section.sections)


def _counted(known: Catalogue, kind: str, attribute: str) -> Iterator[tuple[set[str], str, list[str]]]:
    reports = _reports(known.digest)
    for rule in known.counting_rules.values():
        if getattr(rule, attribute) == kind:
            fields = named(rule.model_dump(by_alias=True, exclude={"earlier"}))
            yield fields, rule.title, reports.get(rule.counting_rule, [])


@cache
def _reports(digest: str) -> dict[str, list[str]]:
    del digest  # what is kept holds for one state of the catalogue
    return reports_by_rule(catalogue())


def _missed(known: Catalogue, kind: str) -> Iterator[tuple[set[str], str]]:
    for gap in known.gaps.values():
        data = gap.model_dump(by_alias=True)
        if kind in {gap.case_type, gap.register_} or any(kind == one.register_ for one in gap.unless):
            yield named(data), gap.title


def feeds_of_case(case_type: CaseType, known: Catalogue) -> dict[tuple[str, str], Feeds]:
    """By act ("" for the facts) and field."""
    specs = {("", name): Feeds() for name in case_type.facts}
    specs |= {(act, name): Feeds() for act, kind in case_type.acts.items() for name in kind.fields}
    for fields, title, reports in _counted(known, case_type.case_type, "case_type"):
        for key in specs:
            if key[1] in fields:
                specs[key].rules.append(title)
                specs[key].reports += reports
    for fields, title in _missed(known, case_type.case_type):
        for key in specs:
            if key[1] in fields:
                specs[key].gaps.append(title)
    for key, feeds in specs.items():
        feeds.papers += _papers(case_type, known, *key)
        feeds.clocks += _clocks(case_type, key[1])
        feeds.steps += _steps(case_type, key[1])
        if key == ("", case_type.title_fact or ""):
            feeds.lists.append("事项名称")
    return specs


def _papers(case_type: CaseType, known: Catalogue, act: str, name: str) -> Iterator[str]:
    for paper in known.documents.values():
        served = [one for one in paper.serves if one.case_type == case_type.case_type]
        if not served:
            continue
        for written in BRACED.findall(paper.model_dump_json(by_alias=True)):
            root, _, rest = written.partition(".")
            here = any(one.act == act for one in served)
            if (root == "fact" and not act and rest.split(".")[0] == name) or (
                rest.split(".")[-1] == name
                and ((root == "this" and here) or (root == "act" and rest.startswith(f"{act}.")))
            ):
                yield paper.title


def _clocks(case_type: CaseType, name: str) -> Iterator[str]:
    for clock in case_type.clocks.values():
        data = clock.model_dump(by_alias=True)
        own = {clock.starts_by_fact, clock.ends_by_fact, *clock.dated_back, *clock.dated_back.values()}
        lengths = {one.length_by_fact for one in (*(clock.at_most or ()), *(clock.at_least or ()))}
        if name in named(data) | own | lengths or any(one.on_field == name for one in clock.restarts):
            yield clock.title


def _steps(case_type: CaseType, name: str) -> Iterator[str]:
    for act in case_type.acts.values():
        if name in named(act.model_dump(by_alias=True, exclude={"fields"})):
            yield act.title


def feeds_of_register(register: RegisterType, known: Catalogue) -> dict[str, Feeds]:
    """By field."""
    specs = {name: Feeds() for name in register.fields}
    for fields, title, reports in _counted(known, register.register_, "register_"):
        for name in fields & specs.keys():
            specs[name].rules.append(title)
            specs[name].reports += reports
    for fields, title in _missed(known, register.register_):
        for name in fields & specs.keys():
            specs[name].gaps.append(title)
    for name, word in ((register.key, "条目编号"), (register.title_field, "条目名称")):
        specs[name].lists.append(word)
    dated = ((register.begins, "生效"), (register.ends, "到期提醒"), (register.paper, "变更依据"))
    for given, word in dated:
        if given in specs:
            specs[given].lists.append(word)
    return specs


def feeds_page() -> str:
    """The page."""
    known = catalogue()
    parts = ["# 填一次，用在哪里", GENERATED, _opening(known), "## 年度报告里要人写的", _typed(known)]
    for domain, title in DOMAINS.items():
        kinds = [one for one in known.case_types.values() if one.domain is domain]
        registers = [one for one in known.registers.values() if one.domain is domain]
        if kinds or registers:
            parts.append(f"## {title}")
        for kind in kinds:
            parts += [f"### {kind.title}", _case_table(kind, known)]
        for register in registers:
            fed = feeds_of_register(register, known)
            rows = [(register.fields[name].title, feeds.words) for name, feeds in fed.items()]
            parts += [f"### {register.title}（清单）", table(("填写的内容", "用在哪里"), rows)]
    return page(parts)


def _case_table(kind: CaseType, known: Catalogue) -> str:
    rows = []
    for (act, name), feeds in feeds_of_case(kind, known).items():
        spec: FieldSpec = kind.acts[act].fields[name] if act else kind.facts[name]
        rows.append((kind.acts[act].title if act else "事项信息", spec.title, feeds.words))
    return (
        table(("环节", "填写的内容", "用在哪里"), rows)
        if rows
        else "只记日期、结果和依据材料，没有另外要填的内容。"
    )


def _opening(known: Catalogue) -> str:
    fields = [feeds for kind in known.case_types.values() for feeds in feeds_of_case(kind, known).values()]
    fields += [feeds for one in known.registers.values() for feeds in feeds_of_register(one, known).values()]
    used = [one for one in fields if one.words != "案卷和查找"]
    times = sum(
        len(set(one.rules)) + len(set(one.reports)) + len(set(one.papers)) + len(set(one.gaps))
        for one in used
    )
    return (
        "年度报告的提纲里没有供手填的数字：数都由台账按口径得出，人只写判断和安排；在文字里自己打的数会被标出来。"
        f"目录里的事项和清单共有 {len(fields)} 个可填的内容，其中 {len(used)} 个除了进案卷，还直接用于数字、报告、文书、"
        f"时限、缺口清单或者办理条件，合计 {times} 处；都不用另报一遍表。环节的日期和结果不在表里：它们另外决定时限和"
        "大部分数字。"
    )


def _typed(known: Catalogue) -> str:
    rows = []
    for outline in known.outlines.values():
        sections = list(_leaves(outline))
        asked = [one for one in sections if not _computed(one)]
        figures = {name for one in sections for said in one.sentences for name in FIGURE.findall(said.text)}
        figures |= {name for one in sections for shown in one.exhibits for name in shown.figures}
        why = "；".join(f"{one.title}：{(one.guidance or '由本单位判断').rstrip('。')}" for one in asked)
        rows.append((_plain(outline), str(len(sections)), str(len(figures)), str(len(asked)), why or "没有"))
    return table(("报告", "部分", "由台账得出的数字", "要人写的部分", "写什么，为什么留给人"), rows)


def _leaves(outline: OutlineType) -> Iterator[SectionType]:
    return (one for one in _sections(outline.sections) if not one.sections)


def _computed(section: SectionType) -> bool:
    return bool(section.sentences or section.gaps or section.exhibits or section.plan)
