"""One invented case: the acts of its course, tried one by one against the same decisions as real entries."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from yifa.demo.inventing import Inventor
from yifa.demo.shapes import Chances, Course, Step
from yifa.law.calendar import CHINA, Calendar, UnknownYearError
from yifa.law.schema import ActType, CaseType
from yifa.ledger.chain.history import CaseHistory
from yifa.ledger.deciding.decisions import NewAct, correct, refuse_act
from yifa.ledger.refusal import ActionRefused
from yifa.procedures import engine
from yifa.procedures.model import Act, Context, Correction, Entered, Entry

TROUBLES = ("back", "disordered", "omitted", "wrong_day")


@dataclass(frozen=True)
class Happening:
    """Something recorded: an act, or a correction of one."""

    at: datetime
    on: date
    act: NewAct | None = None
    correction: Correction | None = None


@dataclass(frozen=True)
class People:
    """Who does what in a case."""

    officer: str
    reviewer: str
    other: str  # who must not be the officer
    principal: Callable[[date], str | None]  # who is the unit's head on a day


@dataclass
class Walk:
    """One case on its way. `happenings` is what came of it."""

    case_type: CaseType
    facts: Mapping[str, Any]
    unit: str
    people: People
    context: Callable[[date], Context]
    calendar: Calendar
    last: date  # nothing is recorded after this day
    inventor: Inventor
    chances: Chances
    known: Mapping[str, Any] = field(default_factory=dict)  # what texts may name besides words
    happenings: list[Happening] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    refused: list[ActionRefused] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance: random.Random = self.inventor.chance
        self.now = datetime.min.replace(tzinfo=CHINA)

    def run(self, course: Course, opens: date) -> None:
        """Takes the course's steps until it ends or the last day is reached."""
        trouble, place = self._trouble(course)
        slow = self.chance.uniform(2.2, 3.6) if self.chance.random() < self.chances.slow else 1.0
        on, held = opens, None
        for number, step in enumerate(course.acts):
            if number:
                wait = self.chance.randint(*step.wait)
                own = self._ours(step)
                on = self._later(on, round(wait * slow) if own else wait)
            if on > self.last:
                return
            new = self._new(step, on)
            if number == place and trouble in {"back", "disordered"}:
                held = new
                continue
            if number == place and trouble == "omitted":
                continue
            if held is not None and trouble == "back":
                self._enter(replace(held, entered=Entered.BACK), on)
            on = (
                self._enter_wrongly(new, on)
                if number == place and trouble == "wrong_day"
                else self._enter_live(new, on)
            )
            if held is not None and trouble == "disordered":
                on = self._later(on, self.chance.randint(1, 4))
                if on > self.last:
                    return
                self._enter(replace(held, on=on, entered=Entered.BACK), on)
            held = None

    def _trouble(self, course: Course) -> tuple[str | None, int]:
        """What goes wrong and at which step; never at the first or the last."""
        own = [
            i
            for i, step in enumerate(course.acts)
            if 0 < i < len(course.acts) - 1 and self._type(step).party is None
        ]
        for name in TROUBLES:
            places = [i for i in own if name != "omitted" or not self._ends_clock(course.acts[i])]
            if places and self.chance.random() < getattr(self.chances, name):
                return name, self.chance.choice(places)
        return None, -1

    def _ours(self, step: Step) -> bool:
        return self._type(step).party is None

    def _ends_clock(self, step: Step) -> bool:
        return any(step.act in clock.stops for clock in self.case_type.clocks.values())

    def _type(self, step: Step) -> ActType:
        return self.case_type.acts[step.act]

    def _new(self, step: Step, on: date) -> NewAct:
        act_type = self._type(step)
        own = act_type.party is None
        by = self.people.reviewer if "reviewer" in act_type.by else self.people.officer
        role = act_type.by[0] if act_type.by else "officer"
        if step.by == "other":
            by = self.people.other
        elif step.by == "principal" and (head := self.people.principal(on)):
            by, role = head, "leader"
        papers = [
            {"title": title, "attachment": None}
            for title in act_type.evidence
            if self.chance.random() >= self.chances.paper_missing
        ]
        outcome = self.inventor.weighted(step.outcome) if isinstance(step.outcome, dict) else step.outcome
        return NewAct(
            act=step.act,
            on=on,
            outcome=outcome,
            by=by if own else None,
            unit=(self._value(step.unit, on) or self.unit) if own else None,
            role=role if own else None,
            fields={
                name: value
                for name, spec in step.fields.items()
                if (value := self._value(spec, on)) is not None
            },
            evidence=papers,
        )

    def _value(self, spec: Any, on: date) -> Any:
        """A field's value; as {days: N} so many days after the act; as {value: NAME} or {of: NAME, is: …} by what a fact or an
        earlier act says, e.g. the fine paid."""
        if isinstance(spec, dict) and "days" in spec:
            return (on + timedelta(days=spec["days"])).isoformat()
        if not (isinstance(spec, dict) and {"value", "of"} & set(spec)):
            return self.inventor.value(spec, self.known)
        said = {**self.known, **self.facts}
        for entry in self.entries:
            if isinstance(entry, Act):
                said |= entry.fields
        return self.inventor.value(spec, said)

    def _enter_live(self, new: NewAct, on: date) -> date:
        """Enters the act when it happens, later where a minimum must pass first, else afterwards with its fault."""
        try:
            self._refuse(new, on)
        except ActionRefused as refused:
            later = self._after_minimum(new.act, on)
            if later is not None and later <= self.last:
                return self._enter_live(replace(new, on=later), later)
            self.refused.append(refused)
            new = replace(new, entered=Entered.BACK)
        self._enter(new, on)
        return on

    def _refuse(self, new: NewAct, on: date) -> None:
        refuse_act(self.case_type, self.facts, self.entries, new, self.context(on))

    def _after_minimum(self, act: str, on: date) -> date | None:
        state = engine.state(self.case_type, self.facts, self.entries, self.context(on))
        waits = [
            clock.due
            for clock in state.clocks.values()
            if clock.minimum
            and clock.due is not None
            and clock.due > on
            and act in self.case_type.clocks[clock.id].stops
        ]
        return self._later(max(waits), 0) if waits else None

    def _later(self, day: date, workdays: int) -> date:
        """So many working days later; where the calendar ends, a day that will not come."""
        try:
            return self.calendar.add_workdays(self.calendar.next_workday(day), workdays)
        except UnknownYearError:
            return date.max

    def _enter_wrongly(self, new: NewAct, on: date) -> date:
        """Enters the act with a wrong day and corrects it on the next working day."""
        before = max(entry.on for entry in self.entries if isinstance(entry, Act))
        wrong = max(before, on - timedelta(days=self.chance.randint(1, 3)))
        found = self._later(on, 1)
        if wrong == on or found > self.last:
            return self._enter_live(new, on)
        try:
            self._refuse(replace(new, on=wrong), on)
        except ActionRefused:
            return self._enter_live(new, on)
        self._enter(replace(new, on=wrong), on)
        correction = Correction(
            of=len(self.entries),
            changes={"on": on.isoformat()},
            reason="日期录错，按原始材料更正",
            position=len(self.entries) + 1,
        )
        correct(self._history(), correction, self.case_type, self.context(found))
        self.entries.append(correction)
        self.happenings.append(Happening(at=self._moment(found), on=found, correction=correction))
        return found

    def due(self, clock: str) -> date | None:
        """When a deadline ends, as the case stands on the last day."""
        state = engine.state(self.case_type, self.facts, self.entries, self.context(self.last))
        found = state.clocks.get(clock)
        return found.due if found is not None and found.stopped is None else None

    def _history(self) -> CaseHistory:
        """As much of the case as a correction looks at."""
        return CaseHistory(
            id=UUID(int=0), organization_id=0, case_type=self.case_type.case_type, title="", level="", jurisdiction="",
            facts=self.facts, opened_by_id=None, entries=tuple(self.entries),
        )  # fmt: skip

    def _enter(self, new: NewAct, day: date) -> None:
        if new.entered is Entered.BACK:
            self._refuse(new, day)
        self.entries.append(new.for_engine(len(self.entries) + 1))
        self.happenings.append(Happening(at=self._moment(day), on=new.on, act=new))

    def _moment(self, day: date) -> datetime:
        """A moment of that day in office hours, later than the one before."""
        minutes = self.chance.randint(0, 8 * 60)
        at = datetime.combine(day, time(8, 50), tzinfo=CHINA) + timedelta(minutes=minutes)
        self.now = max(at, self.now + timedelta(minutes=self.chance.randint(2, 9)))
        return self.now
