"""`count`: a stated number of things is not the number listed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number, of
from yifa.checking.landmarks import Landmarks
from yifa.checking.points import Miscount, miscount, miscounted_points, small_number
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
_MAY_OPEN = re.compile(r"[：:即]|包括|分别[是为]")
_MEASURES = frozenset(
    {"个", "家", "项", "部", "份", "件", "条", "所", "处", "座", "类", "种", "支", "名", "场", "篇"}
)
_AHEAD = re.compile(r"[，,。；;：:\n（）()《》“”]")
_NOT_A_LIST = re.compile(r"其中|含|等|和|及|如|见|详|以|即|不")
_CLAUSE_STOP = re.compile(r"[，,。；;：:、（(\n]|包括|分别是|分别为")
_LIST_STOP = re.compile(r"[。；;\n]")
_LONGEST = 600  # characters of a list
_REACH = 120  # characters of a list before its number
_BRACKET_MOST = 20  # things that one names in brackets
_NOUN = 2  # characters that every item must repeat at its end
_CLOSED_FROM, _LISTED_FROM, _CLOSED_SHARE = 5, 3, 0.7  # with 等, without 等; share of the stated number

_NOUNS = (
    "大队|中队|支队|服务站|工作站|街道|社区|中心|广场|公园|单位|部门|平台|园区|小组|小区|学校|企业|领域|"
    "乡镇|镇街|县区|县市|镇|乡|县|区|市|村|局|站|所|队|组"
)
_EITHER = {
    "乡镇": ("乡", "镇", "街道"),
    "镇街": ("镇", "街道"),
    "县区": ("县", "区", "市"),
    "县市": ("县", "市", "区"),
}
_STATED = Landmarks(measure + noun for measure in "个家支所大" for noun in _NOUNS.split("|"))
_NOUN_OF = re.compile(_NOUNS)
_NUMBER_BEFORE = re.compile(r"(?:[两三四五六七八九十]|(?<!\d)\d{1,2})$")
_ETC_BEFORE = re.compile(r"(等)?(?:共计?)?$")
_BEHIND_QUOTES = re.compile(r"”(等)?([两三四五六七八九十]|\d{1,2})(?:个|项|大|种|类)(?=[\u4e00-\u9fff]{2})")
_QUOTES = re.compile(r"(?:“[^“”\n]{1,16}”[、，和及]?)*“[^“”\n]{1,16}”$")
_BRACKET_LIST = re.compile(r"[\u4e00-\u9fff]{0,6}[（(]([^（()）。；;：:\n\d]{6,160})[）)]")


Counted = tuple[Figure, str]  # and the words up to the next figure


def check(view: View) -> Iterator[Finding]:
    """Lists of titles, lists that repeat their noun, and 一是…二是… after a stated number."""
    yield from _titles(view)
    counted = _counted(view)
    yield from _repeated_nouns(view, counted)
    for found in (
        *miscounted_points(view),
        *_named_ahead(view),
        *_quoted(view),
        *_in_brackets(view, counted),
    ):
        yield RULE.finding(found.message, found.spans, stated=found.stated, listed=found.listed)


def _titles(view: View) -> Iterator[Finding]:
    by_start: dict[int, Figure] = {}
    for run in _TITLES.finditer(view.text):
        by_start = by_start or {figure.span[0]: figure for figure in view.figures}
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


def _repeated_nouns(view: View, counted: list[Counted]) -> Iterator[Finding]:
    """「5个服务驿站，包括甲服务驿站、乙服务驿站…」: every item ends with the noun that was counted."""
    for figure, behind in counted:
        if not _MAY_OPEN.search(behind):
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


def _counted(view: View) -> list[Counted]:
    """The exact counts of things with some words behind them."""
    return [
        (sentence.figures[index], sentence.gaps[index + 1])
        for sentence, index in view.counts
        if len(sentence.gaps[index + 1]) > _NOUN and sentence.figures[index].unit in _MEASURES
    ]


def _clause_end(text: str, start: int) -> int:
    stop = _CLAUSE_STOP.search(text, start, start + _REACH)
    return stop.start() if stop else min(start + _REACH, len(text))


def _list_end(text: str, start: int) -> int:
    stop = _LIST_STOP.search(text, start, start + _LONGEST)
    return stop.start() if stop else min(start + _LONGEST, len(text))


def _named_ahead(view: View) -> Iterator[Miscount]:
    """「甲大队、乙大队、丙大队两个大队」: every item ends with the noun that is counted behind the list."""
    text = view.text
    for measure, _ in view.places(_STATED):
        number_of = _NUMBER_BEFORE.search(text, max(measure - 2, 0), measure)
        found = _NOUN_OF.match(text, measure + 1)
        if number_of is None or found is None:
            continue
        stated, noun, end = small_number(number_of.group()), found.group(), number_of.start()
        if text[end - 1] in "等共计":
            etc = _ETC_BEFORE.search(text, max(end - 3, 0), end)
            end = etc.start() if etc else end
        endings = _EITHER.get(noun, (noun,))
        if not text.endswith(endings, 0, end):
            continue
        items = _ending_with(_AHEAD.split(text[max(end - _REACH, 0) : end])[-1], endings)
        if len(items) < _NOUN:
            continue
        short = "等" not in text[end : number_of.start()] and _LISTED_FROM <= len(items) < stated
        if len(items) > stated or (short and len(items) >= _CLOSED_SHARE * stated):
            shown = text[number_of.start() : found.end()]
            yield miscount(shown, stated, len(items), [(end - len(noun), found.end())])


def _ending_with(clause: str, nouns: tuple[str, ...]) -> list[str]:
    """The items at the end of a clause, back to the first that does not end with one of the nouns."""
    items: list[str] = []
    for item in reversed(re.split(r"[、和及]", clause)):
        if not item.endswith(nouns) or item in nouns:
            break
        items.append(item)
    return items


def _quoted(view: View) -> Iterator[Miscount]:
    """「“甲”“乙”“丙”等两个专项行动」: more are quoted than stated; fewer only without 等."""
    for found in _BEHIND_QUOTES.finditer(view.text):
        end = found.start() + 1
        run = _QUOTES.search(view.text, max(end - _REACH, 0), end)
        listed, stated = run.group().count("“") if run else 0, small_number(found.group(2))
        if (
            run
            and listed > 1
            and (listed > stated or (not found.group(1) and _LISTED_FROM <= listed < stated))
        ):
            yield miscount(found.group()[1:], stated, listed, [(run.start(), found.end())])


def _in_brackets(view: View, counted: list[Counted]) -> Iterator[Miscount]:
    """「对5个镇（甲镇、乙镇、丙镇、丁镇）」: a bracket with nothing but names."""
    for figure, behind in counted:
        if figure.value > _BRACKET_MOST or ("（" not in behind and "(" not in behind):
            continue
        found = _BRACKET_LIST.match(view.text, figure.span[1])
        if found is None or _NOT_A_LIST.search(found.group(1)):
            continue
        items = re.split(r"[、，,]", found.group(1))
        alike = len({item[-1:] for item in items}) == 1
        if alike and len(items) >= _LISTED_FROM and len(items) != figure.value:
            yield miscount(figure.text, int(figure.value), len(items), [figure.span, found.span(1)])


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
        "写了“几项”“几个”，随后或之前逐一列出，列出的个数却不相同。只核对数得清的：以书名号列出的文件、以引号列出的名称；"
        "每一项都以所数的名称结尾的（甲大队、乙大队两个大队）；括号里只有名称的（5个镇（……））；“以下几项：一是……二是……”；"
        "“以下几项任务”之后的各级标题；“五个一”的各个一。列出的比写明的多，总是问题；列出的少，只有当文字表明已经列完（以“及”“和”收尾或没有“等”字），"
        "且所列已接近写明的数时才提出。举几个例子再写“等多少个”是正常写法。\n\n"
        "例：“重点抓好以下三方面工作：一是……二是……三是……四是……”——依据：stated 3，listed 4。"
    ),
    check=check,
)
