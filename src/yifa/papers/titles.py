"""Titles over more than one line, broken where words end."""

from __future__ import annotations

import re
import unicodedata

COLUMNS = 19.5  # of the 20 characters of 2号 in a line half a one is left for fonts that are wider
BREAKS = re.compile(  # where a line of the title may end
    r"(?<=人民政府)|(?<=委员会)|(?<=[局厅委])(?!员)|(?<=办公室)|(?<=关于)|(?<=年度)(?!报告的)|(?<=年)(?!度)|(?<=建设)(?![局厅委部])|(?<=工作)(?![局厅委部])|(?<=情况)(?!的)|(?<=情况的)"
)


def title_lines(title: str) -> list[str]:
    """The lines of a title of 22 points: one where it fits, else cut where words end, the longest line the shortest."""
    if width(title) <= COLUMNS:
        return [title]
    places = [match.start() for match in BREAKS.finditer(title) if 0 < match.start() < len(title)]
    cuts = [(title[:place], title[place:]) for place in places]
    fitting = [cut for cut in cuts if max(map(width, cut)) <= COLUMNS]
    if fitting:
        return list(min(fitting, key=lambda cut: max(map(width, cut))))
    heads = [cut for cut in cuts if width(cut[0]) <= COLUMNS]
    if not heads:
        return [title]
    head, rest = max(heads, key=lambda cut: len(cut[0]))
    return [head, *title_lines(rest)]


def width(text: str) -> float:
    """Width in Chinese characters; Latin letters and digits are half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in text)
