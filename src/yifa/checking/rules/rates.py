"""`rate`: a stated percentage does not follow from the numbers beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from yifa.checking import interval
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.partitions import label, title
from yifa.checking.rule import Rule
from yifa.checking.view import Sentence, View
from yifa.checking.words import RateWords, words
from yifa.reading.document import Approx, Figure

_VERB = r"(?:均|也|都|就|已|稳定在|保持在|保持|达到了|达到|达|为|是|约|近|超过|超|：|:|\s)*$"
_NAMED = tuple(
    (re.compile(f"([^，,。；;：:、（）()]*?)({'|'.join(rate.names)}){_VERB}"), rate)
    for rate in words().rates
    if rate.top
)
_STEM = re.compile(rf"(?:^|[，,；;、（(])([^，,。；;：:、（）()\s]{{2,12}})率{_VERB}")
_SHARE = re.compile(r"^[）)]?[，,、（(]占(?:总数|总量|全部|比|其|比例)?(?:的|为|达)*$")
_LOOSE = frozenset({Approx.AT_LEAST, Approx.AT_MOST})

Pair = tuple[Figure, Figure]


def check(view: View) -> Iterator[Finding]:
    """Each named rate, and each share of a whole, that no pair of numbers of its sentence gives."""
    for sentence in view.counted_sentences:
        for index, figure in enumerate(sentence.figures):
            if figure.unit != "%" or index < 2 or figure.approx in _LOOSE:
                continue
            name, pairs = _pairs(sentence, index)
            if pairs and not any(_follows(figure, pair) for pair in _all_pairs(sentence, index, pairs)):
                yield _finding(name, figure, pairs[-1])


def _pairs(sentence: Sentence, index: int) -> tuple[str, list[Pair]]:
    """What the rate is called, and the pairs (part, whole) it should come from."""
    before = sentence.before(index)
    if _SHARE.match(before):
        part, wholes = sentence.figures[index - 1], sentence.figures[: index - 1]
        bound = "其中" in sentence.before(index - 1)
        return "占比", [(part, whole) for whole in wholes if bound and _comparable(part, whole)]
    own = _own_name(sentence, index)
    if own:
        return own
    for pattern, rate in _NAMED:
        found = pattern.search(before)
        if found:
            return found.group(2), _named_pairs(sentence, index, rate, found.group(1))
    return "", []


def _own_name(sentence: Sentence, index: int) -> tuple[str, list[Pair]] | None:
    """「答复12件，其中按期答复6件，按期答复率…」: the rate repeats the name of the part, so the whole is that of 其中."""
    found = _STEM.search(sentence.before(index))
    if not found:
        return None
    for place in range(1, index):
        part, whole = sentence.figures[place], sentence.figures[place - 1]
        named = title(label(sentence, place)) == found.group(1) and "其中" in sentence.before(place)
        if named and _comparable(part, whole):
            return f"{found.group(1)}率", [(part, whole)]
    return None


def _named_pairs(sentence: Sentence, index: int, rate: RateWords, modifier: str) -> list[Pair]:
    labels = [label(sentence, place) for place in range(index)]
    known = "".join(labels)
    if modifier and modifier not in known:
        return []  # another rate than that of these numbers: 网上办结率, 按期办结率
    tops = [
        place
        for place in range(index)
        if _has(labels[place], rate.top) and not _has(labels[place], rate.below)
    ]
    if len(tops) != 1:
        return []  # 优秀 and 合格 beside each other: which of them the rate counts is not said
    belows = [place for place in range(index) if _has(labels[place], rate.below)]
    figures = sentence.figures
    return [
        (figures[top], figures[below])
        for top in tops
        for below in belows
        if top != below and _comparable(figures[top], figures[below])
    ]


def _has(text: str, any_of: tuple[str, ...]) -> bool:
    return any(word in title(text) for word in any_of)


def _comparable(part: Figure, whole: Figure) -> bool:
    return part.unit == whole.unit and part.unit != "%"


def _all_pairs(sentence: Sentence, index: int, pairs: list[Pair]) -> Iterator[Pair]:
    """Every pair of like figures with one of those meant: a rate that any of them gives is left alone."""
    meant = {id(figure) for pair in pairs for figure in pair}
    for pair in permutations(sentence.figures[:index], 2):
        if _comparable(*pair) and any(id(figure) in meant for figure in pair):
            yield pair


def _follows(stated: Figure, pair: Pair) -> bool:
    computed = interval.percent(interval.of(pair[0]), interval.of(pair[1]))
    return computed is None or computed.meets(interval.of(stated).or_cut())


def _finding(name: str, stated: Figure, pair: Pair) -> Finding:
    part, whole = pair
    computed = round(100 * part.value / whole.value, 2)
    return RULE.finding(
        f"{name}写作{stated.text}，按同一句的数计算应为{number(computed)}%（{part.text}÷{whole.text}）。",
        [stated.span, part.span, whole.span],
        stated=number(stated.value),
        computed=number(computed),
        part=number(part.value),
        whole=number(whole.value),
    )


RULE = Rule(
    id="rate",
    severity=Severity.ERROR,
    title="百分比与所列的数不符",
    explanation=(
        "同一句里写了分子、分母和百分比（受理多少、办结多少、办结率多少；其中多少、占百分之多少），按分子分母算出的却是另一个数。"
        "百分比带有别的限定（如网上办结率、按期办结率），或同一句中另有两个同单位的数恰好得出这个百分比的，不提出。"
        "四舍五入和去尾都认可。"
    ),
    check=check,
)
