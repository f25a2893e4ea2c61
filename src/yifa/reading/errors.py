"""What reading says when it cannot read."""

from __future__ import annotations

from yifa.law.errors import YifaError


class ReadingError(YifaError):
    """A file cannot be read.

    Codes: missing, empty, binary, encrypted, damaged, wrong_format, unsupported, scanned, encoding, no_body, too_large,
    too_slow, busy; said in docs/reference/formats.md.
    """

    code = "reading"
