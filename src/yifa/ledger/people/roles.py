"""Who may do what where. A role in an organization reaches down to the units below it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from yifa.ledger.models import ADMINISTRATION, Membership, Organization, Role, User
from yifa.ledger.models.scoping import Held, held
from yifa.ledger.people.needs import BUSINESS, labels
from yifa.ledger.refusal import ActionRefused

_BEHALF: ContextVar[list[Held] | None] = ContextVar("behalf", default=None)  # of the running action
GRANTOR = "安全管理员"


def roles_in(user: User, organization: Organization, case: object = None) -> frozenset[str]:
    """The roles `user` holds today in `organization` or above it, own or for somebody absent."""
    return frozenset(one.role for one in held(user) if one.reaches(organization, case))


def authority(
    user: User, organization: Organization, roles: Collection[str], case: object = None
) -> Held | None:
    """By which role `user` may do what takes one of `roles`: an own one before one held for somebody absent."""
    found = [one for one in held(user) if one.role in roles and one.reaches(organization, case)]
    return next((one for one in found if one.of is None), found[0] if found else None)


def may(user: User | None, organization: Organization, roles: Iterable[str], case: object = None) -> bool:
    """Whether `user` holds one of `roles` in `organization` or above. The system and superusers may all.

    What is done next in the same action on the strength of it is recorded as done for the absent one, if it is.
    """
    if user is None or user.is_superuser:
        return True
    by = authority(user, organization, frozenset(roles), case) if user.is_active else None
    running = _BEHALF.get()
    if by is not None and by.of is not None and running is not None:
        running.append(by)
    return by is not None


def require(
    user: User | None, organization: Organization, roles: Iterable[str], what: str, case: object = None
) -> None:
    """Refuses unless `may`. `what` names the deed, e.g. 「新增单位」."""
    wanted = sorted(set(roles))
    if may(user, organization, wanted, case):
        return
    raise ActionRefused(
        f"您在「{organization}」没有{what}的权限：需要“{labels(wanted) or '相应'}”角色。请联系{GRANTOR}授权。",
        code="role",
    )


@contextmanager
def acting() -> Iterator[None]:
    """One action: on whose behalf it is done is known within it and forgotten after it."""
    token = _BEHALF.set([])
    try:
        yield
    finally:
        _BEHALF.reset(token)


def behalf(user: User | None) -> dict[str, str] | None:
    """For whom the running action is done, as its record says it; None where it is done in one's own right."""
    running = _BEHALF.get()
    by = running[-1] if running else None
    if by is None or by.of is None or user is None:
        return None
    return {"username": by.of.get_username(), "name": by.of.display_name, "role": by.role}


def users_with(organization: Organization, role: str) -> list[User]:
    """Active users who hold `role` in `organization` itself or above, nearest first."""
    rows = (
        Membership.objects.filter(role=role, organization__code__in=organization.ancestor_codes())
        .filter(user__is_active=True)
        .select_related("user")
        .order_by("-organization__path", "user__username")
    )
    return list(dict.fromkeys(membership.user for membership in rows))


def administers(user: User) -> list[str]:
    """Which of the three administrations an account holds, anywhere."""
    rows = Membership.objects.filter(user=user, role__in=ADMINISTRATION)
    return sorted(set(rows.values_list("role", flat=True)))


__all__ = [
    "BUSINESS",
    "Role",
    "acting",
    "administers",
    "authority",
    "behalf",
    "may",
    "require",
    "roles_in",
    "users_with",
]
