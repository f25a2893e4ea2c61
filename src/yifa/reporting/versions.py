"""The whole report as it stood: kept at each step, read again, compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yifa.ledger.chain.canonical import sm3
from yifa.ledger.models import User
from yifa.reporting.content import HeadingLine, paper, shown_text
from yifa.reporting.digesting import settle
from yifa.reporting.models import Report, ReportVersion
from yifa.reporting.textdiff import LineChange, line_diff


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that two versions print differently, or that one of them does not have ("")."""

    rule: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a report: each line with what became of it, and the figures that differ."""

    lines: tuple[LineChange, ...]
    figures: tuple[FigureChange, ...]

    @property
    def changed(self) -> tuple[LineChange, ...]:
        """The lines that differ."""
        return tuple(line for line in self.lines if not line.same)


def text_digest(lines: Iterable[str]) -> str:
    """SM3 of a text without its blanks, so that layout does not count: one digest for page, Word and signed text."""
    return sm3("\n".join(filter(None, ("".join(line.split()) for line in lines))).encode())


def current_lines(report: Report) -> list[dict[str, Any]]:
    """Each printed line of the report as it stands, with rank (0 for text) and section."""
    content = paper(report)
    keys = dict(report.sections.values_list("pk", "key"))
    lines: list[dict[str, Any]] = [{"level": 0, "text": content.title, "section": None}]
    for block in content.blocks:
        level = block.level if isinstance(block, HeadingLine) else 0
        key = keys.get(block.section or 0)
        lines += [{"level": level, "text": text, "section": key} for text in block.text.splitlines()]
    return [
        *lines,
        *({"level": 0, "text": text, "section": None} for text in (content.issuer, content.dated)),
    ]


def keep_version(report: Report, why: str, by: User | None) -> ReportVersion:
    """Keeps the report as it stands; where nothing was changed since the last time, that version again."""
    settle(report)
    lines = current_lines(report)
    figures = {
        figure.rule: {"title": figure.title, "shown": shown_text(figure, None), "digest": figure.digest}
        for figure in report.figures.all()
    }
    last = report.versions.order_by("-number").first()
    if last is not None and last.lines == lines and last.figures == figures:
        return last
    return ReportVersion.objects.create(
        report=report,
        number=last.number + 1 if last else 1,
        why=why,
        lines=lines,
        figures=figures,
        digest=text_digest(str(line["text"]) for line in lines),
        made_by=by,
    )


def texts(version: ReportVersion) -> list[str]:
    """The printed lines of a version."""
    return [line["text"] for line in version.lines]


def compare(before: ReportVersion, after: ReportVersion) -> Comparison:
    """What differs between two versions, in text and figures."""
    rules = list(dict.fromkeys([*before.figures, *after.figures]))
    figures = [
        FigureChange(rule, (new or old)["title"], old.get("shown", ""), new.get("shown", ""))
        for rule in rules
        for old, new in [(before.figures.get(rule, {}), after.figures.get(rule, {}))]
        if old.get("shown") != new.get("shown") or old.get("digest") != new.get("digest")
    ]
    return Comparison(line_diff(texts(before), texts(after)), tuple(figures))


def compare_texts(before: Sequence[str], after: Sequence[str]) -> tuple[LineChange, ...]:
    """What differs between two texts; blanks within lines do not count."""
    return tuple(
        change
        for change in line_diff([_tight(line) for line in before], [_tight(line) for line in after])
        if not change.same
    )


def _tight(line: str) -> str:
    return "".join(line.split())
