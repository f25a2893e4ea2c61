"""`yifa plan import`: a yearly plan from a file."""

from __future__ import annotations

from pathlib import Path

import click

from yifa.cli.chinese import Group, emit, option, say
from yifa.cli.database import open_database, organization_named
from yifa.reading.load import bytes_of


@click.group(cls=Group, help="年度计划（工作要点）。")
def plan() -> None:
    """Family of commands on plans."""


@plan.command(
    "import",
    help="从文件（文字或任务分解表）导入年度计划：每个编号事项成为一项任务，保留原文、所在章节、单位和指标。",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@option("--organization", default=None, metavar="名称", help="哪个单位的计划；不填为本级。")
@option("--year", type=int, required=True, metavar="年度", help="计划年度，如 2020。")
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def import_plan(file: Path, organization: str | None, year: int, as_json: bool) -> None:
    """Import the plan and say how many chapters, tasks and targets it has."""
    data = bytes_of(file)
    open_database()
    from yifa.planning.actions import ImportPlan
    from yifa.planning.importing import proposed_draft, read_source

    owner = organization_named(organization)
    draft = proposed_draft(read_source(data, file.name), year)
    imported = ImportPlan(actor=None, organization=owner, year=year, draft=draft).execute()
    counts = {
        "plan": str(imported.pk),
        "chapters": imported.chapters.count(),
        "tasks": imported.items.count(),
        "targets": sum(task.targets.count() for task in imported.tasks.all()),
    }
    if as_json:
        emit(counts)
        return
    say(
        f"已导入“{imported.title}”（{owner.name}，{year} 年）：{counts['chapters']} 章、{counts['tasks']} 项任务、"
        f"{counts['targets']} 个指标要求。"
    )
    lacking = imported.lacks()
    if lacking:
        say(f"其中 {len(lacking)} 项还没有牵头单位或完成时限，补齐后才能印发。")
