"""Which roles an account holds. The three administrations are kept apart (三员分立): nobody holds two of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from yifa.ledger.actions.base import Action, said, today
from yifa.ledger.actions.organizations import record_of
from yifa.ledger.models import ADMINISTRATION, Membership, Organization, Role, SeparationException, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.people.roles import administers
from yifa.ledger.refusal import ActionRefused


@dataclass(kw_only=True)
class RoleChange(Action[Membership]):
    """What granting and revoking share. Nobody changes the own roles."""

    needs = Needs("授予、收回角色", (Role.SECURITY,), "不能改自己的角色")

    actor: User | None
    user: User
    organization: Organization
    role: str

    def _refuse_others(self) -> None:
        self._admit(self.organization)
        own = self.actor is not None and self.actor.pk == self.user.pk
        if own and self.actor is not None and not self.actor.is_superuser:
            raise ActionRefused("不能给自己授予或收回角色，请由另一名安全管理员办理。", code="role")

    def _held(self) -> QuerySet[Membership]:
        return Membership.objects.filter(user=self.user, organization=self.organization, role=self.role)

    def _record(self, kind: str) -> None:
        payload = {"username": self.user.username, "role": self.role}
        record_of(self.organization, kind, None, self.actor, payload)


@dataclass(kw_only=True)
class GrantRole(RoleChange):
    """Gives a user a role in an organization; it holds for the units below as well."""

    def check(self) -> None:
        """Refuses an unknown role, one the user already has there, and a second of the three administrations."""
        self._refuse_others()
        if self.role not in Role.values:
            known = "、".join(f"{value}（{label}）" for value, label in Role.choices)
            raise ActionRefused(f"没有「{self.role}」这个角色。可选：{known}。", code="invalid", field="role")
        if self._held().exists():
            label = Role(self.role).label
            raise ActionRefused(
                f"{self.user.display_name}在「{self.organization}」已有“{label}”角色。", code="duplicate"
            )
        self._refuse_second()

    def _refuse_second(self) -> None:
        others = [role for role in administers(self.user) if role != self.role]
        if self.role not in ADMINISTRATION or not others or exempted(self.user, {self.role, *others}):
            return
        labels = "、".join(str(Role(role).label) for role in others)
        raise ActionRefused(
            f"{self.user.display_name}已是{labels}，不能再任{Role(self.role).label}：系统管理、安全管理、审计管理"
            "不得由一人兼任。",
            code="apart",
            field="role",
        )

    def _change(self) -> Membership:
        membership = Membership.objects.create(user=self.user, organization=self.organization, role=self.role)
        self._record("role.granted")
        return membership


@dataclass(kw_only=True)
class RevokeRole(RoleChange):
    """Takes a role from a user."""

    def check(self) -> None:
        """Refuses where the user does not have the role there."""
        self._refuse_others()
        if not self._held().exists():
            raise ActionRefused(
                f"{self.user.display_name}在「{self.organization}」没有这个角色，无须收回。", code="missing"
            )

    def _change(self) -> Membership:
        membership = self._held().get()
        membership.delete()
        self._record("role.revoked")
        return membership


def exempted(user: User, roles: set[str]) -> bool:
    """Whether a small body's exception lets the user hold both. The audit is never held with another."""
    if Role.AUDIT in roles:
        return False
    return SeparationException.objects.filter(user=user, until__gte=today()).exists()


@dataclass(kw_only=True)
class ExemptSeparation(Action[SeparationException]):
    """A small body lets one person be system and security administrator until a day; said openly on the matrix page."""

    needs = Needs("登记系统、安全管理由一人兼任", (Role.AUDIT,), "审计管理不得兼任")

    actor: User | None
    user: User
    organization: Organization
    reason: str
    until: date

    def check(self) -> None:
        """Refuses without a reason, without an end in sight, and for whoever audits."""
        self._admit(self.organization)
        said(self.reason, "兼任的理由", "reason", 200)
        if not today() < self.until <= today().replace(year=today().year + 1, day=min(today().day, 28)):
            raise ActionRefused("兼任须有期限，最长一年，到期重新登记。", code="invalid", field="until")
        if Role.AUDIT in administers(self.user):
            raise ActionRefused("审计管理员不得兼任系统管理或者安全管理。", code="apart", field="user")
        running = SeparationException.objects.filter(user=self.user, until__gte=today()).first()
        if running is not None:
            name = self.user.display_name or self.user.username
            raise ActionRefused(
                f"{name}的兼任已经登记，至{running.until}；要改期限，先结束原来的。",
                code="twice",
                field="user",
            )

    def _change(self) -> SeparationException:
        exception = SeparationException.objects.create(
            organization=self.organization, user=self.user, reason=self.reason.strip(), until=self.until
        )
        payload = {"username": self.user.username, "reason": exception.reason, "until": self.until}
        record_of(self.organization, "separation.exempted", None, self.actor, payload)
        return exception


@dataclass(kw_only=True)
class EndExemption(Action[SeparationException]):
    """What let one person hold two administrations ends before its day; it stays on record."""

    needs = ExemptSeparation.needs

    actor: User | None
    exception: SeparationException
    reason: str

    def check(self) -> None:
        """Refuses without a reason, and what has ended."""
        self._admit(self.exception.organization)
        said(self.reason, "提前结束的理由", "reason", 200)
        if self.exception.until < today():
            raise ActionRefused("这项兼任已经到期，无须再结束。", code="ended")

    def _change(self) -> SeparationException:
        self.exception.until = today() - timedelta(days=1)
        self.exception.save(update_fields=["until"])
        payload = {"username": self.exception.user.username, "reason": self.reason.strip()}
        record_of(self.exception.organization, "separation.ended", None, self.actor, payload)
        return self.exception
