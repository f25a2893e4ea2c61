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
            try:
                validate_password(self.password)
            except ValidationError as error:
                raise ActionRefused("".join(error.messages), code="invalid", field="password") from error

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
