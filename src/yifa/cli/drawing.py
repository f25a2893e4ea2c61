"""`yifa draw`: make a draw again from its file alone, without a database."""

from __future__ import annotations

from pathlib import Path

import click

from yifa.cli.chinese import Group, complain, emit, option, say
from yifa.draws import DrawError, Paper, differences, read

DIFFERS = 1
LARGEST = 512 * 1024 * 1024


@click.group(cls=Group, help="抽取：离线重算一次随机抽取。")
def draw() -> None:
    """Family of commands on draws."""


@draw.command(
    "verify",
    help="由抽取记录文件里的名录、规则和种子重算一遍，有不符之处逐条说明，退出码为 1。重抽的记录可以连同原记录一起核验。",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="文件…"
)
@option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON。")
def verify(files: tuple[Path, ...], as_json: bool) -> int:
    """Recompute each file; 1 where one differs."""
    papers = {path: _read(path) for path in files}
    known = {paper.digest: path for path, paper in papers.items()}
    status = 0
    for path, paper in papers.items():
        found = [*differences(paper), *_without_its_former(paper, known, len(files))]
        status = DIFFERS if found else status
        if as_json:
            emit({"file": str(path), "title": paper.title, "digest": paper.digest, "differences": found})
        else:
            _show(path, paper, found)
    return status


def _read(path: Path) -> Paper:
    try:
        if path.stat().st_size > LARGEST:
            raise DrawError(f"{path}：文件超过512兆，不是抽取记录。", code="file")
        return read(path.read_bytes())
    except OSError as error:
        raise DrawError(f"{path}：打不开这个文件，请核对路径和读取权限。", code="file") from error
    except DrawError as error:
        raise DrawError(f"{path}：{error.message.removeprefix(f'{path}：')}", code=error.code) from error


def _without_its_former(paper: Paper, known: dict[str, Path], many: int) -> list[str]:
    if many < 2 or paper.again is None or paper.again.of in known:
        return []
    return [f"这是对{paper.again.of[:16]}…那次抽取的重抽，一起核验的文件里没有原来那次的记录。"]


def _show(path: Path, paper: Paper, found: list[str]) -> None:
    for one in found:
        complain(f"{path}：{one}")
    if paper.again is not None:
        say(f"{path}：这是重抽，理由：{paper.again.reason}")
    sizes = "，".join(f"{side.role}{len(side.pool.items)}个中抽{len(side.drawn)}个" for side in paper.sides)
    say(f"{path}：“{paper.title}”，{sizes}：" + (f"{len(found)}处不符。" if found else "重算结果全部相符。"))
