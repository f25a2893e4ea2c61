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
_TO = re.compile(
    rf"^[^，,。；;：:（）()]{{0,6}}(?:{_MOVE}|发展|扩展|跃升|攀升|调整|整合|优化|变)[^，,。；;：:（）()]{{0,4}}(?:至|到|为)[了约近]?$"
)
_BY = re.compile(
    rf"^[，,、（(）)\s]*(?:同比|总体|共|平均)?{_MOVE}(?:率|幅|幅度)?(?:了|约|近|超过|超|达到|达|为)*$"
)
_THAN = re.compile(
    r"^[，,、（(\s]*(?:比|较)?(?:上年|去年|上一年|20\d\d年)(?:同期)?(?:的|为|是)?(?:[^，,。；;（）()\d]{0,6})$"
)
_NAMED_YEAR = re.compile(r"^[，,、]20\d\d年(?!(?:同期)?(?:的|为|是)?$)")
_MORE = re.compile(r"^[，,、（(\s]*(?:比|较)(?:上年|去年|上一年|20\d\d年)(?:同期)?(增加|减少|多|少)了?$")
_BEHIND = re.compile(
    r"^[，,]?[（(](?:上年|去年|上一年|20\d\d年)(?:同期)?(?:的|为|是)?[^，,。；;（）()\d]{0,6}$"
)
_OTHER_BASIS = re.compile(
    r"年均|实际(?:增长|下降|利用|使用)|可比|同口径|不变价|生产总值|增加值|GDP|计划|目标"
)
_LAST_YEAR = re.compile(
    r"(?:^|[，,；;、。（(])(上年|去年|上一年|20\d\d年)(?:同期)?(?:为|共|的)?([^，,。；;：:（）()\d]{0,14})$"
)
_THIS_YEAR = re.compile(r"^[，,；;、。](今年|本年|20\d\d年)(?:为|共)?([^，,。；;：:（）()\d]{0,14})$")
_BOTH_YEARS = re.compile(r"(20\d\d年)[、和](20\d\d年|今年)分别[^，,。；;：:（）()\d]{0,14}$")
_AND = re.compile(r"^[、和]$")
_TIMES_OF = re.compile(r"^[^。；;]{0,16}(?:是|为|相当于)(?:上年|去年|上一年|20\d\d年|原来|之前)(?:同期)?的$")
_PAST_THEN = re.compile(r"^[，,；;（(](?:上年|去年|上一年|20\d\d年)(?:同期)?(?:为|是|仅为|仅)?$")
_DOUBLED = re.compile(r"[^。；;，,（(]{0,8}[，,、（(]?(?:实现)?(近|接近|约)?翻了?([一两二三]?)番")
_PRIVATE_MONEY = re.compile(r"罚|没收|追缴|追回|挽回|退赔|发放|补贴|救助|拖欠|涉案")
_LOOSE = frozenset({Approx.AT_LEAST, Approx.AT_MOST})
_POINTS = ("个百分点", "百分点")
_TIMES = "倍"
_SLACK = 0.05  # of a power of two: 翻番 is said of what nearly doubled


@dataclass(frozen=True, slots=True)
class Move:
    """From `before` to `after`, said to be a change of `stated`."""

    before: Interval
    after: Interval
    stated: Figure
    unit: str
    shown: str
    spans: tuple[tuple[int, int], ...]
    times_of: bool = False  # 「是上年的3倍」, not 「增长3倍」


def check(view: View) -> Iterator[Finding]:
    """Each change said in words whose size the two numbers do not give."""
    for sentence in view.counted_sentences:
        if _OTHER_BASIS.search(sentence.text):
            continue
        for move in _moves(sentence):
            finding = _judge(move)
            if finding:
                yield finding
        if "番" in sentence.text:
            yield from _doubled(sentence)


def _moves(sentence: Sentence) -> Iterator[Move]:
    """Three figures in a row, and a fourth that says the same change in another measure."""
    figures = sentence.figures
    for index in range(2, len(figures)):
        if _BEHIND.match(sentence.before(index)) and _says_change(sentence, index - 1):
            now, stated, past = figures[index - 2 : index + 1]
            if now.unit == past.unit and not _is_money(sentence, now) and now.unit != "%":
                yield _move(past, now, stated)
        if figures[index].unit == _TIMES and _TIMES_OF.match(sentence.before(index)):
            now, past, stated = figures[index - 2 : index + 1]
            if now.unit == past.unit and _PAST_THEN.match(sentence.before(index - 1)):
                yield replace(_move(past, now, stated), times_of=True)
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
    if _is_money(sentence, second) or second.unit == "%":
        return None  # money is compared at constant scope, shares in points
    if _two_years(sentence.before(index - 2), middle):
        return _move(first, second, stated)
    if _THIS_YEAR.match(middle) and _LAST_YEAR.search(sentence.before(index - 2)):
        return None  # two years, not neighbours
    more = _MORE.match(middle)
    if more:
        return _by_difference(first, second, stated, more.group(1)) if stated.unit == "%" else None
    if _NAMED_YEAR.match(middle):
        return None  # a count of its own, of a year that may be the later one
    return _move(second, first, stated) if _THAN.match(middle) else None


def _is_money(sentence: Sentence, figure: Figure) -> bool:
    """Budgets and output are compared at constant scope; fines and the like are what they are."""
    return "元" in figure.unit and _PRIVATE_MONEY.search(sentence.text) is None


def _doubled(sentence: Sentence) -> Iterator[Finding]:
    """「由3.2万亩发展到5.1万亩，翻了一番」."""
    for index in range(1, len(sentence.figures)):
        first, second = sentence.figures[index - 1 : index + 1]
        said = _DOUBLED.match(sentence.after(index))
        moved = _FROM.search(sentence.before(index - 1)) and _TO.match(sentence.before(index))
        if not said or not moved or first.unit != second.unit or said.group(1):
            continue
        power = 2.0 ** ("一两三".find((said.group(2) or "一").replace("二", "两")) + 1)
        share = interval.percent(interval.of(second), interval.of(first))
        if share is None or share.high >= 100 * power * (1 - _SLACK):
            continue  # more than doubled is doubled too
        ratio = round(second.value / first.value, 2)
        at = (second.span[1] + said.start(), second.span[1] + said.end())
        yield RULE.finding(
            f"由{first.text}到{second.text}，是原来的{number(ratio)}倍，文中写作“{said.group().strip('，,、（( ')}”。",
            [first.span, second.span, at],
            before=number(first.value),
            after=number(second.value),
            stated=number(power),
            computed=number(ratio),
            unit=_TIMES,
        )


def _two_years(ahead: str, middle: str) -> bool:
    """「2021年受理48件，2022年受理36件」: neighbouring years, the same words; 「2017年以来累计…」 is another thing."""
    both = _BOTH_YEARS.search(ahead) if _AND.match(middle) else None
    if both:
        return _neighbours(both.group(1), both.group(2))
    last, this = _LAST_YEAR.search(ahead), _THIS_YEAR.match(middle)
    if not last or not this:
        return False
    alike = not last.group(2) or not this.group(2) or last.group(2) == this.group(2)
    return alike and "以来" not in last.group(2) and _neighbours(last.group(1), this.group(1))


def _neighbours(last: str, this: str) -> bool:
    return not (last[:4].isdigit() and this[:4].isdigit()) or int(last[:4]) + 1 == int(this[:4])


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
        unit=move.stated.unit,
    )


def _computed(move: Move) -> Interval | None:
    if move.stated.unit == "%":
        return None if move.unit == "%" else interval.growth(move.before, move.after)
    if move.stated.unit == _TIMES:
        share = interval.percent(move.after, move.before)
        less = 0.0 if move.times_of else 1.0
        return share and Interval(share.low / 100 - less, share.high / 100 - less)
    if move.stated.unit in _POINTS:
        return move.after - move.before if move.unit == "%" else None
    return move.after - move.before if move.stated.unit == move.unit else None


RULE = Rule(
    id="change",
    severity=Severity.ERROR,
    title="增减幅度与前后两个数不符",
    explanation=(
        "写了变化前、变化后两个数和变化的幅度（由多少减至多少、减少百分之多少；比上年的多少件增加多少件、增长百分之多少；"
        "上年多少、今年多少；翻了一番；增长几倍；是上年的几倍），幅度却不是这两个数算出来的。“增长2倍”是原来的三倍，“是原来的2倍”才是两倍。"
        "百分比之间的变化只与“个百分点”比较；年均、可比口径、不变价的增长和生产总值不核对；"
        "收入、支出一类金额的同比因口径常有调整，也不核对（罚没款、挽回损失等照常核对）。幅度另有主语（说的是别的指标）时不核对。\n\n"
        "例：“案件由80件下降至56件，下降25%”——依据：before 80，after 56，stated 25，computed 30。"
    ),
    check=check,
)
