"""Start of the embedded server: seconds from the command to the first page, against the limit and bare Django.

The peer is `python -c "import django; django.setup()"` with the same settings: what any Django program pays.
Runs on a data folder of its own with the demonstration county.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

LIMIT_SECONDS = 3.0
YIFA = str(Path(sys.executable).parent / "yifa")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seconds_to_first_page(environment: dict[str, str]) -> float:
    """Start the server, fetch the sign-in page, end the server."""
    port = free_port()
    begun = time.perf_counter()
    server = subprocess.Popen(
        [YIFA, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5) as page:
                    page.read()
                return time.perf_counter() - begun
            except (urllib.error.URLError, ConnectionError):
                if time.perf_counter() - begun > 10 * LIMIT_SECONDS:
                    raise
                time.sleep(0.02)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def seconds_of(command: list[str], environment: dict[str, str]) -> float:
    """How long a command takes."""
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Print both, the ratio, and the distance to the limit; medians of five."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"YIFA_DATA": folder, "DJANGO_SETTINGS_MODULE": "yifa.settings"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation compiles once
        subprocess.run([YIFA, "demo", "load"], env=environment, check=True, stderr=subprocess.DEVNULL)
        bare = [sys.executable, "-c", "import django; django.setup()"]
        peers = sorted(seconds_of(bare, environment) for _ in range(5))
        starts = sorted(seconds_to_first_page(environment) for _ in range(5))
    print(
        f"first page after {starts[2]:.2f} s ({starts[2] / peers[2]:.1f} × a bare django.setup of {peers[2]:.2f} s);"
    )
    print(f"limit {LIMIT_SECONDS:.0f} s: {starts[2] / LIMIT_SECONDS:.0%} of it used")


if __name__ == "__main__":
    main()
