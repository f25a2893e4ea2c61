"""`yifa catalogue`: the law as data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from yifa.cli.chinese import Group, complain, emit, option, out, say
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue as default_catalogue
from yifa.law.loader import check_catalogue
from yifa.law.reference import case_type_page
from yifa.law.skeletons import SKELETONS, skeleton

FAULTY = 1
KINDS = {
    "case_types": "事项类型",
    "registers": "清单",
    "counting_rules": "口径",
    "gaps": "缺口清单",
    "documents": "文书模板",
}


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
            f"{len(loaded.counting_rules)} 条口径、{len(loaded.outlines)} 个提纲、{len(loaded.documents)} 个文书模板、"
            f"{len(loaded.indicator_sets)} 套考核指标、"
            f"{len(loaded.laws)} 部法律法规文件。"
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
    out.print(case_type_page(found, drawn=False), markup=False)


@catalogue.command("list", help="列出目录里的事项类型、清单、口径、缺口清单和文书模板。")
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def list_(as_json: bool) -> None:
    """All things of the catalogue with their ids."""
    known = default_catalogue()
    kinds: dict[str, Mapping[str, Any]] = {
        "case_types": known.case_types,
        "registers": known.registers,
        "counting_rules": known.counting_rules,
        "gaps": known.gaps,
        "documents": known.documents,
    }
    if as_json:
        emit({kind: {name: thing.title for name, thing in things.items()} for kind, things in kinds.items()})
        return
    for kind, things in kinds.items():
        table = Table("标识", "名称", box=None, title=KINDS[kind])
        for name, thing in things.items():
            table.add_row(name, thing.title)
        out.print(table)


@catalogue.command(
    "new", help="写出一个新的目录文件的骨架，照着填就能用：事项、清单、口径、缺口清单或文书模板。"
)
@click.argument("kind", type=click.Choice(list(SKELETONS)), metavar="case|register|counting|gap|document")
@click.argument("name", metavar="标识")
@option("--title", required=True, metavar="名称", help="中文名称。")
@option("--law", default="行政许可法", metavar="法律", help="依据的法律，写目录里的名称。")
@option("--of", "of", metavar="标识", help="口径、缺口清单数的是哪类事项或哪个清单；文书用于哪类事项。")
@option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="文件夹",
    help="写到哪个目录文件夹；不填为自带目录。",
)
def new(kind: str, name: str, *, title: str, law: str, of: str | None, folder: Path | None) -> None:
    """Write the skeleton of a catalogue file; what stands there already is never overwritten."""
    known = default_catalogue()
    text = skeleton(kind, name, title=title, law=law, of=of, known=known)
    path = (folder or known.folder) / SKELETONS[kind] / f"{name}.yaml"
    if path.exists():
        raise YifaError(f"{path} 已经存在，没有改动。请换一个标识，或直接编辑这个文件。", code="exists")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    say(f"已写出 {path}。改好后运行 yifa catalogue check；要让某一层级能用，把标识加入 levels 里的文件。")
