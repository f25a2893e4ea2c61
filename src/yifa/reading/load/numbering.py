"""Automatic numbers of Word paragraphs as the text a reader sees: 一、 （一） 1. (1) ①."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from yifa.reading.load.package import W

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE = "零一二三四五六七八九"
CHINESE_FORMATS = {
    "chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCountingThousand",
    "taiwaneseCounting", "koreanDigital2", "chineseLegalSimplified", "ideographTraditional",
}  # fmt: skip
DEEPEST = 9
LONGEST_NUMBER = 40


OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int
    legal: bool = False  # all numbers in it as digits: 第一章 above, 1.1 here
    restarts_after: int | None = None  # the level above that sets it back; 0 for none, None for any
    style: str | None = None  # the paragraph style it belongs to
    blank: bool = False  # whether a blank or a tab follows the number


Levels = dict[int, _Level]


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of one document."""

    levels: dict[str, Levels] = field(default_factory=dict)  # by numId
    abstract: dict[str, str] = field(
        default_factory=dict
    )  # lists of one abstract definition share their count
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)  # numId → level → start anew at
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, numbering: Any | None, styles: Any | None) -> Numbering:
        """From the roots of the parts numbering.xml and styles.xml."""
        if numbering is None:
            return cls()
        abstracts, links, style_names = {}, {}, {}
        for item in numbering.findall(f"{W}abstractNum"):
            identifier = item.get(f"{W}abstractNumId", "")
            abstracts[identifier] = dict(_levels(item))
            link, name = item.find(f"{W}numStyleLink"), item.find(f"{W}styleLink")
            if link is not None:
                links[identifier] = link.get(f"{W}val")
            if name is not None:
                style_names[name.get(f"{W}val")] = identifier
        found = cls()
        for item in numbering.findall(f"{W}num"):
            number, reference = item.get(f"{W}numId"), item.find(f"{W}abstractNumId")
            if number is None or reference is None:
                continue
            identifier = reference.get(f"{W}val", "")
            identifier = style_names.get(links.get(identifier), identifier)
            found.abstract[number] = identifier
            found.levels[number] = {**abstracts.get(identifier, {}), **dict(_overridden(item))}
            found.overrides[number] = dict(_starts(item))
        found.by_style = found._styles(styles)
        return found

    def next(self, paragraph: Any) -> str:
        """The number in front of this paragraph, or nothing."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number, depth = place
        level = self.levels.get(number, {}).get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(self.abstract.get(number, number), [None] * DEEPEST)
        anew = self.overrides.get(number, {}).pop(depth, None)
        current = counts[depth]
        counts[depth] = anew if anew is not None else level.start if current is None else current + 1
        for below in range(depth + 1, DEEPEST):
            lower = self.levels[number].get(below)
            after = lower.restarts_after if lower else None
            if after is None or depth + 1 <= after:
                counts[below] = None
        if level.format in ("none", "bullet"):
            return ""
        return self._render(number, level, counts)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        own_number, own_depth = _number_of(properties)
        style = properties.find(f"{W}pStyle")
        inherited = self.by_style.get(style.get(f"{W}val")) if style is not None else None
        number = own_number or (inherited[0] if inherited else None)
        depth = own_depth if own_depth is not None else (inherited[1] if inherited else 0)
        if number is None or number == "0" or not 0 <= depth < DEEPEST:
            return None
        return number, depth

    def _render(self, number: str, level: _Level, counts: list[int | None]) -> str:
        def one(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            of = self.levels[number].get(depth, level)
            value = counts[depth]
            return written(of.start if value is None else value, "decimal" if level.legal else of.format)

        text = re.sub(r"%([1-9])", one, level.text)
        return text + " " if level.blank and text[-1:].isalnum() else text

    def _styles(self, styles: Any | None) -> dict[str, tuple[str, int]]:
        """The number and depth each paragraph style brings, with what it inherits."""
        if styles is None:
            return {}
        elements = {style.get(f"{W}styleId"): style for style in styles.findall(f"{W}style")}
        found: dict[str, tuple[str, int]] = {}
        for name in elements:
            number, depth = _inherited(name, elements)
            if number:
                if depth is None:
                    own = self.levels.get(number, {})
                    depth = next((level for level, item in own.items() if item.style == name), 0)
                found[name] = (number, depth)
        return found


def _inherited(name: str, elements: dict[str, Any]) -> tuple[str | None, int | None]:
    number: str | None = None
    depth: int | None = None
    current: str | None = name
    seen: set[str] = set()
    while current in elements and current not in seen:
        seen.add(current)
        properties = elements[current].find(f"{W}pPr")
        if properties is not None:
            own_number, own_depth = _number_of(properties)
            number, depth = number or own_number, own_depth if depth is None else depth
        based = elements[current].find(f"{W}basedOn")
        current = based.get(f"{W}val") if based is not None else None
    return number, depth


def _levels(element: Any) -> Iterator[tuple[int, _Level]]:
    for level in element.findall(f"{W}lvl"):
        depth = _integer(level.get(f"{W}ilvl"))
        yield depth or 0, _level(level)


def _overridden(number: Any) -> Iterator[tuple[int, _Level]]:
    for override in number.findall(f"{W}lvlOverride"):
        for _, level in _levels(override):
            yield _integer(override.get(f"{W}ilvl")) or 0, replace(level)


def _starts(number: Any) -> Iterator[tuple[int, int]]:
    for override in number.findall(f"{W}lvlOverride"):
        start = override.find(f"{W}startOverride")
        value = _integer(start.get(f"{W}val")) if start is not None else None
        if value is not None:
            yield _integer(override.get(f"{W}ilvl")) or 0, value


def _level(element: Any) -> _Level:
    def value(tag: str) -> str | None:
        child = element.find(f"{W}{tag}")
        return str(child.get(f"{W}val", "")) if child is not None else None

    legal = value("isLgl")
    start = _integer(value("start"))
    return _Level(
        value("numFmt") or "decimal",
        (value("lvlText") or "")[:LONGEST_NUMBER],
        1 if start is None else start,
        legal is not None and legal not in OFF,
        _integer(value("lvlRestart")),
        value("pStyle"),
        (value("suff") or "tab") != "nothing",
    )


def _integer(text: str | None) -> int | None:
    """A small number of an attribute; anything else is not one."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 6 else None


def _number_of(properties: Any) -> tuple[str | None, int | None]:
    numbering = properties.find(f"{W}numPr")
    if numbering is None:
        return None, None
    number, depth = numbering.find(f"{W}numId"), numbering.find(f"{W}ilvl")
    return (
        number.get(f"{W}val") if number is not None else None,
        _integer(depth.get(f"{W}val")) if depth is not None else None,
    )


def written(value: int, form: str) -> str:
    """A number in a format as Word names it; one it does not know in digits."""
    if form in CHINESE_FORMATS:
        return chinese_written(value)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= value <= len(CIRCLED):
        return CIRCLED[value - 1]
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * min(1 + (value - 1) // 26, 9)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("upperRoman", "lowerRoman"):
        return _roman(value, upper=form == "upperRoman")
    if form == "decimalZero":
        return f"{value:02d}"
    if form == "decimalEnclosedParen":
        return f"({value})"
    return str(value)


def _roman(value: int, *, upper: bool) -> str:
    if not 0 < value < 4000:
        return str(value)
    text = ""
    for size, sign in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
        (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        text += sign * (value // size)
        value %= size
    return text.upper() if upper else text


def chinese_written(value: int) -> str:
    """A small number in characters: 1 → 一, 12 → 十二, 36 → 三十六, 105 → 一百零五; above 999 in digits."""
    if value >= 1000:
        return str(value)
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
