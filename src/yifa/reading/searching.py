"""Searching in two steps: a set of characters finds where a pattern may begin, the pattern is tried only there.

`re` looks for a set or a plain character ten times as fast as for alternatives, repeats and lookbehinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


def matches(text: str, beginning: re.Pattern[str], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The matches of `pattern`, of which none begins where `beginning` does not match."""
    match_at = pattern.match
    end = 0
    for begins in beginning.finditer(text):
        start = begins.start()
        if start >= end and (match := match_at(text, start)):
            end = match.end()
            yield match
