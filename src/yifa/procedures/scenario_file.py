"""A scenario file, read strictly: its shape, and every name in it known to the catalogue."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from yifa.law.errors import YifaError
from yifa.law.loader import Catalogue
from yifa.law.messages import Problem, validate
from yifa.law.nodes import Text, YamlError, read_yaml
from yifa.law.schema import CaseType, Model
from yifa.procedures.entries import CHANGEABLE
from yifa.procedures.model import ClockStatus, FindingKind
from yifa.procedures.values import value_faults
from yifa.procedures.wording import ROLES

_LEFT_OUT = ({"…": None}, {"...": None}, {"……": None})


class ScenarioError(YifaError):
    """A scenario file cannot be run: what is wrong, in which line, how to mend it."""

    code = "scenario"


def _day(value: Any) -> Any:
    """A date in quotation marks is a date too."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


Day = Annotated[date, BeforeValidator(_day)]
Titles = Annotated[list[str], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


class Step(Model):
    """One entry: an act (`act`, `on`), or a correction of an earlier entry (`correct` with `set` or `withdraw`)."""

    act: str | None = None
    on: Day | None = None
    outcome: str | None = None
    by: str | None = None
    unit: str | None = None
    role: str | None = None
    evidence: Titles | None = None
    fields: dict[str, Any] | None = None
    entered: Literal["live", "back"] = "live"
    correct: int | None = None
    set_: dict[str, Any] | None = Field(default=None, alias="set")
    withdraw: bool = False
    reason: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.act is None) == (self.correct is None):
            raise _wrong(
                "每一项要么是环节（act 和 on），要么是更正（correct 加 set 或 withdraw），二者写一个"
            )
        if self.act is not None:
            if self.on is None:
                raise _wrong(f"环节“{self.act}”缺少日期，例如 {{act: {self.act}, on: 2024-09-20}}")
            if self.model_fields_set & {"set_", "withdraw", "reason"}:
                raise _wrong("set、withdraw、reason 只能与 correct 一起写")
            return self
        if self.model_fields_set - {"correct", "set_", "withdraw", "reason"}:
            raise _wrong("更正的新值写在 set 里，例如 {correct: 4, set: {on: 2024-10-28}, reason: 日期录错}")
        if self.withdraw == bool(self.set_):
            raise _wrong("更正须写 set（改成什么）或 withdraw: true（撤回），二者写一个")
        return self


class ExpectedClock(Model):
    """What is expected of one clock; what is left out is not compared."""

    due: Day | None = None
    state: ClockStatus | None = Field(default=None, strict=False)


class Expected(Model):
    """What must come out; what is left out is not compared."""

    refused: list[int] | None = None
    clocks: dict[str, ExpectedClock] = Field(default_factory=dict)
    next: list[str] | None = None
    findings: list[str] | None = None
    counts: dict[str, float | None] = Field(default_factory=dict)


class Span(Model):
    """From when until when an entry is in force, both days included, None open, and which unit may use it."""

    begins: Day | None = Field(default=None, alias="from")
    ends: Day | None = Field(default=None, alias="to")
    holder: str | None = None
    data: dict[str, Any] = Field(default_factory=dict)  # its other fields, where rows of a table are asked


class Scenario(Model):
    """One run of one case type."""

    EXAMPLES: ClassVar[dict[str, str]] = {
        "title": "title: 补正后按期答复",
        "case_type": "case_type: information_request",
        "facts": "facts: {content: 桥梁检测报告}",
        "acts": "acts: [{act: receive, on: 2024-09-20}]",
        "on": "on: 2024-10-30",
        "expect": "expect: {refused: [], findings: []}",
        "clocks": "clocks: {answer: {due: 2024-10-28, state: kept}}",
        "refused": "refused: [3]",
        "next": "next: [deliver]",
        "findings": "findings: [late]",
        "fields": "fields: {days: 20}",
        "evidence": "evidence: [答复书]",
        "registers": "registers: {powers: {某事项: {from: 2020-01-01}}}",
        "cases": "cases: {litigation: [某号]}",
    }

    title: str
    case_type: str
    level: str = "county"
    jurisdiction: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    registers: dict[str, dict[str, Span]] | None = (
        None  # what stands in them; None: what acts name is not judged
    )
    cases: dict[str, list[str]] = Field(default_factory=dict)  # numbers of other cases
    acts: list[Step]
    on: Day
    expect: Expected = Field(default_factory=Expected)

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, data: Any) -> Any:
        """What is left empty, or stands for something left out (`facts: {…}`), says nothing."""
        if not isinstance(data, dict):
            return data
        said = dict(data)
        for key in ("facts", "expect", "cases"):
            if key in said and (said[key] is None or said[key] in _LEFT_OUT):
                del said[key]
        return said


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("yifa", message)


def read(path: Path, catalogue: Catalogue) -> Scenario:
    """The scenario of a file.

    Raises:
        ScenarioError: all that is wrong with the file, one line each, in the order of the file.
    """
    try:
        text = read_yaml(path)
    except YamlError as error:
        raise ScenarioError(f"情景文件 {error.message}") from None
    scenario, problems = validate(Scenario, text)
    if scenario is not None:
        problems = list(_unknown_names(scenario, catalogue))
    if scenario is None or problems:
        raise ScenarioError("\n".join(_line(text, problem) for problem in problems))
    return scenario


def _line(text: Text, problem: Problem) -> str:
    place, what = problem
    key = text.key(place)
    return f"情景文件 {text.path.name} 第 {text.line(place)} 行{' ' + key if key else ''}：{what}"


def _unknown_names(scenario: Scenario, catalogue: Catalogue) -> Iterator[Problem]:
    case_type = catalogue.case_types.get(scenario.case_type)
    if case_type is None:
        yield ("case_type",), unknown("事项类型", scenario.case_type, catalogue.case_types)
        return
    if catalogue.levels and scenario.level not in catalogue.levels:
        yield ("level",), unknown("层级", scenario.level, catalogue.levels)
    place = scenario.jurisdiction
    if place is not None and catalogue.jurisdiction(place) is None:
        known = [found.title for found in catalogue.jurisdictions.values()]
        yield ("jurisdiction",), unknown("法域", place, known)
    for name, what, _ in value_faults(case_type.facts, scenario.facts, complete=False):
        near = unknown("要素", name, case_type.facts) if name not in case_type.facts else what
        yield ("facts", name), near
    for name in scenario.registers or ():
        if name not in catalogue.registers:
            yield ("registers", name), unknown("清单", name, catalogue.registers)
    for name in scenario.cases:
        if name not in catalogue.case_types:
            yield ("cases", name), unknown("事项类型", name, catalogue.case_types)
    for place_in_file, step in enumerate(scenario.acts):
        yield from _step_problems(case_type, place_in_file, step)
    yield from _expectation_problems(scenario.expect, case_type, catalogue)


def _step_problems(case_type: CaseType, index: int, step: Step) -> Iterator[Problem]:
    if step.act is not None and step.act not in case_type.acts:
        yield ("acts", index, "act"), unknown("环节", step.act, case_type.acts)
    if step.role is not None and step.role not in ROLES:
        yield ("acts", index, "role"), unknown("角色", step.role, ROLES)
    if step.correct is not None and not 1 <= step.correct <= index:
        yield (
            ("acts", index, "correct"),
            f"没有第 {step.correct} 项可以更正：序号从 1 数起，只能更正前面的项",
        )
    for key in step.set_ or {}:
        if key not in CHANGEABLE:
            yield ("acts", index, "set", key), unknown("可更正的内容", key, CHANGEABLE)
    changed = (step.set_ or {}).get("act")
    if changed is not None and changed not in case_type.acts:
        yield ("acts", index, "set", "act"), unknown("环节", str(changed), case_type.acts)
    for key, wanted, example in _SET_TYPES:
        value = (step.set_ or {}).get(key)
        if value is not None and not wanted(value):
            yield ("acts", index, "set", key), f"写成 {example} 的样子，现在是“{value}”"


_SET_TYPES: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("on", lambda value: isinstance(_day(value), date), "on: 2024-10-28"),
    ("evidence", lambda value: isinstance(value, list), "evidence: [答复书]"),
    ("fields", lambda value: isinstance(value, dict), "fields: {days: 20}"),
)


def _expectation_problems(expect: Expected, case_type: CaseType, catalogue: Catalogue) -> Iterator[Problem]:
    for name in expect.clocks:
        if name not in case_type.clocks:
            yield ("expect", "clocks", name), unknown("时限", name, case_type.clocks)
    for index, name in enumerate(expect.next or ()):
        if name not in case_type.acts:
            yield ("expect", "next", index), unknown("环节", name, case_type.acts)
    for index, kind in enumerate(expect.findings or ()):
        if kind not in set(FindingKind):
            yield (
                ("expect", "findings", index),
                unknown("问题类别", kind, [kind.value for kind in FindingKind]),
            )
    for name in expect.counts:
        if name not in catalogue.counting_rules:
            yield ("expect", "counts", name), unknown("口径", name, catalogue.counting_rules)


def unknown(what: str, name: str, known: Mapping[str, Any] | Iterable[str]) -> str:
    """That a name is not known, with the ones that look like it, or all."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"是不是“{'”或“'.join(near)}”？" if near else ""
    return f"没有“{name}”这个{what}。{hint}现有：{'、'.join(names) or '无'}"
