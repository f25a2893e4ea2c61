"""Nobody changes what a counting rule counts without a new version: a kept list of digests tells.

    python tools/meanings.py                  compare (part of `make check`; tests/law/test_meanings.py does the same)
    python tools/meanings.py --write          note rules and versions that are new
    python tools/meanings.py --accept RULE    note a changed meaning under its version: only where no report used it

A line of tools/meanings.txt is a rule, a version, and the digest of what that version counts, words left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src")]

from yifa.law.loader import catalogue  # noqa: E402  found only now
from yifa.law.schema import CountingRule, Definition  # noqa: E402

KEPT = Path(__file__).with_suffix(".txt")
WORDS = {"title", "explain", "basis"}
HOW = "docs/howto/change-a-counting-rule.md"
Version = tuple[str, int]


def digest(definition: Definition) -> str:
    """Of what a definition counts. What it leaves out is not said, so that a new key changes no digest."""
    said = definition.model_dump(
        mode="json",
        by_alias=True,
        exclude_defaults=True,
        include=set(Definition.model_fields) - WORDS,
    )
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def meanings(rules: Iterable[CountingRule]) -> dict[Version, str]:
    """The digest of every version of every rule."""
    return {
        (rule.counting_rule, version): digest(held)
        for rule in rules
        for version in range(1, rule.version + 1)
        if (held := rule.at(version)) is not None
    }


def read(text: str) -> dict[Version, str]:
    """The kept list."""
    lines = (line.split() for line in text.splitlines() if line)
    return {(rule, int(version)): kept for rule, version, kept in lines}


def written(known: Mapping[Version, str]) -> str:
    """The list as it is kept: a line each, in order, so that changes merge."""
    return "".join(f"{rule} {version} {digest}\n" for (rule, version), digest in sorted(known.items()))


def faults(found: Mapping[Version, str], kept: Mapping[Version, str]) -> Iterator[str]:
    """What is wrong, and what to do."""
    for (rule, version), said in sorted(kept.items()):
        now = found.get((rule, version))
        if now is None and any(name == rule for name, _ in found):
            yield f"口径 {rule} 的第 {version} 版不见了：旧版要原样留在 earlier 里（{HOW}）。"
        elif now is not None and now != said:
            yield (
                f"口径 {rule} 第 {version} 版的算法变了，版本没有变：请把 version 加一，原来的定义原样移到 earlier"
                f"（{HOW}）；这一版还没有用过的，运行 python tools/meanings.py --accept {rule}。"
            )
    for rule, version in sorted(found.keys() - kept.keys()):
        yield f"口径 {rule} 第 {version} 版是新的，还没有记下：请运行 python tools/meanings.py --write。"


def main() -> int:
    """Compares, or notes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--accept", action="append", default=[], metavar="RULE")
    given = parser.parse_args()
    found = meanings(catalogue().counting_rules.values())
    kept = read(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    if given.write or given.accept:
        rules = {rule for rule, _ in found}
        kept = {each: said for each, said in kept.items() if each[0] in rules and each[0] not in given.accept}
        accepted = {each: said for each, said in found.items() if each[0] in given.accept}
        kept = {**found, **kept, **accepted}
        KEPT.write_text(written(kept), encoding="utf-8")
    wrong = list(faults(found, kept))
    print("\n".join(wrong) or f"{len(found)} versions of counting rules mean what they meant.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
