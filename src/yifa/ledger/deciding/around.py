"""What the ledger says around a case that is being changed: roles, registers, other cases, numbers, the law's context.

One question at a time for a single change; remembered for a batch in one transaction, where nobody's answer changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from yifa.law.schema import CaseType, NumberRule
from yifa.ledger.deciding.lists import LedgerLists, LedgerTables, filled_from_entries
from yifa.ledger.deciding.numbering import issue, issuer_of, number
from yifa.ledger.legal import context
from yifa.ledger.models import Case, NumberSeries, Organization, User
from yifa.ledger.people.roles import acting, behalf, may, require, roles_in
from yifa.procedures.listing import Lists
from yifa.procedures.model import Context, Listing
from yifa.procedures.tables import Row, Tables


class Around:
    """Asks the ledger each time."""

    def day_of(self, recorded_at: datetime | None) -> date:
        """The day on which something counts as recorded."""
        return timezone.localdate(recorded_at)

    def require(
        self,
        actor: User | None,
        organization: Organization,
        roles: Iterable[str],
        what: str,
        case: object = None,
    ) -> None:
        """Refuses who has none of the roles there."""
        require(actor, organization, roles, what, case)

    def roles(self, user: User, organization: Organization, case: object = None) -> frozenset[str]:
        """The roles a user has there."""
        return roles_in(user, organization, case)

    def jurisdiction(self, organization: Organization) -> str:
        """The organization's own jurisdiction, or the nearest above it."""
        rows = Organization.objects.filter(code__in=organization.ancestor_codes())
        return _nearest(organization, dict(rows.values_list("code", "jurisdiction")))

    def context(self, case_type: str, level: str, jurisdiction: str, on: date) -> Context:
        """The engine's context."""
        return context(case_type, level, jurisdiction, on)

    def lists(self, unit: Organization) -> Lists:
        """Registers and cases as a unit may name them."""
        return LedgerLists(unit)

    def tables(self, organization: Organization, on: date) -> Tables:
        """The tables in force there."""
        return LedgerTables(organization, on)

    def filled(self, case_type: CaseType, facts: Mapping[str, Any], on: date) -> Mapping[str, Any]:
        """The facts with those copied from the entries that others name."""
        return filled_from_entries(case_type, facts, on)

    def number_taken(self, text: str) -> bool:
        """Whether a case has the number; one all of whose acts were withdrawn has given it back."""
        return taken([text]) == {text}

    def issue(
        self, case_type: CaseType, rule: NumberRule, organization: Organization, on: date
    ) -> dict[str, Any]:
        """The next number of the series."""
        return issue(case_type, rule, organization, on)


def _nearest(organization: Organization, given: Mapping[str, str]) -> str:
    """The organization's jurisdiction, or that of the nearest above it that has one."""
    return next((given[code] for code in reversed(organization.ancestor_codes()) if given.get(code)), "")


def taken(numbers: Collection[str]) -> set[str]:
    """Which of the numbers cases have."""
    held = Case.objects.filter(number__in=list(numbers), opened_on__isnull=False)
    return set(held.order_by().values_list("number", flat=True))


def _allowed(
    actor: User | None, organization: Organization, roles: Iterable[str], what: str, case: object
) -> Mapping[str, str] | None:
    """For whom somebody does what is allowed; refuses what is not."""
    with acting():
        require(actor, organization, roles, what, case)
        return behalf(actor)


class Remembered(Around):
    """Asks once. For one transaction, in which numbers are given out as one by one, but their series stored once."""

    def __init__(self, numbers: Collection[str], *, new: bool = False) -> None:
        self._new = new  # all cases are new: nobody can have been given a role for one of them alone
        self._known: dict[tuple[Any, ...], Any] = {}
        self._taken = taken(numbers) if numbers else set()
        self._series: dict[tuple[int, str, int], NumberSeries] = {}
        self.absent: Mapping[str, str] | None = None  # for whom was done what was last asked to be allowed

    def remembered(self, key: tuple[Any, ...], ask: Any) -> Any:
        """What was found under a key, asked for the first time."""
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]

    def day_of(self, recorded_at: datetime | None) -> date:
        """Asked once."""
        found: date | None = self._known.get(("day", recorded_at))
        if found is None:
            found = self._known["day", recorded_at] = super().day_of(recorded_at)
        return found

    def require(
        self,
        actor: User | None,
        organization: Organization,
        roles: Iterable[str],
        what: str,
        case: object = None,
    ) -> None:
        """As each time; a refusal is not remembered."""
        wanted = tuple(roles)
        case = None if self._new else case
        self.absent = self.remembered(
            ("require", organization.pk, wanted, what, case),
            lambda: _allowed(actor, organization, wanted, what, case),
        )

    def allows(self, actor: User | None, organization: Organization, roles: Iterable[str]) -> bool:
        """Whether somebody has one of the roles there."""
        with acting():
            found = may(actor, organization, roles)
            self.absent = behalf(actor)
        return found

    def roles(self, user: User, organization: Organization, case: object = None) -> frozenset[str]:
        """Asked once."""
        case = None if self._new else case
        found: frozenset[str] = self.remembered(
            ("roles", user.pk, organization.pk, case), lambda: roles_in(user, organization, case)
        )
        return found

    def jurisdiction(self, organization: Organization) -> str:
        """Those of all organizations asked at once."""
        found: str = self.remembered(
            ("jurisdiction", organization.pk), lambda: _nearest(organization, self._jurisdictions())
        )
        return found

    def _jurisdictions(self) -> dict[str, str]:
        rows = Organization.objects.order_by().exclude(jurisdiction="")
        found: dict[str, str] = self.remembered(
            ("jurisdictions",), lambda: dict(rows.values_list("code", "jurisdiction"))
        )
        return found

    def context(self, case_type: str, level: str, jurisdiction: str, on: date) -> Context:
        """Made once."""
        found: Context = self.remembered(
            ("context", case_type, level, jurisdiction, on),
            lambda: context(case_type, level, jurisdiction, on),
        )
        return found

    def lists(self, unit: Organization) -> Lists:
        """Answers are remembered."""
        found: Lists = self.remembered(("lists", unit.pk), lambda: _Lists(LedgerLists(unit)))
        return found

    def tables(self, organization: Organization, on: date) -> Tables:
        """Answers are remembered."""
        found: Tables = self.remembered(
            ("tables", organization.pk, on), lambda: _Tables(LedgerTables(organization, on))
        )
        return found

    def filled(self, case_type: CaseType, facts: Mapping[str, Any], on: date) -> Mapping[str, Any]:
        """As each time; untouched where nothing is copied."""
        if all(spec.copied_from is None for spec in case_type.facts.values()):
            return facts
        return super().filled(case_type, facts, on)

    def number_taken(self, text: str) -> bool:
        """Of the numbers named at the start, and those given since."""
        return text in self._taken

    def give(self, text: str) -> None:
        """Notes that a case now has the number."""
        self._taken.add(text)

    def issue(
        self, case_type: CaseType, rule: NumberRule, organization: Organization, on: date
    ) -> dict[str, Any]:
        """The next number; the series is held against others until the transaction ends."""
        issuer: Organization = self.remembered(
            ("issuer", rule.unique_per, organization.pk), lambda: issuer_of(rule, organization)
        )
        key = (issuer.pk, case_type.case_type, on.year)
        if key not in self._series:
            self._series[key], _ = NumberSeries.objects.select_for_update().get_or_create(
                organization=issuer, case_type=case_type.case_type, year=on.year
            )
        series = self._series[key]
        series.last += 1
        return number(rule, issuer, on.year, series.last)

    def serials(self) -> dict[tuple[int, str, int], int]:
        """How far the series are, to go back to when a case is refused."""
        return {key: series.last for key, series in self._series.items()}

    def back_to(self, serials: Mapping[tuple[int, str, int], int]) -> None:
        """Takes back the numbers given since."""
        for key, series in self._series.items():
            if key in serials:
                series.last = serials[key]
            else:
                series.refresh_from_db()

    def store(self) -> None:
        """Stores the series as far as they are now."""
        for series in self._series.values():
            series.save(update_fields=["last"])


class _Lists:
    """The answers of `LedgerLists`, each asked for once."""

    def __init__(self, asked: LedgerLists) -> None:
        self._asked = asked
        self._entries: dict[tuple[str, str, date, str | None], Listing] = {}
        self._cases: dict[tuple[str, str, date], Listing] = {}

    def entry(self, register: str, key: str, on: date, holder: str | None = None) -> Listing:
        """Of the entry with this key."""
        wanted = (register, key, on, holder)
        if wanted not in self._entries:
            self._entries[wanted] = self._asked.entry(register, key, on, holder)
        return self._entries[wanted]

    def case(self, case_type: str, number: str, on: date) -> Listing:
        """Of the case with this number."""
        wanted = (case_type, number, on)
        if wanted not in self._cases:
            self._cases[wanted] = self._asked.case(case_type, number, on)
        return self._cases[wanted]


class _Tables:
    """The answers of `LedgerTables`, each asked for once."""

    def __init__(self, asked: LedgerTables) -> None:
        self._asked = asked
        self._rows: dict[str, list[Row]] = {}

    def rows(self, register: str) -> list[Row]:
        """The rows of a table."""
        if register not in self._rows:
            self._rows[register] = self._asked.rows(register)
        return self._rows[register]
