"""Words that no longer hold, struck out, in Word and in Excel alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Struck:
    """Text with a line through it; with `level` in the font of that heading, where it stands in a paragraph."""

    text: str
    level: int = 0
