"""Automatic numbers of Word paragraphs as the text a reader sees: 一、 （一） 1. (1) ①."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE = "零一二三四五六七八九"
CHINESE_FORMATS = {
    "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCountingThousand",
    "taiwaneseCounting", "koreanDigital2", "chineseLegalSimplified", "ideographTraditional",
}  # fmt: skip
DEEPEST = 9


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of one document."""

    levels: dict[str, dict[int, _Level]]  # by numId
    abstract: dict[str, str]  # numId → abstractNumId: lists of one abstract share their count
    by_style: dict[str, tuple[str, int]]
    counts: dict[str, list[int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any) -> Numbering:
        """The numbering of a python-docx document."""
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return cls({}, {}, {})
        abstracts = {
            item.get(qn("w:abstractNumId")): {
                int(level.get(qn("w:ilvl"), "0")): _level(level) for level in item.findall(qn("w:lvl"))
            }
            for item in root.findall(qn("w:abstractNum"))
        }
        levels: dict[str, dict[int, _Level]] = {}
        abstract: dict[str, str] = {}
        for item in root.findall(qn("w:num")):
            number = item.get(qn("w:numId"))
            reference = item.find(qn("w:abstractNumId"))
            if number is not None and reference is not None:
                abstract[number] = reference.get(qn("w:val"))
                levels[number] = abstracts.get(abstract[number], {})
        return cls(levels, abstract, _styles(document))

    def next(self, paragraph: Any) -> str:
        """The number in front of this paragraph, or nothing."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number, depth = place
        level = self.levels.get(number, {}).get(depth)
        if level is None or level.format in ("none", "bullet"):
            return ""
        counts = self.counts.setdefault(self.abstract.get(number, number), [None] * DEEPEST)
        current = counts[depth]
        counts[depth] = level.start if current is None else current + 1
        counts[depth + 1 :] = [None] * (DEEPEST - depth - 1)
        return self._render(number, level, counts)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        found = _number_of(properties)
        style = properties.find(qn("w:pStyle"))
        inherited = self.by_style.get(style.get(qn("w:val"))) if style is not None else None
        number = found[0] or (inherited[0] if inherited else None)
        depth = found[1] if found[1] is not None else (inherited[1] if inherited else 0)
        if number is None or number == "0" or not 0 <= depth < DEEPEST:
            return None
        return number, depth

    def _render(self, number: str, level: _Level, counts: list[int | None]) -> str:
        def one(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            of = self.levels[number].get(depth, level)
            return _written(counts[depth] or of.start, of.format)

        return re.sub(r"%([1-9])", one, level.text)


def _level(element: Any) -> _Level:
    def value(tag: str, default: str) -> str:
        child = element.find(qn(tag))
        return str(child.get(qn("w:val"), default)) if child is not None else default

    start = value("w:start", "1")
    return _Level(value("w:numFmt", "decimal"), value("w:lvlText", ""), int(start) if start.isdigit() else 1)


def _number_of(properties: Any) -> tuple[str | None, int | None]:
    numbering = properties.find(qn("w:numPr"))
    if numbering is None:
        return None, None
    number, depth = numbering.find(qn("w:numId")), numbering.find(qn("w:ilvl"))
    return (
        number.get(qn("w:val")) if number is not None else None,
        int(depth.get(qn("w:val"))) if depth is not None else None,
    )


def _styles(document: Any) -> dict[str, tuple[str, int]]:
    """The number and depth each paragraph style brings, with what it inherits."""
    elements = {style.get(qn("w:styleId")): style for style in document.styles.element.findall(qn("w:style"))}
    found: dict[str, tuple[str, int]] = {}
    for name in elements:
        number: str | None = None
        depth: int | None = None
        current, seen = name, set()
        while current in elements and current not in seen:
            seen.add(current)
            properties = elements[current].find(qn("w:pPr"))
            if properties is not None:
                own_number, own_depth = _number_of(properties)
                number, depth = number or own_number, own_depth if depth is None else depth
            based = elements[current].find(qn("w:basedOn"))
            current = based.get(qn("w:val")) if based is not None else None
        if number:
            found[name] = (number, depth or 0)
    return found


def _written(value: int, form: str) -> str:
    if form in CHINESE_FORMATS:
        return chinese_written(value)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= value <= len(CIRCLED):
        return CIRCLED[value - 1]
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("upperRoman", "lowerRoman"):
        return _roman(value, upper=form == "upperRoman")
    return str(value)


def _roman(value: int, *, upper: bool) -> str:
    text = ""
    for size, sign in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        text += sign * (value // size)
        value %= size
    return text.upper() if upper else text


def chinese_written(value: int) -> str:
    """A small number in characters: 1 → 一, 12 → 十二, 36 → 三十六, 105 → 一百零五."""
    if value < 10:
        return CHINESE[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")
    hundreds, rest = divmod(value, 100)
    if not rest:
        return CHINESE[hundreds % 10] + "百"
    filler = "零" if rest < 10 else "一" if rest < 20 else ""
    return CHINESE[hundreds % 10] + "百" + filler + chinese_written(rest)
