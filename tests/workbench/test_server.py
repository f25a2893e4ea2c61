"""The server's settings and its daily work."""

from __future__ import annotations

import logging
import threading

import pytest
from django.conf import LazySettings

from yifa.workbench.serving import server


def test_options_are_ones_gunicorn_knows() -> None:
    running = server.Server(server.options(8000, "127.0.0.1"))
    assert running.cfg.address == [("127.0.0.1", 8000)]
    assert (running.cfg.workers, running.cfg.threads, running.cfg.worker_class_str) == (1, 8, "gthread")
    assert running.load() is server.application


def test_failed_work_is_logged_and_done_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "close_old_connections", lambda: None)
    stop, done = threading.Event(), []

    def work() -> None:
        done.append(1)
        if len(done) == 1:
            raise ValueError("the disk was full")
        stop.set()

    with caplog.at_level(logging.ERROR):
        server.every(0.001, work, stop)
    assert len(done) == 2
    assert "后台作业未完成" in caplog.text


def test_work_that_begins_later_does_not_begin_when_told_to_stop() -> None:
    stop = threading.Event()
    stop.set()
    server.every(0.001, lambda: pytest.fail("begun"), stop, begin=60)


@pytest.mark.django_db
def test_daily_work_runs_on_an_empty_ledger(settings: LazySettings) -> None:
    server.daily_work()
    server.daily_work()
