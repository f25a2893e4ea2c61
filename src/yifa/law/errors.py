"""The error tree. Every message is Chinese for an official: what is wrong, where, how to mend it.

YifaError
├── CatalogueError      a catalogue file is wrong (file, line, key)
├── UnknownYearError    no holiday notice for a year
├── ReadingError        a file cannot be read
├── WritingError        a paper cannot be written where it was asked for (yifa.papers)
├── ScenarioError       a scenario file is wrong
└── ActionRefused       a change of the ledger is not allowed (yifa.ledger)
"""

from __future__ import annotations


class YifaError(Exception):
    """Base of all errors shown to people. `code` is stable for machines, `message` is Chinese for people."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return self.message
