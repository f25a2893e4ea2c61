"""`yifa account`: accounts from the command line, e.g. when a password is lost."""

from __future__ import annotations

import secrets
from typing import Any

import click

from yifa.cli.chinese import Group, say
from yifa.cli.database import open_database, organization_named
from yifa.law.errors import YifaError


@click.group(cls=Group, help="账号。")
def account() -> None:
    """Family of commands on accounts."""


@account.command("list", help="列出账号、单位和角色。")
def list_accounts() -> None:
    """Print all accounts."""
    open_database()
    from yifa.ledger.models import User

    for user in (
        User.objects.select_related("organization").prefetch_related("memberships").order_by("username")
    ):
        roles = "、".join(membership.get_role_display() for membership in user.memberships.all())
        say(f"{user.username}　{user.display_name}　{user.organization or ''}　{roles}")


@account.command("password", help="重设一个账号的密码，登录后须修改。")
@click.argument("username", metavar="用户名")
@click.password_option(
    "--password",
    metavar="密码",
    prompt="新密码",
    confirmation_prompt="再输一遍",
    help="新密码；不填则提示输入。",
)
def password(username: str, password: str) -> None:
    """Set a new password."""
    open_database()
    from yifa.ledger.actions import SetPassword
    from yifa.ledger.models import User

    user = _known(username, User)
    SetPassword(actor=None, user=user, password=password, must_change=True).execute()
    say(f"已重设“{username}”的密码，登录后须修改。")


@account.command("grant", help="授予角色，如旧装改为三员分立时：yifa account grant zhangsan security_admin。")
@click.argument("username", metavar="用户名")
@click.argument("role", metavar="角色")
@click.option("--unit", default="", metavar="单位代码", help="在哪个单位（含下级）；不填就是本级。")
def grant(username: str, role: str, unit: str) -> None:
    """Grant a role from the server, where nobody can yet on the pages."""
    open_database()
    from yifa.ledger.actions import GrantRole
    from yifa.ledger.models import Organization, Role, User

    user = _known(username, User)
    place = Organization.objects.filter(code=unit).first() if unit else organization_named(None)
    if place is None:
        raise YifaError(f"没有代码为“{unit}”的单位，请核对。", code="account")
    GrantRole(actor=None, user=user, organization=place, role=role).execute()
    say(f"已授予“{username}”在“{place}”的“{Role(role).label}”角色。")


@account.command("emergency", help="开设应急账号：什么都可以做，用后应当停用。")
@click.argument("username", metavar="用户名")
def emergency(username: str) -> None:
    """Open the account that may do everything, for when no administrator can sign in."""
    open_database()
    from yifa.ledger.actions import CreateUser

    body = organization_named(None)
    secret = f"{secrets.token_urlsafe(9)}a7"
    CreateUser(
        actor=None,
        username=username,
        password=secret,
        display_name="应急账号",
        organization=body,
        superuser=True,
        must_change=True,
    ).execute()
    say(f"应急账号：{username}　初始密码：{secret}（只显示这一次）。用完请运行 yifa account close {username}")


@account.command("close", help="停用一个账号。")
@click.argument("username", metavar="用户名")
def close(username: str) -> None:
    """Close an account from the server, e.g. the emergency one."""
    open_database()
    from yifa.ledger.actions import DeactivateUser
    from yifa.ledger.models import User

    DeactivateUser(actor=None, user=_known(username, User)).execute()
    say(f"已停用“{username}”。")


def _known(username: str, users: Any) -> Any:
    """The account, or how to find its name."""
    user = users.objects.filter(username=username).first()
    if user is None:
        raise YifaError(f"没有“{username}”这个账号。可用 yifa account list 查看。", code="account")
    return user
