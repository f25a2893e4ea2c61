"""Whole reports in the manner of real ones: nothing is said of what is right, and one spoiled number is noticed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from yifa.checking import check
from yifa.reading import read_text

REPORTS = Path(__file__).parent / "reports"
EXPECTED: dict[str, Any] = yaml.safe_load((REPORTS / "expected.yaml").read_text(encoding="utf8"))
SPOILED = [(name, *change) for name, expected in EXPECTED.items() for change in expected["spoiled"]]


def rules_on(text: str) -> list[str]:
    return [finding.rule for finding in check(read_text(text))]


def text_of(name: str) -> str:
    return (REPORTS / f"{name}.txt").read_text(encoding="utf8")


def test_every_report_is_expected() -> None:
    assert {path.stem for path in REPORTS.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_only_this_is_said_of_a_right_report(name: str) -> None:
    assert sorted(rules_on(text_of(name))) == sorted(EXPECTED[name]["findings"])


@pytest.mark.parametrize(("name", "right", "wrong", "rule"), SPOILED)
def test_a_spoiled_number_is_noticed(name: str, right: str, wrong: str, rule: str) -> None:
    text = text_of(name)
    assert text.count(right) == 1
    before, after = rules_on(text), rules_on(text.replace(right, wrong))
    assert after.count(rule) > before.count(rule)
