"""Many files over all cores: results in the order given, as they come, none held."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from yifa.checkups.crew import SECONDS, Crew
from yifa.checkups.examining import Examiner
from yifa.checkups.journal import Journal
from yifa.checkups.order import Item, Order
from yifa.checkups.result import Result

FEW = 4  # files that are not worth the start of a worker
Runner = Callable[[Order, Iterator[Item]], Iterator[Result]]


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0))


def check_files(
    files: Iterable[Path | str | Item],
    order: Order | None = None,
    *,
    jobs: int | None = None,
    seconds: float = SECONDS,
    journal: Path | None = None,
    runner: Runner | None = None,
) -> Generator[Result, None, None]:
    """The result of each file, in the order given, each as soon as it and those before it are there.

    A file that cannot be read, hangs (`seconds`) or brings its process down gives an `Unread` and costs no other.
    With a `journal`, what stands there is not done again, and what is done is written there at once. `jobs` are
    worker processes, by default one a core; 0 works in this process (then a file that hangs, hangs all). `runner`
    does the work elsewhere (yifa.checkups.cluster).
    """
    order = order or Order()
    items = [file if isinstance(file, Item) else Item(str(file)) for file in files]
    if jobs is None:
        jobs = 0 if len(items) <= FEW else min(cores(), len(items))
    run = runner or (lambda order, items: _here(order, items, jobs, seconds))
    with ExitStack() as stack:
        kept = stack.enter_context(Journal(journal, order)) if journal else None
        yield from _with_journal(items, order, run, kept)


def _here(order: Order, items: Iterator[Item], jobs: int, seconds: float) -> Iterator[Result]:
    if jobs == 0:
        yield from map(Examiner(order).examine, items)
        return
    with Crew(order, jobs, seconds) as crew:
        yield from crew.examine(items)


def _with_journal(items: list[Item], order: Order, run: Runner, journal: Journal | None) -> Iterator[Result]:
    if journal is None:
        yield from run(order, iter(items))
        return
    drawn: deque[tuple[Item, int | None]] = deque()  # each with its place in the journal, where it has one

    def missing() -> Iterator[Item]:
        for item in items:
            place = journal.find(item)
            drawn.append((item, place))
            if place is None:
                yield item

    def known() -> Iterator[Result]:
        while drawn and (place := drawn[0][1]) is not None:
            yield journal.at(place, drawn.popleft()[0])

    for result in run(order, missing()):
        yield from known()
        item, _ = drawn.popleft()
        journal.add(item, result)
        yield result
    yield from known()
