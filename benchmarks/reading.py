"""Characters a second of reading, and of reading and checking, on one core, beside what the least possible work costs.

    python benchmarks/reading.py [FOLDER …]        default: ../shared/corpus/work_reports ../shared/sources

Goal: reading and checking together at least 1 million characters a second, at most 10 times the cost of one pass of a
figure pattern. Times are the best of three passes over all texts, after one to warm up.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from yifa.checking import check  # noqa: E402
from yifa.reading import Document, ReadingError, read_bytes  # noqa: E402

FIGURE = re.compile(
    r"(?:近|约|超过|不少于|至少)?\d+(?:\.\d+)?[余多]?[万亿千]*[余多]?(?:[件项个次名家元]|人次|%|平方公里)(?:以上|左右)?"
)


def texts(folders: list[Path]) -> list[bytes]:
    found = []
    for folder in folders:
        for path in sorted(folder.glob("*.txt")):
            data = path.read_bytes()
            try:
                read_bytes(data, path.name)
            except ReadingError:
                continue
            found.append(data)
    return found


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def main(arguments: list[str]) -> None:
    shared = ROOT.parent / "shared"
    folders = [Path(name) for name in arguments] or [shared / "corpus" / "work_reports", shared / "sources"]
    data = texts(folders) or texts([ROOT / "examples"])
    if not data:
        sys.exit("没有可读的文本：请给出放有 txt 文件的文件夹")
    plain = [item.decode("utf-8", "replace") for item in data]
    length = sum(map(len, plain))
    documents: list[Document] = [read_bytes(item, "文本") for item in data]
    rows = {
        "decode": best(lambda: [item.decode("utf-8", "replace") for item in data]),
        "one pass of a figure pattern": best(lambda: [FIGURE.findall(text) for text in plain]),
        "read": best(lambda: [read_bytes(item, "文本") for item in data]),
        "check": best(lambda: [check(document) for document in documents]),
    }
    rows["read and check"] = rows["read"] + rows["check"]
    base = rows["one pass of a figure pattern"]
    print(f"{len(data)} texts, {length:,} characters")
    for name, seconds in rows.items():
        print(f"{name:30} {length / seconds / 1e6:8.2f} M characters/s   {seconds / base:6.1f} × the pattern")


if __name__ == "__main__":
    main(sys.argv[1:])
