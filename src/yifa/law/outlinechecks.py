"""Cross-checks of outlines: the figures they call for, their tables and charts, their due days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator

from yifa.law.crosschecks import Known, placeholders, reference, references
from yifa.law.messages import Problem
from yifa.law.nodes import Place
from yifa.law.schema import DueDay, Exhibit, OutlineType, SectionType

OUTLINE_WORDS = ("organization", "year", "next_year", "last_year", "period", "date", "cutoff")
LEVELS = ("county", "zone", "town", "department")
LEAP_YEAR = 2024


def outline(thing: OutlineType, known: Known) -> Iterator[Problem]:
    """All that is wrong with the references of an outline."""
    names = (*OUTLINE_WORDS, *known.counting_rules)
    for key in ("title", "opening", "closing"):
        yield from placeholders((key,), getattr(thing, key) or "", names, "口径")
    for index, due in enumerate(thing.due):
        yield from _due(("due", index), due)
    seen: set[str] = set()
    for index, section in enumerate(thing.sections):
        yield from _section(("sections", index), section, known, seen)


def _due(place: Place, due: DueDay) -> Iterator[Problem]:
    yield from references((*place, "levels"), due.levels, LEVELS, "层级")
    if due.day > monthrange(LEAP_YEAR, due.month)[1]:
        yield (*place, "day"), f"{due.month}月没有{due.day}日"


def _section(place: Place, section: SectionType, known: Known, seen: set[str]) -> Iterator[Problem]:
    names = (*OUTLINE_WORDS, *known.counting_rules)
    if section.id in seen:
        yield (*place, "id"), f"节的标识“{section.id}”用了两次"
    seen.add(section.id)
    for index, sentence in enumerate(section.sentences):
        for number, rule in enumerate(sentence.each):
            yield from reference((*place, "sentences", index, "each", number), rule, names, "口径")
        for key in ("text", "when_zero"):
            here = (*place, "sentences", index, key)
            text, allowed = getattr(sentence, key) or "", names
            if sentence.each and key == "text":
                text, allowed = text.replace(":part}", "}"), (*names, "part")
            yield from placeholders(here, text, allowed, "口径")
    for index, exhibit in enumerate(section.exhibits):
        yield from _exhibit((*place, "exhibits", index), exhibit, known)
    for index, inner in enumerate(section.sections):
        yield from _section((*place, "sections", index), inner, known, seen)


def _exhibit(place: Place, exhibit: Exhibit, known: Known) -> Iterator[Problem]:
    yield from placeholders((*place, "title"), exhibit.title, OUTLINE_WORDS, "名称")
    yield from references((*place, "figures"), exhibit.figures, known.counting_rules, "口径")
    rules = [known.counting_rules[name] for name in exhibit.figures if name in known.counting_rules]
    for index, rule in enumerate(rules):
        if exhibit.by == "parts" and rule.breakdown is None:
            yield (*place, "figures", index), f"口径“{rule.counting_rule}”没有分项（breakdown），不能按分项列"
        if exhibit.by == "months" and rule.rate is not None:
            yield (*place, "figures", index), f"口径“{rule.counting_rule}”是比率，不能按月列"
    units = dict.fromkeys(rule.unit for rule in rules)
    if exhibit.show == "chart" and len(units) > 1:
        yield (*place, "figures"), f"同一张图里的数字单位应当相同，现有：{'、'.join(units)}"
