"""What loading hands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loaded:
    """The decoded source of a file."""

    text: str
    format: str  # txt | html | docx | doc | pdf | xlsx | ofd
    encoding: str | None
    damage: tuple[str, ...] = ()  # what could not be decoded or read, in Chinese
    furniture: tuple[str, ...] = ()  # page headers and footers, which are not in the text
    title: str = ""  # what stands in the style for titles, where the format has styles
