"""The numbers of points a text announces: 「以下四项工作：一是…」, 「以下八项任务」 above headings, 「“四个一”」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from yifa.checking.landmarks import Landmarks
from yifa.checking.ordinals import chinese
from yifa.checking.view import View
from yifa.reading.document import Heading, Span
from yifa.reading.numerals import chinese_number

_N = r"([一二三四五六七八九十两]{1,3}|\d{1,2})"
_POINTS_NAMED = r"\s*(?:个|项|点|条|大)?(?:方面|措施|重点工作|工作|重点|问题|任务|举措|内容)"
_BELOW = re.compile(
    rf"(?:以下|如下|抓好|做好|围绕|突出|[从在]|存在|推进|实施)\s*{_N}{_POINTS_NAMED}[^。：:；;\n]{{0,12}}[：:。]\s*$"
)
_BELOW_HEADED = re.compile(
    rf"(?:(?:以下|如下)\s*{_N}\s*(?:个|项|点|条|大)?(?:重点)?(?:方面|措施|工作|重点|问题|任务|举措|内容)"
    rf"|(?:从|开展了|做了|抓了|抓好|做好)\s*{_N}\s*(?:个|项|点|条|大)(?:重点)?(?:方面|工作|任务)(?:的?工作)?(?:入手)?)"
    r"[^。：:；;\n]{0,12}[：:。]?[ \u3000]*\n\s*$"
)
_LOOK_BACK = 60  # characters before 一是 or a heading in which the number of points stands
_FIRST_POINT = Landmarks(("一是",))
_ONES_EACH = Landmarks(("个一”",))
_ONE_EACH = re.compile(
    r"以([^。；;：:\n“”]{4,120}?)为(?:主要|主|核心)?(?:内容|载体|抓手)的“([二三四五六七八九十])个一”"
)


class Miscount(NamedTuple):
    """A number of things that is not the number of those listed; `message` says so to people."""

    message: str
    stated: int
    listed: int
    spans: Sequence[Span]


def miscount(shown: str, stated: int, listed: int, spans: Sequence[Span]) -> Miscount:
    """With the usual message; `shown` is how the text states the number."""
    return Miscount(f"文中写“{shown}”，实际列出{listed}个，请补全或改正数字。", stated, listed, spans)


def small_number(text: str) -> int:
    """A number below one hundred, in Arabic or Chinese digits; 0 when it is not one."""
    return int(text) if text.isdigit() else int(chinese_number(text) or 0)


def miscounted_points(view: View) -> Iterator[Miscount]:
    """All of a text, in no order."""
    yield from _enumerations(view)
    yield from _one_each(view)
    yield from _headed(view)


def _enumerations(view: View) -> Iterator[Miscount]:
    """「做好以下四项工作：一是…二是…三是…」."""
    text = view.text
    for place, _ in view.places(_FIRST_POINT):
        found = _BELOW.search(text, max(place - _LOOK_BACK, 0), place)
        stated = small_number(found.group(1)) if found else 0
        if found and stated:
            listed, end = _points(text, place)
            if listed > 1 and listed != stated:
                message = f"文中写“{found.group().strip()}”，其后列出的却是{listed}项（一是至{chinese(listed)}是）。"
                yield Miscount(message, stated, listed, [found.span(), (place, end)])


def _points(text: str, start: int) -> tuple[int, int]:
    """How many of 一是, 二是… follow one another from `start`, and where the last begins."""
    again = text.find("一是", start + 2)
    while again > 0 and text[again - 1] in "十二三四五六七八九":
        again = text.find("一是", again + 2)
    limit = again if again > 0 else len(text)
    count, place = 1, start
    while True:
        following = text.find(f"{chinese(count + 1)}是", place, limit)
        if following < 0:
            return count, place
        count, place = count + 1, following


def _one_each(view: View) -> Iterator[Miscount]:
    """「以讲一堂课、做一次体检、聘一名辅导员为内容的“四个一”」."""
    for found in _ONE_EACH.finditer(view.text) if view.places(_ONES_EACH) else ():
        listed, stated = found.group(1).count("、") + 1, small_number(found.group(2))
        if listed != stated and "等" not in found.group(1):
            yield miscount(f"{found.group(2)}个一", stated, listed, [found.span()])


def _headed(view: View) -> Iterator[Miscount]:
    """「以下八项任务：」 and then headings of which no rank counts eight."""
    for place, heading in enumerate(view.headings):
        start = heading.span[0]
        if heading.ordinal != 1:
            continue
        found = _BELOW_HEADED.search(view.text, max(start - _LOOK_BACK, 0), start)
        stated = small_number(found.group(1) or found.group(2)) if found else 0
        counts = _ranks(view.headings[place:], len(view.document.tasks)) if stated > 1 else []
        if found and counts and stated not in counts:
            yield miscount(found.group().strip(), stated, counts[0], [found.span()])


def _ranks(following: Sequence[Heading], tasks: int) -> list[int]:
    """How many headings of the rank of the first there are, how many below them, and how many tasks."""
    level = following[0].level
    family: list[Heading] = []
    for heading in following:
        if heading.level < level or (heading.level == level and family and heading.ordinal == 1):
            break
        if heading.level == level:
            family.append(heading)
    below = sum(len(heading.children) for heading in family)
    return [len(family), family[-1].ordinal, below, tasks] if len(family) > 1 else []
