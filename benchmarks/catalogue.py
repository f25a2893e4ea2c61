"""How long the whole catalogue takes to load and check, beside what only parsing its YAML costs.

    python benchmarks/catalogue.py

Goal: below 1.5 s for the whole catalogue, cold, and below 0.2 s from its kept copy. Times are processor time, the best
of three.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

import yaml  # noqa: E402

from yifa.law.keeping import kept  # noqa: E402
from yifa.law.loader import FOLDER, digest_of, load_catalogue  # noqa: E402


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def main() -> None:
    files = sorted(FOLDER.rglob("*.yaml"))
    contents = [path.read_bytes() for path in files]
    parse = best(lambda: [yaml.load(content, yaml.CSafeLoader) for content in contents])
    load = best(load_catalogue)
    known = load_catalogue()
    with TemporaryDirectory() as place:
        again = best(lambda: kept(FOLDER, digest_of(FOLDER), Path(place), load_catalogue))
    print(
        f"{len(files)} files, {sum(map(len, contents)) / 1024:.0f} KB: {len(known.case_types)} case types, "
        f"{len(known.registers)} registers, {len(known.counting_rules)} counting rules, {len(known.gaps)} gap lists"
    )
    print(f"parse the YAML     {parse:6.2f} s    1.0 ×")
    print(f"load and check     {load:6.2f} s  {load / parse:5.1f} ×   (limit 1.5 s)")
    print(f"from its kept copy {again:6.2f} s  {again / parse:5.1f} ×   (limit 0.2 s)")


if __name__ == "__main__":
    main()
