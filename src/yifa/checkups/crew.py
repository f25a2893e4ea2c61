"""Workers that may hang or die: each file costs at most itself, and memory does not grow with their number.

Own workers and no pool of the standard library: decisions/0070.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection, wait
from multiprocessing.forkserver import ensure_running
from types import ModuleType

from yifa.checkups.examining import out_of_memory
from yifa.checkups.order import Item, Order
from yifa.checkups.result import Result, Unread
from yifa.checkups.worker import serve
from yifa.law.errors import YifaError

SECONDS = 60.0  # one file may take; the slowest of the corpus takes less than one
START = 120.0  # seconds a worker may take to load the program
RECYCLE_ABOVE = 110 << 20  # bytes in use; a fresh worker has about 50 MB
RECYCLE_AFTER = 2_000  # files
AHEAD = 16  # files a worker may be ahead of the oldest unfinished one
WAITING = 24 << 20  # bytes of results waiting for an older one

_context = multiprocessing.get_context("forkserver")  # workers share the loaded program's memory


_NO_MAIN = ModuleType("__main__")
_NO_MAIN.__spec__ = ModuleSpec("__main__", None)


@contextmanager
def _without_main() -> Iterator[None]:
    """The caller's script is not run again in a worker: a worker needs nothing of it, and it may not expect that."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = _NO_MAIN
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _start_fork_server() -> None:
    """It imports from where this process does: multiprocessing keeps our path from it while it preloads."""
    _context.set_forkserver_preload(["yifa.checkups.preloaded"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


class Worker:
    """One process and the file it has."""

    def __init__(self, order: Order) -> None:
        ours, theirs = _context.Pipe()
        self.pipe: Connection = ours
        self.process = _context.Process(target=serve, args=(theirs, order), name="yifa-checkup")
        with _without_main():
            self.process.start()
        theirs.close()
        self.ready = False
        self.item: Item | None = None
        self.index = -1
        self.deadline = time.monotonic() + START
        self.done = 0

    @property
    def idle(self) -> bool:
        """Whether it can take a file."""
        return self.ready and self.item is None

    def give(self, index: int, item: Item, seconds: float) -> None:
        """Hand it a file. A worker that just died is noticed by whoever waits for its answer."""
        self.index, self.item, self.deadline = index, item, time.monotonic() + seconds
        with suppress(OSError):
            self.pipe.send(item)

    def end(self) -> None:
        """End the process now."""
        self.pipe.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class Crew:
    """A number of workers after one order. Use as a context; ends its own processes and no others."""

    def __init__(self, order: Order, jobs: int, seconds: float = SECONDS) -> None:
        _start_fork_server()
        self._order, self._seconds = order, seconds
        self._workers = [Worker(order) for _ in range(jobs)]

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def examine(self, items: Iterator[Item]) -> Generator[Result, None, None]:
        """The results in the order of the items, each as soon as it and all before it are there."""
        given = shown = 0
        waiting: dict[int, bytes] = {}
        size = 0
        more = True
        while True:
            for worker in self._workers:
                room = given - shown < AHEAD * len(self._workers) and size < WAITING
                if more and worker.idle and (room or given == shown):
                    item = next(items, None)
                    if item is None:
                        more = False
                    else:
                        worker.give(given, item, self._seconds)
                        given += 1
            if not more and shown == given:
                return
            for index, answer in self._answers():
                waiting[index] = answer
                size += len(answer)
            while (next_one := waiting.pop(shown, None)) is not None:
                size -= len(next_one)
                shown += 1
                result: Result = pickle.loads(next_one)  # noqa: S301 - from our own worker
                yield result

    def _answers(self) -> Iterator[tuple[int, bytes]]:
        """Waits for whatever comes first: an answer, a death, a deadline."""
        now = time.monotonic()
        busy = [worker for worker in self._workers if not worker.idle]
        soonest = min((worker.deadline for worker in busy), default=now)
        ends = [end for worker in busy for end in (worker.pipe, worker.process.sentinel)]
        heard = set(wait(ends, max(0.0, soonest - now)))
        for position, worker in enumerate(self._workers):
            if worker.pipe in heard or worker.process.sentinel in heard:
                yield from self._hear(position, worker)
            elif not worker.idle and time.monotonic() >= worker.deadline:
                yield from self._lose(position, worker, late=True)

    def _hear(self, position: int, worker: Worker) -> Iterator[tuple[int, bytes]]:
        try:
            if not worker.pipe.poll():
                raise EOFError
            if not worker.ready:
                refused = worker.pipe.recv()
                if refused is not None:
                    raise YifaError(refused[1], code=refused[0])
                worker.ready = True
                return
            result, memory = pickle.loads(worker.pipe.recv_bytes())  # noqa: S301 - from our own worker
        except (EOFError, OSError):
            yield from self._lose(position, worker, late=False)
            return
        worker.item = None
        worker.done += 1
        if memory > RECYCLE_ABOVE or worker.done >= RECYCLE_AFTER:
            self._replace(position)
        yield worker.index, pickle.dumps(result)

    def _lose(self, position: int, worker: Worker, *, late: bool) -> Iterator[tuple[int, bytes]]:
        """A worker is gone or has to go: its file is answered for it, another takes its place."""
        item = worker.item
        if not worker.ready or item is None:
            raise YifaError(
                "体检的工作进程启动不了，没有继续。请检查内存是否够用，或减少 --jobs。", code="workers"
            )
        if not late:
            worker.process.join(1.0)
        code = worker.process.exitcode
        self._replace(position)
        yield (
            worker.index,
            pickle.dumps(_took_too_long(item.path, self._seconds) if late else _died(item.path, code)),
        )

    def _replace(self, position: int) -> None:
        self._workers[position].end()
        self._workers[position] = Worker(self._order)


def _took_too_long(path: str, seconds: float) -> Unread:
    message = f"「{path}」{seconds:g} 秒还没有读完，已跳过，其他文件不受影响。请单独检查这份文件，或用 --timeout 放宽。"
    return Unread(path, "timeout", message)


def _died(path: str, exit_code: int | None) -> Unread:
    if exit_code == -signal.SIGKILL:  # what the kernel does when memory runs out
        return out_of_memory(path)
    message = f"「{path}」使工作进程意外退出（{exit_code}），已跳过，其他文件不受影响。请把文件交给维护者。"
    return Unread(path, "crashed", message)
