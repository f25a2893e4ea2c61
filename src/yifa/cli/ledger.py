"""`yifa ledger`: prove, export and rebuild."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from yifa.cli.chinese import DAY, Group, complain, emit, option, progress, say
from yifa.cli.database import open_database, organization_named, start_django
from yifa.law.phrases import plain

FAULTY = 1


@click.group(cls=Group, help="台账：核验、导出、重建。")
def ledger() -> None:
    """Family of commands on the ledger."""


@ledger.command(
    "verify", help="核验台账：逐条重算摘要、链条、日封存和投影；有不符之处退出码为 1 并指明位置。"
)
@option(
    "--file",
    type=click.Path(path_type=Path, exists=True),
    metavar="文件",
    help="核验导出的文件，不用数据库。",
)
@option("--keep", is_flag=True, help="把进度和结果也显示在工作台的“台账核验”页上。")
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def verify(file: Path | None, keep: bool, as_json: bool) -> int:
    """Verify the database, or an exported file off-line."""
    if file:
        start_django()
    else:
        open_database()
    from yifa.ledger.proof import verification, verifying

    bar, move = progress("正在核验")
    with bar:
        if file:
            result = verification.verify_file(file, move)
        else:
            result = verifying.run(move) if keep else verification.verify(move)
    if as_json:
        emit(result.as_json())
    else:
        for fault in result.faults:
            complain(fault.message)
        say(
            f"共核验 {result.records} 条记录、{result.seals} 个日封存："
            + (f"{len(result.faults)} 处不符。" if result.faults else "全部相符。")
        )
    return FAULTY if result.faults else 0


@ledger.command("export", help="把全部记录和日封存导出为一个文件（每行一条 JSON），可离线核验。")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def export(file: Path) -> None:
    """Write the ledger to a file."""
    open_database()
    from yifa.ledger.chain import exporting

    bar, move = progress("正在导出")
    with bar:
        count = exporting.export(file, move)
    say(f"已导出 {count} 行到 {file}。离线核验：yifa ledger verify --file {file}")


@ledger.command(
    "rebuild",
    help="由记录分段重建列表所用的投影（状态、时限等），记录不变；不影响他人录入，中断后再运行接着做。",
)
@option("--changed", is_flag=True, help="只重建目录或工作日历变化所涉及的事项类型和清单。")
def rebuild(changed: bool) -> None:
    """Rebuild the projections, all of them or what the rules have changed under."""
    open_database()
    from yifa.assessment import replaying
    from yifa.ledger.process import keeping
    from yifa.ledger.rows import kinds, rebuilding

    if changed and not kinds.outdated():
        say("目录和工作日历没有影响投影的变化，不需要重建。")
        return
    if (before := rebuilding.under_way()) is not None:
        say(f"上次重建没有完成（到第 {before.done} 条记录），规则没有再变的，接着做。")
    bar, move = progress("正在重建")
    with bar:
        count = (rebuilding.renew if changed else rebuilding.rebuild)(move)
        count += 0 if changed else replaying.rebuild()
    keeping.refresh()
    say(f"已由 {count} 条记录重建。")


UNTOLD = "未填"
WORDS = {"added": "新增", "changed": "变更", "removed": "终止", "passed": "期间新增又终止"}


@ledger.command("changes", help="列出一个清单在两日之间新增、变更、终止的条目和所依文件。")
@click.argument("register", metavar="清单")
@option("--from", "first", type=DAY, required=True, metavar="日期", help="前一日。")
@option("--to", "last", type=DAY, required=True, metavar="日期", help="后一日。")
@option("--organization", "organization", metavar="名称", help="看哪个单位及其下级；不填为本级。")
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def changes(register: str, first: datetime, last: datetime, organization: str | None, as_json: bool) -> None:
    """Compare a register on two days."""
    open_database()
    from yifa.ledger.changes import between

    found = between(register, organization_named(organization), first.date(), last.date())
    if as_json:
        emit({"register": register, "changes": [asdict(one) for one in found]})
        return
    for one in found:
        say(f"{WORDS[one.kind]}　{one.key}　{one.title}（{one.organization}）{one.paper}")
        for field in one.fields:
            say(f"　　{field.title}：{plain(field.before) or UNTOLD} → {plain(field.after) or UNTOLD}")
    say(f"共 {len(found)} 项。")
