"""The web server and the daily work, started by `yifa serve`: one worker process, eight threads."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.utils import timezone
from gunicorn.app.base import BaseApplication
from gunicorn.config import KNOWN_SETTINGS

from yifa.workbench.wsgi import application

THREADS = 8
HOUR = 3600.0
WRITE_BACK = 5.0
FIRST_PAGES = 15.0  # seconds at the start that belong to whoever opens the first pages

logger = logging.getLogger(__name__)


def daily_work() -> None:
    """Seal the days before today; rebuild where the rules changed; take up signals; count ahead what pages show."""
    from yifa.ledger.installation.jobs import daily  # needs the application that `wsgi` sets up
    from yifa.supervision.daily import take_up
    from yifa.workbench.figures import gaplists, keyfigures

    today = timezone.localdate()
    daily(today)
    take_up(today)
    keyfigures.warm(today)
    gaplists.warm(today)


def every(seconds: float, work: Callable[[], object], stop: threading.Event, begin: float = 0) -> None:
    """Do the work, `begin` seconds from now and then every so many, until told to stop; a failure is logged and tried again."""
    if begin and stop.wait(begin):
        return
    while True:
        close_old_connections()
        try:
            work()
        except Exception:
            logger.exception("后台作业未完成，下一轮再试")
        finally:
            close_old_connections()
        if stop.wait(seconds):
            return


def start_work(_worker: object = None) -> list[threading.Thread]:
    """Run what is done beside the pages in threads that end with the process. The hourly look survives sleeping machines."""
    from yifa.ledger.tables.sqlitecare import warm, write_back  # as above

    never, at_once = threading.Event(), threading.Event()
    at_once.set()
    wanted: list[tuple[str, float, Callable[[], object], threading.Event, float]] = [
        ("daily", HOUR, daily_work, never, FIRST_PAGES),
        ("log", WRITE_BACK, write_back, never, 0),
        ("warm", 0, warm, at_once, 0),
    ]
    threads = [threading.Thread(target=every, args=given, daemon=True, name=name) for name, *given in wanted]
    for thread in threads:
        thread.start()
    return threads


def settle() -> None:
    """Load what every page needs, and tell the collector of garbage that nothing loaded so far is any.

    It would look through all of it time and again: a tenth of the start, some milliseconds of each page. The worker is
    made from here, with all of it.
    """
    from yifa.law.loader import catalogue
    from yifa.workbench import urls  # noqa: F401 - the first request would load them

    catalogue()
    gc.freeze()
    gc.enable()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, configured here and nowhere else."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> WSGIHandler:
        """The application, loaded before the worker starts."""
        return application


def options(port: int, bind: str) -> dict[str, Any]:
    """gunicorn's settings: quiet, no control socket, the daily work in the worker."""
    chosen: dict[str, Any] = {
        "bind": f"{bind}:{port}",
        "workers": 1,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 120,
        "loglevel": "warning",
        "proc_name": "yifa",
        "post_worker_init": start_work,
    }
    if any(setting.name == "control_socket_disable" for setting in KNOWN_SETTINGS):
        chosen["control_socket_disable"] = True
    return chosen


def run(port: int, bind: str = "127.0.0.1") -> None:
    """Serve until stopped (Ctrl+C or SIGTERM)."""
    settle()
    Server(options(port, bind)).run()
