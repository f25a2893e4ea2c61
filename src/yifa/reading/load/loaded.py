"""What loading hands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loaded:
    """The decoded source of a file."""

    text: str
    format: str  # txt | html | docx
    encoding: str | None
    damage: tuple[str, ...] = ()  # what could not be decoded, in Chinese
