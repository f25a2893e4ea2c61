"""10,000 documents over all cores: documents a second, memory of all processes, what a worker, a journal and a kill cost.

    python benchmarks/batch.py [--count N] [FOLDER …]     default: ../shared/corpus/work_reports, else examples/

The documents are made from the texts of the folders: each is a stretch of whole paragraphs of one of them, with its
numbers changed, so that no two are alike. Goals: at most 400 MB over all processes together, all cores busy, a run that
was killed goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from yifa.checkups import Checked, Order, check_files  # noqa: E402
from yifa.checkups.running import cores  # noqa: E402

LIMIT = 400 << 20  # bytes, all processes together
LENGTH = (2_000, 8_000)  # characters of a document
_NUMBER = re.compile(r"\d+")


def texts(folders: list[Path]) -> list[list[str]]:
    found = (
        path.read_text("utf-8", "replace") for folder in folders for path in sorted(folder.glob("*.txt"))
    )
    return [text.splitlines(keepends=True) for text in found if len(text) > 500]


def write_documents(target: Path, count: int, sources: list[list[str]]) -> int:
    """The number of characters written."""
    chance = random.Random(20)
    total = 0
    for number in range(count):
        lines = chance.choice(sources)
        wanted, begin = chance.randint(*LENGTH), chance.randrange(max(1, len(lines) // 2))
        kept: list[str] = [lines[0]]
        for line in lines[begin + 1 :]:
            kept.append(line)
            if sum(map(len, kept)) > wanted:
                break
        text = _NUMBER.sub(
            lambda match: str(int(match[0]) + chance.randint(0, 9)) if len(match[0]) < 4 else match[0],
            "".join(kept),
        )
        total += len(text)
        (target / f"{number:05d}.txt").write_text(text, encoding="utf-8")
    return total


class Memory(threading.Thread):
    """The most this process and all below it have had in memory at one time; shared pages are counted once (PSS)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = self.processes = 0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.25):
            pids = [os.getpid(), *descendants(os.getpid())]
            self.peak = max(self.peak, sum(map(proportional, pids)))
            self.processes = max(self.processes, len(pids))

    def stop(self) -> None:
        self._over.set()
        self.join()


def proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def descendants(pid: int) -> Iterator[int]:
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return
    for child in children:
        yield child
        yield from descendants(child)


def measured(name: str, paths: list[Path], **how: object) -> float:
    """One run; the seconds it took."""
    memory = Memory()
    memory.start()
    begin = time.perf_counter()
    findings = 0
    ends: Counter[str] = Counter()
    for result in check_files(paths, Order(), **how):  # type: ignore[arg-type]
        if isinstance(result, Checked):
            findings += len(result.findings)
        ends["read" if isinstance(result, Checked) else result.code] += 1
    seconds = time.perf_counter() - begin
    memory.stop()
    print(
        f"{name:34} {len(paths) / seconds:8.0f} documents/s   {seconds:6.1f} s   {memory.peak / 2**20:4.0f} MB in "
        f"{memory.processes} processes   {dict(ends)}, {findings} findings",
        flush=True,
    )
    if memory.peak > LIMIT:
        sys.exit(f"more than {LIMIT >> 20} MB")
    return seconds


def killed(folder: Path, journal: Path, after: float) -> int:
    """The documents that stand in the journal of a run that was killed after some seconds."""
    script = "from yifa.cli import main; main()"
    command = [sys.executable, "-c", script, "check", str(folder), "--brief", "--resume", str(journal)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environment, **quiet)  # type: ignore[call-overload]
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("folders", nargs="*", type=Path)
    options = parser.parse_args()
    corpus = ROOT.parent / "shared" / "corpus" / "work_reports"
    sources = texts(options.folders or [corpus]) or texts([ROOT / "examples"])
    with tempfile.TemporaryDirectory(prefix="yifa-batch-") as name:
        folder = Path(name) / "documents"
        folder.mkdir()
        length = write_documents(folder, options.count, sources)
        paths = sorted(folder.iterdir())
        print(
            f"{len(paths)} documents, {length:,} characters, {cores()} cores, load {os.getloadavg()[0]:.1f}"
        )
        some = paths[: max(1, len(paths) // 10)]
        one = measured("a tenth, in this process", some, jobs=0) * len(paths) / len(some)
        every = measured(f"{cores()} workers", paths, jobs=cores())
        journal = Path(name) / "journal.jsonl"
        noted = measured("the same with a journal", paths, jobs=cores(), journal=journal)
        again = measured("once more, all in the journal", paths, jobs=cores(), journal=journal)
        print(
            f"workers: {one / every:.2f} × one process; journal: {noted / every:.2f} × the time; again: {again / noted:.3f} ×"
        )
        cut = Path(name) / "cut.jsonl"
        done = killed(folder, cut, every / 3)
        left = measured(f"after a kill at {done} documents", paths, jobs=cores(), journal=cut)
        lines = cut.read_bytes().count(b"\n")
        print(f"resumed: {lines} lines for {len(paths)} documents; {left / noted:.2f} × the time of all")


if __name__ == "__main__":
    main()
