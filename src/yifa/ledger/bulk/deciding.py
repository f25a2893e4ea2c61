"""What the actions say of the cases of one list, asked once for cases alike (see `procedures.noting`)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from yifa.law.schema import CaseType
from yifa.ledger.actions.acts import RecordAct
from yifa.ledger.actions.base import filled_in
from yifa.ledger.actions.cases import GivenAct, recorders
from yifa.ledger.actions.opening import OpenCase
from yifa.ledger.chain.canonical import as_stored, canonical
from yifa.ledger.chain.history import CaseHistory, act_of
from yifa.ledger.deciding.around import Remembered
from yifa.ledger.deciding.decisions import NewAct
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Organization, User
from yifa.procedures.model import Act, Entered
from yifa.procedures.noting import Noted, Question, Tree

NOBODY = uuid.UUID(int=0)  # the id of a case that is not there yet
Absent = Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True)
class GivenCase:
    """A case as a list gives it: whose, its facts, its acts from the opening one on. `source`: see `CaseAction`."""

    organization: Organization
    case_type: str
    acts: Sequence[GivenAct]
    facts: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    number: str = ""
    source: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """What is to be recorded: the facts, what is said of each act, for whom it is done where not in one's own right.

    `acts` are those of a case alike, where `alike` is the decision on that: not theirs are the days, the fields and who
    acted, and nothing else that is said of them differs.
    """

    facts: Mapping[str, Any]
    acts: tuple[NewAct, ...]
    said: tuple[dict[str, Any], ...]
    absent: tuple[Absent, ...]
    alike: Decided | None = None


@dataclass(frozen=True, slots=True)
class _Filled:
    """What was filled in of an act."""

    fields: Mapping[str, Any]


class Deciding:
    """Asks the actions. For one actor and one state of the catalogue; who may do what is asked in every batch."""

    def __init__(self, actor: User | None) -> None:
        self.actor = actor
        self._tree: Tree[Decided] = Tree()
        self._cases: dict[tuple[str, int], Case] = {}

    def decide(self, given: GivenCase, around: Remembered, today: date) -> Decided:
        """As `OpenCase` and `RecordAct` decide one after the other; refused as they refuse."""
        case_type = case_type_of(given.case_type)
        if not (self._tree.helps and _is_plain(given)) or around.number_taken(given.number):
            return self._asked(case_type, given, given.facts, [act.fields for act in given.acts], around)
        facts, filled = filled_in(given.facts), [_Filled(filled_in(act.fields)) for act in given.acts]
        key = (*self._admitted(case_type, given, around), *[_kind(act, today) for act in given.acts])
        known = self._tree.find(key, facts, filled)  # type: ignore[arg-type]  # of an act only fields are asked
        if known is None:
            notes: dict[Question, Any] = {}
            noted = [Noted(act.fields, place, notes) for place, act in enumerate(filled, 1)]
            decided = self._asked(case_type, given, Noted(facts, 0, notes), noted, around)
            if not isinstance(decided.facts, Noted) or any(act.listed or act.fired for act in decided.acts):
                own = _with_own(decided, given, _held(decided.facts), filled)  # depends on what others say
                return replace(own, alike=None)
            self._tree.keep(key, notes, decided)
        else:
            decided = known[0]
        return _with_own(decided, given, facts, filled)

    def _asked(
        self, case_type: CaseType, given: GivenCase, facts: Mapping[str, Any], fields: Sequence[Mapping[str, Any]],
        around: Remembered,
    ) -> Decided:  # fmt: skip
        unit = given.organization
        acts: list[NewAct] = []
        absent: list[Absent] = []
        for act, own in zip(given.acts, fields, strict=True):
            parts: dict[str, Any] = vars(act) | {
                "fields": own, "actor": self.actor, "around": around, "source": given.source
            }  # fmt: skip
            if acts:
                history = _history(given, facts, acts, around)
                new = RecordAct(case=self._case(given), **parts).decided(case_type, history)
            else:
                number = number_given(given)
                opening = OpenCase(
                    organization=unit, case_type=given.case_type, facts=facts, number=number, **parts
                )
                facts, new = opening.decided(case_type)
            acts.append(new)
            absent.append(around.absent)
        said = tuple([new.payload(place) for place, new in enumerate(acts, 1)])
        return Decided(facts, tuple(acts), said, tuple(absent))

    def _case(self, given: GivenCase) -> Case:
        """What an action asks of a case that is not stored yet."""
        key = (given.case_type, given.organization.pk)
        if key not in self._cases:
            self._cases[key] = Case(pk=NOBODY, case_type=given.case_type, organization=given.organization)
        return self._cases[key]

    def _admitted(self, case_type: CaseType, given: GivenCase, around: Remembered) -> tuple[Any, ...]:
        """What the decision depends on beside the case: whose it is, and what the actor may do there now."""
        unit, kinds = given.organization, tuple([act.act for act in given.acts])
        found: tuple[Any, ...] = around.remembered(
            ("admitted", given.case_type, unit.pk, kinds), lambda: self._admit(case_type, unit, kinds, around)
        )
        return found

    def _admit(
        self, case_type: CaseType, unit: Organization, kinds: Sequence[str], around: Remembered
    ) -> tuple[Any, ...]:
        absent = []
        for kind in dict.fromkeys(kinds):
            if not around.allows(self.actor, unit, recorders(case_type, kind)):
                return case_type.case_type, uuid.uuid4()  # refused by the action, in its words
            absent.append(repr(around.absent))
        roles = around.roles(self.actor, unit) if self.actor else frozenset[str]()
        return (
            case_type.case_type, unit.pk, unit.code, unit.level, around.jurisdiction(unit), roles, tuple(absent)
        )  # fmt: skip


def number_given(given: GivenCase) -> str:
    """The number a case has on paper; only of back entries."""
    return given.number if given.acts[0].entered == Entered.BACK else ""


def _is_plain(given: GivenCase) -> bool:
    """Whether the case says nothing that only the action itself can judge: papers, acts of this moment."""
    return all(act.entered == Entered.BACK and not act.evidence for act in given.acts)


def _kind(act: GivenAct, today: date) -> tuple[Any, ...]:
    """What of an act is not noted."""
    return act.act, act.on <= today, act.outcome, act.unit.code if act.unit else None, act.role, not act.by


def _held(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return facts.held if isinstance(facts, Noted) else facts


def _history(
    given: GivenCase, facts: Mapping[str, Any], acts: Sequence[NewAct], around: Remembered
) -> CaseHistory:
    """The case as it stands before its next act; what back entries say is judged without looking at it."""
    unit = given.organization
    entries: tuple[Act, ...] = ()
    if any(act.entered == Entered.LIVE for act in given.acts):
        said = [(as_stored(canonical(new.payload(place))), new.on) for place, new in enumerate(acts, 1)]
        entries = tuple([act_of(payload, on) for payload, on in said])
        facts = as_stored(canonical(facts))
    return CaseHistory(
        NOBODY, unit.pk, given.case_type, "", unit.level, around.jurisdiction(unit), facts, None, entries
    )


def _with_own(
    decided: Decided, given: GivenCase, facts: Mapping[str, Any], filled: Sequence[_Filled]
) -> Decided:
    """The decision on a case alike, with what is the case's own."""
    said = [
        {**like, "fields": own.fields, "by": act.by or like["by"]}
        for like, act, own in zip(decided.said, given.acts, filled, strict=True)
    ]
    return Decided(facts, decided.acts, tuple(said), decided.absent, decided)
