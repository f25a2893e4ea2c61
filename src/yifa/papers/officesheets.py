"""Lists as offices hand them in: a title over all columns, unit and period, heads in two rows, lines, signatures, A4.

Rows are written as they come and never held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class OfficeColumn:
    """A column: its head, its width in Latin characters, the head it shares with its neighbours."""

    title: str
    width: float = 12
    under: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeSheet:
    """All of a sheet but its rows. `above`: what stands at the left, in the middle and at the right below the title."""

    title: str
    columns: tuple[OfficeColumn, ...]
    above: tuple[str, str, str]
    signatures: tuple[str, ...] = ()
    note: str | None = None
    orientation: str = "landscape"

    @property
    def width(self) -> int:
        """The columns with the serial number."""
        return len(self.columns) + 1

    @property
    def head_rows(self) -> int:
        """One, or two where columns share a head."""
        return 2 if any(column.under for column in self.columns) else 1


def write_office_sheet(target: IO[bytes], sheet: OfficeSheet, rows: Iterable[Sequence[Any]]) -> None:
    """An Excel file; it goes on in a second sheet where Excel allows no more rows."""
    from yifa.papers.officeparts import write  # openpyxl, needed where a file is written

    write(target, sheet, rows)
