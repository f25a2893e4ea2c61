"""Parts of another kind in one text: next year's plan in a report, a list of tasks annexed to one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yifa.reading.dates import years_in
from yifa.reading.document import Heading, Kind, Part, Span
from yifa.reading.kind import BOTH
from yifa.reading.lexicon import words
from yifa.reading.units import labelled_units

PLANNED = re.compile(r"计划|思路|安排|打算|要点|规划|任务|目标|部署|谋划")
NEXT_YEAR = re.compile(r"明年|来年|下一?年度?|下半年|(?:二[〇零]|20)[\d〇零一二三四五六七八九]{2}年")
OPENS_PLAN = re.compile(
    r"^[ \t\u3000]*(?P<title>(?:第[一二三]部分[ \t\u3000:：]*)?[^\n。，、：:]{0,20}(?:20\d\d年|明年|下半年|下一?年度?)"
    r"[^\n。，：:]{0,20}(?:计划|思路|安排|打算|要点))[ \t\u3000]*$",
    re.M,
)
OWNED = re.compile(r"[：:](?<=(?:单位|部门|处室|科室|股室|站所|牵头)[：:])")
FEWEST_ITEMS, FEWEST_OWNED = 2, 3


def parts(
    text: str, kind: Kind, title: str | None, outline: Sequence[Heading], year: int | None
) -> tuple[Part, ...]:
    """The parts of a text of two kinds, in order; empty for a text of one kind, and for every plan."""
    if kind is Kind.WORK_PLAN:
        return ()
    found = _next_years_plan(text, title, outline, year) if kind is Kind.ANNUAL_REPORT else None
    found = found or _annexed_tasks(text, outline, year)
    if found is None:
        return ()
    begin, end = found.span
    before = [Part(kind, title or "", (0, begin), year)] if text[:begin].strip() else []
    behind = [Part(kind, "", (end, len(text)), year)] if text[end:].strip() and end < len(text) else []
    return (*before, found, *behind)


def _next_years_plan(
    text: str, title: str | None, outline: Sequence[Heading], year: int | None
) -> Part | None:
    """The chapter, or the lines below a title of their own, that plan the year to come in numbered items."""
    both = BOTH.search(title or "") is not None
    for place, heading in enumerate(outline):
        if place and _plans_ahead(heading.title, year, both=both) and len(heading.children) >= FEWEST_ITEMS:
            return Part(Kind.WORK_PLAN, heading.title, heading.body, _year_of(heading.title, year))
    first = outline[0].span[0] if outline else 0
    for match in OPENS_PLAN.finditer(text, first) if both else ():
        inside = [heading for heading in outline if heading.span[0] >= match.end()]
        if _plans_ahead(match["title"], year, both=both) and len(inside) >= FEWEST_ITEMS:
            return Part(
                Kind.WORK_PLAN,
                match["title"].strip(),
                (match.start("title"), len(text)),
                _year_of(match["title"], year),
            )
    return None


def _plans_ahead(title: str, year: int | None, *, both: bool) -> bool:
    """Whether a chapter's title says that it is the plan for a later time."""
    if not PLANNED.search(title):
        return False
    later = [item for item in years_in(title) if year is not None and item > year]
    return (
        bool(later)
        or (NEXT_YEAR.search(title) is not None and not years_in(title))
        or (both and any(word in title for word in words("plans")["future"]) and not years_in(title))
    )


def _year_of(title: str, year: int | None) -> int | None:
    named = years_in(title)
    if named:
        return named[-1]
    return year if year is None or "下半年" in title else year + 1


def _annexed_tasks(text: str, outline: Sequence[Heading], year: int | None) -> Part | None:
    """A run of numbered items each of which names who is responsible."""
    if sum(1 for _ in OWNED.finditer(text)) < FEWEST_OWNED:
        return None
    leaves = [heading for top in outline for heading in top.walk() if not heading.children]
    run: list[Heading] = []
    best: list[Heading] = []
    for heading in leaves:
        end = text.find("\n\n", *heading.body)
        owned = any(labelled_units(text[heading.body[0] : heading.body[1] if end < 0 else end]))
        if not owned:
            run = []
            continue
        run.append(heading)
        best = run if len(run) > len(best) else best
    if len(best) < FEWEST_OWNED:
        return None
    begin = best[0].body[0]
    title, start = _title_above(text, begin)
    span: Span = (start, best[-1].body[1])
    return Part(Kind.WORK_PLAN, title, span, next(iter(years_in(title)), year))


def _title_above(text: str, position: int) -> tuple[str, int]:
    """The short line right above a place, and where it begins; else nothing."""
    above = text[max(position - 80, 0) : position].rstrip("\n\u3000 \t").split("\n")[-1]
    line = above.strip(" \u3000\t")
    if not 4 <= len(line) <= 40 or line.endswith("。"):
        return "", position
    return line, text.rindex(line, 0, position)
