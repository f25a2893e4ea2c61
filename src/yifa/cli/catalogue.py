"""`yifa catalogue`: the law as data."""

from __future__ import annotations

from pathlib import Path

import click

from yifa.cli.chinese import Group, complain, emit, option, out, say
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue as default_catalogue
from yifa.law.loader import check_catalogue
from yifa.law.reference import case_type_page

FAULTY = 1


@click.group(cls=Group, help="目录：法定程序、登记簿、口径、提纲。")
def catalogue() -> None:
    """Family of commands on the catalogue."""


@catalogue.command("check", help="检查目录文件，逐一指出文件、行、键和改法。")
@option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="文件夹",
    help="检查另一个目录文件夹；不填为自带目录。",
)
def check(folder: Path | None) -> int:
    """Check all files of a catalogue."""
    errors = check_catalogue(folder)
    for error in errors:
        complain(error.message)
    if errors:
        say(f"目录有 {len(errors)} 处错误。")
        return FAULTY
    loaded = default_catalogue()
    if folder is None:
        say(
            f"目录无误：{len(loaded.case_types)} 类事项、{len(loaded.registers)} 个登记簿、"
            f"{len(loaded.counting_rules)} 条口径、{len(loaded.outlines)} 个提纲、{len(loaded.laws)} 部法律法规文件。"
        )
    else:
        say("目录无误。")
    return 0


@catalogue.command("show", help="显示一类事项的环节、时限和依据。")
@click.argument("case_type", metavar="事项类型")
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def show(case_type: str, as_json: bool) -> None:
    """Show one case type by id or title."""
    types = default_catalogue().case_types
    found = types.get(case_type) or next((t for t in types.values() if t.title == case_type), None)
    if found is None:
        known = "、".join(f"{key}（{value.title}）" for key, value in types.items())
        raise YifaError(f"没有“{case_type}”这类事项。已有：{known}。", code="case_type")
    if as_json:
        emit(found.model_dump(mode="json", by_alias=True, exclude_none=True))
        return
    out.print(case_type_page(found), markup=False)
