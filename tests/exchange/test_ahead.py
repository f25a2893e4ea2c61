"""Chunks prepared by another process are what this one would have stored."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import select
import signal
from datetime import date
from typing import Any, cast

import pytest
from django.conf import LazySettings
from django.db import transaction

from tests.exchange.conftest import Lay
from yifa.exchange import ahead, bringing, running, samples, signs
from yifa.exchange.checking import listing, look_up
from yifa.exchange.models import Import, ImportedRow
from yifa.exchange.storing import journal
from yifa.exchange.targets import target_of
from yifa.ledger.bulk.cases import Ready
from yifa.ledger.bulk.rows import Packed
from yifa.ledger.models import Case, CaseAct, CaseClock, CaseFinding, CountedSpan, Record
from yifa.ledger.proof.verification import verify
from yifa.ledger.tables.copying import reserve

UNITS = ("澜亭县司法局", "澜亭县市场监督管理局")
Mode, State = Import.Mode, Import.State


def hotline(many: int, faults: int = 0) -> bytes:
    return samples.as_csv(samples.tickets(many, UNITS, date(2026, 9, 30), faults=faults))


class Pipe:
    """Both ends of a pipe in one process: what is asked, and what was answered in the form it would be sent in."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def recv(self) -> int:
        return reserve(Record, 200)

    def send(self, what: object) -> None:
        self.sent.append(pickle.dumps(what))


class Near(ahead.Workers):
    """As the processes, but asked and answered here."""

    def __init__(self, listed: Any, after: int) -> None:
        look_up(listed)
        self.part = ahead.Part(listed, after, 1, 0)
        self._processes, self._pipes = [], []

    def __iter__(self) -> Any:
        pipe = Pipe()
        ahead.serve(self.part, cast(Any, pipe))
        *answers, end = map(pickle.loads, pipe.sent)
        for made in answers:
            assert isinstance(made, ahead.Made), made
            yield made
        assert end is None, end


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    settings.IMPORT_WORKERS, settings.IMPORT_APART = 1, 0
    monkeypatch.setattr("yifa.exchange.checking.CHUNK", 10)
    monkeypatch.setattr(running, "start", lambda run: running.work(run.pk))
    monkeypatch.setattr(bringing, "Workers", Near)


def everything() -> list[Any]:
    """What came in, without ids, which differ."""
    found: list[Any] = [
        Case.objects.order_by("title", "facts__ticket_no").values_list(
            "title", "number", "facts", "status", "opened_on", "closed_on", "next_due", "next_clock", "length", "broken"
        )
    ]  # fmt: skip
    for model, names in (
        (CaseAct, ("position", "act", "happened_on", "outcome", "actor", "role", "fields", "entered", "unit__code")),
        (CaseClock, ("clock", "started_on", "due", "stopped_on", "organization__code")),
        (CaseFinding, ("kind", "act", "clock", "message")),
        (CountedSpan, ("position", "tally__digest", "on", "since", "until", "amount", "told", "part")),
    ):  # fmt: skip
        found.append(sorted(map(repr, model._default_manager.values_list("case__title", *names))))
    found.append(sorted(map(repr, Record.objects.values_list("position", "kind", "happened_on", "payload"))))
    found.append(list(ImportedRow.objects.values_list("row", "what", "length", "title", "note")))
    return [list(part) for part in found]


def test_what_is_prepared_elsewhere_comes_in_the_same(
    lay: Lay, near: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lay(hotline(47, faults=5), "热线.csv")
    running.check(run)
    ways = []
    for workers in (1, 0):
        settings.IMPORT_WORKERS = workers
        assert ahead.is_worth_it(listing(run)) is bool(workers)
        with transaction.atomic():
            running.bring_in(run, Mode.SKIP, update=False)
            assert (run.state, run.counts["wrong"], Case.objects.count()) == (State.DONE, 5, 42)
            assert verify().faults == ()
            ways.append(everything())
            transaction.set_rollback(True)
        run.refresh_from_db()
    assert ways[0] == ways[1]


def test_all_or_nothing_and_a_list_that_is_there_already(lay: Lay, near: None) -> None:
    run = lay(hotline(24), "热线.csv")
    running.check(run)
    running.bring_in(run, Mode.WHOLE, update=False)
    assert (run.state, run.counts["new"]) == (State.DONE, 24)
    again = lay(hotline(30).replace("某".encode("gb18030"), "氏".encode("gb18030"), 3), "热线2.csv")
    running.check(again)
    running.bring_in(again, Mode.SKIP, update=True)
    assert (again.counts["new"], again.counts["changed"], again.counts["same"]) == (6, 3, 21)
    assert Case.objects.filter(facts__caller__icontains="氏").count() == 3


def test_lists_whose_rows_get_numbers_are_not_prepared_elsewhere(lay: Lay, near: None) -> None:
    listed = listing(lay(hotline(3), "热线.csv"))
    assert ahead.is_worth_it(listed)
    listed.target = target_of("case:petition")
    assert not ahead.is_worth_it(listed)


def test_a_process_that_has_given_its_last_chunk_may_be_gone_before_it_is_asked_again(
    lay: Lay, near: None
) -> None:
    """Asking takes its time where another writes: by then the process may have said that nothing is left, and ended."""
    here, there = multiprocessing.Pipe()
    workers = object.__new__(ahead.Workers)
    workers._pipes, workers._records = [here], 10
    made = ahead.Made([], Ready([], Packed(set(), (), [], (), []), date(2026, 3, 2)))
    there.send(made)
    there.send(None)
    there.close()
    assert len(list(workers)) == 1
    here.close()


def test_a_process_that_ends_leaves_the_import_to_be_gone_on_with(
    lay: Lay, near: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lay(hotline(15), "热线.csv")
    running.check(run)
    with monkeypatch.context() as broken:
        broken.setattr(bringing, "Workers", ahead.Workers)
        broken.setattr(ahead, "serve", lambda *_: os._exit(1))
        with pytest.raises(ahead.Failed):
            running.bring_in(run, Mode.SKIP, update=False)
    run.refresh_from_db()
    assert (run.state, run.worker) == (State.RUNNING, "")
    assert "可以接着做" in run.message
    settings.IMPORT_WORKERS = 0
    running.work(run.pk)
    assert Case.objects.count() == 15


class Waits:
    """A part whose process is never asked for a chunk."""

    def made(self, asked: Any) -> Any:
        yield asked.recv()


def test_an_import_that_is_killed_takes_its_processes_with_it() -> None:
    lives, mine = os.pipe()
    killed = os.fork()
    if not killed:
        workers = object.__new__(ahead.Workers)
        workers._processes, workers._pipes = [], []
        for _ in range(2):
            workers._start(cast(Any, Waits()))
        os.write(mine, b"begun")
        os.kill(os.getpid(), signal.SIGKILL)
    os.close(mine)
    os.waitpid(killed, 0)
    assert os.read(lives, 5) == b"begun"
    ended, _, _ = select.select([lives], [], [], 30)  # at its end once nobody has the other end any more
    os.close(lives)
    assert ended


@pytest.mark.parametrize("workers", [1, 0])
def test_somebody_stops_it_goes_on_or_takes_it_back(
    lay: Lay, near: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    settings.IMPORT_WORKERS = workers
    run = lay(hotline(35), "热线.csv")
    running.check(run)

    def stops(some: Import, kept: Any) -> None:
        signs.stop(some)
        journal(some, kept)

    with monkeypatch.context() as asked:
        asked.setattr(bringing, "journal", stops)
        running.bring_in(run, Mode.SKIP, update=False)
        assert (run.state, Case.objects.count()) == (State.FAILED, 10)
        assert "接着导入" in run.message
        running.bring_in(run, Mode.SKIP, update=False)
        assert Case.objects.count() == 20
    running.bring_in(run, Mode.SKIP, update=False)
    assert (run.state, run.counts["new"], Case.objects.count()) == (State.DONE, 35, 35)
    other = lay(hotline(20).replace(b"GD", b"XX"), "热线2.csv")
    running.check(other)
    monkeypatch.setattr(bringing, "journal", stops)
    running.bring_in(other, Mode.WHOLE, update=False)
    assert (other.state, Case.objects.count()) == (State.FAILED, 35)
    assert "没有导入任何一行" in other.message
