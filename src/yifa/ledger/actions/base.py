"""The shape of every change of the ledger: check, one transaction, a record."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from yifa.ledger.models import Organization, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.people.roles import acting, may, require
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.noting import Noted

Result = TypeVar("Result")
Row = TypeVar("Row", bound=Model)


class Action(ABC, Generic[Result]):
    """One change of the ledger.

    A subclass takes everything in its keyword-only constructor. `check` refuses without touching anything and may be
    called alone, e.g. by a form; `execute` checks and changes in one transaction. `needs` declares who may do it; the
    page 谁可以做什么 is printed from it, and `_admit` enforces it.
    """

    needs: ClassVar[Needs]
    actor: User | None

    def check(self) -> None:
        """Raises `ActionRefused` where the change is not allowed."""

    @abstractmethod
    def _change(self) -> Result:
        """Makes the change; runs inside the transaction, after `check`."""

    def execute(self) -> Result:
        """Checks and makes the change, all or nothing."""
        with acting(), transaction.atomic():
            self.check()
            return self._change()

    def _admit(
        self,
        organization: Organization,
        roles: Collection[str] | None = None,
        what: str = "",
        case: object = None,
    ) -> None:
        """Refuses who does not have what the action needs there. `roles`: those of them that count this time."""
        require(self.actor, organization, self._counted(roles), what or self.needs.what, case)

    def _admits(self, organization: Organization, roles: Collection[str] | None = None) -> bool:
        """As `_admit`, without refusing."""
        return may(self.actor, organization, self._counted(roles))

    def _counted(self, roles: Collection[str] | None) -> Collection[str]:
        declared = self.needs.roles
        if roles is not None and not set(roles) <= set(declared):
            raise TypeError(f"{type(self).__name__}: {sorted(roles)} go beyond what is declared: {declared}")
        return declared if roles is None else roles


def held(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows as they stand, in a transaction held against others until it ends; `check` alone needs no lock."""
    return rows.select_for_update(of=("self",)) if connection.in_atomic_block else rows


def said(value: str | None, what: str, field: str, most: int | None = None) -> str:
    """`value` without surrounding space; refused when empty or longer than `most` characters."""
    text = (value or "").strip()
    if not text:
        raise ActionRefused(f"请填写{what}。", code="invalid", field=field)
    if most is not None and len(text) > most:
        raise ActionRefused(
            f"{what}最多 {most} 字，现有 {len(text)} 字，请缩短。", code="invalid", field=field
        )
    return text


def filled_in(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values that were filled in."""
    if isinstance(values, Noted):  # of these it was done before
        return values
    return {name: value for name, value in values.items() if value is not None and value != ""}


def today() -> date:
    """The local day of this action. Actions ask for the time; the rules below never do."""
    return timezone.localdate()


def day_of(recorded_at: datetime | None) -> date:
    """The day on which an action counts as recorded: today, or the given day of an import."""
    return timezone.localdate(recorded_at) if recorded_at else today()
