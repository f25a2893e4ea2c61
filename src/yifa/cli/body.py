"""`yifa init` and `yifa demo load`: a body in the data folder."""

from __future__ import annotations

import secrets

import click

from yifa.cli.chinese import Command, Group, option, progress, say
from yifa.cli.database import open_database
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue

LEVELS = {"county": "县（区、市）", "zone": "开发区、新区", "town": "乡镇、街道", "department": "部门"}

# user name, who it is, roles: nobody holds two of the three administrations
FIRST_ACCOUNTS = (
    ("xitong", "系统管理员", ("system_admin",)),
    ("anquan", "安全管理员", ("security_admin",)),
    ("rizhi", "审计管理员", ("audit_admin",)),
    ("fazhi", "法治办统筹", ("coordinator", "officer")),
)


@click.command(cls=Command, help="在数据文件夹里建立一个空的单位、它的三名管理员和法治办统筹账号。")
@option("--name", required=True, metavar="名称", help="单位全称，如“澜亭县人民政府”。")
@option(
    "--level",
    required=True,
    type=click.Choice(list(LEVELS)),
    help="层级：" + "，".join(f"{key} {label}" for key, label in LEVELS.items()) + "。",
)
@option("--jurisdiction", default="", metavar="省份", help="适用哪个省的规定，如 河南；可不填。")
def init(name: str, level: str, jurisdiction: str) -> None:
    """Create the body, its three administrators and the account that coordinates."""
    local = _jurisdiction_id(jurisdiction)
    open_database()
    from django.db import transaction

    from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole
    from yifa.ledger.models import Organization

    existing = Organization.objects.filter(parent=None).first()
    if existing is not None:
        raise YifaError(
            f"数据文件夹里已有“{existing.name}”，没有改动。要另建单位，请用 YIFA_DATA 指定另一个文件夹。",
            code="not_empty",
        )
    accounts = [(*one, f"{secrets.token_urlsafe(9)}a7") for one in FIRST_ACCOUNTS]
    with transaction.atomic():
        body = CreateOrganization(
            actor=None, code="body", name=name, level=level, jurisdiction=local
        ).execute()
        for username, title, roles, password in accounts:
            user = CreateUser(
                actor=None,
                username=username,
                password=password,
                display_name=title,
                organization=body,
                must_change=True,
            ).execute()
            for role in roles:
                GrantRole(actor=None, user=user, organization=body, role=role).execute()
    say(f"已建立“{name}”（{LEVELS[level]}）。")
    say("账号和初始密码（只显示这一次，首次登录须修改；三名管理员请交给三个人）：")
    for username, title, _, password in accounts:
        say(f"  {username:<8}{title}　初始密码：{password}")
    say("启动：yifa serve")


def _jurisdiction_id(name: str) -> str:
    if not name:
        return ""
    known = catalogue().jurisdictions
    for jurisdiction in known.values():
        if name in (jurisdiction.jurisdiction, jurisdiction.title) or jurisdiction.title.startswith(name):
            return jurisdiction.jurisdiction
    titles = "、".join(j.title for j in known.values())
    raise YifaError(
        f"目录里没有“{name}”的地方规定，已有：{titles}。可先不填，以后再设。", code="jurisdiction"
    )


@click.group(cls=Group, help="示范县：虚构的数据，供试用。")
def demo() -> None:
    """Family of commands on the demonstration county."""


@demo.command("load", help="装入示范县（约二十五个单位、两个年度、三千件事项）；已有单位时不装。")
def load_demo() -> None:
    """Load the demonstration county into an empty data folder."""
    open_database()
    load_demonstration()


def load_demonstration() -> None:
    """Load the demonstration county with a progress bar, and say which accounts it has."""
    from django.utils import timezone

    from yifa import demo as county

    say("正在装入示范县（虚构数据），约需一分钟 …")
    bar, move = progress("示范县")
    with bar:
        body = county.load(timezone.localdate(), move)
    say(f"已装入“{body.name}”。")
    show_accounts()


def show_accounts() -> None:
    """Print the demonstration accounts."""
    from yifa.demo import ACCOUNTS, PASSWORD

    say(f"示范账号（密码都是 {PASSWORD}）：")
    for username, title in ACCOUNTS:
        say(f"  {username:<12}{title}")
