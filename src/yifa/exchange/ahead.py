"""Processes that prepare the next chunks of an import while this one stores the last: they read, decide and write rows.

They write nothing to the database. Each does every so-manieth chunk and is at most one chunk ahead, so that what is held
does not grow with the list. Where this process ends, they find their pipe closed and end too.
"""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.conf import settings

from yifa.exchange.checking import CHUNK, Listing, listing, look_up, sort_out
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.rows import Said
from yifa.exchange.storing import Kept, new_ones
from yifa.exchange.targets import NUMBER
from yifa.law.schema import FieldType
from yifa.ledger.bulk.cases import BulkCases, GivenCase, Ready, Stored
from yifa.ledger.models import Record
from yifa.ledger.tables.copying import reserve

What = ImportedRow.What
SERVE = "import django; django.setup(); from yifa.exchange.ahead import main; main()"


@dataclass(frozen=True, slots=True)
class Made:
    """A chunk: its rows with what becomes of them, and the new cases ready to be stored."""

    kept: list[Kept]
    ready: Ready


class Failed(Exception):  # noqa: N818 - says what happened elsewhere
    """A process that prepares has ended in the middle."""


def is_worth_it(listed: Listing) -> bool:
    """Whether the list is long, and its rows can be decided on before those above them are stored."""
    case_type, reading, run = listed.target.case_type, listed.reading, listed.run
    if not settings.IMPORT_WORKERS or run.total <= settings.IMPORT_APART or case_type is None:
        return False
    kinds = {listed.target.meanings[key].kind for key in reading.given if key in listed.target.meanings}
    return case_type.number is None and NUMBER not in reading.given and FieldType.CASE not in kinds


class Workers:
    """The processes of one import; to be used in a `with`, which ends them."""

    def __init__(self, listed: Listing, after: int) -> None:
        self._records = CHUNK * listed.reader.most_records
        many = settings.IMPORT_WORKERS
        self._processes = [_started(listed.run, after, many, mine) for mine in range(many)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]

    def __iter__(self) -> Iterator[Made]:
        """The chunks in the order of the list."""
        for process in self._processes:
            self._ask(process)
        while True:
            for process in self._processes:
                made = _answer(process)
                if made is None:
                    return
                self._ask(process)
                yield made

    def _ask(self, process: subprocess.Popen[bytes]) -> None:
        """For the next chunk, whose records get ids that are kept for them."""
        assert process.stdin is not None  # noqa: S101 - opened so
        try:
            pickle.dump(reserve(Record, self._records), process.stdin)
            process.stdin.flush()
        except OSError as error:
            raise Failed("a process that prepares an import has ended") from error


def _started(run: Import, after: int, every: int, mine: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", SERVE, str(run.pk), str(after), str(every), str(mine)]
    return subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )  # fmt: skip


def _answer(process: subprocess.Popen[bytes]) -> Made | None:
    assert process.stdout is not None  # noqa: S101 - opened so
    try:
        made = pickle.load(process.stdout)  # noqa: S301 - from our own process
    except EOFError as error:
        raise Failed("a process that prepares an import has ended") from error
    if isinstance(made, BaseException):
        raise made
    assert made is None or isinstance(made, Made)  # noqa: S101 - as `serve` answers
    return made


# ------------------------------------------------------------ in the other process


@dataclass(frozen=True, slots=True)
class Part:
    """What such a process does of an import: the rows after one, of `every` so many chunks in turn the one that is its own."""

    run: str
    after: int
    every: int
    mine: int

    def made(self, asked: BinaryIO) -> Iterator[Made]:
        """Its chunks, each when it is asked for with the first id of its records."""
        run = Import.objects.select_related("actor", "organization", "attachment").get(pk=self.run)
        listed = listing(run)
        look_up(listed)
        bulk = BulkCases(run.actor)
        for chunk in listed.chunks(self.after, self.every, self.mine):
            first: int = pickle.load(asked)  # noqa: S301 - from our own process
            yield make(listed, chunk, bulk, first)


def main() -> None:
    """The whole life of such a process."""
    seldom_collected()
    run, *numbers = sys.argv[1:]
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing else may be said there
    serve(Part(run, *map(int, numbers)), sys.stdin.buffer, answers)


def seldom_collected() -> None:
    """Lets cycles be looked for rarely in a process that only imports: it makes very many things and hardly a cycle."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def serve(part: Part, asked: BinaryIO, answers: BinaryIO) -> None:
    """Makes chunk after chunk until the list or the other process ends."""
    with suppress(EOFError, BrokenPipeError):
        try:
            for made in part.made(asked):
                _say(made, answers)
            _say(None, answers)
        except (EOFError, BrokenPipeError):
            raise
        except Exception as error:
            _say(Failed(f"{type(error).__name__}: {error}"), answers)


def make(listed: Listing, chunk: Sequence[Said], bulk: BulkCases, first: int) -> Made:
    """One chunk, nothing of it stored."""
    ready: list[Ready] = []

    def decide(given: Sequence[GivenCase]) -> list[Stored]:
        ready.append(bulk.ready(given, first))
        return ready[0].found

    kept = new_ones(listed, sort_out(listed, chunk), decide)
    return Made([_light(listed, one) for one in kept], ready[0])


def _light(listed: Listing, kept: Kept) -> Kept:
    """Without what is needed no more, where the row itself is stored already or not at all."""
    row, subject, length = kept
    if row.what == What.DIFFERENT and listed.run.update:
        return kept
    return (replace(row, said=Said(row.said.row, {}, None, title=row.said.title)), subject, length)


def _say(what: object, answers: BinaryIO) -> None:
    pickle.dump(what, answers, protocol=pickle.HIGHEST_PROTOCOL)
    answers.flush()
