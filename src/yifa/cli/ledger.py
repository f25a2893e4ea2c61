"""`yifa ledger`: prove, export and rebuild."""

from __future__ import annotations

from pathlib import Path

import click

from yifa.cli.chinese import Group, complain, emit, option, progress, say
from yifa.cli.database import open_database

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
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def verify(file: Path | None, as_json: bool) -> int:
    """Verify the database, or an exported file off-line."""
    open_database()
    from yifa.ledger import verification

    bar, move = progress("正在核验")
    with bar:
        result = verification.verify_file(file, move) if file else verification.verify(move)
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
    from yifa.ledger import exporting

    bar, move = progress("正在导出")
    with bar:
        count = exporting.export(file, move)
    say(f"已导出 {count} 行到 {file}。离线核验：yifa ledger verify --file {file}")


@ledger.command("rebuild", help="由记录重建列表所用的投影（状态、时限、条目等），记录本身不变。")
def rebuild() -> None:
    """Rebuild the projections."""
    open_database()
    from yifa.ledger import projections

    bar, move = progress("正在重建")
    with bar:
        count = projections.rebuild(move)
    say(f"已由 {count} 条记录重建。")
