"""`yifa serve`: web pages and background work in one process."""

from __future__ import annotations

import errno
import fcntl
import gc
import socket
from pathlib import Path
from typing import TextIO

import click

from yifa.cli.body import load_demonstration, show_accounts
from yifa.cli.chinese import Command, option, say
from yifa.cli.database import open_database, start_django
from yifa.law.errors import YifaError


@click.command(cls=Command, help="启动网页和后台作业（同一进程）；按 Ctrl+C 停止。")
@option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="端口",
    default=8000,
    show_default=True,
    help="用哪个端口。",
)
@option(
    "--bind",
    metavar="地址",
    default="127.0.0.1",
    show_default=True,
    help="监听地址；0.0.0.0 表示本机所有网卡。",
)
@option("--demo", is_flag=True, help="数据文件夹为空时先装入示范县。")
def serve(port: int, bind: str, demo: bool) -> None:
    """Serve until stopped."""
    gc.disable()  # what is loaded now stays; `server.settle` lets it work again
    _require_free(bind, port)
    start_django()
    held = _hold(f"{bind}:{port}")  # noqa: F841 - until the process ends
    open_database()
    from yifa.ledger.models import Organization

    if demo and not Organization.objects.exists():
        gc.enable()
        load_demonstration()
    elif demo and Organization.objects.filter(code=_demo_code()).exists():
        show_accounts()
    from yifa.workbench.serving import server

    address = f"http://{'127.0.0.1' if bind == '0.0.0.0' else bind}:{port}/"  # noqa: S104
    if not Organization.objects.exists():
        _say_how_to_begin(address)
    say(f"依法已启动：{address}　（按 Ctrl+C 停止）")
    server.run(port=port, bind=bind)


def _say_how_to_begin(address: str) -> None:
    from yifa.ledger.installation.options import new_opening_word

    say("这里还没有单位。请在浏览器打开下面的网址，用口令一步步建立：")
    say(f"  {address}init/　一次性口令：{new_opening_word()}")


def _demo_code() -> str:
    from yifa.demo import CODE

    return CODE


def _hold(address: str) -> TextIO | None:
    """The data folder for this server alone: what another keeps in its memory it cannot know. None: no locks there."""
    from django.conf import settings

    file = (Path(settings.DATA) / "serving").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        where = file.read().strip() or "地址不详"
        file.close()
        raise YifaError(
            f"数据文件夹 {settings.DATA} 已由另一个正在运行的依法使用（{where}）。"
            "请用那一个，或者先停止它；要另开一个，请用 YIFA_DATA 指定别的文件夹。",
            code="served",
        ) from error
    except OSError:  # a network folder without locks
        file.close()
        return None
    file.truncate(0)
    file.write(address)
    file.flush()
    return file


WHY = {errno.EADDRINUSE: "已有程序占用", errno.EACCES: "没有权限（1024 以下的端口须由管理员启动）"}


def _require_free(bind: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise YifaError(
                f"地址 {bind}:{port} 用不了：{WHY.get(error.errno or 0, '本机没有这个地址')}。请换一个端口，"
                f"例如：yifa serve --port {port + 1}，或 make run PORT={port + 1}。",
                code="port",
            ) from error
