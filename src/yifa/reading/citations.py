"""Citations: every title in 《》 with its number, resolved to the list of laws and judged on the day of the text."""

from __future__ import annotations

import re
from datetime import date

from yifa.law.laws import LawList
from yifa.reading.document import Citation

TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]{1,80}》){1,120})》")
NUMBER = re.compile(
    r"\s*[（(]?\s*([\u4e00-\u9fff]{1,12}[〔\[（(【](?:19|20)\d{2}[〕\]）)】]\s*第?\s*\d+\s*号"
    r"|[\u4e00-\u9fff]{1,12}令第?\s*\d+\s*号)"
)


def citations(text: str, on: date | None, laws: LawList | None) -> tuple[Citation, ...]:
    """All titles cited, in order; `on` is the day on which their state is judged."""
    return tuple(_citation(match, text, on, laws) for match in TITLE.finditer(text))


def _citation(match: re.Match[str], text: str, on: date | None, laws: LawList | None) -> Citation:
    title = match[1].strip()
    found = NUMBER.match(text, match.end())
    number = re.sub(r"\s+", "", found[1]) if found else None
    span = (match.start(), match.end())
    cited = laws.cite(title, number, on) if laws is not None else None
    if laws is None or cited is None:
        return Citation(title, number, span, None, "unknown", on)
    status = laws.status(cited, on) if on is not None else "unknown"
    return Citation(title, number, span, cited.law.id, status, on)
