"""Acts that wait for somebody: the next step of a case is theirs by role, or a deadline of theirs is the next to end.

Looked up by what is stored of the cases (`procedures.awaiting` says what to look for), so that of a million cases few
are read; the engine decides about those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, reduce
from operator import or_
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from yifa.law.loader import catalogue
from yifa.ledger.deciding.cases import context_of
from yifa.ledger.models import Case, CaseAct, Handover, Organization, User
from yifa.ledger.models.scoping import handed_cases, handed_to
from yifa.ledger.search.queries import running_clocks
from yifa.ledger.tables.loading import standing_acts
from yifa.procedures import engine
from yifa.procedures.awaiting import OFFICER, Awaited, SentBack, awaited, awaited_by_clock, sent_back
from yifa.procedures.model import Act, ClockState
from yifa.workbench.rights.access import memberships
from yifa.workbench.waiting.row import SOON

LOOKED_AT = (
    1000  # the longest waiting cases of a kind among which is looked, where the status alone does not tell
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A case in which it is somebody's turn, and the act to be done. `back`: the act that sent it back, and how."""

    case: Case
    act: str
    title: str
    due: date | None
    back: str = ""


@dataclass(frozen=True, slots=True)
class Turns:
    """What waits in cases; `more`: there is more than was asked for."""

    found: tuple[Turn, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Ways:
    """What the catalogue says of turns."""

    awaited: tuple[Awaited, ...]
    back: dict[tuple[str, str], SentBack]  # by case type and act
    by_clock: dict[tuple[str, str], str]  # by case type and deadline: acts of the officer


class CaseTurns:
    """What waits in cases for one account on a day, at most so much of each kind."""

    def __init__(self, user: User, desks: Iterable[int], today: date, most: int) -> None:
        self.user, self.today, self.most = user, today, most
        self.held = memberships(user)
        self.desks = self._officers(set(desks))
        self.ways = _ways(catalogue().digest)
        self._handed: dict[UUID, dict[str, bool]] = {}  # of cases of others: by the act whether they wait

    def turns(self) -> Turns:
        """Sent back first, then what others handed on, the longest waiting first, then by the next deadline."""
        kinds = [self._sent_back(), self._handed_on(), self._handed_to_us(), self._by_clock()]
        cases = list({case.pk: case for kind in kinds for case in kind[: self.most]}.values())
        acts = standing_acts(cases)
        self._look_up_handed(cases)
        found = [one for case in cases for one in self._turn(case, [act for act, _ in acts[case.pk]])]
        found.sort(key=lambda one: not one.back)
        return Turns(tuple(found), any(len(kind) > self.most for kind in kinds))

    def _turn(self, case: Case, acts: Sequence[Act]) -> Iterator[Turn]:
        """The one thing to be done in a case, if the law lets it be done now."""
        kind = catalogue().case_types[case.case_type]
        stands = engine.state(kind, case.facts, acts, context_of(case, self.today))
        last = max(acts, key=lambda act: act.position)
        back = self.ways.back.get((kind.case_type, last.act))
        if back and self._at_desk and case.organization_id in self.desks and last.outcome in back.outcomes:
            yield Turn(case, "", "重新办理", case.next_due, f"{kind.acts[last.act].title}：{last.outcome}")
            return
        mine = [
            one.act
            for one in self.ways.awaited
            if one.case_type == kind.case_type and self._may(one, case) and one.waited_for(case.status, acts)
        ]
        handed = self._handed.get(case.pk, {})
        mine += [act for one in kind.handing if handed.get(one.act) for act in one.may]
        clocked = self.ways.by_clock.get((kind.case_type, case.next_clock), "")
        if not handed or any(clocked in one.may for one in kind.handing if one.act in handed):
            mine.append(clocked)
        act = next((name for name in mine if name in stands.next), None)
        if act is not None:
            ends = (
                clock.due
                for name, clock in stands.clocks.items()
                if kind.clocks[name].stops[0] == act and _runs(clock)
            )
            yield Turn(case, act, kind.acts[act].title, min(filter(None, ends), default=case.next_due))

    def _officers(self, desks: set[int]) -> list[int]:
        """The desks at which the user does the officer's work: somebody may be lent another role of the unit only."""
        units = [one.organization for one in self.held if one.role == OFFICER]
        here = desks & {unit.pk for unit in units}
        if units and desks - here:
            below = Organization.objects.filter(pk__in=desks - here)
            here |= {one.pk for one in below if one.path.startswith(tuple(unit.path for unit in units))}
        return sorted(here)

    def _may(self, one: Awaited, case: Case) -> bool:
        return any(held.role in one.roles and held.reaches(case.organization, case.pk) for held in self.held)

    @cached_property
    def _paths(self) -> list[tuple[int, str]]:
        return list(Organization.objects.order_by().values_list("pk", "path"))

    def _reached(self, role: str) -> Q:
        """The cases one role reaches."""
        held = [one for one in self.held if one.role == role]
        paths = tuple(one.path for one in held if not one.cases)
        units = [pk for pk, path in self._paths if path.startswith(paths)] if paths else []
        if len(units) == len(self._paths):
            return Q()
        lent = {case for one in held for case in one.cases}
        return Q(organization_id__in=units) | Q(pk__in=lent) if lent else Q(organization_id__in=units)

    def _handed_on(self) -> list[Case]:
        """Cases that came to an act only the account's roles may do."""
        mine: dict[frozenset[str], list[Awaited]] = defaultdict(list)
        for one in self.ways.awaited:
            mine[one.roles & {held.role for held in self.held}].append(one)
        rows = []
        for roles, ways in mine.items():
            if roles:
                reached = [self._reached(role) for role in sorted(roles)]
                here = (
                    reduce(or_, reached) if all(reached) else Q()
                )  # one that reaches all is an empty condition
                done = Exists(_last_acts().filter(act__in=sorted({one.act for one in ways})))
                before = CaseAct.objects.filter(
                    case=OuterRef("pk"), act__in=sorted({act for one in ways for act in one.after})
                )
                for kind in sorted({one.case_type for one in ways}):
                    given = [(kind, one.given) for one in ways if one.case_type == kind]
                    rows.append(_open(given).filter(here, Exists(before), ~done))
                for one in ways:
                    if one.kept:
                        oldest = _open([(one.case_type, one.kept)]).filter(here)[:LOOKED_AT].values("pk")
                        came = Exists(_last_acts().filter(act__in=one.after))
                        rows.append(Case.objects.filter(came, pk__in=oldest))
        return self._first(rows)

    def _sent_back(self) -> list[Case]:
        """Cases of the own desk whose last act sent them back."""
        if not self._at_desk:
            return []
        back = self.ways.back.values()
        last = _last_acts().filter(
            act__in=sorted({one.act for one in back}),
            outcome__in=sorted({outcome for one in back for outcome in one.outcomes}),
        )
        rows = _open((one.case_type, one.statuses) for one in back)
        return self._first([rows.filter(Exists(last), organization_id__in=self.desks)])

    @cached_property
    def _handovers(self) -> QuerySet[Handover] | None:
        """What stands handed to the own desk; None where the account sees nothing that was handed to anybody."""
        found = handed_cases(self.user) if self._at_desk else []
        return handed_to(self.desks) if isinstance(found, QuerySet) or found else None

    def _handed_to_us(self) -> list[Case]:
        """Cases of others that were handed to the own desk, which has done nothing about them yet."""
        if self._handovers is None:
            return []
        waiting = self._handovers.filter(waiting=True, case__closed_on__isnull=True)
        others = Case.objects.exclude(organization_id__in=self.desks)
        return self._first([others.filter(pk__in=waiting.values("case"))])

    def _look_up_handed(self, cases: Sequence[Case]) -> None:
        others = [case.pk for case in cases if case.organization_id not in self.desks]
        if self._handovers is not None and others:
            for row in self._handovers.filter(case__in=others):
                self._handed.setdefault(row.case_id, {})[row.act] = row.waiting

    def _by_clock(self) -> list[Case]:
        """Cases of the own desk with a deadline that an act of the officer ends, the next to end first."""
        if not self._at_desk:
            return []
        ours = Q(organization_id__in=self.desks)
        handed = handed_cases(self.user)  # of very many it is said what waits, not what will be due
        if self._handovers is not None and not isinstance(handed, QuerySet):
            ours |= Q(case__in=self._handovers.values("case"))
        rows = running_clocks(self.user).filter(ours, case__closed_on__isnull=True)
        clocks = rows[: self.most + 1]
        return [clock.case for clock in clocks if (clock.case.case_type, clock.clock) in self.ways.by_clock]

    @property
    def _at_desk(self) -> bool:
        return bool(self.desks)

    def _first(self, rows: Sequence[QuerySet[Case]]) -> list[Case]:
        """The longest waiting of each of several kinds, in one query; of those the ones due within days first."""
        parts = []
        for some in rows:
            with suppress(EmptyResultSet):  # Django knows without asking that nothing can answer
                parts.append(
                    some.order_by("opened_on", "id").values("pk")[: self.most + 1].query.sql_with_params()
                )
        if not parts:
            return []
        wrapped = (f"SELECT * FROM ({part}) AS part{at}" for at, (part, _) in enumerate(parts))  # noqa: S608 - Django's own
        sql = " UNION ALL ".join(wrapped)
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for _, values in parts for value in values])
            found = {Case._meta.pk.to_python(row[0]) for row in cursor.fetchall()}
        cases = Case.objects.filter(pk__in=found).select_related("organization").order_by("opened_on", "id")
        return sorted(cases, key=self._pressing)[: self.most + 1]

    def _pressing(self, case: Case) -> date:
        """The day by which it is due where that is within days; else it comes after those."""
        return case.next_due if case.next_due and case.next_due <= self.today + SOON else date.max


@lru_cache(maxsize=2)
def _ways(_digest: str) -> _Ways:
    kinds = catalogue().case_types.values()
    return _Ways(
        tuple(one for kind in kinds for one in awaited(kind)),
        {(kind.case_type, one.act): one for kind in kinds for one in sent_back(kind)},
        {
            (kind.case_type, clock): act
            for kind in kinds
            for clock, act in awaited_by_clock(kind).items()
            if not kind.acts[act].by or OFFICER in kind.acts[act].by
        },
    )


def _runs(clock: ClockState) -> bool:
    return clock.stopped is None and not clock.minimum and clock.days_left is not None


def _open(kinds: Iterable[tuple[str, Iterable[str]]]) -> QuerySet[Case]:
    """Open cases of some kinds and statuses, the longest waiting first; an index holds them so."""
    each = (Q(case_type=kind, status__in=sorted(statuses)) for kind, statuses in kinds)
    return Case.objects.filter(reduce(or_, each), closed_on__isnull=True).order_by("opened_on", "id")


def _last_acts() -> QuerySet[CaseAct]:
    """The act recorded last in the case that is asked about."""
    later = CaseAct.objects.filter(case=OuterRef("case"), position__gt=OuterRef("position"))
    return CaseAct.objects.filter(~Exists(later), case=OuterRef("pk"))
