"""Open cases judged anew when a law changes: how many a second of one core, and how much memory it takes.

    python benchmarks/law_change.py [number of cases]

Goal: at least 10,000 cases a second, in memory that does not grow with their number. Each case is a petition of its
own day with its own acts, judged as `yifa law impact` does: under the law as it is and under the law as it will be.
Both judgments are counted apart: "one judgment" is what following a new text costs, "impact" is both. The peer is the
same loop without a judgment: making the cases.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

GOAL = 10_000
TODAY = date(2026, 5, 20)
NEW = """
law: 信访工作条例
effective: 2026-06-01
changed: [第三十四条]
durations:
  - {case_type: petition, clock: conclusion, article: 第三十四条, length: 30, unit: days}
transition: move
"""


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with TemporaryDirectory() as data:
        os.environ |= {"YIFA_DATA": data, "DJANGO_SETTINGS_MODULE": "yifa.settings"}
        import django

        django.setup()
        measure(number, Path(data))


def measure(number: int, scratch: Path) -> None:
    from yifa.ledger.models import Case
    from yifa.procedures.model import Act

    judging = change(scratch)

    def cases(total: int) -> Iterator[tuple[Case, tuple[Act, ...]]]:
        for index in range(total):
            begun = TODAY - timedelta(days=index % 45)
            acts = [Act("register", begun, fields={}, position=1)]
            if index % 3:
                acts.append(Act("accept", begun + timedelta(days=index % 9), position=2))
            case = Case(case_type="petition", title=f"信访事项{index}", level="county", facts={"by": "来信"})
            yield case, tuple(acts)

    def make(total: int) -> int:
        return sum(1 for _ in cases(total))

    def follow(total: int) -> int:
        return sum(bool(judging._dues(judging.after, case, acts, case.facts)) for case, acts in cases(total))

    def impact(total: int) -> int:
        return sum(len(list(judging.of(case, acts))) for case, acts in cases(total))

    follow(2000)
    before = memory()
    print(f"{number:,} open cases, one core")
    for name, work in (("making the cases", make), ("one judgment", follow), ("impact: both laws", impact)):
        begin = time.process_time()
        work(number)
        rate = number / (time.process_time() - begin)
        goal = "" if work is make else f"   goal {GOAL:,}: {'met' if rate >= GOAL else 'NOT met'}"
        print(f"{name:20} {rate:10,.0f} cases/s   memory grown by {memory() - before:5.1f} MB{goal}")


def change(scratch: Path) -> object:
    """The judging of petitions under the law before and after."""
    from yifa.law.amending import Amending, read_amendment
    from yifa.law.loader import catalogue
    from yifa.ledger.amending import Judging

    path = scratch / "new.yaml"
    path.write_text(NEW, "utf-8")
    amending = Amending(catalogue(), read_amendment(path, catalogue()))
    before, after = catalogue().case_types["petition"], amending.after().case_types["petition"]
    return Judging(before, after, ["conclusion"], amending.amendment.effective, TODAY)


def memory() -> float:
    """The most this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
