"""`outline.numbering`: a gap, a repeat or a wrong order in the numbering."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from yifa.checking.finding import Finding, Severity
from yifa.checking.ordinals import chinese
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Heading

_FAR = 3  # a jump over more numbers than this is another numbering, not a gap


def check(view: View) -> Iterator[Finding]:
    """The first break in each run of headings of one style under one parent."""
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
    return any(form in between for form in _forms(ordinal, like.style)) or (
        re.search(rf"\n\s*{ordinal}(?!\d)", between) is not None
    )


def _forms(ordinal: int, style: str) -> tuple[str, ...]:
    numbers = (chinese(ordinal), str(ordinal))
    if "（" in style or "(" in style:
        return tuple(f"{left}{n}{right}" for n in numbers for left, right in ("（）", "()"))
    return tuple(f"{n}{stop}" for n in numbers for stop in "、.．,，")


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
        "同一级标题的序号跳号、重号或次序颠倒。跨章连续编号、每章重新编号都是正常写法；正文里其实写有缺的那个序号（只是没有单独成行）时不提出。"
    ),
    check=check,
)
