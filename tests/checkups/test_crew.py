"""Many files at once: the same results as one after the other, whatever single files do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import yifa
from tests.checkups import trouble
from tests.checkups.processes import descendants
from yifa.checkups import Checked, Item, Order, Unread, check_files, crew
from yifa.law.errors import YifaError


def test_the_same_results_in_the_same_order(files: list[Path]) -> None:
    alone = list(check_files(files, jobs=0))
    assert list(check_files(files, jobs=3)) == alone
    assert [result.path for result in alone] == [str(path) for path in files]
    wrong = [isinstance(result, Checked) and result.tally()["error"] for result in alone]
    assert wrong == [0, 1] * 12


def test_whole_objects_are_the_same_too(files: list[Path]) -> None:
    order = Order(whole=True)
    assert list(check_files(files, order, jobs=2)) == list(check_files(files, order, jobs=0))


@pytest.mark.parametrize("deed", sorted(trouble.CODES))
def test_one_bad_file_costs_only_itself(deed: str, files: list[Path]) -> None:
    items = [Item(str(path)) for path in files[:6]]
    items.insert(1, trouble.item(deed))
    items.insert(5, trouble.item(deed))
    results = list(check_files(items, jobs=2, seconds=1.5))
    assert [result.path for result in results] == [item.path for item in items]
    bad = [result for result in results if isinstance(result, Unread)]
    assert [result.code for result in bad] == [trouble.CODES[deed]] * 2
    assert all(f"「{deed}.txt」" in result.message for result in bad)
    assert [r for r in results if isinstance(r, Checked)] == list(check_files(files[:6], jobs=0))


def test_results_come_before_a_hanging_file_is_given_up(files: list[Path]) -> None:
    items = [*(Item(str(path)) for path in files[:4]), trouble.item("hang")]
    results = check_files(items, jobs=2, seconds=3)
    begun = time.monotonic()
    assert all(isinstance(next(results), Checked) for _ in range(4))
    assert time.monotonic() - begun < 3
    assert isinstance(next(results), Unread)


def test_no_worker_outlives_the_work(files: list[Path]) -> None:
    list(check_files(files[:6], jobs=2))  # starts the fork server, which stays
    before = set(descendants(os.getpid()))
    results = check_files([*files, str(files[0])], jobs=2)
    next(results)
    assert len(set(descendants(os.getpid())) - before) == 2
    results.close()
    assert set(descendants(os.getpid())) == before


def test_workers_are_recycled(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int | None] = []
    begin = crew.Worker.__init__

    def counting(self: crew.Worker, order: Order) -> None:
        begin(self, order)
        started.append(self.process.pid)

    monkeypatch.setattr(crew, "RECYCLE_AFTER", 5)
    monkeypatch.setattr(crew.Worker, "__init__", counting)
    assert list(check_files(files, jobs=2)) == list(check_files(files, jobs=0))
    assert 2 + 4 <= len(set(started)) <= 2 + 5


def test_what_waits_for_an_older_result_is_bounded(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "AHEAD", 2)
    drawn = 0

    def items() -> object:
        nonlocal drawn
        for item in [trouble.item("hang"), *(Item(str(path)) for path in files)]:
            drawn += 1
            yield item

    with crew.Crew(Order(), 2, seconds=2) as running:
        results = running.examine(items())  # type: ignore[arg-type]
        assert isinstance(next(results), Unread)
        assert drawn <= 1 + 2 * 2


def test_a_document_to_compare_with_that_cannot_be_read_ends_the_call(
    files: list[Path], tmp_path: Path
) -> None:
    order = Order(against=(Item(str(tmp_path / "没有.txt")),))
    for jobs in (0, 2):
        with pytest.raises(YifaError, match=r"没有这个文件"):
            list(check_files(files, order, jobs=jobs))


def test_a_broken_catalogue_is_said_once(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise YifaError("目录文件第 3 行不对", code="catalogue")

    monkeypatch.setattr("yifa.checkups.examining.catalogue", broken)
    with pytest.raises(YifaError, match="目录文件"):
        list(check_files(files, jobs=0))


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import yifa.checkups.words as words
from yifa.checkups import check_files
print([result.findings[0].message for result in check_files(sys.argv[2:], jobs=1)])
"""


def test_workers_run_the_program_of_their_caller(files: list[Path], tmp_path: Path) -> None:
    """And a script without the guard of multiprocessing is not run again in them."""
    copy = tmp_path / "copy"
    shutil.copytree(
        Path(yifa.__file__).parent, copy / "yifa", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    sums = copy / "yifa" / "checking" / "checkup.py"
    text = sums.read_text(encoding="utf-8")
    sums.write_text(
        text + "\n\ndef check(*_):\n    return (Finding('sum', Severity.ERROR, 'the copy', ()),)\n",
        encoding="utf-8",
    )
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, copy, *files[:2]], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[['the copy'], ['the copy']]\n".replace("[[", "[").replace("]]", "]").replace(
        "], [", ", "
    )
