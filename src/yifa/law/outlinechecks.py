"""Cross-checks of outlines: the figures they call for, their tables and charts, their due days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from yifa.law.crosschecks import Known, placeholders, reference, references
from yifa.law.messages import Problem
from yifa.law.nodes import Place
from yifa.law.phrases import LEVELS
from yifa.law.schema import AboutPerson, DueDay, Exhibit, OutlineType, SectionType

OUTLINE_WORDS = ("organization", "year", "next_year", "last_year", "period", "date", "cutoff")
SUBJECT = "subject"  # the person of a report on one person
LEAP_YEAR = 2024


def outline(thing: OutlineType, known: Known) -> Iterator[Problem]:
    """All that is wrong with the references of an outline."""
    words = (*OUTLINE_WORDS, SUBJECT) if thing.person else OUTLINE_WORDS
    for key in ("title", "opening", "closing"):
        yield from placeholders((key,), getattr(thing, key) or "", (*words, *known.counting_rules), "口径")
    if thing.person:
        yield from _person(thing, thing.person, known)
    for index, due in enumerate(thing.due):
        yield from _due(("due", index), due)
    seen: set[str] = set()
    for index, section in enumerate(thing.sections):
        yield from _section(("sections", index), section, _Given(known, words), seen)


@dataclass(frozen=True, slots=True)
class _Given:
    """What the sections may refer to."""

    known: Known
    words: tuple[str, ...]


def _person(thing: OutlineType, person: AboutPerson, known: Known) -> Iterator[Problem]:
    if SUBJECT not in thing.title:
        yield ("title",), "每人一份的报告，标题要写明是谁：{subject}"
    if not person.facts and not person.registers:
        yield ("person",), "写 facts 或 registers：哪些事项、清单的哪个字段是本人"
    for case_type, name in person.facts.items():
        yield from reference(("person", "facts"), case_type, known.case_types, "事项类型")
        if case_type in known.case_types:
            yield from reference(
                ("person", "facts", case_type), name, known.case_types[case_type].facts, "字段"
            )
    for register, name in person.registers.items():
        yield from reference(("person", "registers"), register, known.registers, "清单")
        if register in known.registers:
            yield from reference(
                ("person", "registers", register), name, known.registers[register].fields, "字段"
            )


def _due(place: Place, due: DueDay) -> Iterator[Problem]:
    yield from references((*place, "levels"), due.levels, LEVELS, "层级")
    if due.day > monthrange(LEAP_YEAR, due.month)[1]:
        yield (*place, "day"), f"{due.month}月没有{due.day}日"


def _section(place: Place, section: SectionType, given: _Given, seen: set[str]) -> Iterator[Problem]:
    known = given.known
    names = (*given.words, *known.counting_rules)
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
    yield from references((*place, "gaps"), section.gaps, known.gaps, "缺口清单")
    yield from placeholders((*place, "otherwise"), section.otherwise or "", given.words, "名称")
    if section.needs is not None:
        yield from references((*place, "needs"), [section.needs.figure], known.counting_rules, "口径")
        yield from placeholders((*place, "needs"), section.needs.without, given.words, "名称")
    for index, exhibit in enumerate(section.exhibits):
        yield from _exhibit((*place, "exhibits", index), exhibit, given)
    for index, inner in enumerate(section.sections):
        yield from _section((*place, "sections", index), inner, given, seen)


def _exhibit(place: Place, exhibit: Exhibit, given: _Given) -> Iterator[Problem]:
    known = given.known
    yield from placeholders((*place, "title"), exhibit.title, given.words, "名称")
    yield from references((*place, "figures"), exhibit.figures, known.counting_rules, "口径")
    rules = [known.counting_rules[name] for name in exhibit.figures if name in known.counting_rules]
    for index, rule in enumerate(rules):
        if exhibit.by == "parts" and rule.breakdown is None:
            yield (*place, "figures", index), f"口径“{rule.counting_rule}”没有分项（breakdown），不能按分项列"
        if exhibit.by in {"months", "records"} and rule.rate is not None:
            yield (
                (*place, "figures", index),
                f"口径“{rule.counting_rule}”是比率，没有自己的记录，不能按月、按记录列",
            )
    if exhibit.show == "chart" and exhibit.by == "records":
        yield (*place, "by"), "按记录列的只能是表（table）"
    units = dict.fromkeys(rule.unit for rule in rules)
    if exhibit.show == "chart" and len(units) > 1:
        yield (*place, "figures"), f"同一张图里的数字单位应当相同，现有：{'、'.join(units)}"
