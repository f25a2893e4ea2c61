"""Characters a second of reading, and of reading and checking, on one core, beside what the least possible work costs.

    python benchmarks/reading.py [FOLDER …]        default: ../shared/corpus/work_reports ../shared/sources

Goal: reading and checking together at least 1 million characters a second, at most 10 times the cost of one pass of a
figure pattern; and both linear: a text of a million characters, and one that repeats a few signs, at about the same speed.
Times are processor time, the best of three passes over all texts, after one to warm up.
"""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from yifa.checking import check  # noqa: E402
from yifa.reading import Document, ReadingError, read_bytes, read_text  # noqa: E402
from yifa.reading.lexicon import words  # noqa: E402

FIGURE = re.compile(
    r"(?:近|约|超过|不少于|至少)?\d+(?:\.\d+)?[余多]?[万亿千]*[余多]?(?:[件项个次名家元]|人次|%|平方公里)(?:以上|左右)?"
)  # a light one: it sees two thirds of the figures
LENGTHS = (10_000, 100_000, 1_000_000)
HARD_LENGTH = 200_000
# Signs that patterns begin with, end with or run over: a pattern that looks too far shows here.
HARD = (
    "一", "一、", "（", "《", "“", " ", "\u3000", "1", "1.", "1,", "、", "，", "。", "?", "×", "分别", "其中", "号", "局",
    "《某法》（", "第一条", "1件、", "（1件", "2023年", "甲1件、乙2件，共3件。", "一、主要（一）加强\n",
)  # fmt: skip


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
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
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
    full = full_pattern()
    rows = {
        "decode": best(lambda: [item.decode("utf-8", "replace") for item in data]),
        "one pass of a figure pattern": best(lambda: [full.findall(text) for text in plain]),
        "one pass of a light one": best(lambda: [FIGURE.findall(text) for text in plain]),
        "read": best(lambda: [read_bytes(item, "文本") for item in data]),
        "check": best(lambda: [check(document) for document in documents]),
    }
    rows["read and check"] = rows["read"] + rows["check"]
    base = rows["one pass of a figure pattern"]
    print(f"{len(data)} texts, {length:,} characters")
    for name, seconds in rows.items():
        print(f"{name:30} {length / seconds / 1e6:8.2f} M characters/s   {seconds / base:6.1f} × the pattern")
    show_lengths("\n".join(plain))
    show_hard()


def full_pattern() -> re.Pattern[str]:
    """One that sees what reading finds: all units of the lexicon, numbers in characters too."""
    units = "|".join(re.escape(unit) for unit in sorted(words("measures")["units"], key=len, reverse=True))
    number = r"(?:\d+(?:\.\d+)?|[一二三四五六七八九十百千两]+)[余多]?[万亿千百]*[余多]?"
    return re.compile(rf"(?:近|约|超过|不少于|至少|不低于|逾)?{number}(?:{units})(?:以上|左右|以内)?")


def show_lengths(whole: str) -> None:
    """Texts of ten thousand characters and more, made of all texts one behind the other."""
    for length in LENGTHS:
        text = (whole * (length // len(whole) + 1))[:length]
        document = read_text(text)
        reading = best(lambda text=text: read_text(text))  # type: ignore[misc]
        checking = best(lambda document=document: check(document))  # type: ignore[misc]
        print(
            f"{length:>9,} characters: read {length / reading / 1e6:.2f}, check {length / checking / 1e6:.2f} M characters/s"
        )


def show_hard() -> None:
    """The slowest of the texts that repeat a few signs, and how time grows when they become four times as long."""
    slowest = []
    for signs in HARD:
        short, long = (seconds_of(signs, length) for length in (HARD_LENGTH // 4, HARD_LENGTH))
        slowest.append((long, long / max(short, 0.001), signs))
    for long, growth, signs in sorted(slowest, reverse=True)[:5]:
        print(
            f"{signs.strip()!r:24} {HARD_LENGTH:,} characters read in {long:.2f} s, {growth:.1f} × a quarter of them"
        )


def seconds_of(signs: str, length: int) -> float:
    text = "某区2023年法治政府建设工作报告\n" + signs * (length // len(signs))
    begin = time.process_time()
    with contextlib.suppress(ReadingError):
        read_text(text)
    return time.process_time() - begin


if __name__ == "__main__":
    main(sys.argv[1:])
