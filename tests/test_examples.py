"""The examples do what the README says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from yifa.checking import Severity, check
from yifa.reading import read
from yifa.reading.document import Kind

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_the_good_report_has_nothing_wrong() -> None:
    document = read(EXAMPLES / "report-good.txt")
    assert document.kind is Kind.ANNUAL_REPORT
    serious = [finding for finding in check(document) if finding.severity != Severity.NOTICE]
    assert [(finding.rule, finding.message) for finding in serious] == []


def test_the_bad_report_has_one_of_each_kind() -> None:
    document = read(EXAMPLES / "report-bad.txt")
    found = {finding.rule for finding in check(document)}
    assert found >= {
        "sum",
        "subset",
        "rate",
        "change",
        "count",
        "period.title",
        "integrity.injected",
        "integrity.residue",
        "section.missing",
        "outline.numbering",
    }


def test_the_bad_report_blames_no_number_that_is_right() -> None:
    document = read(EXAMPLES / "report-bad.txt")
    blamed = {
        document.text[start:end]
        for finding in check(document)
        if finding.rule in {"sum", "subset", "rate", "change", "count"}
        for start, end in finding.spans
    }
    assert not blamed & {"318件", "96件", "88件", "82件"}


def test_the_plan_names_a_unit_and_a_day_for_each_task() -> None:
    document = read(EXAMPLES / "plan.txt")
    assert document.kind is Kind.WORK_PLAN
    assert len(document.tasks) == 21
    assert all(task.lead and task.due and task.due.year == 2026 for task in document.tasks)
    assert not any("时限" in unit for task in document.tasks for unit in (*task.lead, *task.support))
    assert [finding.rule for finding in check(document)] == []


BLOCKS = re.compile(r"```python\n(.*?)```", re.S)


@pytest.mark.parametrize("page", ["README.md", "docs/reference/python-interface.md"])
def test_the_python_on_a_page_runs(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES.parent)
    blocks = BLOCKS.findall((EXAMPLES.parent / page).read_text(encoding="utf-8"))
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
