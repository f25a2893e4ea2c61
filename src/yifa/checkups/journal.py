"""The journal of a batch: what is done stands in it, so that a second run does only what is missing.

A JSONL file. Each line stands alone: the file's SHA-256, the stamp of the order, the result. A line that a kill cut
off is dropped. In memory there is only where each line begins.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Self

from yifa.checkups.examining import as_line
from yifa.checkups.order import Item, Order
from yifa.checkups.result import Checked, Result, as_entry, from_entry
from yifa.law.errors import YifaError
from yifa.papers.writing import cannot_write

PASSING = frozenset(
    {"missing", "timeout", "crashed", "memory", "fault", "too_slow"}
)  # tried again by the next run


class Journal:
    """The results of earlier runs, and where this run writes its own. One run at a time.

    Raises:
        YifaError: the file is something else, another run has it, or it cannot be written.
    """

    def __init__(self, path: Path, order: Order) -> None:
        self._path, self._whole = path, order.whole
        self._stamp = order.stamp()
        self._places: dict[str, int] = {}
        self._file = self._open(path)
        try:
            self._load()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def find(self, item: Item) -> int | None:
        """Where the result of an earlier run stands for the same bytes under the same order."""
        digest = item.sha256()
        if not digest:
            return None
        keys = (_key(digest, item.beside), _key(digest, item.beside, item.path))
        return next((place for key in keys if (place := self._places.get(key)) is not None), None)

    def at(self, place: int, item: Item) -> Result:
        """The result that stands at a place, for the file as it is named now."""
        self._file.seek(place)
        line = json.loads(self._file.readline())
        packed = line.get("whole") if self._whole else None
        whole = zlib.decompress(base64.b64decode(packed)).decode() if packed else None
        if whole is not None and line["result"]["path"] != item.path:
            value = json.loads(whole)
            value["source"]["path"] = item.path
            whole = as_line(value)
        return from_entry(line["result"], item.path, whole)

    def add(self, item: Item, result: Result) -> None:
        """Writes a result down at once; nothing for a fault that may pass."""
        line: dict[str, Any] = {"stamp": self._stamp}
        if isinstance(result, Checked):
            line["key"] = _key(result.sha256, item.beside)
            if result.whole is not None:
                line["whole"] = base64.b64encode(zlib.compress(result.whole.encode(), 1)).decode()
        else:
            digest = "" if result.code in PASSING else item.sha256()
            if not digest:
                return
            line["key"] = _key(digest, item.beside, item.path)  # its message names the file
        line["result"] = as_entry(result)
        self._file.seek(0, 2)
        try:
            self._file.write(as_line(line).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def _open(self, path: Path) -> BinaryIO:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a+b")
        except (OSError, ValueError) as error:
            raise cannot_write(path, error) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            message = f"另一次体检正在使用「{path}」。请等它结束，或另指定一个进度文件。"
            raise YifaError(message, code="in_use") from error
        return file

    def _load(self) -> None:
        """Where each line of this order begins; a last line that was cut off is taken away."""
        self._file.seek(0)
        begin = 0
        for raw in iter(self._file.readline, b""):
            line = _parsed(raw)
            if line is None:
                if begin == 0 or raw.endswith(b"\n"):
                    self._refuse_foreign(begin, raw)
                else:
                    self._file.truncate(begin)
                    return
            elif line["stamp"] == self._stamp and self._serves(line):
                self._places[line["key"]] = begin
            begin += len(raw)

    def _serves(self, line: dict[str, Any]) -> bool:
        """Whether the line has what this run wants of a result."""
        return not self._whole or "whole" in line or "code" in line["result"]

    def _refuse_foreign(self, begin: int, raw: bytes) -> None:
        """A file that is no journal is left as it is; of a journal, a broken line is passed over."""
        if begin:
            return
        if raw.startswith(b'{"stamp"') and not raw.endswith(b"\n"):
            self._file.truncate(0)
            return
        message = f"「{self._path}」不是体检的进度文件，没有改动。请另指定一个文件名。"
        raise YifaError(message, code="not_a_journal")


def _parsed(raw: bytes) -> dict[str, Any] | None:
    with suppress(ValueError, UnicodeDecodeError):
        line = json.loads(raw)
        if raw.endswith(b"\n") and isinstance(line, dict) and {"stamp", "key", "result"} <= set(line):
            return line
    return None


def _key(digest: str, beside: tuple[str, ...], path: str | None = None) -> str:
    """Under which a result stands: the bytes, those it was compared with, for a fault the name as well."""
    parts = [digest]
    if beside or path is not None:
        more = [
            hashlib.sha256(Path(other).read_bytes()).hexdigest() for other in beside if Path(other).is_file()
        ]
        named = "" if path is None else path.encode("utf-8", "surrogateescape").hex()
        parts.append(hashlib.sha256("\n".join([*more, named]).encode()).hexdigest()[:16])
    return "-".join(parts)
