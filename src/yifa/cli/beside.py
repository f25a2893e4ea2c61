"""`yifa check --ledger`: the report's figures beside those the ledger counts. Needs the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from yifa.checking import Finding
from yifa.checkups import Item, Order, Result
from yifa.checkups.examining import Examiner
from yifa.cli.chinese import complain, out, printable
from yifa.cli.database import open_database, organization_named
from yifa.law.errors import YifaError
from yifa.reading import Document

if TYPE_CHECKING:
    from yifa.ledger.figures.comparing import Comparison

VERDICTS = {"agrees": "一致", "differs": "不一致", "neighbour": "口径相近", "uncounted": "未采集"}
STYLES = {"agrees": "green", "differs": "yellow", "neighbour": "dim", "uncounted": "dim"}


class Beside:
    """Compares each file with the ledger of its issuer, or of the unit named, and shows a table of it."""

    def __init__(self, unit: str | None) -> None:
        open_database()
        self._organization = organization_named(unit) if unit else None
        self._last: Comparison | YifaError | None = None

    def runner(self, order: Order, items: Iterator[Item]) -> Iterator[Result]:
        """Examines the files in this process, where the database is open."""
        yield from map(Examiner(order, self._findings).examine, items)

    def _findings(self, document: Document) -> Iterable[Finding]:
        from yifa.ledger.figures.comparing import compare, ledger_findings

        try:
            comparison = compare(document, self._organization)
        except YifaError as error:
            self._last = error
            return ()
        self._last = comparison
        return ledger_findings(comparison)

    def add(self, result: Result) -> None:
        """The table of the file just examined."""
        compared, self._last = self._last, None
        if isinstance(compared, YifaError):
            complain(f"{result.path}：没有与台账比对。{compared.message}")
        elif compared is not None:
            _show(compared)

    def finish(self) -> None:
        """Nothing more."""

    def abandon(self) -> None:
        """Nothing to undo."""


def _show(comparison: Comparison) -> None:
    name = printable(comparison.organization.name)
    if not comparison.lines:
        out.print(Text(f"没有可与“{name}”台账比对的数。", style="dim"))
        return
    title = f"与“{name}”台账比对（{comparison.start} 至 {comparison.end}）"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for head in ("报告中的数", "报告", "台账", "相差", "记录", "结果"):
        table.add_column(head, justify="left" if head in {"报告中的数", "结果"} else "right")
    for line in comparison.lines:
        counted = line.counted.value
        table.add_row(
            Text(printable(line.figure.subject)),
            Text(printable(line.figure.text)),
            "" if counted is None else f"{counted}{line.counted.unit}",
            "" if not line.difference else f"{line.difference:+}",
            str(len(line.counted.records)),
            Text(VERDICTS[line.verdict], style=STYLES[line.verdict]),
        )
    out.print(table)
