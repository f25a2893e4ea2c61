"""`rate`: a stated percentage does not follow from the numbers beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from yifa.checking import interval
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import Interval, number
from yifa.checking.labels import label, title
from yifa.checking.rule import Rule
from yifa.checking.view import Sentence, View
from yifa.checking.words import RateWords, words
from yifa.reading.document import Approx, Figure

_VERB = r"(?:均|也|都|就|已|稳定在|保持在|保持|达到了|达到|达|为|是|约|近|超过|超|：|:|\s)*$"
_BY_NAME = {name: rate for rate in words().rates if rate.top for name in rate.names}
_NAMES = re.compile(rf"({'|'.join(sorted(_BY_NAME, key=len, reverse=True))}){_VERB}")
_CLAUSE_STOP = re.compile(r"[，,。；;：:、（）()]")
_STEM = re.compile(rf"(?:^|[，,；;、（(。])([^，,。；;：:、（）()。\s]{{2,12}})率{_VERB}")
_BOUNDED = re.compile(
    rf"(?:{'|'.join(name for rate in words().rates for name in rate.names)}|覆盖率|到位率|建档率|出勤率|参会率){_VERB}"
)
_SHARE = re.compile(
    r"[）)]?[，,、（(]占(?:比|其|比例)?(?:([^，,。；;：:、（）()]{2,14}?)(?:总数|总量|比例|比重)?)?(?:的比例|的比重|的)?(?:为|达到|达)?$"
)
_OF_TOTAL = re.compile(r"[，,；;]([^，,。；;：:、（）()]{2,12})占比(?:为|达到|达)?$")
_TOTAL = re.compile(r"(?:合计|共计|总计)[为约]?$")
_WHOLE_WORDS = re.compile(r"总数|总量|全部|总额|总人口|人口|总|的|同期|其中|各类|比例|比重|比")
_COVERED = re.compile(rf"[^，,。；;（）()]{{0,24}}[，,（(](?:覆盖率|达标率|比例|比率){_VERB}")
_RATE_SAID = re.compile(rf"[率度]{_VERB}")
_SIGNS = re.compile(rf"占|[率度例]{_VERB}")
_OF_PEOPLE = re.compile(r"(?:人员|人数|数|的)$")
_LOOSE = frozenset({Approx.AT_LEAST, Approx.AT_MOST})
_NEXT = re.compile(r"[，,](?:已|现已|已经|全部|共)?(?:完成)?[\u4e00-\u9fff]{2,4}$")
_VISITED = re.compile(r"检查|走访|出动|巡查|抽查|累计|新增|增加|发放")
_NOT = "不未无非"
_ALL = 100.0
_MOST = 24  # figures of two sentences taken together
_EMPTY = 2  # characters of a name that says which whole is meant


@dataclass(frozen=True, slots=True)
class Pair:
    """A part and its whole; `lacking` where the part named is what fell short."""

    part: Figure
    whole: Figure
    lacking: bool = False

    @property
    def percent(self) -> Interval | None:
        """What the part is of the whole."""
        part, whole = interval.of(self.part), interval.of(self.whole)
        return interval.percent(whole - part if self.lacking else part, whole)


@dataclass(frozen=True)
class Rate:
    """A percentage of a sentence, with the counts before it."""

    sentence: Sentence
    index: int

    @cached_property
    def before(self) -> str:
        """The words between it and the figure before."""
        return self.sentence.before(self.index)

    @cached_property
    def labels(self) -> list[str]:
        """What the counts before it are called."""
        return [title(label(self.sentence, place)) for place in range(self.index)]

    @property
    def figures(self) -> Sequence[Figure]:
        """The figures before it."""
        return self.sentence.figures[: self.index]

    @cached_property
    def part(self) -> int:
        """The first figure behind the last semicolon before the rate."""
        stop = self.sentence.view_text.rfind(
            "；", self.sentence.start, self.sentence.figures[self.index].span[0]
        )
        return next((place for place in range(self.index) if self.figures[place].span[0] > stop), self.index)


def check(view: View) -> Iterator[Finding]:
    """Each named rate, and each share of a whole, that no pair of numbers beside it gives."""
    for sentence in view.short_sentences:
        for index, figure in enumerate(sentence.figures):
            if figure.unit != "%" or figure.approx in _LOOSE or not _SIGNS.search(sentence.gaps[index]):
                continue
            if (
                figure.value > _ALL
                and figure.approx is Approx.EXACT
                and _BOUNDED.search(sentence.before(index))
            ):
                yield _beyond(figure)
                continue
            name, pairs = _said(view, sentence, index)
            if pairs and not any(_follows(figure, pair) for pair in pairs):
                yield _finding(name, figure, pairs)


def _said(view: View, sentence: Sentence, index: int) -> tuple[str, list[Pair]]:
    """Name and pairs from the sentence, else from it and the one before it, else from brackets behind the rate."""
    behind = _in_brackets(sentence, index)
    if behind[1]:
        return behind
    own = _pairs(Rate(sentence, index)) if index > 1 else ("", [])
    if own[1]:
        return own
    wide = view.with_previous(sentence) if "率" in sentence.before(index)[-12:] else None
    if wide is None or len(wide.figures) > _MOST:
        return "", []
    return _pairs(Rate(wide, index + len(wide.figures) - len(sentence.figures)))


def _pairs(rate: Rate) -> tuple[str, list[Pair]]:
    """What the rate is called, and the pairs it may come from; empty where that is not certain."""
    share = _SHARE.match(rate.before) if "占" in rate.before else None
    if share:
        return "占比", _share_pairs(rate, share.group(1) or "")
    of_total = _OF_TOTAL.match(rate.before)
    if of_total:
        return "占比", _of_total(rate, of_total.group(1))
    if _COVERED.match(rate.before):
        return "覆盖率", _bound_pairs(rate)
    if not _RATE_SAID.search(rate.before):
        return "", []
    named = _NAMES.search(rate.before)
    modifier = _CLAUSE_STOP.split(rate.before[: named.start()])[-1] if named else ""
    own = _own_name(rate) if not named or modifier else ("", [])
    if own[1] or not named:
        return own
    return named.group(1), _named_pairs(rate, _BY_NAME[named.group(1)], modifier)


def _share_pairs(rate: Rate, whole_name: str) -> list[Pair]:
    """Behind 其中 the whole is one of the figures before; otherwise the words must name it."""
    last = rate.index - 1
    part, wholes = rate.figures[last], rate.figures[:last]
    core = _WHOLE_WORDS.sub("", whole_name)
    if whole_name and len(core) >= _EMPTY:
        wholes = [figure for figure, words_of in zip(wholes, rate.labels, strict=False) if core in words_of]
    elif whole_name and "人口" in whole_name:
        wholes = [f for f, words_of in zip(wholes, rate.labels, strict=False) if words_of.endswith("总人口")]
    else:
        return _bound_pairs(rate)
    return [Pair(part, whole) for whole in wholes if _comparable(part, whole)]


def _of_total(rate: Rate, name: str) -> list[Pair]:
    """「甲类287件、乙类124件，合计411件，甲类占比70%」: the total stands right before, the part is named as in the list."""
    last = rate.index - 1
    parts = [place for place in range(last) if rate.labels[place].endswith(name)]
    if len(parts) != 1 or not _TOTAL.search(rate.sentence.before(last)):
        return []
    pair = Pair(rate.figures[parts[0]], rate.figures[last])
    return [pair] if _comparable(pair.part, pair.whole) else []


def _bound_pairs(rate: Rate) -> list[Pair]:
    """「12个社区，其中10个社区建成…，覆盖率…」."""
    last = rate.index - 1
    part = rate.figures[last]
    among = rate.sentence.view_text.rfind("其中", rate.sentence.start, part.span[0])
    if last < 1 or among < 0:
        return []
    between = [f for f in rate.figures[:last] if f.span[0] > among]
    if any(_comparable(part, figure) for figure in between) and "其中" not in rate.sentence.before(last):
        return []  # one of several parts: its whole is not certain
    return [Pair(part, f) for f in rate.figures[:last] if f.span[1] <= among and _comparable(part, f)]


def _own_name(rate: Rate) -> tuple[str, list[Pair]]:
    """「线索95条，查处81条，查处率…」: the rate repeats the name of the part; the whole is before the part."""
    found = _STEM.search(rate.before)
    stem = found.group(1) if found else ""
    tops = [
        place
        for place in range(1, rate.index)
        if stem and _OF_PEOPLE.sub("", rate.labels[place]).removeprefix("在") == stem
    ]
    tops = [place for place in tops if place >= rate.part] or tops
    if len(tops) != 1:
        return "", []
    part = rate.figures[tops[0]]
    first = rate.part if tops[0] > rate.part else 0
    wholes = [figure for figure in rate.figures[first : tops[0]] if _comparable(part, figure)]
    return f"{stem}率", [Pair(part, whole) for whole in wholes]


def _named_pairs(rate: Rate, kind: RateWords, modifier: str) -> list[Pair]:
    """One figure named like the top of the rate, and all like figures it may be a part of."""
    if modifier and modifier not in "".join(rate.labels):
        return []  # another rate than that of these numbers: 网上办结率
    counts = [place for place in range(rate.index) if rate.figures[place].unit != "%"]
    belows = [place for place in counts if _is_below(rate.labels[place], kind)]
    tops = [p for p in counts if _has(rate.labels[p], kind.top) and p not in belows]
    lacking = [p for p in counts if _lacks(rate.labels[p], kind.top)]
    if not tops and len(lacking) == 1:
        return _with(rate, lacking[0], belows, lacking=True)
    return _with(rate, tops[0], belows) if len(tops) == 1 and not lacking else []


def _with(rate: Rate, top: int, belows: list[int], *, lacking: bool = False) -> list[Pair]:
    """The pairs meant, first, and those with any other like figure, which a right rate may come from."""
    part = rate.figures[top]
    meant = [p for p in belows if p != top and _comparable(part, rate.figures[p])]
    if not meant and not lacking and top >= 1 and _is_before(rate, top):
        meant = [top - 1]
    if not meant:
        return []
    others = [p for p in range(rate.index) if p not in (*meant, top) and _comparable(part, rate.figures[p])]
    return [Pair(part, rate.figures[p], lacking) for p in (*meant, *others)]


def _is_before(rate: Rate, top: int) -> bool:
    """「挂牌督办重大隐患54处，已整改48处」: the figure right before, of things that can be so treated."""
    part, whole = rate.figures[top], rate.figures[top - 1]
    near = _NEXT.match(rate.sentence.before(top)) and top - 1 >= rate.part
    return bool(near and _comparable(part, whole) and part.value <= whole.value) and not _VISITED.search(
        rate.labels[top - 1]
    )


def _in_brackets(sentence: Sentence, index: int) -> tuple[str, list[Pair]]:
    """「合格率98%（参考426人，合格418人）」."""
    behind = sentence.after(index)
    last = index + 2
    if behind[:1] not in ("（", "(") or last >= len(sentence.figures):
        return "", []
    closing = re.match(r"[^（(]{0,12}[）)]", sentence.after(last))
    named = _NAMES.search(sentence.before(index))
    if not closing or not named:
        return "", []
    kind, places = _BY_NAME[named.group(1)], (index + 1, last)
    labels = {place: title(label(sentence, place)) for place in places}
    tops = [p for p in places if _has(labels[p], kind.top) and not _has(labels[p], kind.below)]
    belows = [p for p in places if _has(labels[p], kind.below)]
    if len(tops) != 1 or len(belows) != 1:
        return "", []
    pair = Pair(sentence.figures[tops[0]], sentence.figures[belows[0]])
    return named.group(1), [pair] if _comparable(pair.part, pair.whole) else []


def _has(text: str, any_of: tuple[str, ...]) -> bool:
    return any(
        (place := text.find(word)) >= 0 and text[place - 1 : place] not in tuple(_NOT) for word in any_of
    )


def _is_below(text: str, kind: RateWords) -> bool:
    """「办结受理的案件104件」 begins with what is on top."""
    return _has(text, kind.below) and not text.startswith(kind.top)


def _lacks(text: str, any_of: tuple[str, ...]) -> bool:
    return any(f"{no}{word}" in text for word in any_of for no in _NOT)


def _comparable(part: Figure, whole: Figure) -> bool:
    return part.unit == whole.unit and part.unit != "%"


def _follows(stated: Figure, pair: Pair) -> bool:
    computed = pair.percent
    return computed is None or computed.meets(interval.of(stated).or_cut())


def _beyond(stated: Figure) -> Finding:
    return RULE.finding(
        f"{stated.text}超过了百分之百：这一比率的分子是分母的一部分，请核对。",
        [stated.span],
        stated=number(stated.value),
        computed=None,
    )


def _finding(name: str, stated: Figure, pairs: list[Pair]) -> Finding:
    pair = next((pair for pair in reversed(pairs) if pair.whole.value >= pair.part.value), pairs[0])
    part, whole = pair.part, pair.whole
    upper = f"[{whole.text}－{part.text}]" if pair.lacking else part.text
    computed = round(100 * ((whole.value - part.value) if pair.lacking else part.value) / whole.value, 2)
    return RULE.finding(
        f"{name}写作{stated.text}，按所列的数计算应为{number(computed)}%（{upper}÷{whole.text}）。",
        [stated.span, part.span, whole.span],
        stated=number(stated.value),
        computed=number(computed),
        part=number(whole.value - part.value if pair.lacking else part.value),
        whole=number(whole.value),
    )


RULE = Rule(
    id="rate",
    severity=Severity.ERROR,
    title="百分比与所列的数不符",
    explanation=(
        "写了分子、分母和百分比，按分子分母算出的却是另一个数。分子、分母可以在同一句、前一句，也可以在百分比后面的括号里。"
        "核对的有：受理多少、办结多少、办结率多少；线索多少条、查处多少条、查处率多少；其中多少、占（全部、某某总数的）百分之多少；"
        "写了不合格多少的，合格率按总数减去不合格数计算。办结率、合格率一类的比率写得超过100%的，也提出。"
        "百分比带有别的限定（如网上办结率）、分子有两个可选、或同一句中另有一个数恰好得出这个百分比的，不提出。四舍五入和去尾都认可。\n\n"
        "例：“接到举报线索95条，查处81条，查处率92%”——依据：stated 92，computed 85.26（81÷95）。"
    ),
    check=check,
)
