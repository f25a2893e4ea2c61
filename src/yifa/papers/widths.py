"""Widths for the columns of a table by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

PADDING = 1.2  # characters a cell leaves empty at its sides


def fitted(rows: Sequence[Sequence[str]], least: Sequence[float], room: float) -> list[float]:
    """Widths in Chinese characters that add up to `room` and keep the rows low.

    Each column begins with its `least`; the rest goes, a character at a time, to the column that makes rows highest.
    """
    widths = list(least)
    while sum(widths) + 1 <= room:
        needs = [0.0] * len(widths)
        for row in rows:
            heights = [ceil(len(text) / (width - PADDING)) for text, width in zip(row, widths, strict=True)]
            tallest = max(heights, default=0)
            for place, height in enumerate(heights):
                if height == tallest and height > 1:
                    needs[place] += height
        if not any(needs):
            break
        widths[needs.index(max(needs))] += 1
    spare = max(0.0, room - sum(widths)) / len(widths)
    return [width + spare for width in widths]
