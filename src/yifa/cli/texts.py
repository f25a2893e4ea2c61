"""`yifa read` and `yifa check`: any report or plan, one or many, without a database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from yifa.checking.finding import Severity
from yifa.checkups import Item, Order, Result, Unread, check_files
from yifa.checkups.crew import SECONDS
from yifa.checkups.order import choose_rules
from yifa.checkups.running import Runner
from yifa.checkups.words import PROMISED
from yifa.cli.chinese import Command, err, files_below, option, out, progress, say
from yifa.cli.shown import Findings, Readings, say_misnamed
from yifa.cli.written import Certificates, Face, JsonLines, Workbook
from yifa.reading.load import LARGEST_FILE

HAS_ERROR, COULD_NOT_READ = 1, 2
STANDARD_INPUT = "标准输入"

_path = click.Path(path_type=Path)
_FILES = "文件夹代表其下可读的文件，“-”代表标准输入。"
_OPTIONS: tuple[Callable[..., Any], ...] = (
    click.argument("files", nargs=-1, required=True, type=_path, metavar="文件…"),
    option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON。"),
    option("--jobs", type=click.IntRange(min=1), metavar="个数", help="同时工作的进程数；不填为本机的核数。"),
    option(
        "--timeout", type=click.FloatRange(min=0.1), default=SECONDS, metavar="秒", show_default=True,
        help="一个文件最多用多久，超过的跳过。",
    ),
    option(
        "--resume", type=_path, metavar="进度文件",
        help="把做完的记在这个文件里；中断后再运行同一命令，只做没有做完的。",
    ),
    option(
        "--ray", metavar="地址",
        help="在 Ray 集群上进行：auto 为已经启动的集群，local 为在本机临时启动，或写集群的地址。",
    ),
)  # fmt: skip


def _common(command: Callable[..., int]) -> Callable[..., int]:
    for add in reversed(_OPTIONS):
        command = add(command)
    return command


@click.command(cls=Command, help=f"读出文件中的题目、层次、数字、任务、指标和引用。{_FILES}")
@_common
@option("--xlsx", type=_path, metavar="文件.xlsx", help="把数字、任务、指标、引用写成 Excel 表格。")
def read(files: tuple[Path, ...], as_json: bool, xlsx: Path | None, **how: Any) -> int:
    """Print what reading finds in each file; 2 when one could not be read."""
    from yifa.checkups.extract import Extract

    faces: list[Face] = [JsonLines() if as_json else Readings()]
    if xlsx:
        faces.append(Workbook(xlsx, Extract))
    return _run(_items(files), Order(rules=(), whole=True), faces, "正在读", as_json=as_json, **how)


@click.command(cls=Command, help=f"给报告或计划体检：哪里不对、为什么、依据是什么。{_FILES}")
@_common
@option("--brief", is_flag=True, help="不逐份列出，只列汇总表。")
@option("--xlsx", type=_path, metavar="文件.xlsx", help="把汇总和全部问题写成 Excel 表格。")
@option(
    "--docx", type=_path, metavar="文件.docx", help="写出体检单（Word）；给出文件夹则每份文件一个体检单。"
)
@option(
    "--against",
    type=_path,
    multiple=True,
    metavar="文件",
    help="与这份文件比对（上年报告、上级文件等），可多次使用。",
)
@option("--likeness", is_flag=True, help="所给的文件互相比对，指出雷同的段落。")
@option(
    "--severity",
    type=click.Choice([s.value for s in Severity]),
    default="notice",
    help="只列这一级别及更重的问题。",
)
@option(
    "--rule",
    "only",
    multiple=True,
    metavar="规则",
    help="只运行这条规则，可多次使用；law 代表 law. 开头的各条。",
)
@option("--without", multiple=True, metavar="规则", help="不运行这条规则，可多次使用。")
@option(
    "--ledger",
    is_flag=False,
    flag_value="",
    metavar="[单位]",
    help="再与台账中的数比对；不写单位时按发文单位认定。",
)
def check(  # noqa: PLR0917 - click hands them over by name
    files: tuple[Path, ...],
    as_json: bool,
    brief: bool,
    xlsx: Path | None,
    docx: Path | None,
    against: tuple[Path, ...],
    likeness: bool,
    severity: str,
    only: tuple[str, ...],
    without: tuple[str, ...],
    ledger: str | None,
    **how: Any,
) -> int:
    """Print the findings on each file; 1 when one has an error, 2 when one could not be read."""
    order = Order(
        rules=choose_rules(only, without),
        against=tuple(Item(str(path)) for path in against),
        least=Severity(severity),
        whole=as_json,
    )
    items = _items(files)
    faces: list[Face] = [JsonLines() if as_json else Findings(brief=brief)]
    if xlsx:
        from yifa.checkups.summary import Summary

        faces.append(Workbook(xlsx, partial(Summary, order.rules)))
    if docx:
        faces.append(Certificates(docx, order.rules, len(items)))
    if ledger is not None:
        from yifa.cli.beside import Beside

        beside = Beside(ledger or None)
        how["runner"] = beside.runner
        if not as_json:
            faces.append(beside)
    if likeness:
        items = _with_partners(items, **how)
    return _run(items, order, faces, "正在体检", as_json=as_json, **how)


def _items(files: Sequence[Path]) -> list[Item]:
    items = [
        Item(STANDARD_INPUT, sys.stdin.buffer.read(LARGEST_FILE + 1))
        if path == Path("-")
        else Item(str(path))
        for path in files_below(files, frozenset(PROMISED))
    ]
    if not items:
        raise click.UsageError(f"文件夹下没有可读的文件（可读：{'、'.join(sorted(PROMISED))}）。")
    return items


def _with_partners(items: list[Item], jobs: int | None, timeout: float, **_: Any) -> list[Item]:
    """Each file with those of the batch it is like: a first pass over all cores that only reads."""
    from yifa.checkups.neighbours import neighbours

    bar, move = progress("正在找相近的文件")
    with bar:
        texts = check_files(items, Order(rules=(), text=True), jobs=jobs, seconds=timeout)
        found = neighbours(_counted(texts, move, len(items)))
    return [replace(item, beside=found.get(item.path, ())) for item in items]


def _counted(results: Any, move: Callable[[int, int], None], total: int) -> Any:
    for done, result in enumerate(results, 1):
        yield result
        move(done, total)


def _run(
    items: list[Item],
    order: Order,
    faces: list[Face],
    label: str,
    *,
    as_json: bool,
    jobs: int | None,
    timeout: float,
    resume: Path | None,
    ray: str | None,
    runner: Runner | None = None,
) -> int:
    """The files through all faces; the exit status of the contract."""
    if ray:
        from yifa.checkups.cluster import on_cluster

        runner = on_cluster(ray, timeout)
    status = 0
    bar, move = progress(label)
    apart = out.is_terminal and err.is_terminal  # the bar and the results would write over each other
    with bar:
        move(0, len(items))
        results = check_files(items, order, jobs=jobs, seconds=timeout, journal=resume, runner=runner)
        try:
            for done, result in enumerate(results, 1):
                if apart:
                    bar.stop()
                for face in faces:
                    face.add(result)
                if as_json and not isinstance(result, Unread):
                    say_misnamed(result)
                if apart:
                    bar.start()
                move(done, len(items))
                status = max(status, _status(result))
        except BaseException as stop:
            for face in faces:
                face.abandon()
            if resume and isinstance(stop, KeyboardInterrupt):
                say(f"做完的已记在 {resume}，再运行同一命令会接着做。")
            raise
        finally:
            results.close()
    for face in faces:
        face.finish()
    return status


def _status(result: Result) -> int:
    if isinstance(result, Unread):
        return COULD_NOT_READ
    return HAS_ERROR if result.tally()[Severity.ERROR] else 0
