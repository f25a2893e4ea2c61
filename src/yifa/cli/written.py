"""The files `yifa read` and `yifa check` write: JSON lines, Excel, certificates. Each face takes results as they come."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Protocol

import click

from yifa.checkups.result import Result, Unread
from yifa.cli.chinese import emit, say
from yifa.law.calendar import CHINA
from yifa.papers.writing import refuse_unwritable, written_whole


class Face(Protocol):
    """What takes the results of a run."""

    def add(self, result: Result) -> None:
        """One file."""

    def finish(self) -> None:
        """All files are there."""

    def abandon(self) -> None:
        """The run ended before all files were there."""


class JsonLines:
    """The contract's objects, one a line, on standard output."""

    def add(self, result: Result) -> None:
        """One line."""
        if isinstance(result, Unread):
            emit({"source": result.path, "error": {"code": result.code, "message": result.message}})
        else:
            sys.stdout.write(f"{result.whole}\n")

    def finish(self) -> None:
        """Nothing more."""

    def abandon(self) -> None:
        """Nothing to undo."""


class _Collecting(Protocol):
    def add(self, result: Result) -> None: ...

    def save(self, target: IO[bytes]) -> None: ...

    def discard(self) -> None: ...


class Workbook:
    """An Excel file, written whole at the end."""

    def __init__(self, path: Path, content: Callable[[], _Collecting]) -> None:
        refuse_unwritable(path)
        self._path, self._begin = path, content

    @cached_property
    def _content(self) -> _Collecting:
        return self._begin()

    def add(self, result: Result) -> None:
        """The rows of one file."""
        self._content.add(result)

    def finish(self) -> None:
        """Writes the file and says where it is."""
        with written_whole(self._path) as draft, draft.open("wb") as target:
            self._content.save(target)
        say(f"表格写到 {self._path}")

    def abandon(self) -> None:
        """Writes nothing."""
        self._content.discard()


class Certificates:
    """Certificates as Word files: one file with all of them, or a folder with one each."""

    def __init__(self, path: Path, rules: Sequence[str], files: int) -> None:
        from yifa.checkups.certificate import MOST

        self._one = path.suffix.lower() == ".docx" and not path.is_dir()
        if self._one and files > MOST:
            raise click.UsageError(
                f"{files} 份体检单放在一个 Word 文件里太多（最多 {MOST} 份），请让 --docx 指向一个文件夹，每份一个文件。"
            )
        refuse_unwritable(path if self._one else path / "体检单.docx")
        self._path, self._rules, self._today = path, rules, datetime.now(CHINA).date()
        self._results: list[Result] = []
        self._names: set[str] = set()

    def add(self, result: Result) -> None:
        """One certificate."""
        from yifa.checkups.certificate import file_name, write_certificate

        if self._one:
            self._results.append(result)
        else:
            path = self._path / file_name(result, self._names)
            write_certificate([result], path, self._rules, self._today)

    def finish(self) -> None:
        """Writes the one file, and says where the certificates are."""
        from yifa.checkups.certificate import write_certificate

        if self._one:
            write_certificate(self._results, self._path, self._rules, self._today)
            say(f"体检单写到 {self._path}")
        else:
            say(f"{len(self._names)} 份体检单写到文件夹 {self._path}")

    def abandon(self) -> None:
        """Those written to a folder stay."""
