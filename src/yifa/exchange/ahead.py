"""Processes that prepare the next chunks of an import while this one stores the last: they read, decide and write rows.

They begin as copies of this one, so that the catalogue is read once. They write nothing to the database. Each does every
so-manieth chunk and is at most one chunk ahead, so that what is held does not grow with the list. Where this process ends,
they find their pipe closed and end too.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from django.conf import settings
from django.db import connection

from yifa.exchange.checking import CHUNK, Listing, look_up, sort_out
from yifa.exchange.rows import Said
from yifa.exchange.storing import Kept, Noted, new_ones, noted
from yifa.exchange.targets import NUMBER
from yifa.law.schema import FieldType
from yifa.ledger.bulk.cases import BulkCases, GivenCase, Ready, Stored
from yifa.ledger.models import Record
from yifa.ledger.tables.copying import reserve

GONE = (EOFError, BrokenPipeError, ConnectionResetError)  # the other process has ended


@dataclass(frozen=True, slots=True)
class Made:
    """A chunk: the new cases ready to be stored; what becomes of its rows, noted where none of them changes a case."""

    kept: list[Kept] | Noted
    ready: Ready


class Failed(Exception):  # noqa: N818 - says what happened elsewhere
    """A process that prepares has ended in the middle."""


def is_worth_it(listed: Listing) -> bool:
    """Whether the list is long, and its rows can be decided on before those above them are stored."""
    case_type, reading, run = listed.target.case_type, listed.reading, listed.run
    many = settings.IMPORT_WORKERS if hasattr(os, "fork") else 0
    if not many or run.total <= settings.IMPORT_APART or case_type is None:
        return False
    kinds = {listed.target.meanings[key].kind for key in reading.given if key in listed.target.meanings}
    return case_type.number is None and NUMBER not in reading.given and FieldType.CASE not in kinds


class Workers:
    """The processes of one import; to be used in a `with`, which ends them."""

    def __init__(self, listed: Listing, after: int) -> None:
        self._records = CHUNK * listed.reader.most_records
        self._pipes: list[Connection] = []
        self._processes: list[BaseProcess] = []
        look_up(listed)
        if not connection.in_atomic_block:
            connection.close()  # each process opens its own
        for mine in range(settings.IMPORT_WORKERS):
            self._start(Part(listed, after, settings.IMPORT_WORKERS, mine))

    def _start(self, part: Part) -> None:
        copies = multiprocessing.get_context("fork")
        here, there = copies.Pipe()
        self._pipes.append(here)
        process = copies.Process(target=_begin, args=(part, there, self._pipes), daemon=True)
        process.start()
        there.close()
        self._processes.append(process)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process, pipe in zip(self._processes, self._pipes, strict=True):
            process.kill()
            process.join()
            process.close()
            pipe.close()

    def __iter__(self) -> Iterator[Made]:
        """The chunks in the order of the list."""
        for pipe in self._pipes:
            self._ask(pipe)
        while True:
            for pipe in self._pipes:
                made = _answer(pipe)
                if made is None:
                    return
                self._ask(pipe)
                yield made

    def _ask(self, pipe: Connection) -> None:
        """For the next chunk, whose records get ids that are kept for them. Who has ended has said before why: see `_answer`."""
        with suppress(*GONE):
            pipe.send(reserve(Record, self._records))


def _answer(pipe: Connection) -> Made | None:
    try:
        made = pipe.recv()
    except GONE as error:
        raise Failed("a process that prepares an import has ended") from error
    if isinstance(made, BaseException):
        raise made
    assert made is None or isinstance(made, Made)  # noqa: S101 - as `serve` answers
    return made


def seldom_collected() -> None:
    """Lets cycles be looked for rarely in a process that only imports: it makes very many things and hardly a cycle."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


# ------------------------------------------------------------ in the other process


@dataclass(frozen=True, slots=True)
class Part:
    """What such a process does of an import: the rows after one, of `every` so many chunks in turn the one that is its own."""

    listed: Listing
    after: int
    every: int
    mine: int

    def made(self, asked: Connection) -> Iterator[Made]:
        """Its chunks, each when it is asked for with the first id of its records."""
        bulk = BulkCases(self.listed.run.actor)
        for chunk in self.listed.chunks(self.after, self.every, self.mine):
            yield make(self.listed, chunk, bulk, asked.recv())


def _begin(part: Part, pipe: Connection, others: Sequence[Connection]) -> None:
    """The whole life of such a process. `others`: copies of the ends of the other one, whose end they would hide."""
    for other in others:
        other.close()
    seldom_collected()
    serve(part, pipe)


def serve(part: Part, pipe: Connection) -> None:
    """Makes chunk after chunk until the list or the other process ends."""
    with suppress(*GONE):
        try:
            for made in part.made(pipe):
                pipe.send(made)
            pipe.send(None)
        except GONE:
            raise
        except Exception as error:
            pipe.send(Failed(f"{type(error).__name__}: {error}"))


def make(listed: Listing, chunk: Sequence[Said], bulk: BulkCases, first: int) -> Made:
    """One chunk, nothing of it stored."""
    ready: list[Ready] = []

    def decide(given: Sequence[GivenCase]) -> list[Stored]:
        ready.append(bulk.ready(given, first))
        return ready[0].found

    kept = new_ones(listed, sort_out(listed, chunk), decide)
    made = replace(ready[0], found=[])
    return Made(kept if listed.run.update else noted(listed.run, kept), made)
