"""Parsers of foreign binary formats run in a process of their own, with limits of time and memory.

A native parser may crash, a pure one may run for hours on a file made for it; neither may take the server or the batch
with it. A worker is started on first use, answers one file at a time, is used again, and is killed when it is too slow.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer
from typing import Any

from yifa.reading.errors import ReadingError
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.refusals import damaged

SECONDS = 30.0  # for one file; a report of a thousand pages takes about ten
MEMORY = 1536 * 1024 * 1024  # address space of a worker
MOST_IDLE = 2
RETIRES = 200  # files after which a worker is replaced, against leaks
LENGTH = struct.Struct(">Q")


class _Worker:
    """One process and the pipes to it."""

    def __init__(self) -> None:
        paths = os.pathsep.join(path for path in sys.path if path)
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-m", "yifa.reading.load.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
        )
        self.files = 0
        self.late = False

    def ask(self, parser: str, data: bytes, name: str, seconds: float) -> dict[str, Any] | None:
        """The worker's answer, or None when it died on the file or was killed because it took too long."""
        to, back = self.process.stdin, self.process.stdout
        if to is None or back is None:
            return None
        self.files += 1
        self.late = False
        timer = Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        head = json.dumps({"parser": parser, "name": name, "seconds": seconds}).encode()
        try:
            for part in (LENGTH.pack(len(head)), head, LENGTH.pack(len(data)), data):
                to.write(part)
            to.flush()
            size = back.read(LENGTH.size)
            if len(size) < LENGTH.size:
                return None
            (length,) = LENGTH.unpack(size)
            body = back.read(length)
            return json.loads(body) if len(body) == length else None
        except (OSError, ValueError):
            return None
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self.late = True
        self.process.kill()

    def end(self) -> None:
        """Stop the process and close the pipes."""
        self.process.kill()
        self.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)

    def close(self) -> None:
        """Close this side of the pipes: an idle worker then ends by itself."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


_idle: list[_Worker] = []
_lock = Lock()


def apart(parser: str, data: bytes, name: str, *, seconds: float = SECONDS) -> Loaded:
    """What the named parser of `worker` makes of the bytes. Raises ReadingError, also for its death or delay."""
    try:
        worker = _take() or _Worker()
    except OSError as error:
        raise ReadingError(
            f"「{name}」暂时读不了：系统开不了新的进程。请关掉一些程序后重试。", code="busy"
        ) from error
    answer = worker.ask(parser, data, name, seconds)
    if answer is None:
        late = worker.late
        worker.end()
        raise _too_slow(name, seconds) if late else _crashed(name)
    if answer["keep"] and worker.files < RETIRES:
        _keep(worker)
    else:
        worker.end()
    if "error" in answer:
        raise ReadingError(answer["error"]["message"], code=answer["error"]["code"])
    if "loaded" not in answer:
        raise damaged(name, "原来的软件")
    found = answer["loaded"]
    return Loaded(
        found["text"],
        found["format"],
        found["encoding"],
        tuple(found["damage"]),
        tuple(found["furniture"]),
        found.get("title", ""),
    )


def _take() -> _Worker | None:
    with _lock:
        worker = _idle.pop() if _idle else None
    if worker is not None and worker.process.poll() is not None:  # ended from outside
        worker.end()
        return None
    return worker


def _keep(worker: _Worker) -> None:
    with _lock:
        if len(_idle) < MOST_IDLE:
            _idle.append(worker)
            return
    worker.end()


def _too_slow(name: str, seconds: float) -> ReadingError:
    return ReadingError(
        f"「{name}」读了 {seconds:.0f} 秒还没有读完，已经停止：内容过于庞大或结构异常。"
        "请把要检查的部分另存为 docx 或纯文本后再读。",
        code="too_slow",
    )


def _crashed(name: str) -> ReadingError:
    return ReadingError(
        f"「{name}」的结构异常或展开后过大，解析中断。"
        "请在原来的软件中打开核对，另存为新文件（文稿存为 docx，表格存为 xlsx）后再读。",
        code="damaged",
    )


def _end_all() -> None:
    while _idle:
        _idle.pop().end()


def _forget() -> None:
    """In a forked child: the parent's workers are not ours."""
    global _lock  # noqa: PLW0603 - the parent may have held it while forking
    _lock = Lock()
    for worker in _idle:
        worker.close()
        worker.process.returncode = 0
    _idle.clear()


atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
