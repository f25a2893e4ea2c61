"""Who sees and may do what on the pages: what somebody holds, asked against what the page declares (`permits`).

The actions of the ledger decide again; pages only do not offer in vain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from yifa.law.schema import CaseType
from yifa.ledger.actions import ChangeFacts
from yifa.ledger.actions.cases import recorders
from yifa.ledger.legal import no_power
from yifa.ledger.models import ADMINISTRATION, Case, Organization, Role, User
from yifa.ledger.models.scoping import Held, reach, remembered, within
from yifa.ledger.people.desks import Desks
from yifa.ledger.people.needs import BUSINESS, Needs, labels
from yifa.planning.models import Plan

IMPORTERS = (Role.OFFICER, Role.COORDINATOR, Role.PUBLISHER)


class SignedInRequest(HttpRequest):
    """A request behind `login_required`; the gate has put there what its page declares."""

    user: User
    needs: Needs


def memberships(user: User) -> list[Held]:
    """The user's roles today and where they hold, own and for others; asked once a request."""
    return remembered(user)


def roles_in(user: User, organization: Organization, case: object = None) -> set[str]:
    """The roles the user has in an organization, its own and those that reach down from above."""
    return {one.role for one in memberships(user) if one.reaches(organization, case)}


def has_role(
    user: User | AnonymousUser,
    roles: Collection[str],
    organization: Organization | None = None,
    case: object = None,
) -> bool:
    """Whether the user has one of the roles, there or anywhere."""
    if not isinstance(user, User) or not user.is_authenticated:
        return False
    if user.is_superuser:
        return True
    held = roles_in(user, organization, case) if organization else {one.role for one in memberships(user)}
    return not held.isdisjoint(roles)


def may_do(user: User, desks: Desks, act: str, roles: Collection[str]) -> bool:
    """Whether the user may do an act of a case, in its own unit or in one it was handed to."""
    return has_role(user, roles, desks.of(user, act, roles), desks.case.pk)


def may_correct(user: User | AnonymousUser, case: Case) -> bool:
    """Whether the user may correct acts of a case and change its facts."""
    return has_role(user, ChangeFacts.needs.roles, case.organization, case.pk)


def administers(user: User) -> bool:
    """Whether the user administers and does nothing else here: such a one sees accounts, no cases."""
    held = {one.role for one in memberships(user)}
    return not user.is_superuser and bool(held) and held <= set(ADMINISTRATION)


def sees(user: User, organization: Organization) -> bool:
    """Whether the user has any role that reaches the organization."""
    return has_role(user, BUSINESS, organization)


def home_organization(user: User) -> Organization | None:
    """Where the user works: the own unit, else the highest organization with a role, else the body."""
    if user.organization_id is not None:
        return user.organization
    rows = sorted(memberships(user), key=lambda one: len(one.path))
    return rows[0].organization if rows else Organization.objects.body()


def require_role(
    user: User, roles: Collection[str], organization: Organization | None = None, case: object = None
) -> None:
    """403 for those without one of the roles there (or anywhere), saying which role it takes."""
    if not has_role(user, roles, organization, case):
        where = f"在“{organization}”" if organization else ""
        raise PermissionDenied(f"这一步需要{where}“{labels(roles)}”角色。")


def require_here(
    request: SignedInRequest,
    organization: Organization | None,
    roles: Collection[str] | None = None,
    case: object = None,
) -> None:
    """403 for those who do not have there what the page declares. `roles`: those of them that count this time."""
    declared = request.needs.roles
    require_role(request.user, declared if roles is None else set(roles) & set(declared), organization, case)


def bodies_for(user: User) -> QuerySet[Organization]:
    """The organizations the user works in or under: those with a role, all below, and those above."""
    rows = Organization.objects.all()
    if user.is_superuser:
        return rows
    paths = reach(user)
    above = {code for path in paths for code in path.split("/") if code}
    return rows.filter(within(paths, "path") | Q(code__in=above))


def plans_for(user: User) -> QuerySet[Plan]:
    """The plans the user works under: those of the organizations with a role, of all below, and of those above."""
    rows = Plan.objects.select_related("organization")
    if user.is_superuser:
        return rows
    paths = reach(user)
    above = {code for path in paths for code in path.split("/") if code}
    return rows.filter(within(paths, "organization__path") | Q(organization__code__in=above))


def units_that_open(user: User, case_type: CaseType, units: Iterable[Organization]) -> list[Organization]:
    """Those units that have this kind of case and in which the user may open one."""
    return [unit for unit in units if may_open(user, case_type, unit)]


def may_open(user: User, case_type: CaseType, unit: Organization | None = None) -> bool:
    """Whether the user may open such a case in a unit that has this kind, or anywhere."""
    wanted = {role for act in case_type.opens_with for role in recorders(case_type, act)}
    powerless = unit is not None and no_power(unit.level, case_type=case_type.case_type) is not None
    return not powerless and has_role(user, wanted, unit)
