"""From records of the year every figure of the source papers is computed; what contradicts itself is named.

`papers/*.yaml` holds for each report the records a body would have kept and a table from figures to counting rules. Nothing
is left out: a figure that is read in the paper and has no row fails the test.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.sources.loading import Books, load
from tests.sources.table import Computed, Named, Table
from yifa.checking import Finding, check
from yifa.law.answers import same_measure
from yifa.law.loader import catalogue
from yifa.ledger.figures.comparing import Verdict, agrees, compare
from yifa.ledger.figures.counting import Counted, count, record_set_digest
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Case, CaseFinding
from yifa.ledger.proof.verification import verify
from yifa.reading import Document, read, read_text
from yifa.reading.document import Figure
from yifa.reporting.actions import BuildReport
from yifa.reporting.content import Paper as ReportPaper
from yifa.reporting.content import Paragraph, Shown, Words
from yifa.reporting.content import paper as paper_of

pytestmark = [pytest.mark.shared, pytest.mark.django_db]
FOLDER = Path(__file__).parent / "papers"
PAPERS = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@dataclass
class Paper:
    """One report: as read, as checked, its table and the records of its year."""

    document: Document
    findings: tuple[Finding, ...]
    table: Table
    books: Books

    def counted(self, row: Computed, rule: str, period: tuple[date, date] | None = None) -> Counted:
        organization = self.books.units[row.unit] if row.unit else self.books.body
        return count(rule, organization, *(period or row.period or self.books.period))

    def periods(self, row: Computed) -> list[tuple[date, date]]:
        """The period of a row, or its quarters."""
        start, end = row.period or self.books.period
        if row.each != "quarter":
            return [(start, end)]
        firsts = [date(start.year, month, 1) for month in (1, 4, 7, 10)]
        return [
            (first, min(following - timedelta(days=1), end))
            for first, following in zip(firsts, [*firsts[1:], date(start.year + 1, 1, 1)], strict=True)
        ]

    def value(self, row: Computed) -> Decimal:
        """What Yifa computes for a row; the same in each of its periods."""
        values = {self._value(row, period) for period in self.periods(row)}
        assert len(values) == 1, (row, values)
        return values.pop()

    def _value(self, row: Computed, period: tuple[date, date]) -> Decimal:
        values = []
        for rule in row.rules:
            counted = self.counted(row, rule, period)
            assert counted.status == "counted", (row, counted.status)
            value = counted.value if row.part is None else counted.parts.get(row.part)
            assert value is not None, (row, counted.parts)
            values.append(value)
        return sum(values, Decimal(0))


@pytest.fixture(scope="module", params=PAPERS)
def paper(
    request: pytest.FixtureRequest, shared: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Paper]:
    """A paper with its records, loaded once and taken away again."""
    source = next((shared / "sources").glob(f"{request.param}_*.txt"))
    document = read(source)
    table = FOLDER / f"{request.param}.yaml"
    with django_db_blocker.unblock(), transaction.atomic():
        yield Paper(document, check(document), Table.read(table), load(table))
        transaction.set_rollback(True)


def test_every_figure_is_computed_or_named(paper: Paper) -> None:
    lines, wrong = [], []
    for figure, row in paper.table.placed(paper.document):
        line = f"{figure.text}\t{figure.subject}\t"
        if isinstance(row, Computed):
            value = paper.value(row)
            for rule in row.rules:
                unit = catalogue().counting_rules[rule].unit
                assert unit == row.counts_in or same_measure(figure.unit, unit), (row, unit)
            line += f"{'＋'.join(row.rules)}{'·' + row.part if row.part else ''}\t{value:f}"
            if not agrees(figure, float(value)):
                wrong.append(line)
        else:
            line += f"{row.because}\t{row.finding or ''}"
        lines.append(line)
    print(f"\n{paper.table.paper}\n" + "\n".join(lines))
    assert not wrong
    assert len(lines) == len(paper.table.computed) + len(paper.table.named), "a row without a figure"


def test_what_is_not_computed_is_proved(paper: Paper) -> None:
    """A contradiction by a finding at its place, a target by its words."""
    for figure, row in paper.table.placed(paper.document):
        if isinstance(row, Computed):
            continue
        if row.because == "contradiction":
            assert _proves(paper, figure, row), row
        else:
            clause = re.split("[。；;]", paper.document.text[: figure.span[0]])[-1]
            assert re.search("计划|要求", clause), (row, clause)
        if row.rule is not None:
            value = count(row.rule, paper.books.body, *paper.books.period).value
            assert value == row.counted and not agrees(figure, float(value)), row


def _proves(paper: Paper, figure: Figure, row: Named) -> bool:
    return any(
        finding.rule == row.finding
        and any(start < figure.span[1] and figure.span[0] < end for start, end in finding.spans)
        for finding in paper.findings
    )


def test_what_the_paper_requires_was_kept(paper: Paper) -> None:
    for row in paper.table.computed:
        if row.kept is not None:
            assert find(row.kept, paper.books.body, paper.books.period[1]) == (), row


def test_every_figure_opens_to_its_records(paper: Paper) -> None:
    """The records behind a figure add up to it, and its digest is theirs."""
    for row in paper.table.computed:
        for rule in row.rules:
            counted = paper.counted(row, rule)
            for figure in filter(None, (counted, counted.numerator, counted.denominator)):
                if figure.records and catalogue().counting_rules[figure.rule].aggregate == "sum":
                    assert sum(record.value for record in figure.records) == figure.value, row
                    assert figure.digest == record_set_digest(figure.records)
            assert counted.digest and (counted.records or counted.numerator or counted.value == 0), row


def test_nothing_was_overlooked(paper: Paper, shared: Path) -> None:
    """The table has every figure that a careful reader wrote down."""
    gold = json.loads((shared / "gold" / "figures.json").read_text("utf-8"))
    written = next(figures for name, figures in gold.items() if name.startswith(paper.table.paper))
    values = Counter((figure["value"], figure["unit"]) for figure in written)
    assert values == Counter((figure.value, figure.unit) for figure in paper.document.figures)
    assert len(written) == len(paper.table.computed) + len(paper.table.named)


def test_what_is_said_without_a_number_is_counted_too(paper: Paper) -> None:
    for said in paper.table.said:
        unit = paper.books.units[said.unit] if said.unit else paper.books.body
        assert count(said.rule, unit, *(said.period or paper.books.period)).value == said.value, said


def test_the_ledger_contradicts_only_what_is_named(paper: Paper) -> None:
    """`yifa check --against`: no computed figure differs from the ledger."""
    comparison = compare(paper.document, paper.books.body)
    named = {(row.figure, row.subject) for row in paper.table.named}
    differing = {(line.figure.text, line.figure.subject) for line in comparison.differing}
    assert differing <= named
    assert any(line.verdict is Verdict.AGREES for line in comparison.lines)


def test_the_report_prints_the_same_figures(paper: Paper) -> None:
    """Where the outline has the sentence: what Yifa writes is read back with the same value and unit."""
    _, end = paper.books.period
    report = BuildReport(actor=None, organization=paper.books.body, year=end.year, cutoff=end).execute()
    written = paper_of(report)
    back = read_text(written.text)
    assert not [finding for finding in check(back) if finding.severity == "error"]
    seen = set()
    for text, place, rule in _shown(written):
        for row in paper.table.computed:
            if (
                rule not in row.rules
                or row.part is not None
                or row.unit
                or (row.period and row.period[0].year != end.year)
            ):
                continue
            value = paper.counted(row, rule).value
            read_back = [
                figure
                for figure in back.figures
                if figure.span[0] < place + len(text) and place < figure.span[1]
            ]
            assert [figure.value for figure in read_back] == [float(value or 0)], (rule, text)
            seen.add(rule)
    assert seen


def _shown(written: ReportPaper) -> Iterator[tuple[str, int, str]]:
    """Every figure of a report as printed, its place in the plain text, its rule."""
    place = len(written.title) + 1
    for block in written.blocks:
        for piece in block.pieces if isinstance(block, Paragraph) else (Words(block.text),):
            if isinstance(piece, Shown) and piece.part is None:
                yield piece.text, place, piece.rule
            place += len(piece.text)
        place += 1


def test_the_records_are_lawful(paper: Paper) -> None:
    """Nothing was forced into the ledger: what the law forbids was refused, and nothing was late."""
    findings = CaseFinding.objects
    assert sorted(findings.values_list("case__case_type", "kind", "message").distinct()) == []
    assert Case.objects.exists()


def test_the_chains_hold(paper: Paper) -> None:
    """What was stored in bulk verifies as what went through the actions."""
    if paper.books.entered > 1000:
        pytest.skip("只核对较小的三份：一万件的核对由账本自己的测试覆盖")
    assert verify().faults == ()
