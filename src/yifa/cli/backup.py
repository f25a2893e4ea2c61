"""`yifa backup`: the same backups as on the page, for the server's own timetable."""

from __future__ import annotations

from pathlib import Path

import click

from yifa.cli.chinese import Group, complain, say
from yifa.cli.database import open_database, start_django

FAULTY = 1


@click.group(cls=Group, help="备份：数据库、附件和各项开关，一个文件。")
def backup() -> None:
    """Family of commands on backups."""


@backup.command("make", help="备份到数据文件夹的 backups 里；不用停止服务。")
def make() -> None:
    """Make a backup."""
    open_database()
    from yifa.ledger.installation.backups import back_up

    say(f"已备份到 {back_up(None)}。")


@backup.command("verify", help="通读一份备份：缺少、改动、损坏之处逐条列出，退出码为 1。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="文件")
def verify(file: Path) -> int:
    """Read a backup through."""
    start_django()
    from yifa.ledger.installation.backups import verify_backup

    faults = verify_backup(file)
    for fault in faults:
        complain(fault)
    say(f"{file.name}：{f'{len(faults)} 处不符。' if faults else '内容完整，与备份时一致。'}")
    return FAULTY if faults else 0


@backup.command("restore", help="把一份备份恢复到空的数据文件夹（YIFA_DATA）；恢复前先停止服务。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="文件")
def restore(file: Path) -> None:
    """Put a backup back."""
    start_django()
    from django.conf import settings

    from yifa.ledger.installation.restoring import restore_backup

    restore_backup(file)
    say(f"已恢复到 {settings.DATA}。请用 yifa ledger verify 核验一遍，再启动服务；各人要重新登录。")
