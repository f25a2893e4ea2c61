"""What reading says when it cannot read."""

from __future__ import annotations

from yifa.law.errors import YifaError


class ReadingError(YifaError):
    """A file cannot be read.

    Codes: empty, binary, encrypted, too_large, wrong_format, unsupported, damaged, encoding, no_body, missing.
    """

    code = "reading"
