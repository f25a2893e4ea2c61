"""Long work that a page begins: a command in a process of its own, while the server goes on answering."""

from __future__ import annotations

import subprocess
import sys
import threading


def run_apart(*command: str) -> None:
    """Begins a command of `yifa`; it goes on when the server ends."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", "from yifa.cli import main; main()", *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    threading.Thread(target=process.wait, daemon=True).start()
