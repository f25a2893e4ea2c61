"""Accounts: opened, closed, their passwords. Which roles they hold is granted by somebody else (`granting`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yifa.ledger.actions.base import Action, said
from yifa.ledger.actions.organizations import record_of
from yifa.ledger.models import Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.people.roles import administers
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

    needs = Needs("开设账号", (Role.SYSTEM,))

    actor: User | None
    username: str
    display_name: str
    organization: Organization
    password: str | None = None
    superuser: bool = False  # the emergency account; from the command line only
    must_change: bool = False  # the password is known to somebody else: changed at the first sign-in

    def check(self) -> None:
        """Refuses a user name that is wrong or taken, and a password that is too short."""
        self._admit(self.organization)
        if self.superuser and self.actor is not None:
            raise ActionRefused("应急账号只能在服务器上用命令开设。", code="role")
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
            must_change=self.must_change,
        )
        user.set_password(self.password)
        user.save()
        payload = {"username": user.username, "name": user.display_name, "superuser": self.superuser}
        record_of(self.organization, "user.created", None, self.actor, payload)
        return user


@dataclass(kw_only=True)
class AccountChange(Action[User]):
    """A change of one account by its keeper or, from the command line, by nobody in particular.

    The record stands in the chain of the user's organization; an account of no organization in the body's.
    """

    needs = Needs("停用、启用账号", (Role.SYSTEM,), "管理员的账号除外")

    actor: User | None
    user: User

    def _keeper(self) -> None:
        """Refuses who does not keep accounts everywhere this one reaches, and all hands on those who administer."""
        held = [row.organization for row in self.user.memberships.select_related("organization")]
        for organization in {self._home(), *held}:
            self._admit(organization)
        if self.actor is None:
            return
        if self.user.is_superuser or (administers(self.user) and self.actor.pk != self.user.pk):
            raise ActionRefused(
                "管理员和应急账号不由他人改动：先由安全管理员收回其管理角色，或者在服务器上用命令办理。",
                code="role",
            )

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

    needs = Needs("重设他人密码", (Role.SYSTEM,), "管理员的账号除外；本人改自己的密码不需要角色")

    password: str
    must_change: bool = False

    def check(self) -> None:
        """Refuses a password that is too short or too plain, or the old one. One's own password needs no role."""
        if self.actor is None or self.actor.pk != self.user.pk:
            self._keeper()
        elif self.user.must_change and self.user.check_password(self.password):
            raise ActionRefused("新密码不能与原密码相同。", code="invalid", field="password")
        refuse_weak(self.password, self.user)

    def _change(self) -> User:
        self.user.set_password(self.password)
        self.user.must_change = self.must_change
        self.user.save(update_fields=["password", "must_change"])
        return self._record("user.password_set")


@dataclass(kw_only=True)
class DeactivateUser(AccountChange):
    """Closes an account: nobody signs in with it any more. What it recorded stands."""

    def check(self) -> None:
        """Refuses one's own account and one that is closed."""
        self._keeper()
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
        self._keeper()
        if self.user.is_active:
            raise ActionRefused(f"账号「{self.user.username}」正在使用，无须启用。", code="duplicate")

    def _change(self) -> User:
        self.user.is_active = True
        self.user.save(update_fields=["is_active"])
        return self._record("user.reactivated")
