"""Whose rows a user sees: those of the organizations below which the user has a role, own or for somebody absent.

The only place that says what an account holds today; `ledger.people.roles` and the workbench ask here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from yifa.ledger.models import Case, Entry, Handover, Organization, User
else:  # the managers are made before the models; the names are for types only
    Case = Entry = Handover = Organization = User = Any

M = TypeVar("M", bound=models.Model)


def within(paths: list[str], field: str) -> Q:
    """A filter for rows whose organization path lies at or below one of `paths`."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


FEW = 500  # cases that are named one by one in a query
MANY = 2000  # own cases from which on those handed over are not mixed into their lists
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})  # these see accounts, not cases


@dataclass(frozen=True, slots=True)
class Held:
    """A role an account holds today. `of`: the absent one it is held for; `cases`: the only ones it holds for."""

    role: str
    organization: Organization
    of: User | None = None
    cases: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """It reaches all below this path."""
        return str(self.organization.path)

    def reaches(self, organization: Organization, case: object = None) -> bool:
        """Whether it holds in an organization, for one of its cases where it is limited to some."""
        within_cases = not self.cases or (case is not None and str(case) in self.cases)
        return within_cases and str(organization.path).startswith(self.path)


def held(user: User) -> list[Held]:
    """The roles an account holds today, its own before those it holds for others. Two queries, more only for deputies."""
    own = [Held(row.role, row.organization) for row in user.memberships.select_related("organization")]
    today = timezone.localdate()
    acting = user.deputizing.filter(begins__lte=today, ends__gte=today, ended_on__isnull=True)
    lent = acting.filter(absent__is_active=True).select_related("absent")
    return own + [
        Held(row.role, row.organization, one.absent, frozenset(one.cases))
        for one in lent.prefetch_related("memberships__organization")
        for row in one.memberships.all()
    ]


def remembered(user: User) -> list[Held]:
    """As `held`, asked once for this object of the account: for pages, where it lives for one request."""
    known = _known(user)
    if known is None:
        known = user.__dict__["held_today"] = held(user)
    return known


def _known(user: User) -> list[Held] | None:
    """What was asked before in this request."""
    known: list[Held] | None = user.__dict__.get("held_today")
    return known


def seen_with(user: User) -> list[Held]:
    """For what is seen: as remembered in a request, else as it is now."""
    known = _known(user)
    return held(user) if known is None else known


def scoped(
    queryset: models.QuerySet[M],
    user: User | AnonymousUser | None,
    field: str,
    roles: Collection[str] | None = None,
) -> models.QuerySet[M]:
    """`queryset` cut to what `user` may see; nobody and anonymous see nothing, superusers everything."""
    if user is None or not user.is_authenticated or not user.is_active:
        return queryset.none()
    if user.is_superuser:
        return queryset
    return queryset.filter(within(reach(user, roles), field))


def reach(user: User, roles: Collection[str] | None = None) -> list[str]:
    """The paths below which the user has one of the roles, without those that lie inside another.

    Roles left out: any that works on cases and plans; administrators do not see those.
    """
    paths = sorted(
        {
            one.path
            for one in seen_with(user)
            if not one.cases and (one.role in roles if roles is not None else one.role not in ADMINISTRATORS)
        }
    )
    return [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]


def lent_cases(user: User) -> set[str]:
    """The single cases the user sees for somebody absent."""
    return {case for one in seen_with(user) for case in one.cases}


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


def among_units(
    rows: models.QuerySet[M], user: User | AnonymousUser | None, *, listed: bool = False
) -> models.QuerySet[M]:
    """As `scoped`, for tables of many rows: by the ids of organizations, and not at all where the user sees all.

    `listed`: where the units have many cases of their own, those handed to them are left to a list of their own; no
    index gives both in one order.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return rows.none()
    seen = units_seen(user)
    if seen is None:
        return rows
    case = {"case": "pk", "caseclock": "case_id"}.get(rows.model._meta.model_name or "")
    lent, handed = (lent_cases(user), handed_cases(user, seen)) if case else (set(), [])
    if listed and isinstance(handed, models.QuerySet):
        handed = []
    found = Q(organization_id__in=seen)
    for others in (lent, handed):
        if isinstance(others, models.QuerySet) or others:
            found |= Q(**{f"{case}__in": others})
    return rows.filter(found)


def handed_cases(user: User, units: list[int] | None = None) -> list[Any] | models.QuerySet[Any]:
    """The cases that stand handed to units a user sees; `units`: these units, if the caller knows them.

    As ids where these and the units' own are few: the database finds each by its key. Else as a subquery, good for asking
    whether single cases are among them. Asked once in a request.
    """
    known: list[Any] | models.QuerySet[Any] | None = user.__dict__.get("handed_cases")
    if known is not None:
        return known
    seen = units_seen(user) if units is None else units
    found = _handed(seen) if seen else []
    if _known(user) is not None or hasattr(user, "_units_seen"):
        user.__dict__["handed_cases"] = found
    return found


def _handed(units: list[int]) -> list[Any] | models.QuerySet[Any]:
    from yifa.ledger.models import Case as Row

    rows = handed_to(units).values_list("case_id", flat=True)
    few = list(rows[:FEW])
    own = Row._default_manager.order_by().filter(organization_id__in=units).values("pk")
    return few if len(few) < FEW and (not few or own[:MANY].count() < MANY) else rows


def handed_to(units: Collection[int]) -> models.QuerySet[Handover]:
    """What stands handed to some units."""
    from yifa.ledger.models import Handover as Row

    return Row._default_manager.filter(unit__in=unit_names(units))


def unit_names(units: Collection[int]) -> list[str]:
    """What acts call some units: their names and short names, today's and earlier ones, and codes.

    What others are called too says nothing: a name that two units had opens neither's cases.
    """
    wanted = set(units)
    return sorted(name for name, those in _bearers().items() if those <= wanted)


def units_called(names: Collection[str]) -> set[int]:
    """The units that these names of acts mean, each without doubt."""
    bearers = _bearers()
    return {unit for name in names for unit in bearers.get(name, ()) if len(bearers[name]) == 1}


def _bearers() -> dict[str, set[int]]:
    from yifa.ledger.models import OrganizationName as Name

    found: dict[str, set[int]] = defaultdict(set)
    rows = Name._default_manager.order_by()
    for unit, *names in rows.values_list("organization_id", "name", "short_name", "organization__code"):
        for name in filter(None, names):
            found[name].add(unit)
    return found


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

    def listed_for(self, user: User | AnonymousUser | None) -> models.QuerySet[Case]:
        """As `for_user`, for lists and counts: see `among_units`."""
        return among_units(self.get_queryset(), user, listed=True)

    def handed_to(self, user: User) -> models.QuerySet[Case]:
        """The cases of others that stand handed to units the user sees."""
        seen = units_seen(user)
        if not seen:
            return self.none()
        return self.filter(pk__in=handed_to(seen).exclude(organization_id__in=seen).values("case_id"))


class EntryManager(models.Manager["Entry"]):
    """Register entries, with the scope of a user."""

    def for_user(self, user: User | AnonymousUser | None) -> models.QuerySet[Entry]:
        """The entries of the organizations in which the user has a role, and of all below."""
        return scoped(self.get_queryset(), user, "organization__path")
