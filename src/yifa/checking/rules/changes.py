"""`change`: a stated rise or fall does not follow from before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from yifa.checking import interval
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import Interval, number
from yifa.checking.rule import Rule
from yifa.checking.view import Sentence, View
from yifa.reading.document import Approx, Figure

_MOVE = r"(?:增长|增加|增|提高|提升|上升|上涨|扩大|精简|减少|下降|压缩|压减|缩减|削减|缩短|降低|降|减|缩)"
_FROM = re.compile(r"(?:由|从)[^，,。；;：:（）()]{0,16}$")
_TO = re.compile(rf"^[^，,。；;：:（）()]{{0,6}}{_MOVE}[^，,。；;：:（）()]{{0,4}}(?:至|到|为)[了约近]?$")
_BY = re.compile(
    rf"^[，,、（(）)\s]*(?:同比|总体|共|平均)?{_MOVE}(?:率|幅|幅度)?(?:了|约|近|超过|超|达到|达|为)*$"
)
_THAN = re.compile(
    r"^[，,、（(\s]*(?:比|较)?(?:上年|去年|上一年|20\d\d年)(?:同期)?(?:的|为|是)?(?:[^，,。；;（）()\d]{0,6})$"
)
_MORE = re.compile(r"^[，,、（(\s]*(?:比|较)(?:上年|去年|上一年|20\d\d年)(?:同期)?(增加|减少|多|少)了?$")
_BEHIND = re.compile(
    r"^[，,]?[（(](?:上年|去年|上一年|20\d\d年)(?:同期)?(?:的|为|是)?[^，,。；;（）()\d]{0,6}$"
)
_OTHER_BASIS = re.compile(
    r"年均|实际(?:增长|下降|利用|使用)|可比|同口径|不变价|生产总值|增加值|GDP|计划|目标"
)
_LOOSE = frozenset({Approx.AT_LEAST, Approx.AT_MOST})
_POINTS = ("个百分点", "百分点")


@dataclass(frozen=True, slots=True)
class Move:
    """From `before` to `after`, said to be a change of `stated`."""

    before: Interval
    after: Interval
    stated: Figure
    unit: str
    shown: str
    spans: tuple[tuple[int, int], ...]


def check(view: View) -> Iterator[Finding]:
    """Each change said in words whose size the two numbers do not give."""
    for sentence in view.counted_sentences:
        if _OTHER_BASIS.search(sentence.text):
            continue
        for move in _moves(sentence):
            finding = _judge(move)
            if finding:
                yield finding


def _moves(sentence: Sentence) -> Iterator[Move]:
    """Three figures in a row, and a fourth that says the same change in another measure."""
    figures = sentence.figures
    for index in range(2, len(figures)):
        if _BEHIND.match(sentence.before(index)) and _says_change(sentence, index - 1):
            now, stated, past = figures[index - 2 : index + 1]
            if now.unit == past.unit and "元" not in now.unit and now.unit != "%":
                yield _move(past, now, stated)
        if not _says_change(sentence, index):
            continue
        move = _move_of(sentence, index)
        if move is None:
            continue
        yield move
        if index + 1 < len(figures) and _says_change(sentence, index + 1):
            yield replace(move, stated=figures[index + 1], spans=(*move.spans[:2], figures[index + 1].span))


def _says_change(sentence: Sentence, index: int) -> bool:
    return sentence.figures[index].approx not in _LOOSE and _BY.match(sentence.before(index)) is not None


def _move_of(sentence: Sentence, index: int) -> Move | None:
    first, second, stated = sentence.figures[index - 2 : index + 1]
    middle = sentence.before(index - 1)
    if first.unit != second.unit and first.unit:
        return None
    if _FROM.search(sentence.before(index - 2)) and _TO.match(middle):
        return _move(first, second, stated)
    if "元" in second.unit or second.unit == "%":
        return None  # money is compared at constant scope, shares in points
    more = _MORE.match(middle)
    if more:
        return _by_difference(first, second, stated, more.group(1)) if stated.unit == "%" else None
    return _move(second, first, stated) if _THAN.match(middle) else None


def _move(before: Figure, after: Figure, stated: Figure) -> Move:
    shown = f"{before.text}到{after.text}"
    return Move(
        interval.of(before),
        interval.of(after),
        stated,
        after.unit,
        shown,
        (before.span, after.span, stated.span),
    )


def _by_difference(now: Figure, more: Figure, stated: Figure, direction: str) -> Move:
    fewer = direction in {"减少", "少"}
    after, step = interval.of(now), interval.of(more)
    before = after + step if fewer else after - step
    shown = f"{number((before.low + before.high) / 2)}{now.unit}到{now.text}"
    return Move(before, after, stated, now.unit, shown, (now.span, more.span, stated.span))


def _judge(move: Move) -> Finding | None:
    computed = _computed(move)
    if computed is None:
        return None
    size = Interval(min(abs(computed.low), abs(computed.high)), max(abs(computed.low), abs(computed.high)))
    if computed.low < 0 < computed.high:
        size = Interval(0.0, size.high)
    stated = interval.of(move.stated)
    if size.meets(stated if move.stated.unit in _POINTS else stated.or_cut()):  # points are not cut off
        return None
    value = round((size.low + size.high) / 2, 2)
    return RULE.finding(
        f"由{move.shown}，变化应为{number(value)}{move.stated.unit}，文中写作{move.stated.text}。",
        move.spans,
        before=number((move.before.low + move.before.high) / 2),
        after=number((move.after.low + move.after.high) / 2),
        stated=number(move.stated.value),
        computed=number(value),
    )


def _computed(move: Move) -> Interval | None:
    if move.stated.unit == "%":
        return None if move.unit == "%" else interval.growth(move.before, move.after)
    if move.stated.unit in _POINTS:
        return move.after - move.before if move.unit == "%" else None
    return move.after - move.before if move.stated.unit == move.unit else None


RULE = Rule(
    id="change",
    severity=Severity.ERROR,
    title="增减幅度与前后两个数不符",
    explanation=(
        "写了变化前、变化后两个数和变化的幅度（由多少减至多少、减少百分之多少；比上年增加多少件、增长百分之多少），"
        "幅度却不是这两个数算出来的。百分比之间的变化只与“个百分点”比较；年均、可比口径、不变价的增长和生产总值不核对；"
        "金额的同比因口径常有调整，也不核对。幅度另有主语（说的是别的指标）时不核对。"
    ),
    check=check,
)
