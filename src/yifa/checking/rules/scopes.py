"""`scope.overlap` and `figure.reused`: totals that may count the same thing, with no word on their scope."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from yifa.checking.excerpt import ending
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.lexicon import lexicon
from yifa.checking.rule import Rule
from yifa.checking.rules.past import Past, clause
from yifa.checking.view import Sentence, View
from yifa.reading.document import Figure

_MATTERS = re.compile("|".join(lexicon().matters))
_UNITS = frozenset("件条起宗次个")
_SETTLED = re.compile(r"办结|答复|回复|化解|解决|满意|整改")
_RECEIVED = re.compile(r"受理|收到|接到|接收|接听|接待|登记")
_SCOPE = re.compile(r"口径|不重复|去重|剔除|不含|不包括|除外|另计|其他渠道|其他途径|合并计")
_OTHER_TIME = re.compile(r"上年|去年|季度|月份|\d月|同期|五年|三年|以来累计")
_BODY = re.compile(r"[\u4e00-\u9fff]{2,6}(?:局|委|办|镇|街道|院|厅)(?![理结事])")

_ACTS = tuple(re.compile("|".join(sorted(acts, key=len, reverse=True))) for acts in lexicon().same_acts)
_MOST = 20  # totals, or places of one number, that are compared with one another
_REACH = 200  # characters of a clause on either side of its number
_LEAST = 100  # smaller numbers meet by chance
_SHARED = 2  # characters of the thing that both tellings name
_EMPTY = re.compile(r"[了各类共全年累计主动及时已通过\s]")


@dataclass(frozen=True, slots=True)
class Total:
    """A number of complaints or inquiries and the channels its words name."""

    sentence: Sentence
    figure: Figure
    words: str
    matters: frozenset[str]
    channels: frozenset[str]


def check_overlap(view: View) -> Iterator[Finding]:
    """Two totals of one matter over one channel, in different sentences; others of that matter are listed with them."""
    if not view.is_report or not _MATTERS.search(view.text):
        return
    totals = list(_totals(view))
    for first, second in combinations(totals[:_MOST], 2):
        if _overlap(first, second):
            yield _overlapping(first, second, totals)
            return


def _totals(view: View) -> Iterator[Total]:
    for sentence in Past(view).sentences():
        if _OTHER_TIME.search(sentence.text):
            continue
        for index, figure in enumerate(sentence.figures):
            words = clause(sentence, index)
            matters = frozenset(_MATTERS.findall(words))
            if figure.unit[:1] in _UNITS and matters and figure.part_of is None:
                yield Total(sentence, figure, words, matters, _channels(words))


def _channels(words: str) -> frozenset[str]:
    return frozenset(
        channel for channel, names in lexicon().channels.items() if any(name in words for name in names)
    )


def _overlap(first: Total, second: Total) -> bool:
    same_way = first.channels & second.channels and first.matters & second.matters
    if not same_way or first.sentence.start == second.sentence.start:
        return False
    if first.figure.value == second.figure.value or first.figure.unit != second.figure.unit:
        return False
    if first.channels == second.channels and first.matters == second.matters:
        return False  # the same scope: another number of it is another state or body
    if _state(first) != _state(second) or _BODY.findall(first.words) != _BODY.findall(second.words):
        return False
    return not any(_SCOPE.search(total.sentence.text) for total in (first, second))


def _state(total: Total) -> str:
    """Received, settled, or neither: totals of different states are not compared."""
    return "settled" if _SETTLED.search(total.words) else "received" if _RECEIVED.search(total.words) else ""


def _overlapping(first: Total, second: Total, totals: list[Total]) -> Finding:
    channel = "、".join(sorted(first.channels & second.channels))
    others = [
        total
        for total in totals
        if total not in (first, second) and total.matters & (first.matters | second.matters)
    ]
    listed = sorted((first, second, *others), key=lambda total: total.figure.span)
    shown = "、".join(f"“{ending(total.words, 20)}{total.figure.text}”" for total in listed)
    return OVERLAP.finding(
        f"{shown}各算各的总数，其中{'两个都' if not others else '至少两个'}包括{channel}渠道，可能重复计数。"
        "请写明每个总数的口径（含哪些渠道，是否去重），或合并为一个总数再分列。",
        [total.figure.span for total in listed],
        totals=[number(total.figure.value) for total in listed],
        texts=[total.figure.text for total in listed],
        channels=sorted(first.channels & second.channels),
        unit=first.figure.unit,
    )


def check_reused(view: View) -> Iterator[Finding]:
    """One number with one unit for two acts that are hardly different, in two paragraphs."""
    if not view.is_report:
        return
    alike: dict[tuple[float, str, str], list[tuple[Sentence, Figure]]] = defaultdict(list)
    for sentence in view.sentences:
        for figure in sentence.figures:
            if figure.value >= _LEAST and figure.unit and "%" not in figure.unit and "元" not in figure.unit:
                alike[figure.value, figure.unit, figure.approx].append((sentence, figure))
    past: Past | None = None
    for places in alike.values():
        if len(places) < 2:
            continue
        past = past or Past(view)
        inside = past.holds
        told = [place for place in places if inside(place[1].span[0])]
        for first, second in combinations(told[:_MOST], 2):
            if _told_twice(first, second):
                yield _reused(first, second)
                break


def _told_twice(first: tuple[Sentence, Figure], second: tuple[Sentence, Figure]) -> bool:
    if first[0].view_text.find("\n", first[1].span[1], second[1].span[0]) < 0:
        return False
    words = [_telling(*first), _telling(*second)]
    for acts in _ACTS:
        used = [acts.search(text) for text in words]
        if used[0] and used[1] and used[0].group() != used[1].group():
            things = [_EMPTY.sub("", acts.sub("", text)) for text in words]
            return _share(*things)
    return False


def _telling(sentence: Sentence, figure: Figure) -> str:
    """The clause a figure stands in."""
    text, place = sentence.view_text, figure.span[0]
    first, last = max(sentence.start, place - _REACH), min(sentence.end, place + _REACH)
    start = max(first, *(text.rfind(stop, first, place) + 1 for stop in "，,；;：:"))
    ends = [end for stop in "，,；;" if (end := text.find(stop, place, last)) >= 0]
    return text[start : min(ends, default=last)].replace(figure.text, "")


def _share(first: str, second: str) -> bool:
    pieces = (first[start : start + _SHARED] for start in range(len(first) - _SHARED + 1))
    return any(piece in second for piece in pieces)


def _reused(first: tuple[Sentence, Figure], second: tuple[Sentence, Figure]) -> Finding:
    told = [_telling(sentence, figure).strip() for sentence, figure in (first, second)]
    return REUSED.finding(
        f"“{ending(told[0], 20)}”和“{ending(told[1], 20)}”两处用了同一个数{first[1].text}，疑为一件事记成两项成效。"
        "如是同一批，请只写一次；如不是，请写明各自的口径和确数。",
        [first[1].span, second[1].span],
        value=number(first[1].value),
        unit=first[1].unit,
        told=told,
    )


OVERLAP = Rule(
    id="scope.overlap",
    severity=Severity.NOTICE,
    title="几个总数口径可能交叉",
    explanation=(
        "年度报告在不同的地方写了投诉、举报、咨询一类的几个总数，其中至少两个都包括同一种来源（网上、热线、媒体、信箱等），没有写口径，"
        "同一件事可能数了两遍。来源和事项完全相同的（可能是受理与办结）、分属不同单位或时期的、句中写明不含或去重的，不提出。"
    ),
    check=check_overlap,
)
REUSED = Rule(
    id="figure.reused",
    severity=Severity.NOTICE,
    title="同一个数说了两项成效",
    explanation=(
        "两个段落用意思相近的动词（发布与公开、化解与调处）说同一种东西，数量、单位、约略程度完全相同，可能是一件事记成两项。"
        "只看一百以上的数；动词相同的（重复提到）和金额、百分比不提出。"
    ),
    check=check_reused,
)
