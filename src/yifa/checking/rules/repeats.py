"""`integrity.repeated_text` and `repeated`: a paragraph twice, one quantity with two values."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from yifa.checking import interval
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.rule import Rule
from yifa.checking.view import TABLE, Sentence, View
from yifa.reading.document import Approx, Figure, Kind, Span

_LEAST = 40  # characters of a paragraph that does not stand twice by chance
_END = 40  # characters by which passages are told apart
_CLAUSE = re.compile(r"[，,；;：:、（()）。\s]")
_SHORTEST, _LONGEST = 6, 34  # characters of a clause that names a quantity

_NUMBERED = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．]?|[（(][一二三四五六七八九十\d]{1,3}[）)])"
)
_SAME_YEAR = r"(?:20\d\d年(?:度)?|全年|今年以来|今年|一年来|本年度|年内)"
_OWN_YEAR = re.compile(_SAME_YEAR)
_BODY = r"(?:我[省市区县镇乡局委]|全[省市区县镇乡局委院校街系统]{1,2})"
_HEAD = re.compile(rf"^(?P<year>{_SAME_YEAR})?[，,]?{_BODY}?(?P<sum>共|累计|一共|总计|完成|实现)*")
_VERBS = (
    "受理|办理|办结|审查|审核|制定|出台|举办|开展|组织|查处|立案|作出|收到|接到|调解|化解|公开|发布|"
    "制发|印发|排查|检查|新收|审结|登记"
)
_COUNTED = re.compile(rf"^(?:{_VERBS})[^，,。；;：:、\d%]{{4,24}}$")
_INDICATORS = "生产总值|公共预算收入|公共预算支出|总产量|总产值|零售总额|播种面积|常住人口|粮食产量"
_INDICATOR = re.compile(rf"^[^，,。；;：:、\d%]{{0,10}}(?:{_INDICATORS})$")
_TOLD = re.compile(
    rf"(?:{_VERBS})[^，,。；;：:、\d%]{{4,24}}$|(?:{_INDICATORS})$"
)  # one of the two, told cheaply
_OTHER_TIME = re.compile(
    r"目标|力争|计划|预计|确保|上年|去年|以来|期间|年底|年末|截[至止]|季度|半年|[一二三四五六七八九十\d]月|每年|平均|年均|累计|五年|过去(?!的?一年)"
)


def check_text(view: View) -> Iterator[Finding]:
    """One finding with all passages that stand twice, their numbers and blanks apart."""
    twice = _twice(view.text)
    if not twice:
        return
    first, times = next(iter(twice)), max(len(spans) for spans in twice.values())
    what = "同一段文字" if len(twice) == 1 else f"有{len(twice)}段文字"
    yield TEXT.finding(
        f"{what}重复出现，最多{times}次：“{first[:24]}……”{'等' if len(twice) > 1 else ''}。请删去重复的。",
        sorted(span for spans in twice.values() for span in spans),
        times=times,
        paragraphs=len(twice),
    )


def _twice(text: str) -> dict[str, list[Span]]:
    """The paragraphs that stand more than once, blanks and their numbers apart.

    Passages are told apart by their ends first: most have no like, and need not be stripped.
    """
    by_end: dict[str, list[tuple[str, int]]] = defaultdict(list)
    place = 0
    for passage in text.split("\n"):
        if len(passage) >= _LEAST:
            by_end["".join(passage[-_END:].split())[-_END // 2 :]].append((passage, place))
        place += len(passage) + 1
    places: dict[str, list[Span]] = defaultdict(list)
    for group in by_end.values():
        for passage, start in group if len(group) > 1 else ():
            bare = _NUMBERED.sub("", "".join(passage.split()), 1)
            if len(bare) >= _LEAST:
                places[bare].append((start, start + len(passage)))
    return {bare: spans for bare, spans in places.items() if len(spans) > 1}


def check_value(view: View) -> Iterator[Finding]:
    """「全年共受理……案件N件」 said twice, in the same words, with two exact numbers."""
    yield from check_tables(view)
    found: dict[tuple[str, str, int], list[Figure]] = defaultdict(list)
    for sentence, index in view.counts:
        gap, figure = sentence.gaps[index], sentence.figures[index]
        if len(gap) >= _SHORTEST and len(sentence.figures) <= TABLE and _TOLD.search(gap[-_LONGEST:]):
            what = _quantity(view, sentence, index)
            if what and figure.span[0] not in view.parts.ahead:
                found[what, figure.unit, _chapter(view, what, figure)].append(figure)
    for (what, unit, _), figures in found.items():
        if len(figures) > 1 and _apart(figures):
            shown = "、".join(dict.fromkeys(figure.text for figure in figures))
            values = list(dict.fromkeys(figure.value for figure in figures))
            yield VALUE.finding(
                f"“{what}”在文中有{len(values)}个数：{shown}。请核对并统一。",
                [figure.span for figure in figures],
                values=[number(value) for value in values],
                unit=unit,
            )


def _chapter(view: View, what: str, figure: Figure) -> int:
    """In a text of another kind the chapter of work done: there one may tell of the year past, another of the one to come."""
    if view.document.kind is not Kind.OTHER or _INDICATOR.match(what):
        return 0
    starts = [heading.span[0] for heading in view.document.outline]
    return bisect_right(starts, figure.span[0])


def check_tables(view: View) -> Iterator[Finding]:
    """A row of a table and a sentence of the same section that name one quantity alike, with two exact numbers.

    Silent where the name stands in several cells: columns then are years, places or kinds.
    """
    told: dict[tuple[str, str, str], tuple[list[Figure], list[Figure]]] = defaultdict(lambda: ([], []))
    for figure in view.figures if "\t" in view.text else ():
        if len(figure.subject) >= _SHORTEST and figure.approx is Approx.EXACT:
            told[figure.subject, figure.unit, figure.section][_in_table(view.text, figure)].append(figure)
    for (what, unit, _), (prose, cells) in told.items():
        if len(cells) != 1 or not prose or not all(_apart([cells[0], figure]) for figure in prose):
            continue
        if any(_OTHER_TIME.search(_lead(view, figure)) for figure in prose):
            continue
        values = list(dict.fromkeys(figure.value for figure in (*prose, *cells)))
        yield VALUE.finding(
            f"“{what}”正文写{prose[0].text}，表中写{cells[0].text}。请核对并统一。",
            [figure.span for figure in (*prose, *cells)],
            values=[number(value) for value in values],
            unit=unit,
        )


def _in_table(text: str, figure: Figure) -> bool:
    """Whether a figure stands in a cell: reading parts them by tabs."""
    start, end = text.rfind("\n", 0, figure.span[0]) + 1, text.find("\n", figure.span[1])
    return "\t" in text[start : end if end >= 0 else len(text)]


def _lead(view: View, figure: Figure) -> str:
    """The words of its clause before a figure's name."""
    sentence = view.sentence_of(figure.span[0])
    return view.text[sentence.start : figure.span[0]].removesuffix(figure.subject)[-24:]


def _apart(figures: list[Figure]) -> bool:
    """Whether two of them cannot be one number at their printed precision."""
    ranges = [interval.of(figure) for figure in figures]
    return any(not one.meets(other) for one in ranges for other in ranges)


def _quantity(view: View, sentence: Sentence, index: int) -> str | None:
    """What is counted, where the words say that it is the year's total of this body."""
    text = _CLAUSE.split(sentence.before(index)[-2 * _LONGEST :])[-1]
    if len(text) < _SHORTEST or len(text) > _LONGEST:
        return None
    head = _HEAD.match(text)
    rest = text[head.end() :] if head else text
    start = sentence.figures[index].span[0] - len(text)
    lead = view.text[max(start - 24, sentence.start, 0) : start]
    year = head and head.group("year")
    own_year = not year or not year[:1].isdigit() or year[:4] == str(view.document.year)
    if not own_year or _OTHER_TIME.search(_OWN_YEAR.sub("", lead)) or "其中" in lead or "其中" in text:
        return None
    if _COUNTED.match(rest):
        counted = head is not None and (head.group("sum") or head.group("year") or _opens(lead, index))
        return rest if counted else None
    return rest if _INDICATOR.match(rest) and not _OTHER_TIME.search(sentence.text) else None


def _opens(lead: str, index: int) -> bool:
    """Whether the number is the first of its sentence or stands behind 全年."""
    return index == 0 or "全年" in lead


TEXT = Rule(
    id="integrity.repeated_text",
    severity=Severity.WARNING,
    title="段落重复",
    explanation=(
        "四十字以上的同一段文字在文件中出现了不止一次（不计空格和段首的序号）。一段之中只有一句相同的，不算。重复的各段合为一条。\n\n"
        "例：第一部分第（四）段原样出现在第二部分第（二）段——依据：times 2，paragraphs 1。"
    ),
    check=check_text,
)
VALUE = Rule(
    id="repeated",
    severity=Severity.WARNING,
    title="同一数量前后不一",
    explanation=(
        "用同样的话说全年总数（“全年共受理……”“立案查处……”），或者说同一项指标（一般公共预算收入、粮食总产量），两处的确数却不同，"
        "常见于开头概述与正文之间。说法稍有不同、带有别的时间（上年、季度、月份、目标）的，口径可能不同，不提出；下一年安排里的数不比较。"
        "同一节里正文与表格对同一个名称写了不同的确数，也提出；表中同一名称有几个数（分年、分单位的栏）的不比较。\n\n"
        "例：开头写“全年共立案查处各类违法案件476件”，正文写“486件”——依据：values 476、486，unit 件。"
    ),
    check=check_value,
)
