"""Take the manual's pictures (docs/zh/images) anew from the demonstration county, in a browser.

`tools/pictures.py [name …]` serves a fresh demonstration county, signs in as those whom the pictures are for, and
stores what they see with few colours, since pages have few and the pictures live in the repository.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "zh" / "images"
YIFA = str(Path(sys.executable).parent / "yifa")
SIZE: ViewportSize = {"width": 1180, "height": 664}
MOST_BYTES = 60_000
COLOURS = (64, 32, 16, 8)  # tried until the picture is small enough
CHANNELS = 3
PATIENCE = 120_000  # milliseconds: the first look at some pages counts a year's figures
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Picture:
    """What is shown to whom: `open` are links clicked one after the other from the address on."""

    name: str
    user: str
    address: str
    open: tuple[str, ...] = ()


FIRST_CASE = "table a[href^='/cases/'] >> nth=0"
PICTURES = (
    Picture("home", "chengguan", "/"),
    Picture("cases", "chengguan", "/cases/?state=open&sort=due"),
    Picture("case", "chengguan", "/cases/?state=open&sort=due&type=administrative_penalty", (FIRST_CASE,)),
    Picture("new-case", "sifa", "/cases/new/information_request/"),
    Picture("review", "shenhe", "/"),
    Picture("year", "lingdao", "/year/"),
    Picture("coordinator", "fazhi", "/"),
    Picture("plan", "fazhi", "/plans/", ("table a[href^='/plans/'], .card a[href^='/plans/'] >> nth=0",)),
    Picture("figures", "fazhi", "/figures/"),
    Picture("figure", "fazhi", "/figures/information_requests_received/"),
    Picture("gaps", "ducha", "/gaps/"),
    Picture("reports", "fazhi", "/reports/"),
    Picture("report", "fazhi", "/reports/", ("main a[href^='/reports/']:not([href*='build']):not([href*='incoming']) >> nth=0",)),
    Picture("process", "fazhi", "/process/"),
    Picture("assessment", "kaohe", "/assessment/", ("table a[href^='/assessment/'] >> nth=0",)),
    Picture("check", "fazhi", "/check/"),
    Picture("exchange", "chengguan", "/exchange/"),
    Picture("register", "gongkai", "/registers/powers/"),
    Picture("verification", "shenji", "/ledger/"),
    Picture("powers", "anquan", "/powers/"),
    Picture("people", "xitong", "/people/"),
    Picture("backups", "xitong", "/backups/"),
    Picture("journal", "rizhi", "/journal/"),
    Picture("guide", "sifa", "/help/guide/"),
)  # fmt: skip


def few_colours(png: bytes, most: int) -> bytes:
    """The same picture (8 bits a channel, not interlaced) with its most frequent colours, the others by the nearest."""
    width, height, channels, raw = _unpacked(png)
    pixels = [raw[at : at + CHANNELS] for at in range(0, len(raw), channels)]
    counted = Counter(pixels)
    palette = [colour for colour, _ in counted.most_common(most)]
    place = {colour: number for number, colour in enumerate(palette)}
    for colour in counted:
        if colour not in place:
            place[colour] = min(range(len(palette)), key=lambda at: _apart(palette[at], colour))
    rows = b"".join(
        b"\0" + bytes(place[pixel] for pixel in pixels[line * width : (line + 1) * width])
        for line in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _apart(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _unpacked(png: bytes) -> tuple[int, int, int, bytes]:
    """Width, height, bytes a pixel, and the pixels without the filters of the format."""
    at, packed, width, height, channels = len(SIGNATURE), b"", 0, 0, CHANNELS
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack_from(">IIBB", data)
            channels = {2: 3, 6: 4}[colour]
        packed += data if kind == b"IDAT" else b""
        at += length + 12
    stride, filtered = width * channels, zlib.decompress(packed)
    above, lines = bytearray(stride), []
    for start in range(0, len(filtered), stride + 1):
        above = _line(filtered[start], bytearray(filtered[start + 1 : start + 1 + stride]), above, channels)
        lines.append(bytes(above))
    return width, height, channels, b"".join(lines)


def _line(kind: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    for at in range(len(line)):
        left = line[at - step] if at >= step else 0
        up, corner = above[at], above[at - step] if at >= step else 0
        line[at] = (line[at] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
    return line


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def serve(folder: str) -> tuple[subprocess.Popen[bytes], str]:
    """A server with a fresh demonstration county, and its address."""
    environment = os.environ | {"YIFA_DATA": folder}
    subprocess.run([YIFA, "demo", "load"], env=environment, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([YIFA, "serve", "--port", str(port)], env=environment)
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{base}/login/", timeout=5).close()
            return server, base
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit("the server does not answer")


def sign_in(browser: Browser, base: str, user: str) -> Page:
    """A window in which a demonstration account is signed in."""
    page = browser.new_context(viewport=SIZE, locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{base}/login/")
    page.locator(f"form:has(input[value='{user}']) button").click()  # what the demonstration offers
    page.wait_for_load_state("networkidle")
    return page


def take(page: Page, base: str, picture: Picture) -> None:
    """Go there and store what is seen."""
    page.goto(f"{base}{picture.address}")
    for link in picture.open:
        page.locator(link).first.click()
        page.wait_for_load_state()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    seen = page.screenshot()
    stored = next(
        (small for most in COLOURS if len(small := few_colours(seen, most)) <= MOST_BYTES),
        few_colours(seen, COLOURS[-1]),
    )
    (TARGET / f"{picture.name}.png").write_bytes(stored)
    print(f"{picture.name}.png {len(stored)}", flush=True)


def main() -> None:
    """Take all pictures, or those named."""
    wanted = set(sys.argv[1:])
    TARGET.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("YIFA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    given = os.environ.get("YIFA_PICTURES_AT")  # a demonstration county that is served already
    with tempfile.TemporaryDirectory(prefix="yifa-pictures-") as folder:
        server, base = (None, given) if given else serve(folder)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                windows: dict[str, Page] = {}
                for picture in PICTURES:
                    if wanted and picture.name not in wanted:
                        continue
                    if picture.user not in windows:
                        windows[picture.user] = sign_in(browser, base, picture.user)
                    take(windows[picture.user], base, picture)
                browser.close()
        finally:
            if server is not None:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=30)


if __name__ == "__main__":
    main()
