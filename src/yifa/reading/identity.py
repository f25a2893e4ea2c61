"""Who says it, about which year, signed when: title, issuer, year, period, date, cut-off days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from yifa.reading.dates import DAY, DOTTED, RANGE, date_in, make_date, month_end, years_in
from yifa.reading.document import Cutoff, Span
from yifa.reading.lexicon import alternatives, words
from yifa.reading.numerals import integer

HEADING = re.compile(
    r"^[ \t\u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章条])",
    re.M,
)
OPENING = re.compile(r"现(?:提)?将([^。\n]{2,80}?)(?:(?:情况)?(?:报告|汇报|总结|公布|通报)?(?:如下|于后))")
LOWEST_LINES = 8


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
    title = _without(find_title(text), foreign)
    dated, signer = _signature(text)
    year = _year(text, title)
    issuer = _issuer(text, title, signer, foreign, furniture)
    period = _period(text, title, year)
    return Identity(title, issuer, year, period, dated, _cutoffs(text, year))


def _without(name: str | None, foreign: Sequence[str]) -> str | None:
    if name is None:
        return None
    for phrase in foreign:
        name = name.replace(phrase, "")
    return name.strip() or None


@cache
def _title_end() -> re.Pattern[str]:
    ends = alternatives(words("identity")["title_ends"])
    return re.compile(rf"(?:{ends})(?:[（(][^（）()\n]{{1,20}}[)）])?\Z")


@cache
def _glued_title() -> re.Pattern[str]:
    ends = alternatives(words("identity")["title_ends"])
    return re.compile(
        rf"\A[\s]{{0,20}}([^。，,；;：:\n]{{4,60}}?(?:{ends}))(?=\s|(?:19|20)\d\d年|今年|近年|一、|为|根据|按照|在|发布|来源|时间|日期)"
    )


def find_title(text: str) -> str | None:
    """A short line before the body that ends like a title; two lines where the first is the issuer's name."""
    first_heading = HEADING.search(text)
    head = text[: first_heading.start() if first_heading else 1500][:1500]
    lines = [line.strip() for line in head.split("\n") if line.strip()][:LOWEST_LINES]
    for place, line in enumerate(lines):
        if len(line) > 80 or "。" in line or line.startswith("《"):
            continue
        bare = re.sub(r"\s+", "", line)
        if _title_end().search(bare) and not bare.startswith(("现将", "附件", "索引", "主题", "名称")):
            before = lines[place - 1] if place else ""
            if 4 <= len(before) <= 40 and (before.endswith(("关于", "的")) or _is_organization(before)):
                return before + bare
            return bare
    glued = _glued_title().match(text)
    return glued[1] if glued and len(lines[0]) > 200 else None


def _signature(text: str) -> tuple[date | None, str | None]:
    """The date that stands alone at the end, and the name on the line above it."""
    lines = [line.strip(" \t\u3000") for line in text[-600:].split("\n")]
    lines = [line for line in lines if line][-LOWEST_LINES:]
    for place in range(len(lines) - 1, -1, -1):
        bare = re.sub(r"\s+", "", lines[place])
        match = DAY.search(bare) or DOTTED.search(bare)
        if match is None or len(bare) > 40 or bare.endswith(("。", "；")) or bare[match.end() :].strip("）)"):
            continue
        found = date_in(match)
        if found is None:
            continue
        name = bare[: match.start()].strip("（(") or (lines[place - 1] if place else "")
        return found, re.sub(r"\s+", "", name) if _is_organization(name) else None
    if lines and len(lines[-1]) <= 30 and _is_organization(lines[-1]):
        return None, re.sub(r"\s+", "", lines[-1])
    glued = re.search(rf"。\s*([\u4e00-\u9fff（）()]{{3,30}}?)\s*({DAY.pattern})\s*\Z", text[-120:])
    if glued and _is_organization(glued[1]):
        return date_in(glued), glued[1]
    return None, None


@cache
def _organization_end() -> re.Pattern[str]:
    lexicon = words("identity")
    return re.compile(
        rf"[\u4e00-\u9fff（）()]{{1,36}}(?:{alternatives(lexicon['organizations'] + lexicon['places'])})\Z"
    )


def _is_organization(name: str) -> bool:
    bare = re.sub(r"\s+", "", name)
    return 3 <= len(bare) <= 40 and _organization_end().match(bare) is not None


TITLE_HEAD = re.compile(
    r"\A(.{2,34}?)(?:关于|(?:19|20)\d\d(?:年|[-—])|[二一][〇零○九\d][\d〇零○一二三四五六七八九]{2}年|法治政府|依法行政|全面依法|法治建设|推进|贯彻|落实)"
)
SHORT_NAME = re.compile(r"([\u4e00-\u9fff]{2,16})\s*[（(]以下(?:简称|称)")


def _issuer(
    text: str, title: str | None, signer: str | None, foreign: Sequence[str], furniture: Sequence[str]
) -> str | None:
    """From the signature, the title, the introduction of a short name, the opening, the names in cited titles."""
    for candidate in (
        signer,
        _from_title(title),
        _from_short_name(text),
        _from_opening(text),
        _from_furniture(furniture),
        _most_named(text),
    ):
        name = _without(candidate, foreign)
        if name and len(name) >= 3:
            return name
    return None


ORIGIN = re.compile(r"(?:来源|发布机构|发布单位|制发机关|公开主体)\s*[:：]\s*([\u4e00-\u9fff]{3,30})")


def _from_furniture(furniture: Sequence[str]) -> str | None:
    found = [match[1] for line in furniture if (match := ORIGIN.search(line))]
    return next((name for name in found if _is_organization(name)), None)


def _from_title(title: str | None) -> str | None:
    match = TITLE_HEAD.match(title or "")
    return match[1] if match and _is_organization(match[1]) else None


def _from_short_name(text: str) -> str | None:
    """「推进郑东新区（以下简称东区）」 → 「郑东新区」."""
    match = SHORT_NAME.search(text[:1200])
    if match is None:
        return None
    own = re.search(rf"{_name()}\Z", _stripped(match[1]))
    return own[0] if own and not own[0].startswith(_not_own()) else None


def _stripped(phrase: str) -> str:
    """A phrase without the verbs stuck to the front of a name."""
    starts = tuple(words("identity")["verb_starts"])
    stripped = True
    while stripped:
        stripped = False
        for start in starts:
            if phrase.startswith(start) and len(phrase) >= len(start) + 3:
                phrase, stripped = phrase[len(start) :], True
    return phrase


@cache
def _name() -> str:
    """A place (a chain of at most three) with or without a body of it, or a body that needs no place."""
    lexicon = words("identity")
    place = rf"(?:[\u4e00-\u9fff]{{2,4}}?(?:{alternatives(lexicon['places'])})|[\u4e00-\u9fff]县)"
    body = rf"(?:(?:(?![的和及与])[\u4e00-\u9fff]){{0,10}}?(?:{alternatives(lexicon['organizations'])}))"
    return rf"(?:{place}{{1,3}}{body}?)"


@cache
def _acting() -> re.Pattern[str]:
    acts = alternatives(words("identity")["acts"])
    return re.compile(rf"(?:\A|(?<=[，。,；：\n\s年、来]))({_name()})(?=[，,]?(?:{acts}))")


@cache
def _not_own() -> tuple[str, ...]:
    lexicon = words("identity")
    return (*lexicon["not_own"], *lexicon["verb_starts"])


def _from_opening(text: str) -> str | None:
    """The name that acts in the first sentences: 「2023年，某县坚持以…」."""
    for match in _acting().finditer(text[:1000]):
        name = match[1]
        if 3 <= len(name) <= 24 and not name.startswith(_not_own()):
            return name
    return None


@cache
def _cited_place() -> re.Pattern[str]:
    return re.compile(rf"《([\u4e00-\u9fff]{{2,4}}?(?:{alternatives(words('identity')['places'])}))")


def _most_named(text: str) -> str | None:
    """The place most often at the head of cited titles: a body cites its own rules most."""
    named = Counter(m[1] for m in _cited_place().finditer(text) if not m[1].startswith(_not_own()))
    named = Counter(
        {name: times for name, times in named.items() if not name.startswith(("关于", "全国", "中共"))}
    )
    best = named.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 and _is_organization(best[0][0]) else None


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


HALF = re.compile(r"(?:(\d{4})年)?上半年")


def _period(text: str, title: str | None, year: int | None) -> tuple[date, date] | None:
    """The period the text says it covers: the opening sentence before the title, else the whole year."""
    opening = OPENING.search(text[:3000])
    for place in (opening[1] if opening else "", title or ""):
        span = RANGE.search(place)
        if span and int(span[1]) <= int(span[3]):
            return _range(span)
        if place and HALF.search(place) and year:
            return date(year, 1, 1), date(year, 6, 30)
    return (date(year, 1, 1), date(year, 12, 31)) if year else None


def _range(span: re.Match[str]) -> tuple[date, date]:
    begins, ends = int(span[1]), int(span[3])
    first = int(span["from"][:-1]) if span["from"] else 1
    last = int(span["to"]) if span["to"] else 12
    start = make_date(begins, first, 1) or date(begins, 1, 1)
    return start, month_end(ends, last) or date(ends, 12, 31)


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
