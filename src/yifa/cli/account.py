"""`yifa account`: accounts from the command line, e.g. when a password is lost."""

from __future__ import annotations

import click

from yifa.cli.chinese import Group, say
from yifa.cli.database import open_database
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


@account.command("password", help="重设一个账号的密码。")
@click.argument("username", metavar="用户名")
@click.password_option(
    "--password", prompt="新密码", confirmation_prompt="再输一遍", help="新密码；不填则提示输入。"
)
def password(username: str, password: str) -> None:
    """Set a new password."""
    open_database()
    from yifa.ledger.actions import SetPassword
    from yifa.ledger.models import User

    user = User.objects.filter(username=username).first()
    if user is None:
        raise YifaError(f"没有“{username}”这个账号。可用 yifa account list 查看。", code="account")
    SetPassword(actor=None, user=user, password=password).execute()
    say(f"已重设“{username}”的密码。")
