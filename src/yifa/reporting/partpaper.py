"""What a unit writes for a report, as it would be printed there."""

from __future__ import annotations

from functools import partial

from yifa.reporting.actions.editing import book_of
from yifa.reporting.content import Paper, written
from yifa.reporting.exhibits import Exhibits
from yifa.reporting.keeping import shares_of
from yifa.reporting.models import UnitPart
from yifa.reporting.placeholders import placeholders
from yifa.reporting.recordlists import RecordList
from yifa.reporting.storing import stored


def paper_of_part(part: UnitPart) -> Paper:
    """The part as a paper of its own; figures that the report does not have yet are counted for it, and not kept."""
    report = part.section.report
    figures = {figure.rule: figure for figure in report.figures.all()}
    book, units = book_of(report), report.unit_names
    for rule in {called.rule for called in placeholders(part.text)} - figures.keys():
        counted = book.get(rule)
        if counted is not None:
            figure = figures[rule] = stored(report, counted, known=0, digest="")
            figure.records = RecordList(len(counted.records), partial(shares_of, counted.records), units)
    blocks = written(part.text, part.section_id, figures, Exhibits(figures))
    return Paper(report.title, tuple(blocks), str(part.unit), "")
