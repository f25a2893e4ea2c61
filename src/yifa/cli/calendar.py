"""`yifa calendar`: working days and the yearly holiday notice."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from yifa.cli.chinese import DAY, Group, say
from yifa.cli.database import open_database
from yifa.law.calendar import default_calendar, load_notices


@click.group(cls=Group, help="工作日历：法定节假日和调休。")
def calendar() -> None:
    """Family of commands on the calendar."""


def _notices() -> Path:
    from yifa.settings import DATA

    return DATA / "calendar"


@calendar.command("import", help="录入一个年度的放假通知（YAML 文件），存入数据文件夹。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="文件")
def import_notice(file: Path) -> None:
    """Check a holiday notice, keep it in the data folder and compute the deadlines anew."""
    open_database()
    from django.utils import timezone

    from yifa.ledger.actions import KeepNotice
    from yifa.ledger.installation import jobs

    kept = KeepNotice(actor=None, content=file.read_bytes(), name=file.name).execute()
    jobs.daily(timezone.localdate())
    say(f"已录入 {kept.name}，时限已按此重新计算。")


@calendar.command("show", help="某天是不是工作日，为什么。")
@click.argument("day", type=DAY, metavar="日期")
def show(day: datetime) -> None:
    """Say whether a day is a working day."""
    known = load_notices(_notices(), default_calendar())
    wanted = date(day.year, day.month, day.day)
    reason = known.reason(wanted)
    say(
        f"{wanted}：{'工作日' if known.is_workday(wanted) else '非工作日'}{f'（{reason}）' if reason else ''}"
    )
