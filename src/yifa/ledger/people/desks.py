"""In which unit somebody does an act of a case: its own one, or one the case was handed to (转办、交办、移交)."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from yifa.law.schema import CaseType
from yifa.ledger.models import Case, Organization, User
from yifa.ledger.models.scoping import seen_with, units_called
from yifa.procedures.model import Act


class Desks:
    """The units at which the acts of one case are done. Asks the ledger once, and only for who has no role in its own unit."""

    def __init__(self, case: Case, case_type: CaseType) -> None:
        self.case, self.handing = case, case_type.handing

    def of(self, user: User | None, act: str, roles: Collection[str]) -> Organization:
        """The case's own unit; where `user` has none of the roles there, one that may do the act and where he has."""
        own = self.case.organization
        if user is None or user.is_superuser:
            return own
        held = [one for one in seen_with(user) if one.role in roles]
        if any(one.reaches(own, self.case.pk) for one in held):
            return own
        handed = self.handed(act) if held else []
        return next((unit for unit in handed if any(one.reaches(unit, self.case.pk) for one in held)), own)

    def mending(self, user: User | None, act: Act, roles: Collection[str]) -> Organization:
        """Where an act may be corrected: a unit that was handed the case mends what it recorded itself."""
        found = self.of(user, act.act, roles)
        return found if act.unit == found.code else self.case.organization

    def handed(self, act: str) -> list[Organization]:
        """The units the case stands handed to that may do an act."""
        by = {one.act for one in self.handing if act in one.may}
        return [unit for each in sorted(by) for unit in self._handed.get(each, [])]

    @cached_property
    def _handed(self) -> dict[str, list[Organization]]:
        """By the act that handed the case on."""
        named: dict[str, list[str]] = {}
        for act, unit in self.case.handovers.values_list("act", "unit") if self.handing else ():
            named.setdefault(act, []).append(unit)
        if not named:
            return {}
        called = {act: units_called(names) for act, names in named.items()}
        known = Organization.objects.in_bulk({unit for units in called.values() for unit in units})
        return {act: [known[unit] for unit in sorted(units)] for act, units in called.items()}
