"""Whose rows a user sees: those of the organizations below which the user has a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from yifa.ledger.models import Case, Entry, Organization, User
else:  # the managers are made before the models; the names are for types only
    Case = Entry = Organization = User = Any

M = TypeVar("M", bound=models.Model)


def within(paths: list[str], field: str) -> Q:
    """A filter for rows whose organization path lies at or below one of `paths`."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def scoped(queryset: models.QuerySet[M], user: User | AnonymousUser | None, field: str) -> models.QuerySet[M]:
    """`queryset` cut to what `user` may see; nobody and anonymous see nothing, superusers everything."""
    if user is None or not user.is_authenticated or not user.is_active:
        return queryset.none()
    if user.is_superuser:
        return queryset
    return queryset.filter(within(reach(user), field))


def reach(user: User) -> list[str]:
    """The paths below which the user has a role, without those that lie inside another."""
    paths = sorted(set(user.memberships.values_list("organization__path", flat=True)))
    return [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]


def units_seen(user: User) -> list[int] | None:
    """The ids of the organizations a user sees; None where these are all."""
    if hasattr(user, "_units_seen"):
        return user._units_seen  # type: ignore[no-any-return]  # set just below
    if user.is_superuser:
        return None
    from yifa.ledger.models import Organization as Unit

    paths = tuple(reach(user))
    every = list(Unit._default_manager.order_by().values_list("pk", "path"))
    seen = [pk for pk, path in every if path.startswith(paths)]
    return None if len(seen) == len(every) else seen


def remember_units(user: User) -> None:
    """Lets `among_units` ask only once for this user object: for a page that asks for many things."""
    user._units_seen = units_seen(user)  # type: ignore[attr-defined]  # of one request's object


def among_units(rows: models.QuerySet[M], user: User | AnonymousUser | None) -> models.QuerySet[M]:
    """As `scoped`, for tables of many rows: by the ids of organizations, and not at all where the user sees all."""
    if user is None or not user.is_authenticated or not user.is_active:
        return rows.none()
    seen = units_seen(user)
    return rows if seen is None else rows.filter(organization_id__in=seen)


class OrganizationManager(models.Manager["Organization"]):
    """Organizations, with the scope of a user and of a subtree."""

    def for_user(self, user: User | AnonymousUser | None) -> models.QuerySet[Organization]:
        """The organizations in which the user has a role, and all below."""
        return scoped(self.get_queryset(), user, "path")

    def below(self, organization: Organization) -> models.QuerySet[Organization]:
        """The organization itself and all below it."""
        return self.filter(path__startswith=organization.path)

    def body(self) -> Organization | None:
        """The body this installation serves: the organization without a parent."""
        return self.filter(parent=None).order_by("id").first()


class CaseManager(models.Manager["Case"]):
    """Cases, with the scope of a user."""

    def for_user(self, user: User | AnonymousUser | None) -> models.QuerySet[Case]:
        """The cases of the organizations in which the user has a role, and of all below."""
        return among_units(self.get_queryset(), user)


class EntryManager(models.Manager["Entry"]):
    """Register entries, with the scope of a user."""

    def for_user(self, user: User | AnonymousUser | None) -> models.QuerySet[Entry]:
        """The entries of the organizations in which the user has a role, and of all below."""
        return scoped(self.get_queryset(), user, "organization__path")
