"""A report is written from the ledger, or written anew with what people have edited kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import OutlineType, SectionType
from yifa.ledger.actions.base import today
from yifa.ledger.models import Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions.base import ReportingAction, refuse_settled
from yifa.reporting.computed import Computed
from yifa.reporting.drafting import Drafter
from yifa.reporting.figurebook import FigureBook
from yifa.reporting.models import CLOSING, OPENING, Report, Section, SectionVersion
from yifa.reporting.numbering import heading_number
from yifa.reporting.persons import persons
from yifa.reporting.placeholders import placeholders
from yifa.reporting.storing import last_record, replace_figures, save_text

OUTLINE = "annual_report"
RUNNING = "除另有说明外，文中数据的统计期间为{period}。"


@dataclass(frozen=True, slots=True)
class Drafted:
    """One section as drafted: its place, text and type (None: the opening or closing lines)."""

    key: str
    title: str
    text: str
    level: int = 0
    number: str = ""
    parent: str | None = None
    type: SectionType | None = None


@dataclass(frozen=True, kw_only=True)
class BuildReport(ReportingAction[Report]):
    """Computes every figure once and writes the sections of the outline from them.

    `cutoff` left out means today while the year runs, else the year's last day. A report that stands already gets new
    figures and new drafts; sections somebody has edited keep their text.
    """

    needs = Needs("编写年度报告", (Role.COORDINATOR,))

    organization: Organization
    year: int
    cutoff: date | None = None
    outline: str = OUTLINE
    subject: str = ""  # of a report on one person
    progress: Callable[[int, int], None] | None = None

    def check(self) -> None:
        """Refuses a year that has not begun, a cut-off outside the year or to come, an unknown outline, a submitted report."""
        self._admit(self.organization)
        if self.outline not in catalogue().outlines:
            raise ActionRefused(
                f"目录里没有报告大纲“{self.outline}”，请检查目录文件夹中的 outlines。", code="missing"
            )
        if not 1990 <= self.year <= 2100:
            raise ActionRefused(
                f"年度“{self.year}”不对，请写四位数的年份，如 2020。", code="invalid", field="year"
            )
        if self.year > today().year:
            raise ActionRefused(f"{self.year}年还没有开始，不能编写年度报告。", code="invalid", field="year")
        if self.cutoff is not None and self.cutoff.year != self.year:
            raise ActionRefused(
                f"统计截止日{self.cutoff:%Y年%-m月%-d日}不在{self.year}年内，请核对。",
                code="invalid",
                field="cutoff",
            )
        if self.cutoff is not None and self.cutoff > today():
            raise ActionRefused(
                f"统计截止日{self.cutoff:%Y年%-m月%-d日}还没有到，最晚可以统计到今天。",
                code="invalid",
                field="cutoff",
            )
        self._check_subject()
        existing = self._existing()
        if existing is not None:
            refuse_settled(existing)

    def _check_subject(self) -> None:
        about = catalogue().outlines[self.outline].person
        if about is None:
            if self.subject:
                raise ActionRefused("这种报告不按人写，请不要填写姓名。", code="invalid", field="subject")
            return
        known = persons(about, self.organization, self.year)
        if self.subject not in known:
            named = (
                f"台账中{self.year}年有记录的和主要负责人：{'、'.join(known)}"
                if known
                else "台账中还没有任何人的记录"
            )
            raise ActionRefused(
                f"请填写{about.title}，姓名应与台账一致。{named}。", code="invalid", field="subject"
            )

    def _existing(self) -> Report | None:
        reports = Report.objects.filter(
            organization=self.organization, year=self.year, outline=self.outline, subject=self.subject
        )
        return reports.first()

    def _end(self) -> date:
        return self.cutoff or min(today(), date(self.year, 12, 31))

    def _change(self) -> Report:
        law, existing = catalogue(), self._existing()
        outline, end = law.outlines[self.outline], self._end()
        person = (outline.person, self.subject) if outline.person else None
        start, known = date(self.year, 1, 1), last_record()
        book = FigureBook(self.organization, start, end, law, self._steps(outline), person=person)
        drafter = Drafter(self.organization, self.year, end, book, law, person=person)
        sections = [
            Drafted(OPENING, "开头", drafter.filled(self._opening(outline))),
            *_drafted(outline.sections, drafter, outline.sections, None, 1),
            Drafted(CLOSING, "结尾", drafter.filled(outline.closing or "")),
        ]
        report = existing or Report(
            organization=self.organization, year=self.year, outline=self.outline, subject=self.subject
        )
        self._describe(report, outline, drafter, law.digest)
        self._store_sections(report, sections)
        figures = _figures_of(report, book, outline)
        replace_figures(report, figures, known)
        self._record(
            report,
            "report.rebuilt" if existing else "report.built",
            {
                "year": self.year,
                "cutoff": end,
                "catalogue": law.digest,
                "figures": dict(_noted(report, figures)),
            },
        )
        return Report.objects.select_related("organization").get(pk=report.pk)

    def _steps(self, outline: OutlineType) -> Callable[[int], None] | None:
        progress = self.progress
        if progress is None:
            return None
        total = len(
            {placeholder.rule for text in _texts(outline.sections) for placeholder in placeholders(text)}
        )
        return lambda done: progress(done, max(done, total))

    def _describe(self, report: Report, outline: OutlineType, drafter: Drafter, digest: str) -> None:
        end = self._end()
        report.title = drafter.filled(outline.title)
        report.period_start, report.cutoff, report.dated = date(self.year, 1, 1), end, max(end, today())
        report.catalogue_digest, report.built_at = digest, timezone.now()
        report.save()

    def _store_sections(self, report: Report, sections: Sequence[Drafted]) -> None:
        """Sections of the outline in its order; what somebody edited keeps its text, also where the outline lost it."""
        stored = {section.key: section for section in report.sections.all()}
        places: dict[str, Section] = {}
        for order, drafted in enumerate(sections):
            section = stored.pop(drafted.key, None) or Section(report=report, key=drafted.key, version=0)
            section.parent = places.get(drafted.parent or "")
            section.order, section.level, section.number = order, drafted.level, drafted.number
            section.title, section.drafted = drafted.title, drafted.text
            section.required = (drafted.type.required if drafted.type else "") or ""
            section.guidance = (drafted.type.guidance if drafted.type else "") or ""
            if not section.edited and (section.text != drafted.text or not section.version):
                save_text(section, drafted.text, SectionVersion.How.BUILT, self.actor)
            else:
                section.save()
            places[drafted.key] = section
        self._keep_edited(stored.values(), len(sections))

    @staticmethod
    def _keep_edited(lost: Collection[Section], order: int) -> None:
        """Sections the outline no longer has: those nobody edited go, the others stay behind the rest."""
        Section.objects.filter(pk__in=[section.pk for section in lost if not section.edited]).delete()
        for extra, section in enumerate((section for section in lost if section.edited), order):
            section.order = extra
            section.save(update_fields=["order"])

    def _opening(self, outline: OutlineType) -> str:
        """The outline's opening; where it does not say the period and the year still runs, that is said too."""
        told = "{period}" in outline.opening or "{cutoff}" in outline.opening
        return outline.opening + (RUNNING if self._end() < date(self.year, 12, 31) and not told else "")


def _noted(report: Report, figures: Sequence[Computed]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the ledger keeps of the figures. Of many records it names their sets, which settle the digest made later."""
    values = {figure.rule: figure.value for figure in figures}
    for figure in report.figures.prefetch_related("sets__record_set"):
        noted: dict[str, Any] = {"value": values[figure.rule], "status": figure.status}
        if figure.digest:
            noted["digest"] = figure.digest
        elif not figure.numerator:
            noted["sets"] = sorted({one.record_set.digest for one in figure.sets.all()})
        yield figure.rule, noted


def _drafted(
    sections: Sequence[SectionType],
    drafter: Drafter,
    outline: Sequence[SectionType],
    parent: str | None,
    level: int,
) -> Iterator[Drafted]:
    for ordinal, section in enumerate(sections, 1):
        text = drafter.section(section, outline)
        title = drafter.filled(section.title)
        yield Drafted(
            section.id, title, text, level, heading_number(level, ordinal), parent=parent, type=section
        )
        yield from _drafted(section.sections, drafter, outline, section.id, level + 1)


def _texts(sections: Sequence[SectionType]) -> Iterator[str]:
    for section in sections:
        yield from (sentence.text for sentence in section.sentences)
        yield from _texts(section.sections)


def _figures_of(report: Report, book: FigureBook, outline: OutlineType) -> tuple[Computed, ...]:
    """The figures the outline and the prose call for; what drafting only looked at is left out."""
    prose = report.sections.values_list("text", flat=True)
    wanted = {
        placeholder.rule for text in (*_texts(outline.sections), *prose) for placeholder in placeholders(text)
    }
    found = {rule: book.get(rule) for rule in wanted}
    parts = {part for figure in found.values() if figure for part in (figure.numerator, figure.denominator)}
    return tuple(figure for figure in book.all() if figure.rule in wanted | parts)
