"""`yifa init` and `yifa demo load`: a body in the data folder."""

from __future__ import annotations

import click

from yifa.cli.chinese import Command, Group, option, progress, say
from yifa.cli.database import open_database
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue

LEVELS = {"county": "县（区、市）", "zone": "开发区、新区", "town": "乡镇、街道", "department": "部门"}


@click.command(
    cls=Command,
    help="在数据文件夹里建立一个空的单位、它的三名管理员和法治办统筹账号；或者（--web）在网页上建。",
)
@option("--name", metavar="名称", help="单位全称，如“澜亭县人民政府”；不用 --web 时必填。")
@option(
    "--level",
    type=click.Choice(list(LEVELS)),
    help="层级：" + "，".join(f"{key} {label}" for key, label in LEVELS.items()) + "；不用 --web 时必填。",
)
@option("--jurisdiction", default="", metavar="省份", help="适用哪个省的规定，如 河南；可不填。")
@option("--region", default="", metavar="代码", help="行政区划代码，六位数字；可不填。")
@option("--web", is_flag=True, help="给出一次性口令，在网页 /init/ 上一步步建立。")
def init(name: str | None, level: str | None, jurisdiction: str, region: str, web: bool) -> None:
    """Create the body, its three administrators and the account that coordinates; or let the page do it."""
    if web:
        _by_page()
        return
    if not name or not level:
        raise YifaError(
            "请写明 --name 名称 和 --level 层级，例如：yifa init --name 澜亭县人民政府 --level county；"
            "或者用 yifa init --web 在网页上建立。",
            code="missing",
        )
    local = _jurisdiction_id(jurisdiction)
    open_database()
    from yifa.ledger.installation.founding import ADMINISTRATORS, BODY_CODE, BodyLine, PersonLine, found

    people = [PersonLine(title, username, BODY_CODE, (role,)) for username, title, role in ADMINISTRATORS]
    people.append(PersonLine("法治办统筹", "fazhi", BODY_CODE, ("coordinator", "officer")))
    accounts = found(BodyLine(name, level, jurisdiction=local, region=region), [], people)
    say(f"已建立“{name}”（{LEVELS[level]}）。")
    say("账号和初始密码（只显示这一次，首次登录须修改；三名管理员请交给三个人）：")
    for account in accounts:
        say(f"  {account.username:<8}{account.display_name}　初始密码：{account.password}")
    say("启动：yifa serve")


def _by_page() -> None:
    open_database()
    from yifa.ledger.installation.options import new_opening_word
    from yifa.ledger.models import Organization

    if existing := Organization.objects.filter(parent=None).first():
        raise YifaError(
            f"数据文件夹里已有“{existing.name}”，没有改动。要另建单位，请用 YIFA_DATA 指定另一个文件夹。",
            code="not_empty",
        )
    say(f"一次性口令：{new_opening_word()}（换发后以前的作废，单位建立后失效）")
    say("启动 yifa serve，在浏览器打开它给出的网址，再输入口令。")


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
