"""Whole documents with planted faults and all the traps of real ones: each fault found, nothing else said.

The head of a file lists what a careful reader finds: the rule and words that stand in the place (or in the message).
`allowed` are remarks on which careful readers differ; `missed` are faults which the rules are known not to find yet.
Each document is read as it is, as a page without line breaks and behind navigation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from yifa.checking import RULES, Finding, check
from yifa.reading import Document, read_text

FOLDER = Path(__file__).parent / "careful"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
JUDGED = frozenset(yaml.safe_load((FOLDER / "rules.yaml").read_text(encoding="utf8")))
ARITHMETIC = frozenset({"sum", "subset", "rate", "change"})


@cache
def careful(name: str) -> tuple[dict[str, Any], str]:
    head, body = (FOLDER / f"{name}.txt").read_text(encoding="utf8").split("\n===\n", 1)
    return yaml.safe_load(head), body


def pairs(items: list[dict[str, str]] | None) -> Iterator[tuple[str, str]]:
    for item in items or ():
        for rule, words in item.items():
            yield rule, str(words)


def touches(document: Document, finding: Finding, words: str) -> bool:
    """Whether a finding speaks of these words: by its places, its message, or the part it misses."""
    places = [found.start() for found in re.finditer(re.escape(words), document.text)]
    in_place = any(
        start < place + len(words) and place < end for place in places for start, end in finding.spans
    )
    return in_place or words in finding.message or finding.evidence.get("what") == words


def test_every_rule_is_planted_somewhere() -> None:
    planted = {rule for name in NAMES for rule, _ in pairs(careful(name)[0]["findings"])}
    assert planted >= JUDGED - {"integrity.damaged", "law.not_in_force"}
    assert {rule.id for rule in RULES} >= JUDGED


@pytest.mark.parametrize("name", NAMES)
def test_what_a_careful_reader_finds(name: str) -> None:
    expected, text = careful(name)
    document = read_text(text, name)
    findings = [finding for finding in check(document) if finding.rule in JUDGED]
    known: list[Finding] = []
    for rule, words in pairs(expected["findings"]):
        hits = [f for f in findings if f.rule == rule and touches(document, f, words)]
        assert hits, (rule, words)
        known += hits
    for rule, words in pairs(expected.get("allowed")):
        known += [f for f in findings if f.rule == rule and touches(document, f, words)]
    assert [finding.message for finding in findings if finding not in known] == []


@pytest.mark.parametrize("name", NAMES)
def test_lost_line_breaks_bring_no_false_error(name: str) -> None:
    expected, text = careful(name)
    document = read_text("首页 > 政务公开 > " + re.sub(r"\n+", "", text), name)
    wanted = {rule for rule, _ in (*pairs(expected["findings"]), *pairs(expected.get("missed")))}
    found = {finding.rule for finding in check(document) if finding.rule in ARITHMETIC}
    assert found <= wanted
