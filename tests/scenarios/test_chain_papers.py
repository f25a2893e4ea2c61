"""The defects C1 to C27 of the five papers, each said by a rule of the check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from yifa.checking import Finding, check
from yifa.reading import Document, read

pytestmark = pytest.mark.shared

Q, Z, J, Y, X = "000", "001", "002", "003", "004"  # the papers by the number their file begins with
Papers = Mapping[str, tuple[Document, tuple[Finding, ...]]]


@dataclass(frozen=True)
class Defect:
    """What must be said: the rule, words of the message or the marked text, and parts of the evidence."""

    paper: str
    rule: str
    words: tuple[str, ...] = ()
    evidence: Mapping[str, Any] | None = None

    def said_by(self, document: Document, findings: tuple[Finding, ...]) -> bool:
        return any(self._matches(document, finding) for finding in findings)

    def _matches(self, document: Document, finding: Finding) -> bool:
        text = finding.message + "".join(document.text[start:end] for start, end in finding.spans)
        given = dict(finding.evidence)
        return (
            self.rule == finding.rule
            and all(word in text for word in self.words)
            and all(given.get(key) == value for key, value in (self.evidence or {}).items())
        )


SAID: dict[str, Defect] = {
    "C1": Defect(Q, "sum", ("少122件", "127份", "680份"), {"whole": 655, "parts_sum": 533}),
    "C2": Defect(Q, "name.inconsistent", ("12315", "12345")),
    "C6": Defect(Q, "period.cutoff", ("截止11月底",)),
    "C7": Defect(Q, "name.inconsistent", ("政务信息公开规定", "西安曲江新区信息公开规定")),
    "C9 remains": Defect(Q, "integrity.residue", ("通用头部", "版权")),
    "C10 replied": Defect(Q, "claim.absolute", ("全部回复",)),
    "C10 carefully": Defect(Q, "claim.absolute", ("均进行了认真回复",)),
    "C11": Defect(J, "rate.base", ("出庭应诉率100%",)),
    "C12": Defect(J, "substance.thin", ("没有一个数字",)),
    "C13": Defect(J, "integrity.damaged", ("127",)),
    "C14": Defect(Y, "integrity.injected", (), {"times": 2}),
    "C15": Defect(Y, "claim.absolute", ("122宗", "110宗", "不能证明")),
    "C16": Defect(Y, "law.unresolved", ("《条例》",)),
    "C17": Defect(Y, "substance.template", ("五、", "没有数字、时间、责任单位"), {"sections": ["五、"]}),
    "C19": Defect(Y, "section.missing", (), {"what": "shortcomings"}),
    "C20": Defect(X, "period.title", (), {"title": 2019, "body": [2017, 2019]}),
    "C22": Defect(X, "count", ("10余项清单目录",), {"stated": 10, "listed": 9}),
    "C26 units": Defect(Z, "plan.unit", ("36项",)),
    "C26 days": Defect(Z, "plan.due", ("36项",)),
    "C3": Defect(
        Q,
        "scope.overlap",
        ("3000件", "200余件", "18000余件"),
        {"totals": [18000, 3000, 200], "channels": ["网上"]},
    ),
    "C4": Defect(Q, "figure.reused", ("4000余条", "发布", "公开"), {"value": 4000}),
    "C5": Defect(Q, "count.mixed", ("50余件",), {"kinds": ["行政诉讼", "复议"]}),
    "C8": Defect(Q, "count.class", ("85件", "党内规范性文件"), {"value": 85}),
    "C9 twice": Defect(Q, "wording.repeated", ("依法治区委员会",), {"times": 2}),
    "C15 twelve": Defect(Y, "state.rest", ("12宗",), {"received": 122, "settled": 110, "rest": 12}),
    "C18": Defect(Y, "claim.rule", ("每季度集中学法一次",)),
    "C21": Defect(X, "state.equal", ("940427", "43.19%"), {"part": 406175, "computed": 43.19}),
    "C24": Defect(X, "rate.items", ("54%", "67%"), {"values": [54, 67]}),
    "C25": Defect(X, "rate.unstated", ("220", "122"), {"part": 122, "whole": 220, "computed": 55.45}),
}


@pytest.fixture(scope="module")
def papers(shared: Path) -> Papers:
    documents = {path.name[:3]: read(path) for path in sorted((shared / "sources").glob("00*.txt"))}
    return {number: (document, check(document)) for number, document in documents.items()}


@pytest.mark.parametrize("name", SAID)
def test_a_defect_is_said(papers: Papers, name: str) -> None:
    defect = SAID[name]
    document, findings = papers[defect.paper]
    assert defect.said_by(document, findings), [(f.rule, f.message) for f in findings]


def test_the_positive_control_stays_silent(papers: Papers) -> None:
    """C23: right reductions, right sums, right classes."""
    assert not {f.rule for f in papers[X][1]} & {"sum", "subset", "rate", "change", "repeated"}


def test_the_five_targets_of_the_plan_are_read(papers: Papers) -> None:
    """C27: of 36 tasks only these demand a number."""
    document, _ = papers[Z]
    assert [(target.compare, target.value) for target in document.targets] == [
        (">=", n) for n in (4, 1, 1, 1, 1)
    ]
    assert len({number for number, task in enumerate(document.tasks) if task.targets}) == 2


def test_the_damaged_paper_says_what_was_mended(papers: Papers) -> None:
    """C13: checks run on the mended text, and the reader says what it mended."""
    document, _ = papers[J]
    assert sum(repair.kind == "inserted_pinyin" for repair in document.repairs) == 127
    assert not any(word in document.text for word in ("xiàn", "fā", "現", "發"))


def test_every_defect_is_accounted_for() -> None:
    numbers = {name.split()[0] for name in SAID} | {"C23", "C27"}
    assert numbers == {f"C{number}" for number in range(1, 28)}
