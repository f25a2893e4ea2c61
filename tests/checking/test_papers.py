"""The five papers and the work reports: what must be found, what must not, and no false alarm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from yifa.checking import FAILED, RULES, Finding, check
from yifa.reading import Document, ReadingError, read

pytestmark = pytest.mark.shared

KNOWN_ERRORS: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "gold" / "documents.json").read_text(encoding="utf8"))


@pytest.fixture(scope="module")
def papers(shared: Path, gold: dict[str, Any]) -> dict[str, tuple[Document, tuple[Finding, ...]]]:
    documents = {name: read(shared / "sources" / name) for name in gold}
    return {name: (document, check(document)) for name, document in documents.items()}


def matches(document: Document, finding: Finding, wanted: Mapping[str, Any]) -> bool:
    """Whether a finding is the one an expected answer speaks of."""
    if finding.rule != wanted["rule"] or finding.severity != wanted.get("severity", finding.severity):
        return False
    evidence = dict(finding.evidence)
    about = wanted.get("about", [])
    said = finding.message + "".join(document.text[start:end] for start, end in finding.spans)
    return (
        all(evidence.get(key) == value for key, value in wanted.get("evidence", {}).items())
        and all(evidence.get(key) == wanted[key] for key in ("what", "times") if key in wanted)
        and all(word in said for word in ([about] if isinstance(about, str) else about))
    )


def test_everything_that_must_be_found(papers: Any, gold: dict[str, Any]) -> None:
    missed = [
        (name, wanted)
        for name, expected in gold.items()
        for wanted in expected["must"]
        if wanted["rule"] in RULES
        and not any(matches(papers[name][0], finding, wanted) for finding in papers[name][1])
    ]
    assert missed == []


def test_nothing_that_must_not_be_found(papers: Any, gold: dict[str, Any]) -> None:
    false = [
        (name, finding.message)
        for name, expected in gold.items()
        for unwanted in expected["must_not"]
        for finding in papers[name][1]
        if matches(papers[name][0], finding, unwanted)
    ]
    assert false == []


def test_the_short_sum_is_explained_with_its_parts(papers: Any) -> None:
    sums = [f for name in papers if name.startswith("000") for f in papers[name][1] if f.rule == "sum"]
    assert len(sums) == 1
    assert sums[0].evidence["parts"] == [12, 31, 42, 443, 5]
    assert sums[0].evidence["other_units"] == ["127份", "680份"]
    for said in ("655件", "合计533件", "少122件", "127份", "城管"):
        assert said in sums[0].message


def test_no_error_in_the_work_reports(shared: Path) -> None:
    """Their arithmetic is right; an error there is ours (or is listed with its reason in KNOWN_ERRORS)."""
    errors = []
    for path in sorted((shared / "corpus" / "work_reports").glob("*.txt")):
        try:
            findings = check(read(path))
        except ReadingError:
            continue
        assert not [finding.message for finding in findings if finding.rule == FAILED]
        errors += [(path.name, f.rule, f.message) for f in findings if f.severity == "error"]
    assert [error for error in errors if error[2] not in KNOWN_ERRORS] == []
