"""Near-copies among 10,000 reports, against datasketch on the same runs of words and against comparing all pairs.

    python benchmarks/likeness.py [REPORTS] [CHARACTERS]        default: 10000 5000

The reports are made up; one in fifty is a copy of an earlier one with all numbers and 2 to 12 % of its sentences changed.
Recall and precision are over the planted pairs that share at least 0.8 of their runs of words by exact count. datasketch gets
the same runs, the same 128 values and its own choice of bands. All pairs are compared on the first 400 reports only.
Then one report is compared with five others, passage by passage.
"""

from __future__ import annotations

import random
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from yifa.checking.likeness import Compared, near_copies  # noqa: E402
from yifa.checking.likeness.bare import bare_text  # noqa: E402
from yifa.reading import read_text  # noqa: E402

AT_LEAST = 0.8
RUN = 8
ALL_PAIRS = 400
COPY_EVERY = 50
CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]

Pairs = set[tuple[str, str]]
Text = tuple[str, str]


def vocabulary() -> list[str]:
    choice = random.Random(0)
    return ["".join(choice.choices(CHARACTERS, k=choice.choice((2, 2, 2, 3, 4)))) for _ in range(4000)]


WORDS = vocabulary()


def sentence(choice: random.Random) -> str:
    head = "".join(choice.choices(WORDS, k=choice.randint(6, 14)))
    return f"{head}，{''.join(choice.choices(WORDS, k=5))}{choice.randint(1, 999)}件。"


def original(seed: int, length: int) -> str:
    choice = random.Random(seed)
    parts: list[str] = []
    size = 0
    while size < length:
        parts.append(sentence(choice))
        size += len(parts[-1])
    return "".join(parts)


def copy_of(text: str, seed: int) -> str:
    choice = random.Random(seed)
    parts = text.split("。")
    for place in choice.sample(range(len(parts) - 1), max(1, round(choice.uniform(0.02, 0.12) * len(parts)))):
        parts[place] = sentence(choice).rstrip("。")
    return re.sub(r"\d+", lambda found: str(int(found.group()) + choice.randint(1, 9)), "。".join(parts))


def source_of(number: int) -> int | None:
    """The earlier report a planted copy comes from."""
    return number // 2 + 1 if number and number % COPY_EVERY == 0 and (number // 2 + 1) % COPY_EVERY else None


def text_of(number: int, length: int) -> str:
    source = source_of(number)
    return original(number, length) if source is None else copy_of(original(source, length), number)


def reports(count: int, length: int) -> Iterator[Text]:
    for number in range(count):
        yield str(number), text_of(number, length)


def runs(text: str) -> set[str]:
    bare = bare_text(text)
    return {bare[place : place + RUN] for place in range(len(bare) - RUN + 1)}


def share(one: set[str], two: set[str]) -> float:
    return len(one & two) / len(one | two)


def by_yifa(texts: Iterator[Text]) -> Pairs:
    return {(pair.first, pair.second) for pair in near_copies(texts, AT_LEAST).pairs}


def by_datasketch(texts: Iterator[Text]) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    index, found = MinHashLSH(threshold=AT_LEAST, num_perm=128), set()
    for name, text in texts:
        made = MinHash(num_perm=128, seed=1)
        made.update_batch([run.encode() for run in runs(text)])
        found |= {(earlier, name) for earlier in index.query(made)}
        index.insert(name, made)
    return found


def by_all_pairs(texts: Iterator[Text]) -> Pairs:
    sets = [(name, runs(text)) for name, text in texts]
    return {(a, b) for (a, one), (b, two) in combinations(sets, 2) if share(one, two) >= AT_LEAST}


def timed(work: Callable[[], Pairs]) -> tuple[Pairs, float]:
    start = time.process_time()
    found = work()
    return found, time.process_time() - start


def line(name: str, found: Pairs, planted: Pairs, seconds: float, making: float) -> float:
    seconds = max(seconds - making, 1e-9)
    right = len(found & planted)
    recall = right / len(planted) if planted else 1.0
    precision = right / len(found) if found else 1.0
    print(
        f"{name:24} {seconds:9.1f} s   recall {recall:.3f}   precision {precision:.3f}   {len(found)} pairs"
    )
    return seconds


def planted_in(count: int, length: int) -> Pairs:
    pairs = set()
    for number in range(count):
        source = source_of(number)
        if (
            source is not None
            and share(runs(text_of(source, length)), runs(text_of(number, length))) >= AT_LEAST
        ):
            pairs.add((str(source), str(number)))
    return pairs


def search(count: int, length: int) -> None:
    planted = planted_in(count, length)
    _, making = timed(lambda: {(name, "") for name, _ in reports(count, length)})
    print(
        f"{count:,} reports of {length:,} characters, {len(planted)} planted pairs (time to make them taken off)"
    )
    ours = line("yifa (rensa)", *_flip(timed(lambda: by_yifa(reports(count, length))), planted), making)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'':24} memory at its highest so far {peak:.0f} MB")
    try:
        theirs = line(
            "datasketch", *_flip(timed(lambda: by_datasketch(reports(count, length))), planted), making
        )
        print(f"{'':24} yifa = {theirs / ours:.1f} times as fast")
    except ImportError as error:
        print(f"datasketch not measured: {error}")
    few = min(count, ALL_PAIRS)
    some = {pair for pair in planted if int(pair[1]) < few}
    making = making * few / count
    print(f"the first {few}:")
    ours = line("yifa (rensa)", *_flip(timed(lambda: by_yifa(reports(few, length))), some), making)
    exact = line("all pairs", *_flip(timed(lambda: by_all_pairs(reports(few, length))), some), making)
    print(
        f"{'':24} yifa = {exact / ours:.0f} times as fast; all pairs of {count:,}: {exact * (count / few) ** 2 / 3600:.1f} h"
    )


def _flip(measured: tuple[Pairs, float], planted: Pairs) -> tuple[Pairs, Pairs, float]:
    return measured[0], planted, measured[1]


def passages() -> None:
    texts = [original(number, 20_000) for number in range(6)]
    texts[5] = texts[0][:5_000] + texts[5][5_000:]
    best = 9.0
    for turn in range(5):  # other words at the head each time: what is remembered of a text does not help
        document, *others = (
            read_text(f"{'初' * turn}{text}", f"{number}.txt") for number, text in enumerate(texts)
        )
        start = time.process_time()
        compared = Compared(document)
        shares = [compared.with_other(other).share for other in others]
        best = min(best, time.process_time() - start)
    assert [round(one, 1) for one in shares] == [0, 0, 0, 0, 0.2], shares
    print(f"one report of 20,000 characters against five others: {best * 1000:.1f} ms (goal: under 20 ms)")


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] + [10_000, 5_000][len(sys.argv) - 1 :]
    passages()
    search(*sizes)
