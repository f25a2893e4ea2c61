"""What can be wrong with a draw."""

from __future__ import annotations

from yifa.law.errors import YifaError


class DrawError(YifaError):
    """A draw cannot be made, or its file cannot be read; the message says why and how to mend it."""

    code = "draw"
