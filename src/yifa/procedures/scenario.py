"""Runs a scenario without a database and compares what came out with what was expected.

Entries are taken in order. A live act the law forbids is refused and not recorded, and so is a correction of an
entry that was not recorded; what is entered back is recorded whatever is wrong with it. Parts of an act the file
leaves unsaid (evidence, fields, role) are not judged. Figures count this one case from the beginning of time to
the day of looking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from yifa.law.loader import Catalogue
from yifa.law.schema import Basis, CaseType, CountingRule
from yifa.procedures import counting, engine, totals
from yifa.procedures.entries import CorrectionError, effective
from yifa.procedures.listing import listed
from yifa.procedures.model import (
    Act,
    CaseState,
    ClockState,
    Context,
    Correction,
    Entered,
    Entry,
    Fired,
    Listing,
    ProcedureFinding,
    TraceStep,
)
from yifa.procedures.scenario_file import Expected, Scenario, ScenarioError, Span, Step, read
from yifa.procedures.tables import Row, fired

__all__ = ["ScenarioError", "ScenarioResult", "run", "run_scenario"]


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What came out of a scenario. `refused` is by position in the file; `differs` one Chinese line a difference."""

    file: str
    state: CaseState
    traces: Mapping[str, tuple[TraceStep, ...]]
    refused: Mapping[int, str]
    findings: tuple[ProcedureFinding, ...]
    counts: Mapping[str, int | float | None]
    differs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The object of the contract."""
        return {
            "file": self.file,
            "clocks": {name: self._clock(clock) for name, clock in self.state.clocks.items()},
            "next": list(self.state.next),
            "blocked": {act: refusal.reason for act, refusal in self.state.blocked.items()},
            "refused": {str(position): why for position, why in self.refused.items()},
            "findings": [
                {
                    "kind": found.kind.value,
                    "act": found.act,
                    "message": found.message,
                    "basis": _basis(found.basis),
                }
                for found in self.findings
            ],
            "counts": dict(self.counts),
            "differs": list(self.differs),
        }

    def _clock(self, clock: ClockState) -> dict[str, Any]:
        return {
            "due": clock.due.isoformat() if clock.due else None,
            "state": clock.state.value,
            "basis": _basis(clock.basis),
            "trace": [[step.on.isoformat(), step.why] for step in self.traces[clock.id]],
        }


def _basis(basis: Basis | None) -> dict[str, str | None] | None:
    return None if basis is None else {"law": basis.law, "article": basis.article}


def run(path: Path, catalogue: Catalogue) -> ScenarioResult:
    """Run the scenario of a file. Raises ScenarioError where the file is wrong."""
    return run_scenario(read(path, catalogue), catalogue, str(path))


def run_scenario(scenario: Scenario, catalogue: Catalogue, file: str = "") -> ScenarioResult:
    """Run a scenario whose names the catalogue knows."""
    case_type = catalogue.case_types[scenario.case_type]
    context = _context(scenario, catalogue)
    entries, refused = _enter(case_type, scenario, context)
    state = engine.state(case_type, scenario.facts, entries, context)
    found = engine.findings(case_type, scenario.facts, entries, context)
    traces = {
        clock: engine.trace(case_type, scenario.facts, entries, clock, context) for clock in state.clocks
    }
    case = counting.CountedCase(scenario.facts, entries, level=scenario.level)
    counts = _counts(catalogue.counting_rules, case_type, case, context)
    result = ScenarioResult(file, state, traces, refused, found, counts, differs=())
    return replace(result, differs=tuple(_differences(scenario.expect, case_type, result)))


def _context(scenario: Scenario, catalogue: Catalogue) -> Context:
    profile = catalogue.levels.get(scenario.level)
    powerless = profile is not None and scenario.case_type not in profile.case_types
    return Context(
        on=scenario.on,
        level=scenario.level,
        jurisdiction=catalogue.jurisdiction(scenario.jurisdiction) if scenario.jurisdiction else None,
        no_power=profile.off_text if profile is not None and powerless else None,
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    """The registers and other cases that a scenario gives."""

    registers: Mapping[str, Mapping[str, Span]]
    cases: Mapping[str, Sequence[str]]
    unit: str | None

    def entry(self, register: str, key: str, on: date, holder: str | None = None) -> Listing:
        span = self.registers.get(register, {}).get(key)
        if span is None:
            return Listing.UNKNOWN
        if span.begins and on < span.begins:
            return Listing.NOT_YET
        if span.ends and on > span.ends:
            return Listing.ENDED
        elsewhere = holder and span.holder and self.unit and span.holder != self.unit
        return Listing.ELSEWHERE if elsewhere else Listing.IN_FORCE

    def case(self, case_type: str, number: str, on: date) -> Listing:
        return Listing.IN_FORCE if number in self.cases.get(case_type, ()) else Listing.UNKNOWN


def _enter(case_type: CaseType, scenario: Scenario, context: Context) -> tuple[list[Entry], dict[int, str]]:
    """What gets into the record, and why the rest does not."""
    entries: list[Entry] = []
    refused: dict[int, str] = {}
    for position, step in enumerate(scenario.acts, start=1):
        if step.act is not None and step.on is not None:
            act = _act(step, step.act, step.on, position)
            act = replace(
                act, listed=_listings(case_type, scenario, act), fired=_fired(case_type, scenario, act)
            )
            reasons = (
                engine.refusals(case_type, scenario.facts, entries, act, context)
                if act.entered is Entered.LIVE
                else ()
            )
            if reasons:
                refused[position] = "；".join(refusal.reason for refusal in reasons)
            else:
                entries.append(act)
        else:
            correction = _correction(step, position)
            try:
                effective([*entries, correction])
            except CorrectionError as error:
                refused[position] = (
                    f"第{step.correct}项没有录入，无从更正" if step.correct in refused else error.message
                )
            else:
                entries.append(correction)
    return entries, refused


def _act(step: Step, act: str, on: date, position: int) -> Act:
    unstated = {name for name in ("evidence", "fields") if getattr(step, name) is None}
    return Act(
        act=act,
        on=on,
        outcome=step.outcome,
        by=step.by,
        unit=step.unit,
        role=step.role,
        evidence=tuple(step.evidence or ()),
        fields=step.fields or {},
        entered=Entered(step.entered),
        position=position,
        unstated=frozenset(unstated),
    )


def _listings(case_type: CaseType, scenario: Scenario, act: Act) -> Mapping[str, Listing]:
    if scenario.registers is None:
        return {}
    lists = _Lists(scenario.registers, scenario.cases, act.unit)
    return listed(case_type, act.act, act.on, act.fields, scenario.facts, lists=lists)


@dataclass(frozen=True, slots=True)
class _Tables:
    """The rows of the registers that a scenario gives, on a day."""

    registers: Mapping[str, Mapping[str, Span]]
    on: date

    def rows(self, register: str) -> list[Row]:
        lists = _Lists(self.registers, {}, None)
        return [
            Row(key, str(span.data.get("title") or span.data.get("name") or key), span.data)
            for key, span in self.registers.get(register, {}).items()
            if lists.entry(register, key, self.on) is Listing.IN_FORCE
        ]


def _fired(case_type: CaseType, scenario: Scenario, act: Act) -> Mapping[str, tuple[Fired, ...]]:
    if scenario.registers is None:
        return {}
    tables = _Tables(scenario.registers, act.on)
    return fired(case_type, act.act, act.outcome, act.fields, scenario.facts, tables=tables)


def _correction(step: Step, position: int) -> Correction:
    return Correction(
        of=step.correct or 0,
        changes=step.set_ or {},
        reason=step.reason or "",
        withdraws=step.withdraw,
        position=position,
    )


def _counts(
    rules: Mapping[str, CountingRule], case_type: CaseType, case: counting.CountedCase, context: Context
) -> dict[str, int | float | None]:
    def counted(rule: CountingRule) -> Decimal | None:
        if rule.case_type != case_type.case_type:
            return None
        return totals.total(rule, counting.matches(rule, case_type, case, date.min, context.on, context))

    return {name: _number(value) for name, value in totals.figures(rules, counted).items()}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _differences(expect: Expected, case_type: CaseType, came: ScenarioResult) -> Iterator[str]:
    """One line for each thing that is not as expected; what the file does not expect is not compared."""
    if expect.refused is not None and sorted(expect.refused) != sorted(came.refused):
        why = "".join(f"；第{position}项：{reason}" for position, reason in came.refused.items())
        yield f"应拒绝{_listed(expect.refused)}，实际拒绝{_listed(came.refused)}{why}"
    for name, wanted in expect.clocks.items():
        given = wanted.model_dump(exclude_unset=True)
        yield from _clock_differences(name, given, case_type, came.state.clocks)
    if expect.next is not None and set(expect.next) != set(came.state.next):
        yield f"可办环节应为{_listed(expect.next)}，实际为{_listed(came.state.next)}"
    kinds = [finding.kind.value for finding in came.findings]
    if expect.findings is not None and Counter(expect.findings) != Counter(kinds):
        what = "".join(f"；{finding.kind.value}：{finding.message}" for finding in came.findings)
        yield f"程序问题应为{_listed(sorted(expect.findings))}，实际为{_listed(sorted(kinds))}{what}"
    for rule, value in expect.counts.items():
        if rule not in came.counts:
            yield f"口径 {rule} 不统计“{case_type.title}”，没有数"
        elif came.counts[rule] != value:
            yield f"口径 {rule} 应为{value if value is None else f'{value:g}'}，实际为{came.counts[rule]}"


def _clock_differences(
    name: str, wanted: Mapping[str, Any], case_type: CaseType, clocks: Mapping[str, ClockState]
) -> Iterator[str]:
    title = f"时限 {name}（{case_type.clocks[name].title}）"
    clock = clocks.get(name)
    if clock is None:
        yield f"{title}不适用于本事项，或者本事项适用的法律没有这一时限"
        return
    if "due" in wanted and wanted["due"] != clock.due:
        yield f"{title}应于{wanted['due'] or '无日期'}届满，实际为{clock.due or '无日期'}"
    if wanted.get("state") is not None and wanted["state"] is not clock.state:
        yield f"{title}状态应为{wanted['state'].value}，实际为{clock.state.value}"


def _listed(items: Any) -> str:
    return "[" + "、".join(str(item) for item in items) + "]"
