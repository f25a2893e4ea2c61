"""`wording.slip` and `wording.repeated`: slips of the pen that no reading can mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from yifa.checking.finding import Finding, Severity
from yifa.checking.landmarks import Landmarks
from yifa.checking.lexicon import Slip, lexicon
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Span

_FOUNDED = Landmarks(("成立", "组建", "设立"))
_WRITINGS = Landmarks((*lexicon().doubled_marks, *(slip.wrong for slip in lexicon().slips)))
_JOINED_YEARS = re.compile(r"20\d\d20\d\d年(?<!\d20\d\d20\d\d年)")  # 「20212025年」: the stroke was lost
_MOST_YEARS = 15
_KINDS = "委员会|领导小组|工作小组|工作组|专班|联席会议|指挥部"
_KIND = Landmarks(_KINDS.split("|"))
_BODY = re.compile(rf"的([\u4e00-\u9fff]{{2,16}}?(?:{_KINDS}))")
_ENDS = re.compile(r"[，,。；;：:（）()\s]")
_GOES_ON = re.compile(r"[，,。；;：:（）()\s]|共同|联合|分别|参加|等|为|是|和|与|及")
_FIGURE = re.compile(r"[\d.]+(?:%|％|‰|[\u4e00-\u9fff]{0,4})\Z")  # numbers told one by one may be alike
_LEADS = "有由为是对和与即含"
_SHORTEST, _LONGEST = 3, 30
_ROOM = 6
_SENTENCE = 400  # characters between two names of one sentence, at most
_LIST = re.compile(
    rf"、(?:[^、，,。；;：:（）()\s]{{0,{_LONGEST}}}、)+"
)  # without its first and its last item


def check_slip(view: View) -> Iterator[Finding]:
    """Doubled punctuation in one finding; each wrong writing of the list in one finding with all its places."""
    text = view.text
    marks: list[Span] = []
    slips: dict[str, list[Span]] = {}
    for start, end in view.places(_WRITINGS):
        slip = _patterns()[text[start:end]]
        if isinstance(slip, str):
            marks += [(start, end)] if _alone(text, (start, end)) else []
        elif _is_slip(text, (start, end), slip):
            slips.setdefault(slip.wrong, []).append((start, end))
    if marks:
        shown = "、".join(dict.fromkeys(f"“{_around(text, span)}”" for span in marks[:3]))
        yield SLIP.finding(
            f"标点重复{len(marks)}处：{shown}。请删去多余的。",
            marks,
            times=len(marks),
            written=text[slice(*marks[0])],
            right=None,
        )
    if joined := [found.span() for found in _JOINED_YEARS.finditer(text) if _runs(found)]:
        first, last = text[joined[0][0] :][:4], text[joined[0][0] :][4:8]
        yield SLIP.finding(
            f"“{text[slice(*joined[0])]}”中两个年份连在一起，缺少连接号，应为“{first}—{last}年”，共{len(joined)}处。",
            joined,
            times=len(joined),
            written=text[slice(*joined[0])],
            right=f"{first}—{last}年",
        )
    for wrong, places in slips.items():
        right = _rights()[wrong]
        yield SLIP.finding(
            f"“{_around(text, places[0])}”中的“{wrong}”应为“{right}”，共{len(places)}处。",
            places,
            times=len(places),
            written=wrong,
            right=right,
        )


def _runs(found: re.Match[str]) -> bool:
    """Whether two years may be the first and the last of a plan."""
    first, last = int(found.group()[:4]), int(found.group()[4:8])
    return first < last <= first + _MOST_YEARS


@cache
def _patterns() -> dict[str, str | Slip]:
    marks = {mark: mark for mark in lexicon().doubled_marks}
    return {**marks, **{slip.wrong: slip for slip in lexicon().slips}}


@cache
def _rights() -> dict[str, str]:
    return {slip.wrong: slip.right for slip in lexicon().slips}


def _alone(text: str, span: Span) -> bool:
    """Not part of a row of dots that stands for something left out."""
    around = text[max(span[0] - 1, 0) : span[0]] + text[span[1] : span[1] + 1]
    return not any(mark in "。，、" for mark in around)


def _is_slip(text: str, span: Span, slip: Slip) -> bool:
    before, after = text[max(span[0] - 1, 0) : span[0]], text[span[1] : span[1] + 1]
    doubled = len(set(slip.wrong)) == 1
    if after and after in slip.not_before:
        return False
    return not (doubled and before and before in lexicon().slips_never_after)


def _around(text: str, span: Span) -> str:
    return text[max(span[0] - _ROOM, 0) : span[1] + _ROOM].replace("\n", " ").strip()


def check_repeated(view: View) -> Iterator[Finding]:
    """A body founded twice in one sentence; an item that stands twice in one list."""
    yield from _twice_in_list(view.text)
    if not view.places(_FOUNDED):
        return
    kinds = [place for place, _ in view.places(_KIND)]
    near = [first for first, second in pairwise(kinds) if second - first <= _SENTENCE]
    for sentence in dict.fromkeys(map(view.sentence_of, near)):
        if any(word in sentence.text for word in _FOUNDED.words):
            yield from _founded_twice(sentence.text, sentence.start)


def _founded_twice(text: str, offset: int) -> Iterator[Finding]:
    """「成立了以甲任主任的某委员会，乙为成员的某委员会」."""
    places: dict[str, list[Span]] = {}
    for found in _BODY.finditer(text):
        places.setdefault(found.group(1), []).append((offset + found.start(1), offset + found.end(1)))
    for name, spans in places.items():
        between = text[spans[0][1] - offset : spans[-1][0] - offset]
        if len(spans) > 1 and "以" not in between:  # else another one, with another head
            yield REPEATED.finding(
                f"一句话里“{name}”写了{len(spans)}次，说的是同一个机构。请删去一处，把成员并入一个分句。",
                spans,
                name=name,
                times=len(spans),
            )


def _twice_in_list(text: str) -> Iterator[Finding]:
    """Items between 、 and 、 that stand twice in one list: a run of pieces without other punctuation."""
    for found in _LIST.finditer(text):
        run, (begins, closing) = found.group(), found.span()
        if run.find("、", 1) < len(run) - 1:
            items = run[1:-1].split("、")
            if len(set(items)) < len(items) and not _FIGURE.match(items[-1]):
                yield from _twice_inside(items, begins + 1)
        # the usual list has nothing at its ends that it has elsewhere, which is told without a pattern
        head, tail = text[closing : closing + 2], text[begins - 2 : begins]
        if head in text[max(begins - _LONGEST, 0) : closing] or tail in run:
            yield from _at_the_ends(text, found, head, tail)


def _twice_inside(items: list[str], place: int) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for item in items:
        if first.setdefault(item, place) != place and len(item) >= _SHORTEST:
            yield _repeated(first[item], place, item)
        place += len(item) + 1


def _at_the_ends(text: str, found: re.Match[str], head: str, tail: str) -> Iterator[Finding]:
    """An item that stands once more as the first or the last of its list, beside other punctuation or 有, 由, 为."""
    run, (begins, closing) = found.group(), found.span()
    earliest = max(begins - _LONGEST, 0)
    opening = text[max(text.rfind("、", earliest, begins) + 1, earliest) : begins]
    if f"、{head}" not in run and f"{tail}、" not in run and head not in opening:
        return
    items = run[1:-1].split("、")
    first = _ENDS.split(opening)[-1]
    first = first[1:] if first[:1] in _LEADS else first
    if _FIGURE.match(items[-1]):
        return
    if first in items and len(first) >= _SHORTEST:
        yield _repeated(begins - len(first), _place_in(found, first), first)
        return
    for item in (first, *items):
        ended = len(item) >= _SHORTEST and text.startswith(item, closing)
        if ended and _GOES_ON.match(text, closing + len(item)):
            yield _repeated(begins - len(item) if item is first else _place_in(found, item), closing, item)
            return


def _place_in(found: re.Match[str], item: str) -> int:
    return found.start() + found.group().index(f"、{item}、") + 1


def _repeated(first: int, second: int, item: str) -> Finding:
    return REPEATED.finding(
        f"同一串并列中“{item}”出现了两次，请删去重复的，或改正写错的一项。",
        [(first, first + len(item)), (second, second + len(item))],
        name=item,
        times=2,
    )


SLIP = Rule(
    id="wording.slip",
    severity=Severity.NOTICE,
    title="笔误",
    explanation=(
        "不可能有第二种读法的笔误：重复的标点，重复的虚词，常见的错别字（如把“法治政府”写成另外两个字）。只看字表所列、在任何上下文都是错的写法。"
    ),
    check=check_slip,
)
REPEATED = Rule(
    id="wording.repeated",
    severity=Severity.NOTICE,
    title="同一名称在一句里重复",
    explanation=(
        "成立一个机构的一句话里，机构名称作为宾语写了两次；或者用顿号并列的三项以上里，有一项出现了两次。"
    ),
    check=check_repeated,
)
