"""Every rule has texts on which it must speak and texts on which it must be silent; all run through the reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from yifa.checking import RULES, Finding, check
from yifa.reading import read_text

SAMPLES = Path(__file__).parent / "samples"
OTHER = re.compile(r"\.other\d*$")  # 「fires-a.other.txt」: a second text given with 「fires-a.txt」
FIRES = sorted(path for path in SAMPLES.glob("*/fires-*.txt") if not OTHER.search(path.stem))
SILENT = sorted(path for path in SAMPLES.glob("*/silent-*.txt") if not OTHER.search(path.stem))
EXPECTED = yaml.safe_load((SAMPLES / "expected.yaml").read_text(encoding="utf8"))


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def findings(path: Path) -> list[Finding]:
    document, *others = (
        read_text(one.read_text(encoding="utf8"), one.name)
        for one in (path, *sorted(path.parent.glob(f"{path.stem}.other*.txt")))
    )
    found = check(document, others)
    for finding in found:
        assert finding.rule != "rule.failed", finding.message
        assert all(0 <= start < end <= len(document.text) for start, end in finding.spans)
    return [finding for finding in found if finding.rule == path.parent.name]


@pytest.mark.parametrize("path", FIRES, ids=name)
def test_fires(path: Path) -> None:
    assert findings(path)


@pytest.mark.parametrize("path", SILENT, ids=name)
def test_is_silent(path: Path) -> None:
    assert [finding.message for finding in findings(path)] == []


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_evidence(key: str) -> None:
    """The first finding on the sample carries these numbers and names."""
    evidence = findings(SAMPLES / f"{key}.txt")[0].evidence
    assert {word: evidence.get(word) for word in EXPECTED[key]} == EXPECTED[key]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_has_samples(rule: str) -> None:
    assert sum(path.parent.name == rule for path in FIRES) >= 3
    assert sum(path.parent.name == rule for path in SILENT) >= 5


def test_no_sample_without_a_rule() -> None:
    assert {path.parent.name for path in (*FIRES, *SILENT)} == {rule.id for rule in RULES}
