"""Widths for the columns of a table by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

PADDING = 1.2  # characters a cell leaves empty at its sides


def fitted(rows: Sequence[Sequence[str]], least: Sequence[float], room: float) -> list[float]:
    """Widths in Chinese characters that add up to `room` and keep the rows low.

    Each column begins with its `least`; the rest goes, a character at a time, to the column that saves most lines of the
    table, or where one character saves none, to the column that makes rows highest.
    """
    widths = list(least)
    while sum(widths) + 1 <= room:
        heights = [_heights(row, widths) for row in rows]
        tallest = [max(row, default=0) for row in heights]
        needs = [
            (_saved(rows, heights, tallest, place, width + 1), _sum_of_tall(heights, tallest, place))
            for place, width in enumerate(widths)
        ]
        best = max(needs, default=(0, 0))
        if best == (0, 0):
            break
        widths[needs.index(best)] += 1
    spare = max(0.0, room - sum(widths)) / len(widths)
    return [width + spare for width in widths]


def _lines(text: str, width: float) -> int:
    return ceil(len(text) / (width - PADDING))


def _heights(row: Sequence[str], widths: Sequence[float]) -> list[int]:
    return [_lines(text, width) for text, width in zip(row, widths, strict=True)]


def _saved(
    rows: Sequence[Sequence[str]],
    heights: Sequence[Sequence[int]],
    tallest: Sequence[int],
    place: int,
    width: float,
) -> int:
    """How many lines the table is lower where the column at `place` is as wide as `width`."""
    saved = 0
    for row, lines, top in zip(rows, heights, tallest, strict=True):
        if lines[place] == top:
            others = max((one for at, one in enumerate(lines) if at != place), default=0)
            saved += top - max(others, _lines(row[place], width))
    return saved


def _sum_of_tall(heights: Sequence[Sequence[int]], tallest: Sequence[int], place: int) -> int:
    return sum(lines[place] for lines, top in zip(heights, tallest, strict=True) if lines[place] == top > 1)
