"""What an office spoils in the Word file is found again by the check-up, at its place and by the right rule."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.demo.small import TODAY, small_county
from tests.reporting.planted import FAULTS, LEDGER, Editor, Fault
from tests.standing import standing
from yifa.checking import Finding, check
from yifa.cli import run
from yifa.ledger.figures.comparing import Verdict, compare, ledger_findings
from yifa.ledger.models import Organization
from yifa.reading import Document, read
from yifa.reporting.actions import BuildReport
from yifa.reporting.blocks import Shown, TableBlock
from yifa.reporting.content import paper
from yifa.reporting.models import Report
from yifa.reporting.word import write

pytestmark = pytest.mark.django_db
YEAR = TODAY.year - 1
SIGNED = f"{TODAY.year}年2月10日"


@dataclass
class Written:
    """The demonstration county's report as Word file, signed in time."""

    path: Path
    body: Organization

    def examined(self, path: Path, *, ledger: bool) -> tuple[Document, tuple[Finding, ...]]:
        """What `yifa check` says of a file, with `--ledger` beside the ledger."""
        document = read(path)
        beside = ledger_findings(compare(document, self.body)) if ledger else ()
        return document, (*check(document), *beside)


@pytest.fixture(scope="module")
def written(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Written]:
    path = tmp_path_factory.mktemp("planted") / "report.docx"
    with django_db_blocker.unblock(), transaction.atomic():
        body = standing(small_county).body
        write(Report.objects.get(organization=body, year=YEAR, outline="annual_report"), path)
        editor = Editor(path)
        editor.change(r"^20\d\d年\d+月\d+日$", SIGNED)
        yield Written(editor.save(path), body)
        transaction.set_rollback(True)


def test_the_report_as_written_is_without_fault(written: Written) -> None:
    document, findings = written.examined(written.path, ledger=False)
    assert findings == (), [finding.message for finding in findings]
    comparison = compare(document, written.body)
    assert sum(line.verdict is Verdict.AGREES for line in comparison.lines) > 100
    # the county entered one request after publishing: the published number stays and the ledger says so
    assert {line.counted.rule for line in comparison.differing} <= {"information_requests_received"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found(written: Written, fault: Fault, tmp_path: Path) -> None:
    editor = Editor(written.path)
    planted = fault.edit(editor)
    edited = editor.save(tmp_path / "edited.docx")
    document, findings = written.examined(edited, ledger=fault.rule == LEDGER)
    found = [finding for finding in findings if finding.rule == fault.rule and fault.says in finding.message]
    assert found, [(finding.rule, finding.message) for finding in findings]
    assert any(_lies_at(document, finding, planted) for finding in found), (planted, found)


def _lies_at(document: Document, finding: Finding, planted: str) -> bool:
    """Whether a finding marks the planted words; what is gone has no place."""
    if not planted:
        return True
    return any(
        start < place + len(planted) and place < end
        for place in _places(document.text, planted)
        for start, end in finding.spans
    )


def _places(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def test_there_are_more_than_twenty_kinds() -> None:
    assert len(FAULTS) >= 20
    assert len({fault.rule for fault in FAULTS}) >= 20
    assert sum(fault.rule == LEDGER for fault in FAULTS) >= 3


def test_a_bulletin_says_of_each_unit_only_what_there_is(written: Written) -> None:
    report = BuildReport(
        actor=None, organization=written.body, year=YEAR, outline="document_bulletin"
    ).execute()
    text = paper(report).text
    figure = report.figures.get(rule="normative_documents_filed")
    units = Organization.objects.below(written.body).order_by("path").values_list("name", flat=True)
    places = [text.find(f"{unit}：报送备案") for unit in units if unit in figure.parts]
    assert places and -1 not in places and places == sorted(places), "in the order of the list of units"
    assert not re.search(r"按期0件、超期0件|尚未备案0件|逾期0件", text), "numbers that say nothing"
    (shown,) = [block for block in paper(report).blocks if isinstance(block, TableBlock)]
    rules = [cell.rule for cell in shown.rows[-1] if isinstance(cell, Shown)]
    assert rules and all(report.figures.get(rule=rule).value for rule in rules), "no columns of noughts"


def test_the_command_names_what_was_planted(
    written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As an official runs it: the spoiled file beside the ledger."""
    editor = Editor(written.path)
    editor.lose(r"^三、党政主要负责人", r"^四、")
    editor.change(r"决定罚款[\d.]+万?元", "决定罚款999.5万元")
    edited = editor.save(tmp_path / "edited.docx")
    run(["check", str(edited), "--ledger", "--json"])
    rules = {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert rules == {"section.missing", LEDGER, "outline.numbering"}
