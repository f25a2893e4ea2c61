"""Click in Chinese: help headings, usage errors, and the way this program prints, asks and complains."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …")
        super().write_usage(prog, args, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")


class _Option(click.Option):
    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record is None:
            return None
        name, text = record
        text = (
            text.replace("[required]", "[必填]")
            .replace("[default: ", "[默认：")
            .replace("; x>=", "；不小于 ")
        )
        text = re.sub(r"; (\d+)<=x<=(\d+)", r"；\1 至 \2", text)
        return name, text.replace("[x>=", "[不小于 ")


option = partial(click.option, cls=_Option)
DAY = click.DateTime(["%Y-%m-%d"])


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is Chinese."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The --help option with Chinese words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明后退出。"
        return option


class Group(Command, click.Group):
    """A family of commands whose help is Chinese."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, or say which there are."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = "、".join(self.list_commands(ctx))
            raise click.UsageError(f"没有“{args[0]}”这个命令，可用的有：{known}。", ctx)
        return super().resolve_command(ctx, args)


Group.group_class = Group


_CALLS = (
    (re.compile(r"Got unexpected extra arguments? \((.*)\)", re.S), "多写了“{0}”"),
    (re.compile(r"Option '(.*)' requires (?:an argument|\d+ arguments)\."), "{0} 后面要写值"),
    (re.compile(r"Option '(.*)' does not take a value\."), "{0} 后面不写值"),
)


def translate(error: click.ClickException) -> str:
    """One Chinese line for a wrong call."""
    if isinstance(error, click.NoSuchOption):
        hint = f"，是否想写 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有 {error.option_name} 这个选项{hint}。加 --help 可看用法。"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_named(error.param)}。加 --help 可看用法。"
    if isinstance(error, click.BadParameter):
        return f"{_named(error.param)} 的值不对：{_plain(error, error.param)}。加 --help 可看用法。"
    if isinstance(error, click.FileError):
        return f"文件 {error.ui_filename} 打不开。请检查它是否存在、有没有读写权限。"
    said = error.format_message()
    for english, chinese in _CALLS:
        if found := english.fullmatch(said):
            return f"{chinese.format(found[1])}。加 --help 可看用法。"
    return said if re.search(r"[\u4e00-\u9fff]", said) else "命令写得不对。加 --help 可看用法。"


def _named(param: click.Parameter | None) -> str:
    """As it is written on the command line."""
    if param is None:
        return "参数"
    return next((o for o in param.opts if o.startswith("--")), param.human_readable_name)


def _plain(error: click.BadParameter, param: click.Parameter | None) -> str:
    kind = param.type if param else None
    if isinstance(kind, click.Choice):
        return f"只能是 {'、'.join(kind.choices)} 之一"
    if isinstance(kind, click.IntRange):
        least, most = kind.min, kind.max
        return f"须为不小于 {least} 的整数" if most is None else f"须为 {least} 至 {most} 的整数"
    if isinstance(kind, click.types.IntParamType):
        return "须为整数"
    if isinstance(kind, click.DateTime):
        return "须为日期，写成 2025-12-31 这样，并且真有这一天"
    if isinstance(kind, click.types.UUIDParameterType):
        return "不是编号，请照清单里印出的抄全"
    if isinstance(kind, click.Path):
        return "文件或文件夹不存在，或没有读写权限"
    return error.message.rstrip(".。")


def complain(message: str) -> None:
    """An error, on standard error."""
    err.print(f"[red]错误：[/red]{_escape(message)}")


def _escape(text: str) -> str:
    return printable(text).replace("[", "\\[")


def printable(text: str) -> str:
    """A text without what no terminal and no JSON reader takes: bytes of a file name that are no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def say(message: str) -> None:
    """What the command did, for people; on standard error so that standard output stays data where there is any."""
    err.print(_escape(message))


def emit(value: Any) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(printable(json.dumps(value, ensure_ascii=False, default=str)) + "\n")


class _Speed(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"每秒 {task.speed:.1f}" if task.speed else "", style="dim")


def progress(label: str) -> tuple[Progress, Callable[[int, int], None]]:
    """A progress bar on standard error and the callback (done, total) that moves it; silent when not a terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Speed(),
        TextColumn("已用"),
        TimeElapsedColumn(),
        TextColumn("还需"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    task = bar.add_task(label, total=None)

    def move(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    return bar, move


def files_below(paths: Sequence[Path], suffixes: frozenset[str]) -> list[Path]:
    """The files meant: a folder stands for the readable files below it, in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in suffixes)
        else:
            found.append(path)
    return found
