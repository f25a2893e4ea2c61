"""What is wrong with a file, in Chinese: pydantic's errors translated, each with what was expected and an example."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from yifa.law.nodes import Place, Text

Shape = TypeVar("Shape", bound=BaseModel)
Problem = tuple[Place, str]

_LONGEST = 40  # characters of a wrong value that are shown
_DURATION = "[{length: 20, unit: workdays, law: 政府信息公开条例, article: 第三十三条}]"
_EXAMPLES = {
    "law": "law: 行政处罚法",
    "article": "article: 第六十条",
    "basis": "basis: {law: 行政处罚法, article: 第六十条}",
    "length": "length: 20",
    "unit": "unit: workdays",
    "from": "from: 2024-01-01，时限里写 from: [receive]",
    "to": "to: 2023-12-31，时限里写 to: [decide]",
    "at_most": f"at_most: {_DURATION}",
    "at_least": f"at_least: {_DURATION}",
    "after": "after: [receive] 或 after: [{acts: [review], outcome: [通过]}]",
    "acts": "acts: [receive, decide]",
    "act": "act: receive",
    "outcome": "outcome: [通过]",
    "outcomes": "outcomes: [通过, 不通过]",
    "opens_with": "opens_with: [receive]",
    "choices": "choices: [是, 否]",
    "required": "required: true 或 required: {fact: hearing, is: true}",
    "when": "when: {fact: hearing, is: true}",
    "where": "where: {fact: hearing, is: true}",
    "only_if": "only_if: {act: review, outcome: [通过]}",
    "type": "type: date",
    "fields": "fields: {name: {title: 名称, type: text, required: true}}",
    "facts": "facts: {subject: {title: 事由, type: text}}",
    "format": "format: '{issuer}〔{year}〕{serial}号'",
    "holidays": "holidays: [{name: 元旦, from: 2026-01-01, to: 2026-01-03}]",
    "workdays": "workdays: [2026-01-04]",
    "document": "document: 国务院办公厅关于2026年部分节假日安排的通知",
    "year": "year: 2026",
    "promulgated": "promulgated: 2021-01-22",
    "effective": "effective: 2021-07-15",
    "title": "title: 行政处罚",
    "counting_rule": "counting_rule: reconsiderations_received",
    "case_type": "case_type: reconsideration",
    "rate": "rate: {numerator: answered_in_time, denominator: answered}",
    "sections": "sections: [{id: results, title: 主要举措和成效}]",
    "sentences": "sentences: [{text: '办理行政复议案件{reconsiderations_received}件。'}]",
}
_KINDS = {
    "string_type": "应为文字（数字、日期作文字用时请加引号）",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期，写成 2024-01-31 的样子，不加引号",
    "date_parsing": "应为日期，写成 2024-01-31 的样子",
    "date_from_datetime_parsing": "应为日期，写成 2024-01-31 的样子",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "list_type": "应为列表，各项写在方括号里或另起行以“- ”开头",
    "dict_type": "应为一组“键: 值”",
    "model_type": "应为一组“键: 值”",
    "model_attributes_type": "应为一组“键: 值”",
    "string_pattern_mismatch": "标识只用小写英文字母、数字和下划线，以字母开头",
}


def validate(shape: type[Shape], text: Text) -> tuple[Shape | None, list[Problem]]:
    """The data of a file in its shape, or None and everything that is wrong with it, in the order of the file."""
    try:
        return shape.model_validate(text.data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems: dict[Place, str] = {}
    for detail in details:
        if detail["type"] == "bool_type" and isinstance(detail["input"], dict) and len(details) > 1:
            continue  # a condition was meant; its own arm of the union says what is wrong with it
        place, what = _problem(shape, text, detail)
        earlier = problems.get(place)
        problems[place] = what if earlier is None else _either(earlier, what)
    return None, sorted(problems.items(), key=lambda p: (text.line(p[0]), str(p[0])))


def _either(first: str, second: str) -> str:
    """Two complaints about one value: a union failed, or the same was said twice."""
    return first if second in first else f"{first}；{second}"


def _problem(shape: type[BaseModel], text: Text, detail: ErrorDetails) -> Problem:
    place = _written(text, detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        return (*place, last), f"缺少“{last}”，必须写明{_example(shape, last)}"
    if kind == "extra_forbidden":
        return place, _unknown_key(shape, detail["loc"])
    if kind == "yifa":
        return place, detail["msg"]
    example = _example(shape, _last_key(place))
    return place, f"{_expected(kind, context)}，现在是{_shown(detail['input'])}{example}"


def _expected(kind: str, context: dict[str, Any]) -> str:
    if kind in _KINDS:
        return _KINDS[kind]
    if kind in {"enum", "literal_error"}:
        return f"应为 {str(context['expected']).replace(' or ', '、').replace(', ', '、')} 之一"
    if kind == "greater_than_equal":
        return f"不能小于 {context['ge']}"
    if kind == "less_than_equal":
        return f"不能大于 {context['le']}"
    if kind in {"too_short", "string_too_short"}:
        return f"至少要有 {context['min_length']} {'项' if kind == 'too_short' else '个字'}"
    return f"不合要求（{kind}）"


def _written(text: Text, loc: tuple[int | str, ...]) -> Place:
    """The part of pydantic's location that stands in the file: without its names for the arms of a union."""
    place: Place = ()
    for part in loc:
        if (*place, part) in text.lines:
            place = (*place, part)
    return place


def _last_key(place: Place) -> str:
    return next((part for part in reversed(place) if isinstance(part, str)), "")


def _example(shape: type[BaseModel], key: str) -> str:
    """A shape may bring its own examples (`EXAMPLES`): a word can mean another thing there."""
    examples: Mapping[str, str] = getattr(shape, "EXAMPLES", _EXAMPLES)
    return f"，例如 {examples[key]}" if key in examples else ""


def _shown(value: object) -> str:
    if value is None:
        return "空的"
    if isinstance(value, dict):
        return "一组“键: 值”"
    if isinstance(value, list):
        return f"有 {len(value)} 项的列表"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}”"


def _unknown_key(shape: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    key = str(loc[-1])
    known = _keys(shape, loc[:-1])
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"是不是“{near[0]}”？" if near else ""
    return f"不认识的键“{key}”。{hint}这里可用的键：{'、'.join(known)}"


def _keys(shape: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys allowed at a place, in the order of the schema."""
    found: Any = shape
    for part in loc:
        found = _inside(found, part) or found  # the name of a union's arm leads nowhere
    models = [m for m in _arms(found) if isinstance(m, type) and issubclass(m, BaseModel)]
    return [info.alias or name for m in models for name, info in m.model_fields.items()]


def _arms(annotation: Any) -> list[Any]:
    """The alternatives of a type, without Annotated and Optional."""
    if get_origin(annotation) is Annotated:
        return _arms(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return [arm for part in get_args(annotation) for arm in _arms(part)]
    return [annotation]


def _inside(annotation: Any, part: int | str) -> Any:
    """The type of one part of a type: a field, a list's item, a mapping's value."""
    for arm in _arms(annotation):
        if get_origin(arm) is list and isinstance(part, int):
            return get_args(arm)[0]
        if get_origin(arm) is dict:
            return get_args(arm)[1]
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            for name, info in arm.model_fields.items():
                if part in {name, info.alias}:
                    return info.annotation
    return None
