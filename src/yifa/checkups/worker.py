"""The other end of the pipe: a process that examines files one after the other until the pipe is closed."""

from __future__ import annotations

import logging
import os
import pickle
import resource
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from yifa.checkups.examining import Examiner
from yifa.checkups.order import Order
from yifa.law.errors import YifaError

MEMORY = 2 << 30  # bytes of address space one worker may ask for; the largest reports need a tenth
PAGE = os.sysconf("SC_PAGE_SIZE")


def serve(pipe: Connection, order: Order) -> None:
    """Says None (or the error) when ready, then answers each Item with (result, bytes of memory in use)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, who closes the pipe
    logging.getLogger("yifa").addHandler(logging.NullHandler())  # a worker has no screen
    _bound_memory()
    try:
        examiner = Examiner(order)
    except YifaError as error:
        pipe.send((error.code, error.message))
        return
    pipe.send(None)
    with suppress(EOFError, OSError):  # the parent is gone or has closed the pipe
        while True:
            result = examiner.examine(pipe.recv())
            pipe.send_bytes(pickle.dumps((result, memory_in_use())))


def memory_in_use() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def _bound_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
