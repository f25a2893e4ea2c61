"""A second run does only what is missing, and says the same as one that was never interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkups import trouble
from tests.checkups.processes import descendants
from yifa.checkups import Item, Order, Result, check_files
from yifa.checkups.examining import Examiner
from yifa.checkups.journal import Journal
from yifa.law.errors import YifaError


class Counting:
    """A runner in this process that counts what it is given."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, order: Order, items: Iterator[Item]) -> Iterator[Result]:
        examiner = Examiner(order)
        for item in items:
            self.paths.append(Path(item.path).name)
            yield examiner.examine(item)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "进度.jsonl"


def test_a_second_run_does_nothing_again(files: list[Path], journal: Path) -> None:
    order = Order(whole=True)
    plain = list(check_files(files, order, jobs=0))
    assert list(check_files(files, order, jobs=0, journal=journal)) == plain
    counting = Counting()
    assert list(check_files(files, order, journal=journal, runner=counting)) == plain
    assert counting.paths == []


def test_only_what_is_missing_or_changed_is_done(files: list[Path], journal: Path) -> None:
    list(check_files(files[4:10], jobs=0, journal=journal))
    files[6].write_text(files[6].read_text(encoding="utf-8") + "二、存在的不足\n", encoding="utf-8")
    counting = Counting()
    results = list(check_files(files[:12], journal=journal, runner=counting))
    assert counting.paths == ["00.txt", "01.txt", "02.txt", "03.txt", "06.txt", "10.txt", "11.txt"]
    assert results == list(check_files(files[:12], jobs=0))


def test_a_moved_file_is_known_under_its_new_name(files: list[Path], journal: Path) -> None:
    order = Order(whole=True)
    list(check_files(files[:1], order, jobs=0, journal=journal))
    moved = files[0].rename(files[0].with_name("改名.txt"))
    counting = Counting()
    assert list(check_files([moved], order, journal=journal, runner=counting)) == list(
        check_files([moved], order)
    )
    assert counting.paths == []


@pytest.mark.parametrize(
    "other",
    [
        Order(rules=("sum",)),
        Order(whole=True),
        Order(against=(Item("别的", "别的文件\n一、内容。".encode()),)),
    ],
    ids=["rules", "whole", "against"],
)
def test_another_order_is_another_result(other: Order, files: list[Path], journal: Path) -> None:
    list(check_files(files[:3], jobs=0, journal=journal))
    counting = Counting()
    results = list(check_files(files[:3], other, journal=journal, runner=counting))
    assert len(counting.paths) == 3
    assert results == list(check_files(files[:3], other, jobs=0))


def test_another_edition_is_another_result(
    files: list[Path], journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(check_files(files[:2], jobs=0, journal=journal))
    monkeypatch.setattr("yifa.checkups.order.edition", lambda: "9.9.9-ffff")
    counting = Counting()
    list(check_files(files[:2], journal=journal, runner=counting))
    assert len(counting.paths) == 2


@pytest.mark.parametrize(
    "rest", [b'{"stamp": "ab', b'{"stamp": "ab", "key": "c", "result": {}}', '{"甲'.encode()[:-1]]
)
def test_an_interrupted_line_is_dropped(rest: bytes, files: list[Path], journal: Path) -> None:
    plain = list(check_files(files[:3], jobs=0, journal=journal))
    whole = journal.read_bytes()
    journal.write_bytes(whole + rest)
    counting = Counting()
    assert list(check_files(files[:4], journal=journal, runner=counting))[:3] == plain
    assert counting.paths == ["03.txt"]
    assert journal.read_bytes().startswith(whole + b'{"stamp"')
    assert all(json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines())


def test_what_may_pass_is_tried_again_and_what_will_not_is_kept(files: list[Path], journal: Path) -> None:
    empty = files[0].with_name("空.txt")
    empty.touch()
    items = [Item(str(empty)), Item("没有.txt"), trouble.item("fault")]
    first = list(check_files(items, jobs=0, journal=journal))
    counting = Counting()
    assert list(check_files(items, journal=journal, runner=counting)) == first
    assert counting.paths == ["没有.txt", "fault.txt"]


def test_a_file_that_is_no_journal_is_left_alone(files: list[Path], journal: Path) -> None:
    journal.write_text("我的笔记，很重要", encoding="utf-8")
    with pytest.raises(YifaError, match="不是体检的进度文件"):
        list(check_files(files[:1], jobs=0, journal=journal))
    assert journal.read_text(encoding="utf-8") == "我的笔记，很重要"


def test_two_runs_do_not_share_a_journal(files: list[Path], journal: Path) -> None:
    with Journal(journal, Order()), pytest.raises(YifaError, match="另一次体检正在使用"):
        list(check_files(files[:1], jobs=0, journal=journal))


def test_a_place_that_cannot_be_written_is_said(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(YifaError, match="写不进去"):
        list(check_files(files[:1], jobs=0, journal=tmp_path))


SCRIPT = """
import sys
from pathlib import Path
from yifa.checkups import check_files
for result in check_files(sorted(Path(sys.argv[1]).iterdir()), jobs=2, journal=Path(sys.argv[2])):
    print(result.path, flush=True)
    if result.path.endswith("07.txt"):
        print("here", flush=True)
        sys.stdin.read()
"""


def test_after_a_kill_nothing_is_lost_and_nothing_done_twice(files: list[Path], journal: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(files[0].parent), str(journal)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    shown = []
    for line in process.stdout:
        if line == "here\n":
            break
        shown.append(Path(line.strip()).name)
    workers = descendants(process.pid)
    assert len(workers) >= 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stdin.close()  # type: ignore[union-attr]
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]

    counting = Counting()
    results = list(check_files(files, journal=journal, runner=counting))
    assert results == list(check_files(files, jobs=0))
    assert shown == [f"{number:02d}.txt" for number in range(8)]
    assert counting.paths == [f"{number:02d}.txt" for number in range(8, 24)]
