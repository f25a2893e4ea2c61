"""`yifa law`: what a new text of a law touches, and following it."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from yifa.cli.chinese import Group, emit, option, out, say
from yifa.cli.database import open_database

KINDS = {
    "case_type": "事项类型",
    "register": "清单",
    "counting_rule": "口径",
    "gap": "缺口清单",
    "outline": "提纲",
}
_file = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="文件")


@click.group(cls=Group, help="法律变动：新法影响哪些程序、清单和在办事项。")
def law() -> None:
    """Family of commands on changes in the law."""


@law.command("impact", help="列出一部新法（YAML 文件）影响的程序、清单条目和在办事项；不作任何改动。")
@_file
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def impact(file: Path, as_json: bool) -> None:
    """Show what a new text touches, and what the due dates of open cases would become."""
    open_database()
    from django.utils import timezone

    from yifa.law.amending import Amending, read_amendment
    from yifa.law.loader import catalogue
    from yifa.ledger import amending as ledger

    laid = Amending(catalogue(), read_amendment(file, catalogue()))
    touched, found = laid.touched(), ledger.impact(laid, timezone.localdate())
    if as_json:
        emit(
            {
                "catalogue": [
                    {"kind": one.kind, "id": one.id, "place": one.place, "cites": one.cites}
                    for one in touched
                ],
                "entries": [
                    {"register": one.register, "key": one.entry.key, "cites": one.cites}
                    for one in found.entries
                ],
                "cases": [
                    {
                        "case": str(one.case.pk),
                        "clock": one.clock,
                        "due": one.due and one.due.isoformat(),
                        "moved": one.moved and one.moved.isoformat(),
                        "movable": one.movable,
                    }
                    for one in found.cases
                ],
            }
        )
        return
    table = Table("目录", "名称", "所在", "引用", box=None, title="目录中引用变动条文的")
    for one in touched:
        table.add_row(KINDS[one.kind], one.title, one.place, one.cites)
    out.print(table)
    entries = Table("清单", "条目", "单位", "引用", box=None, title="清单条目")
    for cited in found.entries:
        entries.add_row(cited.register, cited.entry.title, cited.entry.organization.name, cited.cites)
    out.print(entries)
    cases = Table("事项", "单位", "时限", "现在到期", "适用新法则到期", box=None, title="在办事项")
    for open_ in found.cases:
        moved = str(open_.moved or "—") if open_.movable else "本类事项依开始时的法律，不转换"
        cases.add_row(open_.case.title, open_.case.organization.name, open_.title, str(open_.due), moved)
    out.print(cases)
    say(
        f"共涉及目录 {len(touched)} 处、清单条目 {len(found.entries)} 条、在办事项 {len(found.cases)} 件；尚未作任何改动。"
    )


@law.command(
    "follow",
    help="录入新法：自施行之日起开始的事项适用新时限；写明 transition: move 的，在办事项随之转换并留痕。",
)
@_file
def follow(file: Path) -> None:
    """Keep the new text in the data folder and compute everything anew."""
    open_database()
    from django.utils import timezone

    from yifa.ledger.actions import FollowNewText
    from yifa.ledger.installation import jobs

    amendment = FollowNewText(actor=None, content=file.read_bytes(), today=timezone.localdate()).execute()
    jobs.daily(timezone.localdate())
    say(f"已录入《{amendment.law}》{amendment.effective} 起的文本，时限已按此重新计算。")
