"""Who says it, about which year, signed when: title, issuer, year, period, date, cut-off days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.reading.dates import RANGE, make_date, month_end, years_in
from yifa.reading.document import Cutoff, Span
from yifa.reading.issuers import find_issuer, without
from yifa.reading.numerals import integer
from yifa.reading.periods import period_in
from yifa.reading.titles import find_title, signature

OPENING = re.compile(
    r"现(?:提)?[将就]([^。\n]{2,80}?)(?:(?:情况)?(?:报告|汇报|总结|公布|通报)?(?:如下|于后))"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says of itself."""

    title: str | None
    issuer: str | None
    year: int | None
    period: tuple[date, date] | None
    dated: date | None
    cutoffs: tuple[Cutoff, ...]


def identity(text: str, foreign: Sequence[str], furniture: Sequence[str] = ()) -> Identity:
    """Title, issuer, year, period, date of signature and cut-off days; `foreign` phrases are taken out of names.

    `furniture`: page lines that repair removed; 来源 among them may name the issuer.
    """
    title = without(find_title(text), foreign)
    dated, signer = signature(text)
    year = _year(text, title)
    issuer = find_issuer(text, title, signer, foreign, furniture)
    period = _period(text, title, year)
    return Identity(title, issuer, year, period, dated, _cutoffs(text, year))


def _year(text: str, title: str | None) -> int | None:
    """The year reported on or planned for: title, opening sentence, first years named."""
    opening = OPENING.search(text[:3000])
    for place in (title or "", opening[1] if opening else "", text[:300]):
        bare = re.sub(r"《[^《》\n]{1,120}》", "", place) if place != title else place
        span = RANGE.search(bare)
        if span:
            return int(span[3])
        years = years_in(bare)
        if years:
            return years[0]
    years = years_in(text[:3000])
    return Counter(years).most_common(1)[0][0] if years else None


def _period(text: str, title: str | None, year: int | None) -> tuple[date, date] | None:
    """The period the text says it covers: the opening sentence before the title, else the whole year."""
    opening = OPENING.search(text[:3000])
    for place in (opening[1] if opening else "", title or ""):
        named = period_in(place, year)
        if named:
            return named
    return (date(year, 1, 1), date(year, 12, 31)) if year else None


CUTOFF = re.compile(
    r"(?:截[至止]到?|至|到)(?:(?P<year>\d{4})年|今年|本年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|底|末|份)?(?=[，,止为]|[^\d\-—至到])"
)


def _cutoffs(text: str, year: int | None) -> tuple[Cutoff, ...]:
    """Days up to which figures were counted: 「截止11月底」."""
    found = []
    for match in CUTOFF.finditer(text):
        if not match[0].startswith("截"):
            continue
        in_year = int(match["year"]) if match["year"] else year
        month = int(match["month"])
        if in_year is None:
            continue
        on = make_date(in_year, month, integer(match["day"])) if match["day"] else month_end(in_year, month)
        if on:
            span: Span = match.span()
            found.append(Cutoff(on, match[0], span))
    return tuple(found)
