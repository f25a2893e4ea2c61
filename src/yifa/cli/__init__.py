"""The command line: the same actions as the web pages.

Each module holds one family of commands. Those that read texts or try scenarios start without Django.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from yifa import __version__
from yifa.cli.chinese import Group, complain, translate
from yifa.law.errors import YifaError
from yifa.ledger.installation.trouble import in_words

WRONG_CALL = 2
INTERNAL_FAULT = 3
INTERRUPTED = 130


COMMANDS = {
    "init": "body.init",
    "demo": "body.demo",
    "serve": "serve.serve",
    "read": "texts.read",
    "check": "texts.check",
    "plan": "plan.plan",
    "import": "importing.import_lists",
    "report": "report.report",
    "ledger": "ledger.ledger",
    "gap": "gap.gap",
    "assess": "assess.assess",
    "draw": "drawing.draw",
    "figure": "figure.figure",
    "law": "law.law",
    "case": "scenario.case",
    "catalogue": "catalogue.catalogue",
    "calendar": "calendar.calendar",
    "account": "account.account",
    "backup": "backup.backup",
}


class Commands(Group):
    """All commands; a module is loaded when its command is called or its help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, command = COMMANDS[cmd_name].partition(".")
        found: click.Command = getattr(import_module(f"{__name__}.{module}"), command)
        return found


@click.group(cls=Commands, help="依法（Yifa）：法治政府建设工作台账、报告与报告体检。")
@click.version_option(__version__, "--version", message="依法 %(version)s", help="显示版本后退出。")
def cli() -> None:
    """Root of all commands."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors come out as one Chinese line, never as a stack trace. Gives the exit status."""
    try:
        status = cli.main(arguments, prog_name="yifa", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        complain(translate(error))
        return WRONG_CALL
    except click.Abort:
        complain("已中止。")
        return INTERRUPTED
    except YifaError as error:
        complain(error.message)
        return WRONG_CALL
    except BrokenPipeError:
        raise
    except Exception as error:
        complain(in_words(error) or f"程序内部出错，没有完成。详情已写入 {_keep_trace()}，请把它发给维护者。")
        return INTERNAL_FAULT
    return status if isinstance(status, int) else 0


def _keep_trace() -> Path:
    """Write the trace of an unforeseen fault where a maintainer finds it, not onto the person's screen."""
    trace = f"{' '.join(sys.argv)}\n{traceback.format_exc()}\n"
    elsewhere = tempfile.gettempdir()
    for folder in (Path(os.environ.get("YIFA_DATA", elsewhere)), Path(elsewhere)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "yifa-error.log").open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(trace)
        except OSError:  # the data folder may be what is wrong
            continue
        return folder / "yifa-error.log"
    return Path("yifa-error.log")


def main() -> None:
    """Entry point of the `yifa` command."""
    try:
        sys.exit(run())
    except BrokenPipeError:
        sys.stderr.close()
