"""Somebody edits the prose of a section."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yifa.law.loader import catalogue
from yifa.ledger.models import Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions.base import ReportingAction, refuse_settled
from yifa.reporting.exhibits import fault
from yifa.reporting.figurebook import FigureBook
from yifa.reporting.models import Report, Section, SectionVersion
from yifa.reporting.persons import person_of
from yifa.reporting.placeholders import malformed, near, placeholders
from yifa.reporting.storing import add_figures, last_record, save_text

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\ufffe\uffff]")
MOST = 20_000  # characters of one section


@dataclass(frozen=True, kw_only=True)
class EditSection(ReportingAction[Section]):
    """Sets the prose of a section; `{rule_id}` in it is a live figure, computed for the report's period.

    `expected_version` is the version the editor has seen; another one means somebody else was faster.
    """

    needs = Needs("修改年度报告", (Role.COORDINATOR,))

    section: Section
    text: str
    expected_version: int | None = None
    how: SectionVersion.How = SectionVersion.How.EDITED

    def execute(self) -> Section:
        """Saves the text; the text of the slower of two editors is kept beside the other's."""
        try:
            return super().execute()
        except ActionRefused as refused:
            if refused.code == "conflict":
                SectionVersion.objects.create(
                    section=self.section,
                    base=self.expected_version,
                    text=tidy(self.text),
                    how=SectionVersion.How.ASIDE,
                    saved_by=self.actor,
                )
            raise

    def check(self) -> None:
        """Refuses unknown figures, with those that look alike, and texts beyond all measure."""
        report = self.section.report
        self._admit(report.organization)
        refuse_settled(report)
        refuse_text(self.section, self.text)

    def _change(self) -> Section:
        section = (
            Section.objects.select_for_update().select_related("report__organization").get(pk=self.section.pk)
        )
        if self.expected_version is not None and self.expected_version != section.version:
            raise ActionRefused(
                f"“{section}”刚被他人修改，您看到的不是最新内容；您的文字没有覆盖它，已另存，请对照后合并。",
                code="conflict",
            )
        before = section.text
        save_text(section, tidy(self.text), self.how, self.actor)
        self._compute_new(section)
        self._record(
            section.report,
            "section.edited",
            {
                "section": section.key,
                "before": before,
                "after": section.text,
                "version": section.version,
                "how": self.how,
            },
        )
        return section

    def _compute_new(self, section: Section) -> None:
        """Figures the text calls for and the report does not have yet."""
        known = set(section.report.figures.values_list("rule", flat=True))
        book, last = book_of(section.report), last_record()
        for placeholder in placeholders(section.text):
            if placeholder.rule not in known:
                book.get(placeholder.rule)
        add_figures(section.report, book.all(), last)


def _hint(name: str, titles: dict[str, str]) -> str:
    close = near(name, titles)
    shown = "、".join(f"{{{titles[rule]}}}" for rule in close)
    return f"“{{{name}}}”，您要的可能是{shown}" if close else f"“{{{name}}}”，请从数字列表中选择"


def refuse_text(section: Section, text: str) -> None:
    """Refuses figures that are not known, with those that look alike, and texts beyond all measure."""
    if len(text) > MOST:
        raise ActionRefused(
            f"“{section}”的正文有{len(text)}个字，最多{MOST}字，请缩短或分到其他部分。",
            code="too_large",
            field="text",
        )
    for line in text.splitlines():
        wrong = fault(line)
        if wrong:
            raise ActionRefused(f"“{section}”中的表、图写得不完整：{wrong}。", code="exhibit", field="text")
    book = book_of(section.report)
    titles = book.titles()
    names = [wrong.strip("{}") for wrong in malformed(text)]
    names += [p.rule for p in placeholders(text) if p.rule not in titles]
    if names:
        hints = "；".join(_hint(name, titles) for name in dict.fromkeys(names))
        raise ActionRefused(
            f"“{section}”中有认不出的数字占位：{hints}。", code="unknown_figure", field="text"
        )
    _refuse_parts(section, text, book)


def _refuse_parts(section: Section, text: str, book: FigureBook) -> None:
    """Refuses a part that a figure cannot have: it would be printed as 0."""
    titles, rules = book.titles(), catalogue().counting_rules
    units: set[str] = set()
    for called in placeholders(text):
        shape = rules.get(called.rule)
        if called.part is None or shape is None:
            continue
        units = units or set(
            Organization.objects.below(section.report.organization).values_list("name", flat=True)
        )
        of_unit = called.part in units
        if of_unit and not book.tells_units(called.rule):
            why = "是比率、平均数或者去重计数，不能分单位，请用它的分子、分母，或者不分单位"
        elif not of_unit and shape.breakdown in (None, "unit"):
            why = f"没有“{called.part}”这一项；只能写{section.report.organization}的单位全称，或者去掉冒号后面的字"
        else:
            continue
        raise ActionRefused(
            f"“{section}”中的“{{{titles[called.rule]}:{called.part}}}”：“{titles[called.rule]}”{why}。",
            code="unknown_part",
            field="text",
        )


def book_of(report: Report) -> FigureBook:
    """The figures that may be called for in the report."""
    return FigureBook(
        report.organization, report.period_start, report.cutoff, catalogue(), person=person_of(report)
    )


def tidy(text: str) -> str:
    """One paragraph a line, no blank lines, nothing a Word file cannot hold."""
    text = _UNPRINTABLE.sub("", text)
    return "\n".join(line.strip() for line in text.replace("\r\n", "\n").splitlines() if line.strip())
