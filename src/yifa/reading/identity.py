"""Who says it, about which year, signed when: title, issuer, year, period, date, cut-off days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.reading.dates import RANGE, make_date, month_end, years_in
from yifa.reading.document import Cutoff
from yifa.reading.issuers import find_issuer, without
from yifa.reading.numerals import integer
from yifa.reading.periods import months_of, period_in
from yifa.reading.signatures import signature
from yifa.reading.titles import find_title

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
    as_of: date | None = (
        None  # the day on which it is to be judged: of the signature, else the end of its month or year
    )


def identity(text: str, foreign: Sequence[str], furniture: Sequence[str] = (), styled: str = "") -> Identity:
    """Title, issuer, year, period, date of signature and cut-off days; `foreign` phrases are taken out of names.

    `furniture`: page lines that repair removed; 来源 among them may name the issuer. `styled`: what the file itself marks
    as its title, for a text whose words show none.
    """
    title = without(find_title(text) or styled or None, foreign)
    signed = signature(text, foreign)
    year = _year(text, title)
    issuer = find_issuer(text, title, signed.name, foreign, furniture)
    period = _period(text, title, year)
    as_of = signed.on or signed.month_end or (date(year, 12, 31) if year else None)
    return Identity(title, issuer, year, period, signed.on, cutoffs(text, year), as_of)


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
    r"截[至止]到?(?:(?P<year>\d{4})年|今年|本年|当年)?(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|底|末|份)?(?=[，,止为前]|[^\d\-—至到])"
    r"|(?P<part>上半年|前三季度|第?[一二三1-3]季度)末?)"
)
COUNTED = re.compile(
    r"(?:1月?[-—－–~～至到]{1,2}(?P<month>\d{1,2})月(?:份|底)?|前(?P<part>三|两)季度)"
    r"(?=[，,]|[我全共累]|[\u4e00-\u9fff]{2,4}[^，。\d]{0,12}\d)"
)
IN_YEAR = re.compile(r"(?:\A|[。；;\n，,\u3000])(?:(?P<year>\d{4})年|今年|本年)?\Z")
COUNTS_NOT = re.compile(r"去年|上年|同期|同比|计划|拟|将")


def cutoffs(text: str, year: int | None) -> tuple[Cutoff, ...]:
    """Days up to which figures were counted: 「截止11月底」, 「1—10月，…」, 「截至三季度末」."""
    found = []
    for match in CUTOFF.finditer(text):
        if cutoff := _cutoff(match, int(match["year"]) if match["year"] else year, match.start()):
            found.append(cutoff)
    for match in COUNTED.finditer(text):
        before = text[max(match.start() - 8, 0) : match.start()]
        opens = IN_YEAR.search(before)
        if opens and not COUNTS_NOT.search(before + text[match.end() : match.end() + 8]):
            in_year = int(opens["year"]) if opens["year"] else year
            start = match.start() - len(opens[0].lstrip("。；;\n，,\u3000"))
            if cutoff := _cutoff(match, in_year, start):
                found.append(cutoff)
    return tuple(sorted(found, key=lambda item: item.span))


def _cutoff(match: re.Match[str], year: int | None, start: int) -> Cutoff | None:
    if year is None:
        return None
    if match["part"]:
        name = match["part"]
        month = {"三": 9, "两": 6}.get(name) or months_of(name)[1]
    else:
        month = int(match["month"])
    day = match.groupdict().get("day")
    on = make_date(year, month, integer(day)) if day else month_end(year, month)
    span = (start, match.end())
    return Cutoff(on, match.string[start : match.end()], span) if on else None
