"""Single sentences of a report with the arithmetic rules that must speak on them, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from yifa.checking import check
from yifa.reading import read_text

HEAD = "柳坝县2021年法治政府建设年度报告\n现将柳坝县2021年法治政府建设情况报告如下。\n一、主要举措和成效\n"
ARITHMETIC = frozenset({"sum", "subset", "rate", "change", "count", "repeated"})
OTHERS = frozenset({"integrity.injected", "integrity.residue", "period.cutoff", "outline.numbering"})
LINES = [
    tuple(line.split("\t", 1))
    for line in (Path(__file__).parent / "sentences.tsv").read_text(encoding="utf8").splitlines()
    if line and not line.startswith("#")
]


def test_there_are_right_and_wrong_ones() -> None:
    rules = {rule for rule, _ in LINES}
    assert ARITHMETIC - {"repeated"} <= rules
    assert sum(rule == "-" for rule, _ in LINES) >= len(LINES) / 3


@pytest.mark.parametrize(("rule", "sentence"), LINES)
def test_sentence(rule: str, sentence: str) -> None:
    document = read_text(HEAD + sentence.replace("\\n", "\n") + "\n")
    found = {finding.rule for finding in check(document)} & (ARITHMETIC | OTHERS)
    assert found == {rule} - {"-"}
