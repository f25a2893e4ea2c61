"""Accounts and the roles they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from yifa.ledger.actions.base import Action, said
from yifa.ledger.actions.organizations import record_of
from yifa.ledger.models import Membership, Organization, Role, User
from yifa.ledger.refusal import ActionRefused

USERNAME = re.compile(r"[A-Za-z0-9_.@+-]{1,150}")


def refuse_weak(password: str, user: User | None = None) -> None:
    """Refuses a password that is too short or too plain."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ActionRefused("".join(error.messages), code="invalid", field="password") from error


@dataclass(kw_only=True)
class CreateUser(Action[User]):
    """Opens an account in an organization. Without a password it cannot sign in yet."""

    actor: User | None
    username: str
    display_name: str
    organization: Organization
    password: str | None = None
    superuser: bool = False

    def check(self) -> None:
        """Refuses a user name that is wrong or taken, and a password that is too short."""
        self._require(self.organization, [Role.COORDINATOR], "开设账号")
        if self.superuser and self.actor is not None and not self.actor.is_superuser:
            raise ActionRefused("只有系统管理员可以开设系统管理员账号。", code="role")
        said(self.display_name, "姓名", "display_name", 60)
        if not USERNAME.fullmatch(self.username):
            raise ActionRefused(
                f"账号「{self.username}」不能用：请用字母、数字组成，例如 zhangsan。",
                code="invalid",
                field="username",
            )
        if User.objects.filter(username=self.username).exists():
            raise ActionRefused(
                f"账号「{self.username}」已有人使用，请换一个。", code="duplicate", field="username"
            )
        if self.password is not None:
            refuse_weak(self.password)

    def _change(self) -> User:
        user = User(
            username=self.username,
            display_name=self.display_name.strip(),
            organization=self.organization,
            is_superuser=self.superuser,
            is_staff=self.superuser,
        )
        user.set_password(self.password)
        user.save()
        payload = {"username": user.username, "name": user.display_name, "superuser": self.superuser}
        record_of(self.organization, "user.created", None, self.actor, payload)
        return user


@dataclass(kw_only=True)
class GrantRole(Action[Membership]):
    """Gives a user a role in an organization; it holds for the units below as well."""

    actor: User | None
    user: User
    organization: Organization
    role: str

    def check(self) -> None:
        """Refuses an unknown role and one the user already has there."""
        self._require(self.organization, [Role.COORDINATOR], "授予角色")
        if self.role not in Role.values:
            known = "、".join(f"{value}（{label}）" for value, label in Role.choices)
            raise ActionRefused(f"没有「{self.role}」这个角色。可选：{known}。", code="invalid", field="role")
        if self._held().exists():
            label = Role(self.role).label
            raise ActionRefused(
                f"{self.user.display_name}在「{self.organization}」已有“{label}”角色。", code="duplicate"
            )

    def _held(self) -> QuerySet[Membership]:
        return Membership.objects.filter(user=self.user, organization=self.organization, role=self.role)

    def _change(self) -> Membership:
        membership = Membership.objects.create(user=self.user, organization=self.organization, role=self.role)
        payload = {"username": self.user.username, "role": self.role}
        record_of(self.organization, "role.granted", None, self.actor, payload)
        return membership


@dataclass(kw_only=True)
class RevokeRole(GrantRole):
    """Takes a role from a user."""

    def check(self) -> None:
        """Refuses where the user does not have the role there."""
        self._require(self.organization, [Role.COORDINATOR], "收回角色")
        if not self._held().exists():
            raise ActionRefused(
                f"{self.user.display_name}在「{self.organization}」没有这个角色，无须收回。", code="missing"
            )

    def _change(self) -> Membership:
        membership = self._held().get()
        membership.delete()
        payload = {"username": self.user.username, "role": self.role}
        record_of(self.organization, "role.revoked", None, self.actor, payload)
        return membership


@dataclass(kw_only=True)
class AccountChange(Action[User]):
    """A change of one account by its keeper or, from the command line, by nobody in particular.

    The record stands in the chain of the user's organization; an account of no organization in the body's.
    """

    actor: User | None
    user: User

    def _keeper(self, what: str) -> None:
        """Refuses who does not coordinate everywhere the account reaches."""
        held = [row.organization for row in self.user.memberships.select_related("organization")]
        for organization in {self._home(), *held}:
            self._require(organization, [Role.COORDINATOR], what)
        if self.user.is_superuser and self.actor is not None and not self.actor.is_superuser:
            raise ActionRefused("系统管理员的账号只有系统管理员可以改动。", code="role")

    def _home(self) -> Organization:
        home = self.user.organization or Organization.objects.body()
        if home is None:
            raise ActionRefused("还没有建立单位，不能改动账号。请先运行 yifa init。", code="missing")
        return home

    def _record(self, kind: str) -> User:
        record_of(self._home(), kind, None, self.actor, {"username": self.user.username})
        return self.user


@dataclass(kw_only=True)
class SetPassword(AccountChange):
    """Sets another password. The record says that it was set and by whom, never what it is."""

    password: str

    def check(self) -> None:
        """Refuses a password that is too short or too plain. One's own password needs no role."""
        if self.actor is None or self.actor.pk != self.user.pk:
            self._keeper("重设密码")
        refuse_weak(self.password, self.user)

    def _change(self) -> User:
        self.user.set_password(self.password)
        self.user.save(update_fields=["password"])
        return self._record("user.password_set")


@dataclass(kw_only=True)
class DeactivateUser(AccountChange):
    """Closes an account: nobody signs in with it any more. What it recorded stands."""

    def check(self) -> None:
        """Refuses one's own account and one that is closed."""
        self._keeper("停用账号")
        if self.actor is not None and self.actor.pk == self.user.pk:
            raise ActionRefused("不能停用自己的账号；请由另一名管理人员办理。", code="role")
        if not self.user.is_active:
            raise ActionRefused(f"账号「{self.user.username}」已经停用。", code="duplicate")

    def _change(self) -> User:
        self.user.is_active = False
        self.user.save(update_fields=["is_active"])
        return self._record("user.deactivated")


@dataclass(kw_only=True)
class ReactivateUser(AccountChange):
    """Opens a closed account again."""

    def check(self) -> None:
        """Refuses an account that is open."""
        self._keeper("启用账号")
        if self.user.is_active:
            raise ActionRefused(f"账号「{self.user.username}」正在使用，无须启用。", code="duplicate")

    def _change(self) -> User:
        self.user.is_active = True
        self.user.save(update_fields=["is_active"])
        return self._record("user.reactivated")
