"""Live figures in texts that people write: by their Chinese names on pages, by their ids in the ledger."""

from __future__ import annotations

from yifa.reporting.actions.editing import book_of
from yifa.reporting.models import Report
from yifa.reporting.placeholders import keyed, named


class Names:
    """The names of the figures that may be called for in a report."""

    def __init__(self, report: Report) -> None:
        self.titles = book_of(report).titles()

    def shown(self, text: str) -> str:
        """A stored text as a page shows it."""
        return named(text, self.titles)

    def stored(self, text: str) -> str:
        """A text typed on a page as it is stored."""
        return keyed(text, self.titles)
