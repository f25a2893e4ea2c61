"""A report's figures beside what the ledger counts: the same rule, the same body, the same period.

    comparison = compare(read(path))
    for line in comparison.lines:
        print(line.figure.text, line.counted.value, line.verdict)

A figure is compared where its words lead to one counting rule without doubt; where other words narrow it, the ledger's
value is shown as a neighbour and nothing is said about right or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from yifa.checking import Finding, Severity, interval
from yifa.law.answers import answer_for
from yifa.law.loader import catalogue
from yifa.law.overdue import said_overdue
from yifa.law.schema import CountingRule
from yifa.ledger.figures.counting import Counted, Counting
from yifa.ledger.figures.qualifying import narrowing, narrowing_of_whole, words
from yifa.ledger.models import Organization
from yifa.ledger.people.unitnames import UnitNames
from yifa.ledger.refusal import ActionRefused
from yifa.reading.document import Approx, Document, Figure

RULE = "ledger.differs"
_CLAUSE = re.compile(r"[。；;！？\n]")
_CASES_OR_PEOPLE = frozenset({"件", "宗", "起", "人", "名"})
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_MORE = re.compile("[余多]")
_AT = re.compile(r"，发生在([^，。；（(]{2,30})")
_FURTHEST = 6  # characters by which a name may narrow the rule and still be its neighbour
_FAR = 120  # characters within which the words around a figure stand


class Verdict(StrEnum):
    """How the report and the ledger stand to each other."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NEIGHBOUR = "neighbour"  # the words narrow what the rule counts
    UNCOUNTED = "uncounted"  # no such power, or not collected


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of the report beside the ledger's; `difference` is reported less counted."""

    figure: Figure
    organization: Organization
    counted: Counted
    verdict: Verdict
    difference: Decimal | None
    rule: CountingRule


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report set against the ledger."""

    organization: Organization
    start: date
    end: date
    lines: tuple[Compared, ...]

    @property
    def differing(self) -> tuple[Compared, ...]:
        """The figures that the ledger gives otherwise."""
        return tuple(line for line in self.lines if line.verdict is Verdict.DIFFERS)


def compare(document: Document, organization: Organization | None = None) -> Comparison:
    """Set a report's figures against the ledger of the body that issued it (or of the one given).

    Raises:
        ActionRefused: The period or the body cannot be told from the text.
    """
    if document.period is None:
        raise ActionRefused(
            f"「{document.source.path}」看不出报告的是哪个年度，无法与台账比对。请在标题或开头写明年度。",
            code="no_period",
        )
    start, end = document.period
    organization = organization or _issuer(document, end.year)
    books = _Books(organization, start, end)
    return Comparison(organization, start, end, tuple(books.lines(document)))


def ledger_findings(comparison: Comparison) -> tuple[Finding, ...]:
    """The differing figures as findings, for the places where a text's other findings are shown."""
    return tuple(_finding(comparison, line) for line in comparison.differing)


def _issuer(document: Document, year: int) -> Organization:
    for root in Organization.objects.filter(parent=None):
        found = UnitNames(root, year).find(document.issuer or "").organization
        if found:
            return found
    raise ActionRefused(
        f"台账里没有「{document.issuer or '（文中未见发文单位）'}」这个单位，无法比对。请指明与哪个单位的台账比对。",
        code="no_organization",
    )


@cache
def _overdue() -> dict[str, CountingRule]:
    """What counts the cases past a deadline, by how a report says it; these rules stand in no catalogue."""
    return said_overdue(catalogue().case_types)


class _Books:
    """The figures of a body and of the units below it for one period."""

    def __init__(self, organization: Organization, start: date, end: date) -> None:
        self.start, self.end = start, end
        self.organization = organization
        self._counting: dict[int, Counting] = {}
        self._names = UnitNames(organization, end.year)

    def lines(self, document: Document) -> Iterator[Compared]:
        for index, figure in enumerate(document.figures):
            if figure.subject and not _of_other_time(document.text, figure, self.end.year):
                line = self._line(document.figures, index)
                if line:
                    yield line
                    yield from self._where(document.text, line)

    def _where(self, text: str, line: Compared) -> Iterator[Compared]:
        """「行政处罚超过办案期限2件，发生在县城市管理局」: all of them lie with the one unit named."""
        named = _AT.match(text, line.figure.span[1]) if line.rule.clock else None
        unit = self._names.find(named[1]).organization if named else None
        if unit is not None:
            yield self._beside(line.figure, unit, line.rule)

    def _line(self, figures: Sequence[Figure], index: int) -> Compared | None:
        figure = figures[index]
        whole = figures[figure.part_of] if figure.part_of is not None else None
        unit = self._names.find(figure.subject).organization
        if unit is not None:  # 「其中县城市管理局12件」: the whole's rule, the part's books
            return self._compared(replace(figure, subject=whole.subject), unit, "", None) if whole else None
        return self._compared(figure, self.organization, _around(figures, index), whole)

    def _compared(
        self, figure: Figure, organization: Organization, around: str, whole: Figure | None
    ) -> Compared | None:
        late = _overdue().get("".join(figure.subject.split()))
        if late is not None and late.unit == figure.unit:
            return self._beside(figure, organization, late)
        answer = answer_for(figure.subject, around, figure.unit, catalogue().counting_rules)
        if answer is None:
            return self._in_another_unit(figure, organization, around)
        if _of_lateness(figure.subject, answer.words):
            return None
        found = self._beside(figure, organization, catalogue().counting_rules[answer.rule])
        if found.verdict is not Verdict.DIFFERS:
            return found
        narrowed = narrowing(figure.subject, answer)
        if narrowed > _FURTHEST or narrowing_of_whole(whole, answer):
            return None
        return replace(found, verdict=Verdict.NEIGHBOUR) if narrowed else found

    def _beside(self, figure: Figure, organization: Organization, rule: CountingRule) -> Compared:
        """The figure beside what the rule counts, whatever else its words say."""
        counting = self._counting_of(organization)
        known = rule.counting_rule in catalogue().counting_rules
        counted = counting.count(rule.counting_rule) if known else counting.count_rule(rule)
        if counted.value is None:
            return Compared(figure, organization, counted, Verdict.UNCOUNTED, None, rule)
        verdict = Verdict.AGREES if agrees(figure, float(counted.value)) else Verdict.DIFFERS
        difference = Decimal(str(figure.value)) - counted.value
        return Compared(figure, organization, counted, verdict, difference, rule)

    def _in_another_unit(self, figure: Figure, organization: Organization, around: str) -> Compared | None:
        """The ledger's number, counted in cases and printed as people or the other way round."""
        for unit in {"件", "人"} - {figure.unit} if figure.unit in _CASES_OR_PEOPLE else ():
            answer = answer_for(figure.subject, around, unit, catalogue().counting_rules)
            if answer is None or narrowing(figure.subject, answer):
                continue
            counted = self._counting_of(organization).count(answer.rule)
            if counted.value == Decimal(str(figure.value)) and counted.value > 1:
                rule = catalogue().counting_rules[answer.rule]
                return Compared(figure, organization, counted, Verdict.DIFFERS, Decimal(0), rule)
        return None

    def _counting_of(self, organization: Organization) -> Counting:
        return self._counting.setdefault(organization.pk, Counting(organization, self.start, self.end))


def _of_lateness(subject: str, words: Sequence[str]) -> bool:
    """Whether a figure counts what is late while the rule counts all: 「信访事项超过办结期限」."""
    return "超过" in subject and not any("超过" in word for word in words)


def agrees(figure: Figure, counted: float) -> bool:
    """Whether the printed number may stand for the counted one; 近 is below what it names, 余 and 多 above."""
    beside = figure.approx is Approx.NEARLY or _MORE.search(figure.text) is not None
    if beside and counted == figure.value:
        return False
    return interval.of(figure).meets(interval.Interval(counted, counted))


def _around(figures: Sequence[Figure], index: int) -> str:
    """The names of the figures before this one that belong to it: its whole, and those close by."""
    figure = figures[index]
    near = [
        before.subject
        for before in figures[max(index - 6, 0) : index]
        if figure.span[0] - before.span[1] < _FAR and before.section == figure.section
    ]
    if figure.part_of is not None:
        return figures[figure.part_of].subject
    return " ".join(near)


def _of_other_time(text: str, figure: Figure, year: int) -> bool:
    """Whether the clause speaks of last year, a quarter, or several years."""
    begin = max(figure.span[0] - _FAR, 0)
    stops = [stop.end() for stop in _CLAUSE.finditer(text, begin, figure.span[0])]
    clause = text[stops[-1] if stops else begin : figure.span[1]]
    years = {int(found) for found in _YEAR.findall(clause)}
    return bool(years - {year}) or any(word in clause for word in words()["other_time"])


def _finding(comparison: Comparison, line: Compared) -> Finding:
    rule = line.rule
    counted = interval.plain(float(line.counted.value or 0))
    gap = line.difference or Decimal(0)
    evidence: dict[str, Any] = {
        "reported": interval.number(line.figure.value),
        "counted": interval.number(float(line.counted.value or 0)),
        "difference": interval.number(float(gap)),
        "counting_rule": rule.counting_rule,
        "version": line.counted.version,
        "organization": line.organization.name,
        "from": comparison.start.isoformat(),
        "to": comparison.end.isoformat(),
        "records": len(line.counted.records),
        "digest": line.counted.digest,
    }
    message = (
        f"报告写{line.figure.subject}{line.figure.text}，{line.organization.name}台账按“{rule.title}”的口径计为"
        f"{counted}{rule.unit}（{len(line.counted.records)}条记录），报告{'多' if gap > 0 else '少'}"
        f"{interval.plain(abs(float(gap)))}{rule.unit}。请核对报告，或在台账中补录、更正。"
    )
    if not gap:
        message = (
            f"报告写{line.figure.subject}{line.figure.text}，数与{line.organization.name}台账相同，"
            f"但“{rule.title}”以“{rule.unit}”计，不以“{line.figure.unit}”计。请改正计量单位。"
        )
    return Finding(RULE, Severity.WARNING, message, (line.figure.span,), evidence, rule.basis)
