"""`figure.approx`: a number that is exact and approximate, or more and less, at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Approx, Figure

_LESS = re.compile(
    r"(?:(?<![公节合预签制条违契特邀失立履])约|大约|(?<![附最临新邻靠远])近|将近|接近|不足|不到)\s*$"
)
_NUMERAL = "一二两三四五六七八九十百千万亿〇零"
_MORE = re.compile(rf"(?<![\d{_NUMERAL}])(?:\d[\d,，]*(?:\.\d+)?\s*[万亿千百]?|[{_NUMERAL}]+)\s*(?:余|多)")
_ABOVE = re.compile(r"^\s*以上")
_TIME = re.compile(r"年|月|日|天|周|小时|分钟|岁")
_ONES = re.compile(r"^(\d[\d,，]*[1-9])\s*余")
_SPELLED = re.compile(rf"^[{_NUMERAL}]*[十零〇][一二三四五六七八九]余")
_FINE = re.compile(r"^(\d+\.\d\d+)\s*[万亿]?\s*余")
_DISCRETE = frozenset("件份条人次名户家个项起宗篇场期部册张辆栋幢座所处例批")
_EXACT = Approx.EXACT
_LEAST = 10
_ROOM = 4


def check(view: View) -> Iterator[Finding]:
    """One finding for each number whose qualifiers contradict one another or its digits."""
    text = view.text
    for figure in view.figures:
        if figure.approx is _EXACT:
            continue  # no such word beside it
        shown = figure.text
        if "余" in shown or "多" in shown:
            yield from _contradicted(text, figure)
        elif text.startswith("以上", figure.span[1]) or "以上" in shown:
            yield from _nearly_above(text, figure)


def _contradicted(text: str, figure: Figure) -> Iterator[Finding]:
    start, end = figure.span
    digits = _MORE.search(text, start, end)
    if not digits:
        return
    ahead = _LESS.search(text[max(start - _ROOM, 0) : digits.start()])
    if ahead and not _TIME.search(figure.unit):
        shown = text[start - len(ahead.group()) if ahead.end() <= _ROOM else start : end]
        word = ahead.group().strip()
        yield _finding(
            figure, shown, f"“{word}”是不满或上下，“余”“多”是超过，两个只能用一个", kind="direction"
        )
        return
    number = text[digits.start() : end]
    exact = _ONES.match(number) if figure.unit[:1] in _DISCRETE else None
    exact = exact or _FINE.match(number)
    large = exact and float(re.sub(r"[,，]", "", exact.group(1))) > _LEAST
    if large or (figure.unit[:1] in _DISCRETE and _SPELLED.match(number)):
        yield _finding(
            figure, figure.text, "已经是确数，不能再加“余”；请写确数，或取整后再写“余”", kind="exact"
        )


def _nearly_above(text: str, figure: Figure) -> Iterator[Finding]:
    start, end = figure.span
    first = re.search(r"\d", text[start:end])
    if not first:
        return
    ahead = _LESS.search(text[max(start - _ROOM, 0) : start + first.start()])
    behind = _ABOVE.match(text[end : end + 3]) or "以上" in text[start:end]
    if ahead and behind and not _TIME.search(figure.unit):
        yield _finding(
            figure, figure.text, f"“{ahead.group().strip()}”与“以上”矛盾，只能用一个", kind="direction"
        )


def _finding(figure: Figure, shown: str, why: str, kind: str) -> Finding:
    return RULE.finding(
        f"“{shown}”：{why}。", [figure.span], figure=figure.text, value=figure.value, kind=kind
    )


RULE = Rule(
    id="figure.approx",
    severity=Severity.NOTICE,
    title="确数与约数混用",
    explanation=(
        "一个数同时写成约数和确数（“九百五十九余份”），或者同时说不满和超过（“约两万余条”“近八成以上”）。“一千六百余万”“一百二十多家”一类整数后的余数是正常写法；"
        "表示时间的（“近十余年”）不提出。"
    ),
    check=check,
)
