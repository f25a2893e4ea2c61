"""OFD, the national format of fixed pages (GB/T 33190)."""

from __future__ import annotations

from collections.abc import Iterator

import ofdkit
from ofdkit import OFDDocument, OFDError, OFDLimitError

from yifa.reading.errors import ReadingError
from yifa.reading.load.archive import entries
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.printed import Page, Piece, text_of
from yifa.reading.load.refusals import damaged, scanned, swollen

READER = "OFD 阅读器"
MOST_PAGES = 3000
FEWEST = 5  # characters of a page that has text
NEVER_PRINTED = 1e6  # millimetres


def load_ofd(data: bytes, name: str) -> Loaded:
    """The text of the pages in order."""
    unpacked = sum(entry.file_size for entry in entries(data, name))
    try:
        with ofdkit.open(data) as document:
            return _load(document, name)
    except OFDLimitError as error:
        raise swollen(name, unpacked) from error
    except (
        OFDError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise damaged(name, READER) from error


def _load(document: OFDDocument, name: str) -> Loaded:
    if len(document.pages) > MOST_PAGES:
        raise ReadingError(
            f"「{name}」有 {len(document.pages)} 页，超过一次能读的 {MOST_PAGES} 页。请按篇拆开后再读。",
            code="too_large",
        )
    broken: list[int] = []
    empty: list[int] = []
    text, furniture = text_of(_pages(document, broken, empty))
    if len(text) < FEWEST:
        raise damaged(name, READER) if broken else scanned(name, "OFD")
    notes = []
    for pages, why in ((empty, "没有文字（可能是扫描的图片）"), (broken, "已损坏")):
        if pages:
            notes.append(
                f"共 {len(document.pages)} 页，第 {'、'.join(map(str, pages[:20]))} 页{why}，没有读到"
            )
    return Loaded(text, "ofd", None, tuple(notes), furniture)


def _pages(document: OFDDocument, broken: list[int], empty: list[int]) -> Iterator[Page]:
    for number, page in enumerate(document.pages, 1):
        try:
            runs = page.runs
            width, height = page.width, page.height
        except OFDError:
            broken.append(number)
            continue
        if page.location is None:
            broken.append(number)
        elif not runs:
            empty.append(number)
        pieces = [
            Piece(run.y, run.x, run.x + run.width, run.size or 1.0, run.text.strip())
            for run in runs
            if run.text.strip()
            and -NEVER_PRINTED < run.x < NEVER_PRINTED
            and -NEVER_PRINTED < run.y < NEVER_PRINTED
        ]
        yield Page(width, height, pieces)
