"""Who may do what where. A role in an organization reaches down to the units below it."""

from __future__ import annotations

from collections.abc import Iterable

from yifa.ledger.models import Membership, Organization, Role, User
from yifa.ledger.refusal import ActionRefused


def roles_in(user: User, organization: Organization) -> frozenset[str]:
    """The roles `user` holds in `organization` or above it."""
    held = Membership.objects.filter(user=user, organization__code__in=organization.ancestor_codes())
    return frozenset(held.values_list("role", flat=True))


def may(user: User | None, organization: Organization, roles: Iterable[str]) -> bool:
    """Whether `user` holds one of `roles` in `organization` or above. The system and superusers may all."""
    if user is None or user.is_superuser:
        return True
    return user.is_active and not roles_in(user, organization).isdisjoint(roles)


def require(user: User | None, organization: Organization, roles: Iterable[str], what: str) -> None:
    """Refuses unless `may`. `what` names the deed, e.g. 「新增单位」."""
    wanted = sorted(set(roles))
    if may(user, organization, wanted):
        return
    labels = "、".join(Role(role).label for role in wanted if role in Role.values) or "相应"
    raise ActionRefused(
        f"您在「{organization}」没有{what}的权限：需要“{labels}”角色。请联系法治办统筹人员授权。", code="role"
    )


def users_with(organization: Organization, role: str) -> list[User]:
    """Active users who hold `role` in `organization` itself or above, nearest first."""
    held = (
        Membership.objects.filter(role=role, organization__code__in=organization.ancestor_codes())
        .filter(user__is_active=True)
        .select_related("user")
        .order_by("-organization__path", "user__username")
    )
    return list(dict.fromkeys(membership.user for membership in held))
