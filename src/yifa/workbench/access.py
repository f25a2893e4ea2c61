"""Who sees and may do what on the pages. The actions of the ledger decide; pages only do not offer in vain."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from yifa.ledger.models import Membership, Organization, Role, User
from yifa.ledger.scoping import reach, within
from yifa.planning.models import Plan

IMPORTERS = (Role.OFFICER, Role.COORDINATOR, Role.PUBLISHER)
SEES_LEDGER = (Role.SUPERVISOR, Role.AUDITOR, Role.COORDINATOR)


class SignedInRequest(HttpRequest):
    """A request behind `login_required`."""

    user: User


def memberships(user: User) -> list[Membership]:
    """The user's roles and where they hold; asked once a request."""
    if not hasattr(user, "_workbench_memberships"):
        user._workbench_memberships = list(user.memberships.select_related("organization"))  # type: ignore[attr-defined]
    return user._workbench_memberships  # type: ignore[attr-defined,no-any-return]


def roles_in(user: User, organization: Organization) -> set[str]:
    """The roles the user has in an organization, its own and those that reach down from above."""
    return {row.role for row in memberships(user) if organization.path.startswith(row.organization.path)}


def has_role(
    user: User | AnonymousUser, roles: Collection[str], organization: Organization | None = None
) -> bool:
    """Whether the user has one of the roles, there or anywhere."""
    if not isinstance(user, User) or not user.is_authenticated:
        return False
    if user.is_superuser:
        return True
    held = roles_in(user, organization) if organization else {row.role for row in memberships(user)}
    return not held.isdisjoint(roles)


def may_manage_people(user: User | AnonymousUser) -> bool:
    """Whether the user manages accounts: an administrator, or the coordinator of the body."""
    return has_role(user, (Role.COORDINATOR,))


def sees(user: User, organization: Organization) -> bool:
    """Whether the user has any role that reaches the organization."""
    return user.is_superuser or bool(roles_in(user, organization))


def home_organization(user: User) -> Organization | None:
    """Where the user works: the own unit, else the highest organization with a role, else the body."""
    if user.organization_id is not None:
        return user.organization
    rows = sorted(memberships(user), key=lambda row: len(row.organization.path))
    return rows[0].organization if rows else Organization.objects.body()


def require_role(user: User, roles: Collection[str], organization: Organization | None = None) -> None:
    """403 for those without one of the roles there (or anywhere), saying which role it takes."""
    if not has_role(user, roles, organization):
        labels = "、".join(sorted({str(Role(role).label) for role in roles if role in Role.values}))
        where = f"在“{organization}”" if organization else ""
        raise PermissionDenied(f"这一步需要{where}“{labels}”角色。")


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
