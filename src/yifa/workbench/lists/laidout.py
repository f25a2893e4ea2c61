"""A list in the layout of an office, as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.utils import timezone

from yifa.law.phrases import day
from yifa.ledger.models import Organization
from yifa.papers.officesheets import OfficeColumn, OfficeSheet, write_office_sheet
from yifa.workbench.lists.files import excel_response

if TYPE_CHECKING:
    from yifa.exchange.officelayouts import Layout


def office_response(
    layout: Layout, lines: Iterable[Sequence[Any]], unit: Organization | None, period: str, what: str
) -> FileResponse:
    """The file. `unit`: who hands it in; `period`: of which time it is; `what`: the measure word of a row."""
    sheet = OfficeSheet(
        title=layout.title,
        columns=tuple(OfficeColumn(column.title, column.width, column.under) for column in layout.columns),
        above=(f"填报单位：{unit.name if unit else ''}", period, f"单位：{what}"),
        signatures=layout.signatures,
        note=layout.note,
        orientation=layout.orientation,
    )
    return excel_response(layout.title, lambda target: write_office_sheet(target, sheet, lines))


def period_between(first: date | None, last: date | None) -> str:
    """The time a list is of, in words."""
    until = day(last) if last else day(timezone.localdate())
    return f"{day(first)}至{until}" if first else f"截至{until}"
