"""What a change of one register makes of the open drafts: its figures counted again, its sentences drafted again.

Nothing else of a draft is touched: other figures stay as they were counted, and what somebody wrote stays as written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from yifa.law.loader import catalogue
from yifa.law.schema import Basis, CountingRule, SectionType
from yifa.ledger.chain.appending import append_record
from yifa.ledger.figures.gaps import gap_type
from yifa.ledger.models import Organization, Subject, User
from yifa.reporting.actions.base import lock
from yifa.reporting.computed import Computed
from yifa.reporting.drafting import Drafter
from yifa.reporting.figurebook import FigureBook
from yifa.reporting.models import Report, Section, SectionVersion, StoredFigure
from yifa.reporting.persons import person_of
from yifa.reporting.placeholders import placeholders
from yifa.reporting.storing import last_record, renew_figures, save_text
from yifa.reporting.wording import printed

RECOUNTED = "report.recounted"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that is printed differently now."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section whose draft is another one now; `kept`: somebody's own text, which stays."""

    section: str
    title: str
    before: str
    after: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Recounted:
    """What became of one draft."""

    report: str
    figures: Sequence[FigureChange] = ()
    sections: Sequence[SectionChange] = ()


def recount_drafts(
    organization: Organization, year: int, register: str, actor: User | None, because: str
) -> list[Recounted]:
    """Counts again what the open drafts of a body's year take from a register; `because` says what changed it."""
    drafts = Report.objects.filter(organization=organization, year=year, state=Report.State.DRAFT)
    found = [_Recount(lock(report), register).make(actor, because) for report in drafts.order_by("pk")]
    return [one for one in found if one.figures or one.sections]


class _Recount:
    """One draft and one register."""

    def __init__(self, report: Report, register: str) -> None:
        self._report, self._register = report, register
        self._law = catalogue()
        self._stored = {figure.rule: figure for figure in report.figures.all()}

    def make(self, actor: User | None, because: str) -> Recounted:
        """Changes the draft and notes it in the report's chain; nothing where the draft takes nothing from the register."""
        places = [place for place in self._places() if self._concerned(place)]
        rules = self._rules & self._stored.keys()
        if not places and not rules:
            return Recounted(self._report.title)
        known = last_record()
        sections = list(self._redraft(places, actor))
        called = {one.rule for change in sections for one in placeholders(change.after)} & self._rules
        figures = [found for rule in sorted(rules | called) if (found := self._book.get(rule)) is not None]
        changes = [change for figure in figures if (change := self._change(figure)) is not None]
        renew_figures(self._report, figures, known)
        self._note(figures, changes, sections, actor, because)
        return Recounted(self._report.title, changes, sections)

    @cached_property
    def _rules(self) -> frozenset[str]:
        """The figures that come from the register, and the rates made of them."""
        rules = self._law.counting_rules
        own = {name for name, rule in rules.items() if rule.register_ == self._register}
        return frozenset(own | {name for name, rule in rules.items() if _made_of(rule, own)})

    @cached_property
    def _book(self) -> FigureBook:
        """Counts what the register feeds; everything else is as it stands in the draft."""
        report = self._report
        book = FigureBook(
            report.organization, report.period_start, report.cutoff, self._law, person=person_of(report)
        )
        book.take(_as_stored(figure) for rule, figure in self._stored.items() if rule not in self._rules)
        return book

    def _places(self) -> Iterator[SectionType]:
        outline = self._law.outlines.get(self._report.outline)
        waiting = list(outline.sections) if outline else []
        while waiting:
            section = waiting.pop(0)
            yield section
            waiting = [*section.sections, *waiting]

    def _concerned(self, section: SectionType) -> bool:
        """Whether a sentence, a list of gaps, a table or a chart of the section reads the register."""
        if any(gap_type(gap).register_ == self._register for gap in section.gaps):
            return True
        called = {one.rule for sentence in section.sentences for one in placeholders(sentence.text)}
        called |= {rule for sentence in section.sentences for rule in sentence.each}
        called |= {rule for exhibit in section.exhibits for rule in exhibit.figures}
        return bool(called & self._rules)

    def _redraft(self, places: Collection[SectionType], actor: User | None) -> Iterator[SectionChange]:
        report, outline = self._report, self._law.outlines[self._report.outline]
        drafter = Drafter(
            report.organization, report.year, report.cutoff, self._book, self._law, person=person_of(report)
        )
        held = report.sections.select_for_update().filter(key__in=[place.id for place in places])
        sections = {section.key: section for section in held}
        for place in places:
            section = sections.get(place.id)
            text = drafter.section(place, outline.sections)
            if section is not None and section.drafted != text:
                yield _redrafted(section, text, actor)

    def _change(self, figure: Computed) -> FigureChange | None:
        before = self._stored.get(figure.rule)
        was = printed(before.status, before.value, before.unit) if before else "没有"
        now = printed(figure.status, figure.value, figure.unit)
        return FigureChange(figure.title, was, now) if was != now else None

    def _note(
        self,
        figures: Sequence[Computed],
        changes: Sequence[FigureChange],
        sections: Sequence[SectionChange],
        actor: User | None,
        because: str,
    ) -> None:
        """What was counted, as `report.built` notes it, and what reads differently now."""
        said: dict[str, Any] = {
            "register": self._register,
            "because": because,
            "catalogue": self._law.digest,
            "figures": {
                figure.rule: {"value": figure.value, "status": figure.status, "digest": figure.digest}
                for figure in figures
            },
            "changes": [asdict(change) for change in changes],
            "sections": [asdict(change) for change in sections],
        }
        report = self._report
        append_record(Subject.REPORT, report.pk, RECOUNTED, report.organization, None, actor, said)


def _redrafted(section: Section, text: str, actor: User | None) -> SectionChange:
    before, kept = section.drafted, section.edited
    section.drafted = text
    if kept:
        section.save(update_fields=["drafted"])
    else:
        save_text(section, text, SectionVersion.How.BUILT, actor)
    return SectionChange(section.key, str(section), before, text, kept)


def _made_of(rule: CountingRule, figures: Collection[str]) -> bool:
    return rule.rate is not None and bool({rule.rate.numerator, rule.rate.denominator} & set(figures))


def _as_stored(figure: StoredFigure) -> Computed:
    """What the draft says of a figure; its records are not asked for."""
    return Computed(
        rule=figure.rule,
        version=figure.rule_version,
        title=figure.title,
        explain=figure.explain,
        basis=Basis.model_validate(figure.basis) if figure.basis else None,
        unit=figure.unit,
        status=figure.status,
        value=figure.value,
        parts={label: Decimal(value) for label, value in figure.parts.items()},
        parts_title=figure.parts_title,
        records=(),
        numerator=figure.numerator,
        denominator=figure.denominator,
    )
