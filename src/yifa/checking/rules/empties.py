"""`section.empty`: a heading behind which nothing stands, although its neighbours have text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.dates import DAY
from yifa.reading.document import Heading

_LONGEST = 40  # characters of a title; a longer one is itself the text
_WRITTEN = 20  # characters behind a heading that has text
_MOST = 3  # one in so many may be empty: with more the text is a list of points
_SENTENCE = re.compile(r"[。；！]$|[：:]|[，,；;].*[，,；;]")


def check(view: View) -> Iterator[Finding]:
    """One finding with all empty headings among neighbours that have text."""
    if not (view.is_report or view.is_plan):
        return
    empty = [heading for siblings in _families(view.document.outline) for heading in _empty(view, siblings)]
    if empty:
        shown = "、".join(f"“{heading.number}{heading.title}”" for heading in empty)
        yield RULE.finding(
            f"{shown}只有标题，下面没有内容，同级的其他部分都有。请补上漏掉的内容；确实没有的，写明没有，或者删去标题。",
            [heading.span for heading in empty],
            sections=[heading.number for heading in empty],
            count=len(empty),
        )


def _families(headings: Sequence[Heading]) -> Iterator[Sequence[Heading]]:
    if headings:
        yield headings
    for heading in headings:
        yield from _families(heading.children)


def _empty(view: View, siblings: Sequence[Heading]) -> list[Heading]:
    """The siblings without text; none where many have none, or the headings are sentences of their own."""
    alike = [heading for heading in siblings if heading.style == siblings[0].style]
    empty = [heading for heading in alike if not heading.children and not _behind(view, heading)]
    written = [heading for heading in alike if heading.children or len(_behind(view, heading)) >= _WRITTEN]
    if not empty or len(empty) * _MOST > len(alike) or len(empty) + len(written) < len(alike):
        return []
    return [
        heading
        for heading in empty
        if len(heading.title) <= _LONGEST and not _SENTENCE.search(view.text[slice(*heading.span)].strip())
    ]


def _behind(view: View, heading: Heading) -> str:
    """What stands behind a heading, without signature and blanks."""
    text = DAY.sub("", view.text[heading.span[1] : heading.body[1]])
    return re.sub(r"\s+", "", text).removesuffix(view.document.issuer or "")


RULE = Rule(
    id="section.empty",
    severity=Severity.WARNING,
    title="只有标题没有内容",
    explanation=(
        "一个标题下面没有一个字，同级的其他标题下都有内容，多半是改稿时删掉了。标题本身就是一句话的、同级里三分之一以上只有标题的（分条列举的写法）不提出。"
        "全文合为一条。\n\n"
        "例：“（四）行政执法”之后紧接“（五）政务公开”——依据：sections（四），count 1。"
    ),
    check=check,
)
