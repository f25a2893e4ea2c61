"""Somebody at a browser, for the benchmarks that ask the running server: signs in, opens pages, sends forms."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

YIFA = str(Path(sys.executable).parent / "yifa")
PATIENCE = 120.0  # seconds


class Visitor:
    """A window of one account; connects anew for each request, as browsers do after a pause. Every answer is timed."""

    def __init__(self, base: str) -> None:
        self.host = urlsplit(base).netloc
        self.cookies: dict[str, str] = {}
        self.address, self.status, self.seconds = "/", 0, 0.0

    def ask(self, method: str, address: str, form: dict[str, str] | None = None) -> LexborHTMLParser:
        """One request; a redirect is followed as one of its own by the caller (see `go`)."""
        body = urlencode(form) if form is not None else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.seconds = time.perf_counter() - begun
        self.status, self.address = answer.status, answer.headers.get("Location") or address
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return LexborHTMLParser(content.decode(errors="replace"))

    def get(self, address: str) -> LexborHTMLParser:
        """Open a page."""
        return self.ask("GET", address)

    def send(self, address: str, form: LexborNode, **filled: str) -> LexborHTMLParser:
        """Send a form as it stands with some fields filled."""
        return self.ask("POST", address, {**fields_of(form), **filled})

    def sign_in(self, username: str) -> None:
        """By the button that the demonstration offers."""
        for form in self.get("/login/").css("form"):
            if fields_of(form).get("username") == username:
                self.send("/login/", form)
                break
        if self.status != http.client.FOUND:
            raise SystemExit(f"{username} could not sign in")


def fields_of(form: LexborNode) -> dict[str, str]:
    """What a browser would send of a form that nobody touched; what must be chosen is chosen first."""
    found = {}
    for field in form.css("input[name], textarea[name], select[name]"):
        held = field.attributes
        kind, name = held.get("type"), str(held["name"])
        if kind in {"file", "submit"} or (kind in {"checkbox", "radio"} and "checked" not in held):
            continue
        chosen = field.css_first("option[selected]")
        found[name] = (chosen.attributes if chosen else held).get("value") or (
            "" if field.tag != "textarea" else field.text()
        )
    return found


def options_of(form: LexborNode, name: str) -> list[str]:
    """What may be chosen in a field."""
    return [
        value for one in form.css(f"select[name='{name}'] option") if (value := one.attributes.get("value"))
    ]


@contextmanager
def county(loaded: Path | None = None) -> Iterator[tuple[str, int, float]]:
    """A server of its own with the demonstration county: its address, the number of its process, when it was begun.

    `loaded` is a data folder that holds the county already; it is copied and stays as it is.
    """
    with tempfile.TemporaryDirectory(prefix="yifa-bench-") as folder, socket.socket() as probe:
        environment = os.environ | {"YIFA_DATA": folder}
        if loaded is not None:
            shutil.copytree(loaded, folder, dirs_exist_ok=True)
        else:
            subprocess.run([YIFA, "demo", "load"], env=environment, check=True, stdout=subprocess.DEVNULL)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        begun = time.perf_counter()
        server = subprocess.Popen(
            [YIFA, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}", server.pid, begun
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            Visitor(f"http://127.0.0.1:{port}").get("/login/")
            return
        except ConnectionError:
            time.sleep(0.02)
    raise SystemExit("the server does not answer")


def busy(pid: int) -> float:
    """Seconds of processor time that a process and those it started have used (Linux)."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if folder.name == str(pid) or said[1] == str(pid):
            ticks += int(said[11]) + int(said[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def share(values: list[float], part: float) -> float:
    """The value below which that part lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
