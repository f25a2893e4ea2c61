"""`rate.items` and `rate.unstated`: reductions nobody can work out again, and ratios the text leaves to the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking import interval
from yifa.checking.excerpt import ending
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.rule import Rule
from yifa.checking.rules.past import Past, clause
from yifa.checking.view import Sentence, View
from yifa.reading.document import Approx, Figure

_CUT = re.compile(
    r"(?:压缩|压减|精简|缩减|减少|缩短|削减|提速)(?:了|率|幅度|幅|比例|均|平均|总体|达到|达|为|约|近|超过|超|已|[:：])*\s*$"
)
_WHAT = re.compile(r"时限|时间|环节|材料|要件|流程|跑动|申请表|审批层级")
_FROM_TO = re.compile(r"(?:由|从|原(?:来|有)?)[^，,。；;]{0,20}\d[^。；;]{0,24}?(?:至|到|为|变)")
_WORK = re.compile(r"个?工作日|天|日|小时|分钟|份|个环节|项材料")
_LOOSE = frozenset({Approx.AT_LEAST, Approx.AT_MOST, Approx.OVER})
_AT_LEAST = frozenset({Approx.AT_LEAST, Approx.OVER})
_DEMAND = re.compile(r"要求|目标|力争|不低于|不少于|应当|必须|确保|计划")
_CUT_COUNT = re.compile(r"(?:压缩|压减|精简|缩减|减少|缩短|削减)[^，,。；;、]{0,8}$")
_NEXT = 8
_REACH = 40

_STANDARD = re.compile(r"要求|目标|标准|规定|不低于|应当|必须|须")
_SHORT_OF = re.compile(r"差距|未达|没有达到|尚未达|仅|只有")
_COUNTED = frozenset("项件个家户宗起条份卷人名")
_KNOWN = 2  # characters of a name that are compared
_ALIKE = 2  # pieces of names that must agree


def check_items(view: View) -> Iterator[Finding]:
    """Rates of reduction of time, steps or papers without the numbers before and after: one finding for the text."""
    if not view.is_report:
        return
    past: Past | None = None
    bare: list[tuple[str, Figure]] = []
    for sentence in view.short_sentences:
        for index, figure in enumerate(sentence.figures):
            if figure.unit == "%" and figure.approx not in _LOOSE and _is_cut(sentence, index):
                past = past or Past(view)
                if past.holds(sentence.start) and not (
                    _has_base(sentence) or _says_how_much(sentence, index)
                ):
                    bare.append((clause(sentence, index).strip() + figure.text, figure))
    if bare:
        named = list(dict.fromkeys(ending(words, 20) for words, _ in bare))
        yield ITEMS.finding(
            f"只有压缩、精简的百分比，没有压缩前后的天数或件数，无法复算：{'、'.join(named)}。"
            "请写明压缩前后各是多少（合计或平均），或附上逐项清单。",
            [figure.span for _, figure in bare],
            rate=named,
            values=[number(figure.value) for _, figure in bare],
        )


def _is_cut(sentence: Sentence, index: int) -> bool:
    before = sentence.view_text[sentence.start : sentence.figures[index].span[0]]
    return _CUT.search(before[-16:]) is not None and _WHAT.search(before[-_REACH:]) is not None


def _says_how_much(sentence: Sentence, index: int) -> bool:
    """「压减材料142份，压减比例31.6%」: what was cut stands right before, which with the rate gives what was before."""
    if not index or len(sentence.before(index)) > _NEXT or sentence.figures[index - 1].unit == "%":
        return False
    return _CUT_COUNT.search(sentence.before(index - 1)) is not None and sentence.before(index)[0] in "，,（("


def _has_base(sentence: Sentence) -> bool:
    """Whether the sentence gives what was before and what is now, or two numbers of days or papers."""
    if _DEMAND.search(sentence.text) or _FROM_TO.search(sentence.text):
        return True
    units = [figure.unit for figure in sentence.figures if _WORK.match(figure.unit)]
    return len(units) > len(set(units))


def check_unstated(view: View) -> Iterator[Finding]:
    """A standard in percent, and behind it only a count said to fall short of it."""
    if not view.is_report:
        return
    past: Past | None = None
    for sentence in view.sentences:
        standard = next((f for f in sentence.figures if f.unit == "%" and f.approx in _AT_LEAST), None)
        if standard is None or not _STANDARD.search(sentence.text):
            continue
        past = past or Past(view, with_shortcomings=True)
        for told in (sentence, view.following(sentence)):
            if told is None or not past.holds(told.start) or "\n" in view.text[sentence.end : told.start]:
                continue
            count = _short_count(told, standard)
            if count is not None:
                yield _unstated(view, standard, count)
                break


def _short_count(sentence: Sentence, standard: Figure) -> Figure | None:
    """The only exact count behind the standard, in a sentence that speaks of a gap and has no other percentage."""
    figures = [figure for figure in sentence.figures if figure.span[0] > standard.span[1]]
    if len(figures) != 1 or not _SHORT_OF.search(sentence.text):
        return None
    count = figures[0]
    related = bool(_pieces(count.subject) & _pieces(standard.subject))
    return count if related and count.unit in _COUNTED and interval.is_exact(count) else None


def _unstated(view: View, standard: Figure, count: Figure) -> Finding:
    wholes = _wholes(view, count)
    whole = wholes[0] if len(wholes) == 1 else None
    share = round(100 * count.value / whole.value, 2) if whole else None
    sum_written = (
        f"如以文中“{ending(whole.subject, 16)}{whole.text}”为基数，为{number(share)}%（{count.text}÷{whole.text}）。"
        if whole and share is not None
        else ""
    )
    return UNSTATED.finding(
        f"标准是{standard.text}，实际只写了{count.text}，没有算出比例，看不出差多少。{sum_written}请写明基数和现在的比例。",
        [standard.span, count.span, *([whole.span] if whole else [])],
        standard=number(standard.value),
        part=number(count.value),
        whole=number(whole.value) if whole else None,
        computed=share,
    )


def _wholes(view: View, count: Figure) -> list[Figure]:
    """Larger exact counts of the same unit that are named like it; of one value only the first."""
    named = _pieces(count.subject)
    found: dict[float, Figure] = {}
    for figure in view.figures:
        like = figure.unit == count.unit and figure.value > count.value and interval.is_exact(figure)
        if like and len(_pieces(figure.subject) & named) >= _ALIKE:
            found.setdefault(figure.value, figure)
    return list(found.values())


def _pieces(name: str) -> set[str]:
    return {name[start : start + _KNOWN] for start in range(len(name) - _KNOWN + 1)}


ITEMS = Rule(
    id="rate.items",
    severity=Severity.NOTICE,
    title="压缩比率无法复算",
    explanation=(
        "年度报告写了审批时限、环节、材料压缩或精简百分之几，同一句没有压缩前后的数（由多少天减到多少天），也没有两个可以比较的天数、份数；"
        "旁边只写涉及几个部门、几个事项，仍然算不出来。“以上”“不低于”的要求和目标不提出。全文合为一条。"
    ),
    check=check_items,
)
UNSTATED = Rule(
    id="rate.unstated",
    severity=Severity.NOTICE,
    title="有标准、有件数，没有算出比例",
    explanation=(
        "一句写明标准是百分之几以上，随后说现有多少项、差距较大，却没有写比例，看不出差多少。文中别处有名称相近、计量单位相同的总数时，替它算出比例供核对。"
        "写了实际比例的、没有说差距的不提出。"
    ),
    check=check_unstated,
)
