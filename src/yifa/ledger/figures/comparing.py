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
from yifa.law.answers import Answer, answer_for
from yifa.law.datafiles import beside
from yifa.law.loader import catalogue
from yifa.ledger.figures.counting import Counted, Counting
from yifa.ledger.models import Organization
from yifa.ledger.people.unitnames import UnitNames
from yifa.ledger.refusal import ActionRefused
from yifa.reading.document import Approx, Document, Figure

RULE = "ledger.differs"
_CLAUSE = re.compile(r"[。；;！？\n]")
_CASES_OR_PEOPLE = frozenset({"件", "宗", "起", "人", "名"})
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_MORE = re.compile("[余多]")
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
def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = beside(__file__, "comparing.yaml")
    return words


@cache
def _neutral() -> re.Pattern[str]:
    longest_first = sorted(_words()["neutral"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


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
        answer = answer_for(figure.subject, around, figure.unit, catalogue().counting_rules)
        if answer is None:
            return self._in_another_unit(figure, organization, around)
        if _of_lateness(figure.subject, answer.words):
            return None
        counted = self._counting_of(organization).count(answer.rule)
        if counted.value is None:
            return Compared(figure, organization, counted, Verdict.UNCOUNTED, None)
        difference = Decimal(str(figure.value)) - counted.value
        if agrees(figure, float(counted.value)):
            return Compared(figure, organization, counted, Verdict.AGREES, difference)
        narrowed = _narrowing(figure.subject, answer)
        if narrowed > _FURTHEST or _narrowing_of_whole(whole, answer):
            return None
        verdict = Verdict.NEIGHBOUR if narrowed else Verdict.DIFFERS
        return Compared(figure, organization, counted, verdict, difference)

    def _in_another_unit(self, figure: Figure, organization: Organization, around: str) -> Compared | None:
        """The ledger's number, counted in cases and printed as people or the other way round."""
        for unit in {"件", "人"} - {figure.unit} if figure.unit in _CASES_OR_PEOPLE else ():
            answer = answer_for(figure.subject, around, unit, catalogue().counting_rules)
            if answer is None or _narrowing(figure.subject, answer):
                continue
            counted = self._counting_of(organization).count(answer.rule)
            if counted.value == Decimal(str(figure.value)) and counted.value > 1:
                return Compared(figure, organization, counted, Verdict.DIFFERS, Decimal(0))
        return None

    def _counting_of(self, organization: Organization) -> Counting:
        return self._counting.setdefault(organization.pk, Counting(organization, self.start, self.end))


def _of_lateness(subject: str, words: Sequence[str]) -> bool:
    """Whether a figure counts what is late while the rule counts all: 「信访事项超过办结期限」."""
    return "超过" in subject and not any("超过" in word for word in words)


def _narrowing(subject: str, answer: Answer) -> int:
    """How many characters of a figure's name neither say what the rule counts nor are neutral."""
    for word in sorted(answer.words, key=len, reverse=True):
        subject = subject.replace(word, "")
    titles = _titles(answer.rule)
    plain = _beyond(_neutral().sub("", subject), titles)
    return min(len(plain), len(_neutral().sub("", _beyond(subject, titles))))


def _titles(rule_id: str) -> str:
    """What a rule, and what it counts over, are called."""
    known = catalogue()
    rule = known.counting_rules[rule_id]
    of = known.counting_rules[rule.rate.numerator] if rule.rate else rule
    thing = known.case_types.get(of.case_type or "") or known.registers.get(of.register_ or "")
    return f"{rule.title}\0{thing.title if thing else ''}"


def _beyond(subject: str, titles: str) -> str:
    """What is left of a name without the stretches of two and more characters that stand in the titles."""
    left, place = "", 0
    while place < len(subject):
        end = next((end for end in range(len(subject), place + 1, -1) if subject[place:end] in titles), place)
        left += "" if end > place else subject[place]
        place = max(end, place + 1)
    return left


def _narrowing_of_whole(whole: Figure | None, answer: Answer) -> int:
    """The same for the whole; 0 where it is itself what a rule counts, as 「办结信访事项」 before 「其中成功调处」."""
    if whole is None:
        return 0
    own = answer_for(whole.subject, "", whole.unit, catalogue().counting_rules)
    return min(_narrowing(whole.subject, known) for known in (answer, own or answer))


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
    return bool(years - {year}) or any(word in clause for word in _words()["other_time"])


def _finding(comparison: Comparison, line: Compared) -> Finding:
    rule = catalogue().counting_rules[line.counted.rule]
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
