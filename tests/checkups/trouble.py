"""Files that do what no file should: they hang, crash or eat memory in the process that reads them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from yifa.checkups import Item


class _Trouble(bytes):
    def strip(self, *_: object) -> bytes:  # what reading asks of the bytes first
        _DEEDS[self.decode()]()
        return super().strip()


_DEEDS: dict[str, Callable[[], object]] = {
    "hang": lambda: time.sleep(600),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(7),
    "eat": lambda: bytearray(8 << 30),
    "fault": lambda: {}["nothing"],  # type: ignore[index]
}
CODES = {
    "hang": "timeout", "crash": "crashed", "killed": "memory", "exit": "crashed", "eat": "memory", "fault": "fault",
}  # fmt: skip


def item(deed: str) -> Item:
    """A file that does it."""
    return Item(f"{deed}.txt", _Trouble(deed.encode()))
