"""`outline.numbering`: a gap, a repeat or a wrong order in the numbering."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yifa.checking.finding import Finding, Severity
from yifa.checking.ordinals import chinese
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Heading, Span
from yifa.reading.numerals import chinese_number

_POINT = re.compile(r"是(?<=[一二三四五六七八九十]是)(?!否|非)")  # found from its 是: digits stand everywhere
_DIGITS = "一二三四五六七八九十"
_FAR = 3  # a jump over more numbers than this is another numbering, not a gap


@dataclass(frozen=True, slots=True)
class Point:
    """「二是」: its digits, where they begin, and where 是 ends."""

    digits: str
    start: int
    end: int

    @property
    def value(self) -> int:
        """Which point it is."""
        return int(chinese_number(self.digits) or 0)

    @property
    def span(self) -> Span:
        """The place of the digits."""
        return (self.start, self.end - 1)


def check(view: View) -> Iterator[Finding]:
    """The first break in each run of headings of one style under one parent, and in each run of 一是, 二是."""
    yield from _headings(view)
    yield from _points(view)


def _points(view: View) -> Iterator[Finding]:
    """「一是…；三是…」 in a paragraph: the number between stands nowhere."""
    last: Point | None = None
    for point in _all_points(view.text):
        if last is None and point.digits != "一":
            continue
        value, before = point.value, last.value if last else 0
        if last and value != 1 and view.text.find("\n", last.end, point.start) < 0:
            missed = view.text[last.end : point.start]
            repeated = value == before and before > 1
            skipped = value == before + 2 and f"{chinese(before + 1)}是" not in missed
            if repeated or (skipped and chinese(before + 1) not in missed):
                yield _broken_points(last, point, "repeat" if repeated else "gap")
            last = point
        else:
            last = point if value == 1 else None


def _all_points(text: str) -> Iterator[Point]:
    for found in _POINT.finditer(text):
        end = found.start()
        start = end - 2 if end > 1 and text[end - 2] in _DIGITS else end - 1
        yield Point(text[start:end], start, found.end())


def _broken_points(before: Point, after: Point, kind: str) -> Finding:
    shown = (before.digits + "是", after.digits + "是")
    what = f"“{shown[1]}”出现了两次" if kind == "repeat" else f"“{shown[0]}”之后是“{shown[1]}”"
    return RULE.finding(
        f"段落里的分点序号{'重复' if kind == 'repeat' else '不连续'}：{what}。",
        [before.span, after.span],
        number=shown[1],
        kind=kind,
    )


def _headings(view: View) -> Iterator[Finding]:
    last: dict[str, int] = {}
    for siblings in _families(view.document.outline):
        for run in _runs(siblings):
            finding = _break(view, run, last.get(run[0].style, 0))
            last[run[-1].style] = run[-1].ordinal
            if finding:
                yield finding


def _families(headings: Sequence[Heading]) -> Iterator[Sequence[Heading]]:
    """The children of each heading, in order of the text."""
    if headings:
        yield headings
    for heading in headings:
        yield from _families(heading.children)


def _runs(siblings: Sequence[Heading]) -> Iterator[list[Heading]]:
    """Siblings of one style, cut where the numbering restarts; 一、 right behind 一、 is no restart."""
    styles: dict[str, list[Heading]] = defaultdict(list)
    for heading in siblings:
        styles[heading.style].append(heading)
    for headings in styles.values():
        run = headings[:1]
        for heading in headings[1:]:
            if heading.ordinal == 1 and (len(run) > 1 or run[-1].children):
                yield run
                run = []
            run.append(heading)
        yield run


def _break(view: View, run: list[Heading], running_on: int) -> Finding | None:
    """The first place where a run does not count on by one. Its start may be 1 or run on from elsewhere."""
    first = run[0]
    if first.ordinal == 2 and running_on == 0 and not _stands(view, 1, first, 0, first.span[0]):
        return _finding(first, first, "gap", run)
    for before, after in pairwise(run):
        if after.ordinal == before.ordinal + 1:
            continue
        if 1 < after.ordinal <= before.ordinal and _stands(
            view, after.ordinal - 1, after, before.span[1], after.span[0]
        ):
            return None  # a new numbering whose first headings reading has missed
        if after.ordinal == before.ordinal:
            return _finding(before, after, "repeat", run)
        missing = range(before.ordinal + 1, after.ordinal)
        if len(missing) > _FAR or any(
            _stands(view, n, after, before.span[1], after.span[0]) for n in missing
        ):
            return None
        later = {heading.ordinal for heading in run}
        kind = "order" if after.ordinal < before.ordinal or later.intersection(missing) else "gap"
        return _finding(before, after, kind, run)
    return None


def _stands(view: View, ordinal: int, like: Heading, start: int, end: int) -> bool:
    """Whether the number stands in the text after all: then reading has missed a heading, the writer has not."""
    between = view.text[start:end]
    numbers = f"(?:{chinese(ordinal)}|{ordinal})"
    if like.style.endswith("条"):
        form = rf"第{numbers}条"
    elif "（" in like.style or "(" in like.style:
        form = rf"[（(]{numbers}[）)]"
    else:
        stops = "[、.．,，]"
        apart = r"(?<![\d.．,，一二三四五六七八九十百第])"
        if "一" in like.style and re.search(rf"\n\s*1{stops}(?!\d)", between):
            return (
                re.search(rf"{apart}{chinese(ordinal)}{stops}", between) is not None
            )  # 「1.…2.…3.…」 is a list
        form = rf"{apart}(?:{chinese(ordinal)}{stops}|{ordinal}{stops}(?!\d))"
    return re.search(rf"{form}|\n\s*{ordinal}(?![\d月日年\t])", between) is not None


def _finding(before: Heading, after: Heading, kind: str, run: list[Heading]) -> Finding:
    shown = "".join(heading.number for heading in run[:12])
    what = {
        "gap": f"序号不连续：“{before.number}”之后是“{after.number}”"
        if before is not after
        else f"缺少“{after.number}”之前的序号",
        "repeat": f"序号重复：“{after.number}”出现了两次",
        "order": f"序号次序颠倒：“{before.number}”之后是“{after.number}”",
    }[kind]
    spans = [after.span] if before is after else [before.span, after.span]
    return RULE.finding(
        f"{what}（同级序号依次为{shown}）。",
        spans,
        number=after.number,
        kind=kind,
        ordinals=[h.ordinal for h in run],
    )


RULE = Rule(
    id="outline.numbering",
    severity=Severity.WARNING,
    title="序号有误",
    explanation=(
        "同一级标题的序号跳号、重号或次序颠倒；一个自然段里“一是……三是……”缺了中间的，或者同一个“二是”写了两次的，也是。"
        "跨章连续编号、每章重新编号都是正常写法；正文里其实写有缺的那个序号（只是没有单独成行）时不提出。\n\n"
        "例：“（三）规范执法”之后是“（五）化解纠纷”——依据：kind gap，number（五），ordinals 1 2 3 5。"
    ),
    check=check,
)
