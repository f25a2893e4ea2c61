"""Parts of the catalogue as people say them in Chinese: citations, validity, durations, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from yifa.law.schema import Basis, CaseType, Condition, Domain, Duration, FieldSpec, Unit

UNITS = {Unit.WORKDAYS: "个工作日", Unit.DAYS: "日", Unit.MONTHS: "个月"}
DOMAINS = {
    Domain.LEADERSHIP: "组织领导",
    Domain.PLANNING: "计划、督察和考核",
    Domain.REPORTING: "年度报告",
    Domain.POWERS: "权责清单和审批改革",
    Domain.SERVICE: "政务服务",
    Domain.BUSINESS: "营商环境和监管",
    Domain.DOCUMENTS: "规范性文件和制度",
    Domain.DECISIONS: "重大决策和法律顾问",
    Domain.ENFORCEMENT: "行政执法",
    Domain.SUPERVISION: "执法监督和权力制约",
    Domain.DISCLOSURE: "政务公开和热线",
    Domain.DISPUTES: "复议、应诉和赔偿",
    Domain.PETITIONS: "信访、调解和应急",
    Domain.LEARNING: "学法、普法和队伍",
}
LEVELS = {
    "county": "县级政府",
    "zone": "开发区管理机构",
    "town": "乡镇政府、街道办事处",
    "department": "政府部门",
}


_EACH = re.compile("^各(?:单位|领域)")


def of_all(title: str) -> str:
    """A rule that divides its figure, where the whole of it or each row of it is named: 「各单位行政检查」 is 行政检查."""
    return _EACH.sub("", title)


_WITHIN = str.maketrans("《》", "〈〉")


def cited(basis: Basis | None) -> str:
    """《法》第X条, or nothing."""
    return article_of(basis.law, basis.article) if basis else ""


def article_of(law: str, article: str | None = None) -> str:
    """《法》第X条; a title within the title stands in 〈〉 (GB/T 15834-2011)."""
    return f"《{law.translate(_WITHIN)}》{article or ''}"


def titles(case_type: CaseType, acts: Iterable[str]) -> str:
    """“甲”或者“乙”."""
    return "或者".join(f"“{case_type.acts[act].title}”" for act in acts)


def validity(since: date | None, until: date | None) -> str:
    """自2024年1月1日起 · 至2023年12月31日 · nothing where neither is given."""
    text = f"自{day(since)}起" if since else ""
    return text + (f"至{day(until)}" if until else "")


def day(value: date) -> str:
    """2024年1月1日."""
    return f"{value.year}年{value.month}月{value.day}日"


def duration(item: Duration) -> str:
    """20个工作日(《法》第X条,自…起), with what is special about it."""
    length = "由本地规定" if item.length is None else f"{item.length}{UNITS[item.unit]}"
    notes = [cited(item), validity(item.valid_from, item.valid_to)]
    if item.roll_over:
        notes.append("末日遇法定休假日顺延")
    notes.append(item.note or "")
    return f"{length}（{'，'.join(note for note in notes if note)}）"


def condition(
    item: Condition, case_type: CaseType | None, fields: Mapping[str, FieldSpec] | None = None
) -> str:
    """A condition in words. `fields` are those of a register where there is no case type."""
    known = case_type.facts if case_type else fields or {}
    if item.all_ is not None:
        return "，并且".join(_part(part, case_type, known) for part in item.all_)
    if item.any_ is not None:
        return "或者".join(_part(part, case_type, known) for part in item.any_)
    if item.not_ is not None:
        return _denied(item.not_, case_type, known)
    if item.level is not None:
        return "、".join(LEVELS.get(level, level) for level in item.level)
    if item.fact is not None:
        return _fact(item, known[item.fact].title, case_type)
    return _act(item, case_type)


def _part(item: Condition, case_type: CaseType | None, known: Mapping[str, FieldSpec]) -> str:
    """A part of all or any: in brackets where it has parts itself."""
    words = condition(item, case_type, known)
    return f"（{words}）" if item.all_ is not None or item.any_ is not None else words


def _denied(item: Condition, case_type: CaseType | None, known: Mapping[str, FieldSpec]) -> str:
    if item.act is not None and item.field is None and not item.outcome:
        return condition(item.model_copy(update={"done": item.done is False}), case_type, known)
    if item.fact is not None and item.is_ is True:
        return f"不属于“{known[item.fact].title}”"
    return f"不是（{condition(item, case_type, known)}）"


def _fact(item: Condition, title: str, case_type: CaseType | None) -> str:
    if item.is_ is True:
        return f"属于“{title}”"
    if item.is_ is False:
        return f"不属于“{title}”"
    return f"“{title}”{_comparison(item, case_type)}"


def _act(item: Condition, case_type: CaseType | None) -> str:
    act = case_type.acts[item.act] if case_type and item.act else None
    title = act.title if act else str(item.act)
    if item.field is not None and act is not None:
        return f"“{title}”的“{act.fields[item.field].title}”{_comparison(item, case_type)}"
    if item.outcome:
        return f"“{title}”的结果为{'、'.join(item.outcome)}"
    return f"{'没有' if item.done is False else '已经'}“{title}”"


def _comparison(item: Condition, case_type: CaseType | None = None) -> str:
    tests: list[tuple[Any, str]] = [
        (item.is_, "为{}"),
        ("、".join(map(str, item.in_)) if item.in_ else None, "为{}之一"),
        (item.at_least, "不少于{}"),
        (item.at_most, "不超过{}"),
    ]
    words = [template.format(plain(value)) for value, template in tests if value is not None]
    if item.given is not None:
        words.append("已填写" if item.given else "未填写")
    if item.same_as is not None and case_type is not None:
        act = case_type.acts[item.same_as.act]
        words.append(f"与“{act.title}”的“{act.fields[item.same_as.field].title}”相同")
    return "，".join(words)


def plain(value: Any) -> str:
    """A stored value in words: nothing as nothing, several with 、 between, a paper by its title."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(map(plain, value))
    if isinstance(value, dict):
        return plain(value["title"]) if "title" in value else "，".join(map(plain, value.values()))
    return f"{value:.15g}" if isinstance(value, float) else str(value)
