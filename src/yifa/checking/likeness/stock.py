"""Words that everyone writes alike: political formulas, titles, fixed phrases of the law. They are nobody's to copy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pydantic import BaseModel, ConfigDict

from yifa.checking.likeness.bare import bare_text
from yifa.law.datafiles import beside
from yifa.reading.document import Span

_CLAUSE = re.compile(r"[^，,。；;：:！？\n]+")
_TITLE = re.compile(r"《[^《》\n]{1,60}》")


class Stock(BaseModel):
    """The word lists; what each is for stands beside it in stock.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clauses: tuple[str, ...]
    phrases: tuple[str, ...]


@cache
def stock() -> Stock:
    """The word lists, read once."""
    return Stock.model_validate(beside(__file__, "stock.yaml"))


@cache
def _stock_clause() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, stock().clauses)))


@cache
def _phrase() -> re.Pattern[str]:
    ordered = sorted(stock().phrases, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)))


def own_words(text: str, span: Span, headings: Iterable[Span] = ()) -> int:
    """How many words of a passage are the writer's own: outside headings, formulas, titles and fixed phrases."""
    own = 0
    for start, end in _without(span, headings):
        for clause in _CLAUSE.findall(text, start, end):
            if _stock_clause().search(clause) is None:
                own += len(bare_text(_phrase().sub("", _TITLE.sub("", clause))))
    return own


def _without(span: Span, headings: Iterable[Span]) -> Iterable[Span]:
    """The parts of a stretch between the headings in it."""
    place, end = span
    for start, stop in headings:
        if stop > place and start < end:
            if start > place:
                yield (place, start)
            place = max(place, stop)
    if place < end:
        yield (place, end)
