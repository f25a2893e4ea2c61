"""`yifa case try`: run scenario files without a database."""

from __future__ import annotations

from pathlib import Path

import click

from yifa.cli.chinese import Group, complain, emit, files_below, option, out
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue as default_catalogue
from yifa.procedures.scenario import ScenarioResult, run

DIFFERS = 1
COULD_NOT_RUN = 2
STATES = {"waiting": "未起算", "running": "计时中", "paused": "暂停", "kept": "按期", "broken": "超期"}


@click.group(cls=Group, help="事项：不用数据库试走一个程序。")
def case() -> None:
    """Family of commands on cases."""


@case.command("try", help="试走情景文件（YAML），看时限、可办环节和程序问题；与 expect 不符时退出码为 1。")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件…")
@option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON。")
def try_case(files: tuple[Path, ...], as_json: bool) -> int:
    """Run each scenario; 1 when one differs from what it expects, 2 when one cannot be run."""
    catalogue = default_catalogue()
    status = 0
    for path in files_below(files, frozenset({".yaml", ".yml"})):
        try:
            result = run(path, catalogue)
        except YifaError as error:
            status = COULD_NOT_RUN
            if as_json:
                emit({"file": str(path), "error": {"code": error.code, "message": error.message}})
            else:
                complain(f"{path}：{error.message}")
            continue
        if as_json:
            emit(result.as_json())
        else:
            _show(path, result)
        if result.differs:
            status = max(status, DIFFERS)
    return status


def _show(path: Path, result: ScenarioResult) -> None:
    value = result.as_json()
    out.print(f"[bold]{path}[/bold]")
    for name, clock in value["clocks"].items():
        basis = clock.get("basis")
        law = f"《{basis['law']}》{basis['article'] or ''}" if basis else ""
        out.print(
            f"  时限 {name}：{clock['due'] or '—'}　{STATES.get(clock['state'], clock['state'])}　{law}"
        )
        for day, why in clock["trace"]:
            out.print(f"      {day}　{why}", style="dim")
    if value["next"]:
        out.print(f"  可办：{'、'.join(value['next'])}")
    for act, why in value["blocked"].items():
        out.print(f"  暂不可办 {act}：{why}", style="dim")
    for position, why in value["refused"].items():
        out.print(f"  第 {position} 条被拒：{why}", style="yellow")
    for finding in value["findings"]:
        out.print(f"  问题（{finding['kind']}）：{finding['message']}", style="yellow")
    for line in value["differs"]:
        out.print(f"  与预期不符：{line}", style="red")
    if not value["differs"]:
        out.print("  与预期一致", style="green")
