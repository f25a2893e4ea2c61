"""Firefox as Debian ships it, over WebDriver BiDi: Playwright drives a build of its own only.

The few commands a test needs: open an address, type, wait, run an expression, and what the page complained about.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

PATIENCE = 30.0  # seconds for an answer
TAB, ENTER, DOWN = "\ue004", "\ue007", "\ue015"  # as WebDriver writes keys that are no letters


class Firefox:
    """One window of a running Firefox."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.asked = 0
        self.complaints: list[str] = []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        self.window = self.send("browsingContext.getTree")["contexts"][0]["context"]
        self.send("browsingContext.setViewport", context=self.window, viewport={"width": 1366, "height": 768})

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask for something and wait for the answer; complaints of the page that come meanwhile are kept."""
        self.asked += 1
        self.connection.send(json.dumps({"id": self.asked, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.connection.recv(timeout=PATIENCE))
            if message.get("id") == self.asked:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['message']}")
                result: dict[str, Any] = message["result"]
                return result
            if message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                self.complaints.append(str(message["params"]["text"]))

    def open(self, address: str) -> None:
        """Go to an address and wait until everything on it has come."""
        self.send("browsingContext.navigate", context=self.window, url=address, wait="complete")

    def types(self, keys: str) -> None:
        """Press keys one after the other, as a person does."""
        strokes = [{"type": way, "value": key} for key in keys for way in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": strokes}]
        self.send("input.performActions", context=self.window, actions=actions)

    def until(self, condition: str) -> None:
        """Wait until a condition holds, whatever pages come and go meanwhile. A promise of a page that goes is never answered."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(RuntimeError):  # the page that was asked is gone
                if self.says(f"!!({condition})"):
                    return
            time.sleep(0.05)
        raise AssertionError(f"{condition}: " + self.says("document.querySelector('main').innerText"))

    def says(self, expression: str) -> Any:
        """The value of an expression on the page."""
        answer = self.send(
            "script.evaluate", expression=expression, target={"context": self.window}, awaitPromise=True
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"].get("value")


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    """A fresh Firefox without a screen."""
    program = os.environ.get("YIFA_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip(
            "没有 Firefox：火狐浏览器测试跳过（Debian 上可用 apt install firefox-esr，或设 YIFA_FIREFOX）"
        )
    command = [
        program,
        "--headless",
        "--no-remote",
        "--profile",
        str(tmp_path),
        "--remote-debugging-port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = next(found[0] for line in process.stderr if (found := re.search(r"ws://\S+", line)))
        with connect(f"{address}/session", max_size=None) as connection:
            yield Firefox(connection)
        process.terminate()
