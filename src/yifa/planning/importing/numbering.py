"""Numbers of items and chapters that do not run on: missing, repeated, going back, of mixed styles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yifa.planning.importing.draft import Doubt
from yifa.reading.document import Heading
from yifa.reading.numerals import integer

DIGITS = re.compile(r"[一二三四五六七八九十百零〇\d]+")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
MOST_NAMED = 8  # missing numbers that are named one by one
OWN_WORDS = 10  # characters behind a title from which a heading is an item itself


@dataclass(frozen=True, slots=True)
class Numbered:
    """An item or chapter with its number as written. `group` is what it stands under."""

    number: str
    title: str
    start: int
    group: int | None = None
    stands_for: int | None = None  # the value it was read as, where it is written in another style

    @property
    def ordinal(self) -> int | None:
        """The number's value."""
        if self.stands_for is not None:
            return self.stands_for
        if self.number in CIRCLED and self.number:
            return CIRCLED.index(self.number) + 1
        found = DIGITS.findall(self.number)
        return integer(found[-1]) if found else None

    @property
    def style(self) -> str:
        """How the number is written, whatever its value."""
        if self.number in CIRCLED and self.number:
            return "①"
        shape = self.number.translate(str.maketrans("()．", "（）."))
        shape = re.sub(r"\d+", "1", re.sub(r"[一二三四五六七八九十百零〇]+", "一", shape)).replace(" ", "")
        return shape.rstrip("、.") if shape.startswith("1") else shape

    @property
    def name(self) -> str:
        """The number and the title, short."""
        return f"{self.number}{self.title[:16]}"


def doubts_of_numbers(rows: Sequence[Numbered], what: str = "任务") -> list[Doubt]:
    """What is wrong in a run of numbers; under each group it may begin anew."""
    numbered = [row for row in rows if row.ordinal is not None]
    if not numbered:
        return []
    anew = _begins_anew(numbered)
    found: list[Doubt] = []
    last: Numbered | None = None
    for row in rows:
        if row.ordinal is None:
            if len(numbered) * 2 > len(rows):
                found.append(_doubt(row, f"这项{what}没有编号，按所在位置排列。"))
            continue
        found += _against(last, row, anew=anew, what=what)
        last = row
    return [*found, *_mixed(numbered, what)]


def _against(last: Numbered | None, row: Numbered, *, anew: bool, what: str) -> list[Doubt]:
    ordinal = row.ordinal or 0
    begins = last is None or (anew and row.group != last.group)
    before = 0 if begins or last is None else (last.ordinal or 0)
    if ordinal == before + 1 or (ordinal == 1 and last is not None and row.group != last.group):
        return []
    if ordinal == before and last is not None:
        return [_doubt(row, f"编号“{row.number}”与前面的“{last.name}”重复，按两项{what}读。")]
    if ordinal > before:
        gone = list(range(before + 1, ordinal))
        names = "、".join(_like(row.number, value) for value in gone[:MOST_NAMED])
        rest = f"等{len(gone)}个编号" if len(gone) > MOST_NAMED else ""
        behind = f"“{last.name}”之后" if last is not None and not begins else "开头"
        return [_doubt(row, f"{behind}缺{names}{rest}，请核对是否漏粘了{what}。")]
    return [_doubt(row, f"编号从“{last.number if last else ''}”退到“{row.number}”，按所在位置排列。")]


def _begins_anew(rows: Sequence[Numbered]) -> bool:
    """Whether the numbers begin with 1 under each group, or run through all of them."""
    firsts = [row for row, last in zip(rows[1:], rows, strict=False) if row.group != last.group]
    return sum(row.ordinal == 1 for row in firsts) * 2 > len(firsts)


def _mixed(rows: Sequence[Numbered], what: str) -> list[Doubt]:
    styles: dict[str, list[Numbered]] = {}
    for row in (row for row in rows if row.stands_for is None):
        styles.setdefault(row.style, []).append(row)
    if len(styles) < 2:
        return []
    usual = max(styles, key=lambda style: len(styles[style]))
    return [
        _doubt(
            row, f"编号“{row.number}”与其余{what}的“{styles[usual][0].number}”写法不同，仍按同一级{what}读。"
        )
        for style, others in styles.items()
        if style != usual and len(others) * 4 <= len(styles[usual])
        for row in others
    ]


def _doubt(row: Numbered, what: str) -> Doubt:
    return Doubt("numbering", row.name or "（无编号）", what, row.start)


def _like(number: str, value: int) -> str:
    """Another value written as this number is."""
    if number in CIRCLED:
        return CIRCLED[value - 1] if value <= len(CIRCLED) else str(value)
    found = DIGITS.findall(number)
    written = str(value) if found and found[-1].isdigit() else _chinese(value)
    place = number.rfind(found[-1]) if found else 0
    return (
        f"{number[:place]}{written}{number[place + len(found[-1]) :].strip('、. ．')}"
        if found
        else str(value)
    )


def _chinese(value: int) -> str:
    digits = "零一二三四五六七八九"
    if value < 10:
        return digits[value]
    tens, ones = divmod(value, 10)
    head = "十" if tens == 1 else f"{digits[tens]}十" if tens < 10 else str(value)
    return head if tens >= 10 else head + (digits[ones] if ones else "")


def items_with_children(headings: Sequence[Heading], text: str) -> list[tuple[Heading, bool]]:
    """Headings that say something themselves though others stand under them.

    True where those below are their equals, written in another style: they fill the gap up to the next number.
    """
    found: list[tuple[Heading, bool]] = []
    for place, heading in enumerate(headings):
        if not heading.children:
            continue
        own = text[heading.span[1] : heading.children[0].span[0]].strip(" \t\n\u3000。：:；;")
        if len(own) >= OWN_WORDS:
            following = headings[place + 1] if place + 1 < len(headings) else None
            found.append((heading, _fills_gap(heading, following)))
        found += items_with_children(heading.children, text)
    return found


def _fills_gap(heading: Heading, following: Heading | None) -> bool:
    if following is None or following.style != heading.style:
        return False
    many = len(heading.children)
    first = heading.children[0].ordinal
    return following.ordinal - heading.ordinal - 1 == many and first in (1, heading.ordinal + 1)
