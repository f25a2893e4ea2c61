"""Scenario files played through the ledger's own actions, as an officer would enter them day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from tests.ledger.registers import sample
from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, FieldSpec, FieldType
from yifa.ledger.actions import (
    ActionRefused,
    CorrectAct,
    CreateOrganization,
    OpenCase,
    PublishEntry,
    RecordAct,
)
from yifa.ledger.deciding.cases import context_of, entries_of, state_of
from yifa.ledger.figures.counting import count
from yifa.ledger.models import Case, Entry, Organization
from yifa.procedures import engine
from yifa.procedures.model import ProcedureFinding
from yifa.procedures.scenario_file import Scenario, Step, read

FOLDER = Path(__file__).parent
EVENING = time(20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SAMPLES: Mapping[FieldType, Any] = {
    FieldType.NUMBER: 1,
    FieldType.MONEY: 1,
    FieldType.BOOLEAN: True,
    FieldType.LIST: ["甲一", "乙二"],
    FieldType.PERSON: "甲一",
}


def findings_of(case: Case, on: date) -> tuple[ProcedureFinding, ...]:
    """The faults of procedure as they stand on a day."""
    return engine.findings(
        catalogue().case_types[case.case_type], case.facts, entries_of(case), context_of(case, on)
    )


@dataclass
class Played:
    """What came of a scenario: the case (None where it could not be opened) and the refusals by place in the file."""

    scenario: Scenario
    case: Case | None = None
    refused: dict[int, ActionRefused] = field(default_factory=dict)
    positions: dict[int, int] = field(default_factory=dict)  # place in the file -> position in the ledger

    @property
    def standing(self) -> Case:
        """The case, which must be there."""
        assert self.case is not None, self.refused
        return self.case

    def findings(self) -> tuple[ProcedureFinding, ...]:
        """The faults of procedure on the scenario's day."""
        return findings_of(self.case, self.scenario.on) if self.case else ()

    def differences(self) -> list[str]:
        """Where the ledger says something else than the file expects."""
        expect, found = self.scenario.expect, []
        if expect.refused is not None and sorted(expect.refused) != sorted(self.refused):
            reasons = {position: refused.message for position, refused in self.refused.items()}
            found.append(f"refused {reasons}, expected {expect.refused}")
        if self.case is None:
            return found
        kinds = [finding.kind.value for finding in self.findings()]
        if expect.findings is not None and Counter(kinds) != Counter(expect.findings):
            found.append(f"findings {kinds}, expected {expect.findings}")
        clocks = state_of(self.case, self.scenario.on).clocks
        for name, clock in expect.clocks.items():
            given = clock.model_dump(exclude_unset=True)
            if "due" in given and given["due"] != clocks[name].due:
                found.append(f"{name} due {clocks[name].due}, expected {given['due']}")
            if given.get("state") not in (None, clocks[name].state):
                found.append(f"{name} is {clocks[name].state}, expected {given['state']}")
        for rule, value in expect.counts.items():
            counted = count(rule, self.case.organization, date(1990, 1, 1), self.scenario.on).value
            if counted != value and (counted is None or value is None or float(counted) != value):
                found.append(f"{rule} counts {counted}, expected {value}")
        return found


def play(name: str, under: Organization | None = None) -> Played:
    """Plays the scenario `case_type/name`; what it leaves unsaid of papers and required values is filled in.

    An organization of the scenario's level and province is set up for it, `under` another one where given.
    """
    scenario = read(FOLDER / f"{name}.yaml", catalogue())
    at = organization_for(scenario, under)
    played = Played(scenario)
    _fill_registers(scenario, at)
    _open_others(scenario, at)
    for place, step in enumerate(scenario.acts, start=1):
        try:
            with time_machine.travel(datetime.combine(scenario.on, EVENING), tick=False):
                _enter(played, place, step, at)
        except ActionRefused as refused:
            played.refused[place] = refused
    if played.case is not None:
        played.case.refresh_from_db()
    return played


def organization_for(scenario: Scenario, under: Organization | None) -> Organization:
    """A body, or a unit of one, of the scenario's level and province."""
    province = catalogue().jurisdiction(scenario.jurisdiction) if scenario.jurisdiction else None
    serial = Organization.objects.count()
    facts = catalogue().case_types[scenario.case_type].facts
    own = (scenario.facts.get(name) for name, spec in facts.items() if spec.holder == "name")
    return CreateOrganization(
        actor=None,
        code=f"body{serial}",
        name=next((name for name in own if isinstance(name, str)), f"澜亭示范单位{serial}"),
        level=scenario.level,
        parent=under,
        jurisdiction=province.jurisdiction if province else "",
        document_code="澜政",
    ).execute()


def _enter(played: Played, place: int, step: Step, at: Organization) -> None:
    case_type = catalogue().case_types[played.scenario.case_type]
    if step.act is None:
        _correct(played, step, case_type)
        return
    given = _given(step, case_type, at)
    facts = _filled(case_type.facts, played.scenario.facts, step.on, at)
    _list_unsaid(played.scenario, case_type.facts, facts, at)
    _list_unsaid(played.scenario, case_type.acts[step.act].fields, given["fields"], at)
    if played.case is None:
        facts = _filled(case_type.facts, played.scenario.facts, step.on, at)
        played.case = OpenCase(
            actor=None,
            organization=at,
            case_type=case_type.case_type,
            facts=facts,
            **given,
        ).execute()
        played.positions[place] = 1
    else:
        act = RecordAct(actor=None, case=played.case, **given).execute()
        played.positions[place] = act.position


def _list_unsaid(
    scenario: Scenario, specs: Mapping[str, FieldSpec], values: Mapping[str, Any], at: Organization
) -> None:
    """Lists what a value names on a register of which the scenario says nothing: there it is not judged."""
    for name, spec in specs.items():
        value = values.get(name)
        if spec.register_ is None or not value or spec.register_ in (scenario.registers or {}):
            continue
        for key in [value] if isinstance(value, str) else value:
            if not Entry.objects.filter(register=spec.register_, key=key).exists():
                list_entry(spec.register_, key, at, {})


def list_entry(register: str, key: str, at: Organization, said: Mapping[str, Any]) -> None:
    """Puts one entry on a register; what is not said of it is filled in, in force since long ago."""
    kind = catalogue().registers[register]
    data = (
        sample(register, {})
        | {kind.key: key}
        | ({kind.begins: "2000-01-01"} if kind.begins else {})
        | ({kind.ends: "2099-12-31"} if kind.ends and kind.fields[kind.ends].required else {})
        | dict(said)
    )
    for name, spec in kind.fields.items():  # what it names stands on its own list
        named = data.get(name)
        if spec.register_ and named and not Entry.objects.filter(register=spec.register_, key=named).exists():
            list_entry(spec.register_, named, at, {})
    PublishEntry(actor=None, organization=at, register=register, data=data, on=date(2000, 1, 1)).execute()


def _fill_registers(scenario: Scenario, at: Organization) -> None:
    """What the scenario says stands in registers."""
    facts = catalogue().case_types[scenario.case_type].facts
    holders = {spec.register_: spec.holder for spec in facts.values() if spec.holder}
    for register, entries in (scenario.registers or {}).items():
        kind = catalogue().registers[register]
        for key, span in entries.items():
            days = {kind.begins: span.begins, kind.ends: span.ends}
            said = {name: day.isoformat() for name, day in days.items() if name and day}
            holder = holders.get(register)
            held = {holder: span.holder or at.name} if holder and holder != kind.key else {}
            list_entry(register, key, at, {**span.data, **said, **held})


def _open_others(scenario: Scenario, at: Organization) -> None:
    """The other cases of which the scenario gives the numbers, there since long ago."""
    on = date(2000, 1, 3)
    for case_type, numbers in scenario.cases.items():
        kind = catalogue().case_types[case_type]
        act = kind.acts[kind.opens_with[0]]
        for number in numbers:
            OpenCase(
                actor=None, organization=at, case_type=case_type, act=kind.opens_with[0], on=on, entered="back",
                facts=_filled(kind.facts, {}, on, at), fields=_filled(act.fields, {}, on, at), number=number,
                title=number,
            ).execute()  # fmt: skip


def _correct(played: Played, step: Step, case_type: CaseType) -> None:
    changes = dict(step.set_ or {})
    standing = played.scenario.acts[(step.correct or 1) - 1].act
    specs = case_type.acts[standing].fields if standing in case_type.acts else {}
    _list_unsaid(played.scenario, specs, changes.get("fields") or {}, played.standing.organization)
    if "evidence" in changes:
        changes["evidence"] = _papers(changes["evidence"])
    position = played.positions.get(step.correct or 0, 99)
    CorrectAct(
        actor=None,
        case=played.standing,
        position=position,
        changes=changes,
        reason=step.reason or "录入有误",
        withdraws=step.withdraw,
    ).execute()


def _given(step: Step, case_type: CaseType, at: Organization) -> dict[str, Any]:
    act = case_type.acts[step.act or ""]
    fields = _filled(act.fields, {}, step.on, at) if step.fields is None else step.fields
    return {
        "act": step.act,
        "on": step.on,
        "outcome": step.outcome,
        "fields": fields,
        "evidence": _papers(act.evidence if step.evidence is None else step.evidence),
        "by": step.by,
        "unit": _unit(step.unit, at) if step.unit else None,
        "role": step.role,
        "entered": step.entered,
    }


def _papers(titles: Sequence[str]) -> list[dict[str, str | None]]:
    return [{"title": title, "attachment": None} for title in titles]


def _unit(name: str, at: Organization) -> Organization:
    known = Organization.objects.filter(name=name).first()
    if known is not None:
        return known
    code = f"unit{Organization.objects.count()}"
    return CreateOrganization(actor=None, code=code, name=name, level="department", parent=at).execute()


def _filled(
    specs: Mapping[str, FieldSpec], given: Mapping[str, Any], on: date | None, at: Organization
) -> dict[str, Any]:
    """The values given, and a sample for each required one that is not."""
    return {name: _sample(spec, on, at) for name, spec in specs.items() if spec.required} | dict(given)


def _sample(spec: FieldSpec, on: date | None, at: Organization) -> Any:
    if spec.choices:
        return spec.choices[0]
    if spec.holder is not None:
        return at.name
    if spec.type is FieldType.DATE:
        return on.isoformat() if on else None
    return SAMPLES.get(spec.type, "示例")
