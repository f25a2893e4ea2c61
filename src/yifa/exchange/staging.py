"""The file of an import, read once and laid beside the data row by row: later steps go through it without holding it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from yifa.law.errors import YifaError
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.models import Attachment
from yifa.reading.sheets import Sheet, read_sheets

HEAD_ROWS = 60  # rows of which the head is found and examples are shown
FORMAT = "1"  # of the staged files


@dataclass(frozen=True, slots=True)
class Staged:
    """A sheet on the disk. `top` is its beginning, with merged cells, to find and show the head by."""

    path: Path
    titles: tuple[str, ...]  # of all sheets
    lengths: tuple[int, ...]
    index: int
    top: Sheet
    notes: tuple[str, ...]

    @property
    def length(self) -> int:
        """How many rows it has, the head and empty ones too."""
        return self.lengths[self.index]

    def head_ends(self, head: int, lines: int) -> int:
        """The number of the last row of the head; 0 where there is none."""
        return self.top.numbers[min(head + lines, len(self.top.numbers)) - 1] if head >= 0 else 0

    def rows(self, after: int = 0) -> Iterator[tuple[int, list[str]]]:
        """The rows whose number is above `after`, with their numbers as people see them."""
        with self.path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                number, cells = json.loads(line)
                if number > after:
                    yield number, cells


def stage(attachment: Attachment, index: int = 0) -> Staged:
    """A sheet of a stored file. Raises YifaError where the file cannot be read or has no such sheet."""
    folder = Path(settings.DATA) / "exchange"
    name = hashlib.sha256(f"{FORMAT}:{attachment.pk}:{index}".encode()).hexdigest()[:40]
    path = folder / f"{name}.jsonl"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(attachment, index, path)
    with path.open(encoding="utf-8") as lines:
        said = json.loads(next(lines))
    return Staged(
        path, tuple(said["titles"]), tuple(said["lengths"]), index, _top(said), tuple(said["notes"])
    )


def _write(attachment: Attachment, index: int, path: Path) -> None:
    stored = path_of(attachment.pk)
    if not stored.is_file():
        raise YifaError(f"「{attachment.name}」在附件文件夹里找不到了，请重新上传。", code="missing")
    sheets, notes = read_sheets(stored.read_bytes(), attachment.name, listing=True)
    if index >= len(sheets):
        raise YifaError(f"「{attachment.name}」没有第{index + 1}张工作表，请重新选择。", code="missing")
    sheet = sheets[index]
    head: dict[str, Any] = {
        "titles": [one.title for one in sheets],
        "lengths": [len(one.rows) for one in sheets],
        "notes": list(notes),
        "title": sheet.title,
        "left": sheet.first_column,
        "rows": sheet.rows[:HEAD_ROWS],
        "numbers": sheet.numbers[:HEAD_ROWS],
        "merged": [[*place, *held] for place, held in sheet.merged.items() if place[0] < HEAD_ROWS],
    }
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head, ensure_ascii=False) + "\n")
        for place, (number, row) in enumerate(zip(sheet.numbers, sheet.rows, strict=True)):
            cells = [sheet.value(place, column) for column in range(len(row))] if sheet.merged else row
            if any(cells):
                file.write(json.dumps([number, cells], ensure_ascii=False) + "\n")
    unfinished.replace(path)


def _top(said: dict[str, Any]) -> Sheet:
    rows = tuple(tuple(row) for row in said["rows"])
    merged = {(y, x): (by, bx) for y, x, by, bx in said["merged"] if by < len(rows)}
    return Sheet(said["title"], rows, tuple(said["numbers"]), said["left"], merged)


def best_sheet(attachment: Attachment) -> int:
    """The sheet with most rows: a list comes in the longest."""
    lengths = stage(attachment).lengths
    return max(range(len(lengths)), key=lambda place: (lengths[place], -place))
