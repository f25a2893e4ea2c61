"""The command line: the same actions as the web pages.

Each module holds one family of commands. Those that read texts or try scenarios start without Django.
"""

from __future__ import annotations

import sys

import click

from yifa import __version__
from yifa.cli import account, body, calendar, catalogue, ledger, plan, report, scenario, serve, texts
from yifa.cli.chinese import Group, complain, translate
from yifa.law.errors import YifaError

WRONG_CALL = 2


@click.group(cls=Group, help="依法（Yifa）：法治政府建设工作台账、报告与报告体检。")
@click.version_option(__version__, "--version", message="依法 %(version)s", help="显示版本后退出。")
def cli() -> None:
    """Root of all commands."""


for command in (
    body.init,
    body.demo,
    serve.serve,
    texts.read,
    texts.check,
    plan.plan,
    report.report,
    ledger.ledger,
    scenario.case,
    catalogue.catalogue,
    calendar.calendar,
    account.account,
):
    cli.add_command(command)


def main() -> None:
    """Entry point of the `yifa` command: errors come out as one Chinese line, never as a stack trace."""
    try:
        status = cli.main(prog_name="yifa", standalone_mode=False)
    except click.ClickException as error:
        complain(translate(error))
        sys.exit(WRONG_CALL)
    except click.Abort:
        complain("已中止。")
        sys.exit(130)
    except YifaError as error:
        complain(error.message)
        sys.exit(WRONG_CALL)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)
