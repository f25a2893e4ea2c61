"""`count`: a stated number of things is not the number listed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number, of
from yifa.checking.ordinals import chinese
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Approx, Figure, Span
from yifa.reading.numerals import chinese_number

_TITLE = r"《[^《》\n]{2,80}》(?:[（(][^（）()《》\n]{1,30}[）)])?"
_JOIN = r"[、，,]?(?:以及|及其|及|和|与)?"
_TITLES = re.compile(rf"{_TITLE}(?:{_JOIN}{_TITLE})+")
_ONE_TITLE = re.compile(_TITLE)
_LAST_JOIN = re.compile(
    r"》(?:[（(][^（）()《》]*[）)])?[、，,]?(?:以及|及|和|与)《[^《》]*》(?:[（(][^（）()《》]*[）)])?$"
)
_BATCHES = re.compile(r"第([一二三四五六七八九十]、)+[一二三四五六七八九十]批")
_PAPERS = re.compile(
    r"^[^，,。；;：:、《》]{0,12}(清单|目录|文件|制度|办法|规定|方案|意见|预案|细则|机制|法规|法律|规章|规划|措施)"
)
_ETC = re.compile(r"^\s*(等?)\s*(?:共计|合计|共)?\s*")
_IN_WORDS = re.compile(r"([一两二三四五六七八九十]{1,2})(个|项|部|份|件)")
_MADE_OF = re.compile(r"^[，,]?(?:包括|分别是|分别为|即|：|:)")
_MEASURES = frozenset(
    {"个", "家", "项", "部", "份", "件", "条", "所", "处", "座", "类", "种", "支", "名", "场", "篇"}
)
_NOUN = 2  # characters that every item must repeat at its end
_CLOSED_FROM, _LISTED_FROM, _CLOSED_SHARE = 5, 3, 0.7  # with 等, without 等; share of the stated number

_BELOW = re.compile(
    r"(?:以下|如下)\s*([一二三四五六七八九十两]{1,3}|\d{1,2})\s*(?:个|项|点|条|大)?(?:方面|措施|工作|重点|问题|任务|举措|内容)"
    r"[^。：:；;\n]{0,12}[：:。]\s*(?=一是)"
)


def check(view: View) -> Iterator[Finding]:
    """Lists of titles, lists that repeat their noun, and 一是…二是… after a stated number."""
    yield from _titles(view)
    yield from _repeated_nouns(view)
    yield from _enumerations(view)


def _titles(view: View) -> Iterator[Finding]:
    by_start = {figure.span[0]: figure for figure in view.figures}
    for run in _TITLES.finditer(view.text):
        etc = _ETC.match(view.text[run.end() : run.end() + 8])
        start = run.end() + (etc.end() if etc else 0)
        stated = by_start.get(start) or _in_words(view.text, start)
        if stated is None or stated.unit not in _MEASURES:
            continue
        if not _PAPERS.match(view.text[stated.span[1] : stated.span[1] + 20]):
            continue
        listed = len(_ONE_TITLE.findall(run.group()))
        most = listed + sum(match.group().count("、") for match in _BATCHES.finditer(run.group()))
        open_list = bool(etc and etc.group(1))
        closed = not open_list or bool(_LAST_JOIN.search(run.group()))
        if _titles_differ(stated, listed, most, closed, open_list):
            yield _finding(view, stated, listed, run.span())


def _in_words(text: str, start: int) -> Figure | None:
    """「两项」 behind titles, which reading leaves alone since 三项制度 is a name elsewhere."""
    found = _IN_WORDS.match(text, start)
    value = chinese_number(found.group(1)) if found else None
    if found is None or value is None:
        return None
    return Figure(
        found.group(), value, Approx.EXACT, found.group(2), "", found.span(), "", low=value, high=value
    )


def _titles_differ(stated: Figure, listed: int, most: int, closed: bool, etc: bool) -> bool:
    """More titles than stated is always wrong; fewer only where the list reads as complete and nearly is."""
    if listed > of(stated).high:
        return True
    least = stated.value + (1 if stated.approx is Approx.OVER else 0)
    nearly_all = listed >= (_CLOSED_FROM if etc else _LISTED_FROM) and listed >= _CLOSED_SHARE * stated.value
    return closed and nearly_all and most < min(least, of(stated).high)


def _repeated_nouns(view: View) -> Iterator[Finding]:
    """「5个服务驿站，包括甲服务驿站、乙服务驿站…」: every item ends with the noun that was counted."""
    for figure in view.figures:
        if figure.unit not in _MEASURES or figure.approx is not Approx.EXACT:
            continue
        noun_end = _clause_end(view.text, figure.span[1])
        noun = view.text[figure.span[1] : noun_end]
        opening = _MADE_OF.match(view.text[noun_end : noun_end + 6])
        if len(noun) < _NOUN or not opening:
            continue
        start = noun_end + opening.end()
        end = _list_end(view.text, start)
        items = [item for item in re.split(r"[、，,]|和(?=[^、，,]*$)", view.text[start:end]) if item]
        named = len(items) > 1 and all(item.endswith(noun) and item != noun for item in items)
        if named and len(items) != figure.value:
            yield _finding(view, figure, len(items), (start, end))


def _clause_end(text: str, start: int) -> int:
    stop = re.compile(r"[，,。；;：:、（(\n]|包括|分别是|分别为").search(text, start)
    return stop.start() if stop else len(text)


def _list_end(text: str, start: int) -> int:
    stop = re.compile(r"[。；;\n]").search(text, start)
    return stop.start() if stop else len(text)


def _enumerations(view: View) -> Iterator[Finding]:
    """「做好以下四项工作：一是…二是…三是…」."""
    for found in _BELOW.finditer(view.text):
        stated = _number(found.group(1))
        listed, end = _points(view.text, found.end())
        if stated and listed > 1 and listed != stated:
            message = (
                f"文中写“{found.group().strip()}”，其后列出的却是{listed}项（一是至{chinese(listed)}是）。"
            )
            yield RULE.finding(message, [found.span(), (found.end(), end)], stated=stated, listed=listed)


def _points(text: str, start: int) -> tuple[int, int]:
    """How many of 一是, 二是… follow one another from `start`, and where the last begins."""
    again = text.find("一是", start + 2)
    while again > 0 and text[again - 1] in "十二三四五六七八九":
        again = text.find("一是", again + 2)
    limit = again if again > 0 else len(text)
    count, place = 1, start
    while True:
        following = text.find(f"{chinese(count + 1)}是", place, limit)
        if following < 0:
            return count, place
        count, place = count + 1, following


def _number(text: str) -> int:
    """A number below one hundred, in Arabic or Chinese digits; 0 when it is not one."""
    return int(text) if text.isdigit() else int(chinese_number(text) or 0)


def _finding(view: View, stated: Figure, listed: int, place: Span) -> Finding:
    noun = view.text[stated.span[1] : _clause_end(view.text, stated.span[1])][:12]
    return RULE.finding(
        f"文中写“{stated.text}{noun}”，实际列出{listed}{stated.unit}，请补全或改正数字。",
        [stated.span, place],
        stated=number(stated.value),
        listed=listed,
    )


RULE = Rule(
    id="count",
    severity=Severity.WARNING,
    title="写明的个数与列出的个数不一致",
    explanation=(
        "写了“几项”“几个”，随后或之前逐一列出，列出的个数却不相同。只核对数得清的三种：以书名号列出的文件；每一项都以所数的名称结尾的；"
        "“以下几项：一是……二是……”。列出的比写明的多，总是问题；列出的少，只有当文字表明已经列完（以“及”“和”收尾或没有“等”字），"
        "且所列已接近写明的数时才提出。举几个例子再写“等多少个”是正常写法。"
    ),
    check=check,
)
