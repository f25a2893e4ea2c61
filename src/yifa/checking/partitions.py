"""Where a sentence says that some figures are, all together, another figure.

Most 其中 lists name some parts of a whole, and the parts may overlap; their sum says nothing. A list is taken for
a partition only where the words close it (docs/decisions/0022):

- 合计   「甲12件、乙30件，合计42件」: the total stands behind its parts;
- 分别   「共42件，分别为甲12件、乙30件」, 「由甲12件、乙30件组成」: directly behind the whole;
- 其余   the last part is 其他 or 其余: 「312件，其中甲126件、乙101件、其他85件」;
- 对举   the parts are a closed set of names: 简易程序 and 一般程序, the four quarters (words.yaml);
- 互斥   each part carries another name of a set of which only one can hold (维持, 撤销, …) and they exceed the whole;
- 超出   at least three kinds of things (not of people), joined alike up to the end of the clause, that exceed the whole by
         little: kinds that overlap exceed it by more, and a list that leaves some out stays below;
- 成列   nothing but the list stands in brackets or behind a colon, and it comes near the whole without reaching it:
         「共46支（专业队12支、志愿队20支、应急队10支）」;
- 同主语 at least three parts, set off by semicolons, each repeating the whole's own name with another word before it,
         and together near the whole: 「处罚案件655件，其中甲处罚案件…；乙处罚案件…；丙处罚案件…」.

Words that leave a list open (等, 主要, 重点, 包括, 如, 含, …) make it no partition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations

from yifa.checking import interval
from yifa.checking.labels import Part, label, labelled
from yifa.checking.name_sets import exclusive_sets, has_names, named
from yifa.checking.rests import up_to_rest
from yifa.checking.view import Sentence
from yifa.checking.words import words
from yifa.reading.document import Figure
from yifa.reading.numerals import chinese_number

_CHANGE = re.compile(
    r"(增加|增长|减少|下降|提高|降低|同比|新增|净增|上升|压减|比上年|较上年|比去年|较去年)[了约近超]*$"
)
_TOTAL = re.compile(r"[）)]?[，,、；;：:\s]*(合计|共计|总计)[为约]*$")
_TOTAL_OF = re.compile(
    r"[）)]?[，,；;]\s*(?P<times>[两三四五六七八九])(?:个|项|类|种|者|批|方面|部分)?[\u4e00-\u9fff]{0,4}?(?:合计|共计|总计|共)[\u4e00-\u9fff]{0,4}$"
)
_TOGETHER = re.compile(r"[，,]共[有计]?$")
_TOTAL_ENDS = re.compile(r"[，,。；;）)\n]|$")
_BREAK = re.compile(
    r"[一二三四五六七八九十]是|同时|此外|另外|另有|全年|累计|总数|总量|达到|年均|同比|增长|比上年|较上年|目前|截至|平均|合计|共计|总计"
)
_SEPARATOR = re.compile(r"[，,、；;]|和|及|与")
_INTRO = re.compile(r"其中|分别为|分别是|[：:（(]")
_RESPECTIVELY = re.compile(r"[^，,、；;]{0,12}[，,：:]?分别(?:为|是)")
_OUT_OF = re.compile(r"[^，,、；;]{0,12}[，,]?由[^，,、；;]{1,12}$")
_MADE_UP = re.compile(r"[^，,、；;。]{0,10}(?:组成|构成)")
_BARE = re.compile(r"[^，,、；;：:（）()。]{0,10}[：:（(](?!其中|含|包括|包含|如|主要|重点|特别|涉及|约)")
_ALL_OF = re.compile(r"[^，,、；;：:（）()。]{0,10}[，,]?包括")
_PEERS = re.compile(r"[^，,；;：:。（(]{0,12}、(?!其中)")
_LAST_JOIN = re.compile(r"(?:和|以及|及|与)[^，,、；;]{1,16}$")
_AMONG = re.compile(r"[^，,、；;：:。（）()]{0,12}[，,：:（(]其中[：:，,]?[^，,、；;：:。（）()]{2,12}$")
_KIND = re.compile(r"[、，,；;][\u4e00-\u9fffA-Za-z“”]{2,12}$")
_STATES = re.compile(
    r"结|移送|移交|整改|完成|销号|审理|立案|受理|化解|成功|重大|重点|较大|规模|规上|以上|以下|新增|新建|听证|纠|败诉|胜诉|罚款|责令"
    r"|吊销|在办|占|满意|合格|优秀|示范|达标|网上|在线|线上|公开|跨|联合|专项|首次|当场|主动|连续|共同|涉"
)  # what may be true of things of another kind as well
_OF_PEOPLE = frozenset({"人", "名", "位", "户", "岁", "元", "亩"})
_EXCESS = 1.1  # times the whole
_OPEN = re.compile(r"等|主要|重点|特别是|尤其|突出|有的|部分|近|约")
_LIST_ENDS = re.compile(r"[^，,、；;：:（）()]{0,6}(?:[）)。；;，,\n]|$)")
_OPENING = re.compile(r"[（(]")
_CLOSES = re.compile(
    r"合计|共计|总计|[，,]共|[，,；;][两三四五六七八九][^，。；\d]{0,6}共|分别[为是]|组成|构成|其[余他它]|包括|[：:（(]"
)
_PAIR = 2
_COMMON_NAME = 4  # characters of the whole's name which every part must repeat


@dataclass(frozen=True, slots=True)
class Partition:
    """A whole, the parts that make it up, and figures that stand in the list in another unit of count."""

    whole: Figure
    name: str
    parts: tuple[Part, ...]
    strangers: tuple[Part, ...]
    because: str  # 合计 | 分别 | 其余 | 对举 | 互斥 | 超出 | 成列 | 同主语


def partitions(sentence: Sentence) -> Iterator[Partition]:
    """All partitions of a sentence; a whole and two parts have one unit."""
    units = [figure.unit for figure in sentence.figures]
    kinds = set(units)
    if len(units) - len(kinds) < _PAIR:
        return
    shared = {unit for unit in kinds if units.count(unit) > _PAIR and "%" not in unit}
    crowded = "其中" in sentence.text and any(units.count(unit) > _PAIR + 1 for unit in shared)
    if not shared or not (crowded or _may_add_up(sentence.text)):
        return
    for index, figure in enumerate(sentence.figures):
        if figure.unit not in shared or not interval.is_exact(figure):
            continue
        behind = _total_behind(sentence, index)
        if behind:
            yield behind
            continue
        ahead = _parts_ahead(sentence, index)
        if ahead:
            yield ahead


def _may_add_up(text: str) -> bool:
    """Whether anything in a sentence can make a list of it that closes."""
    listed = "其中" in text and ("；" in text or ";" in text)
    return listed or _CLOSES.search(text) is not None or has_names(text)


def _total_behind(sentence: Sentence, index: int) -> Partition | None:
    """「甲12件、乙30件，合计42件」: any run of figures before the total may be its parts."""
    gap, whole = sentence.gaps[index], sentence.figures[index]
    if index < _PAIR or ("共" not in gap and "计" not in gap):
        return None
    total_said, total_of = _TOTAL.match(gap), _TOTAL_OF.match(gap)
    if not (total_said or total_of or _said_together(sentence, index)):
        return None
    run: list[Part] = []
    for place in range(index - 1, -1, -1):
        figure = sentence.figures[place]
        if (
            figure.unit != whole.unit
            or not interval.is_exact(figure)
            or _CHANGE.search(sentence.before(place))
        ):
            break
        run.insert(0, labelled(sentence, place))
        if len(run) > 1 and interval.total(part.figure for part in run).meets(interval.of(whole)):
            return _headed(sentence, place, whole, tuple(run))
        if _BREAK.search(sentence.before(place)):
            break
    if total_of:  # 「…，三个渠道共计22516条」: of the last three
        times = int(chinese_number(total_of["times"]) or 0)
        run = run[-times:] if times <= len(run) else []
    if len(run) <= 1 or not (total_said or _comes_near(whole, run)):
        return None
    return Partition(whole, "", tuple(run), (), "合计")


def _said_together(sentence: Sentence, index: int) -> bool:
    """「甲12个、乙30个，共42个」, with nothing counted behind the number: 「共42个问题」 may be others."""
    return (
        _TOGETHER.match(sentence.before(index)) is not None
        and _TOTAL_ENDS.match(sentence.after(index)) is not None
    )


def _headed(sentence: Sentence, first: int, total: Figure, run: tuple[Part, ...]) -> Partition:
    """A run that gives its total: the whole at its head, where there is one that is smaller, is at fault.

    「受理310件，其中甲类120件、乙类200件，共计320件」.
    """
    head = sentence.figures[first - 1] if first else total
    heads = first and _INTRO.search(sentence.before(first)) and not _CHANGE.search(sentence.before(first - 1))
    if heads and head.unit == total.unit and interval.of(total).is_above(interval.of(head)):
        return Partition(head, label(sentence, first - 1), run, (), "合计")
    return Partition(total, "", run, (), "合计")


def _parts_ahead(sentence: Sentence, index: int) -> Partition | None:
    """「共42件，其中甲12件、乙30件」."""
    if index + 2 >= len(sentence.figures) or _CHANGE.search(sentence.before(index)):
        return None
    whole, lead = sentence.figures[index], sentence.after(index)
    introduced = _INTRO.search(lead) is not None
    if _PEERS.match(lead) and not introduced:
        return None  # 「作出决定2件、驳回20件」: one item of a list, not the whole of the next ones
    parts, strangers, whole_list = _list_from(sentence, index + 1, whole.unit)
    if len(parts) < _PAIR:
        return None
    found = Partition(whole, label(sentence, index), parts, _within(strangers, parts), "")
    exclusive = introduced and named(
        sentence, found.name, parts, exclusive_sets(whole.unit), ended=not whole_list
    )  # else the first may be one of them: 「作出决定2件，驳回20件」
    if exclusive and interval.total(part.figure for part in exclusive).is_above(interval.of(whole)):
        return replace(found, parts=exclusive, because="互斥")
    if not whole_list:
        return None
    made_up = _OUT_OF.match(lead) and _MADE_UP.match(sentence.after(sentence.place_of(parts[-1].figure)))
    if (made_up or _RESPECTIVELY.match(lead)) and not found.strangers:
        return replace(found, because="分别")
    rest = up_to_rest(sentence, whole, parts)
    if rest:
        return replace(found, parts=rest, because="其余")
    closed = named(sentence, found.name, parts, words().closed_sets, complete=True)
    within = all(part.figure.value <= whole.value for part in closed)
    if closed and within and not _some_make_up(whole, closed):
        return replace(found, parts=closed, because="对举")
    if _is_bare_list(sentence, index, found):
        return replace(found, because="成列")
    if introduced and len(parts) > _PAIR and _same_subject(sentence, found):
        return replace(found, because="同主语")
    if _AMONG.match(lead) and len(parts) > _PAIR and _exceeds(sentence, found):
        return replace(found, because="超出")
    return None


def _is_bare_list(sentence: Sentence, index: int, found: Partition) -> bool:
    """Whether nothing but the parts stand in brackets or behind a colon, or 包括 lists them up to 和 or 以及."""
    lead, whole = sentence.after(index), found.whole
    first, last = found.parts[0].figure, found.parts[-1].figure
    bare, behind = _BARE.match(lead), sentence.after(sentence.place_of(last))
    joined = (
        len(found.parts) > _PAIR and _ALL_OF.match(lead) and _LAST_JOIN.search(sentence.text_before(last))
    )
    if found.strangers or not (bare or joined) or not _LIST_ENDS.match(behind):
        return False
    if bare and "（" in bare.group() + "(" and behind.lstrip()[:1] not in "）)" and "：" not in bare.group():
        return False
    words_of = sentence.view_text[whole.span[1] : first.span[0]] + "".join(
        sentence.text_before(part.figure) for part in found.parts[1:]
    )
    return not _OPEN.search(words_of + behind[:8]) and _comes_near(whole, found.parts)


def _exceeds(sentence: Sentence, found: Partition) -> bool:
    """Whether kinds of things, listed in one manner to the end of the clause, exceed the whole by little."""
    whole, parts = found.whole, found.parts
    if found.strangers or whole.unit in _OF_PEOPLE or whole.unit.endswith("人次"):
        return False
    given = interval.total(part.figure for part in parts)
    above = given.is_above(interval.of(whole)) and given.low <= _EXCESS * whole.value
    if not above or any(part.figure.value >= whole.value for part in parts):
        return False
    gaps = [sentence.text_before(part.figure) for part in parts[1:]]
    alike = all(_KIND.match(gap) for gap in gaps) and len({gap[0] for gap in gaps}) == 1
    behind = sentence.after(sentence.place_of(parts[-1].figure))
    kinds = not any(_STATES.search(part.label) for part in parts)
    return alike and kinds and not behind.strip("）) ")[:1].strip("；;") and not _some_make_up(whole, parts)


def _comes_near(whole: Figure, parts: Sequence[Part]) -> bool:
    return interval.comes_near(whole, [part.figure for part in parts])


def _within(strangers: tuple[Part, ...], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The strangers that stand between the parts, not behind them."""
    return tuple(part for part in strangers if part.figure.span < parts[-1].figure.span)


def _list_from(sentence: Sentence, first: int, unit: str) -> tuple[tuple[Part, ...], tuple[Part, ...], bool]:
    """The figures of the list that begins at `first`: those in the unit of the whole, and the others.

    At parts of a part (another 其中 outside of brackets) it is cut; the last value says whether it is not.
    """
    parts: list[Part] = []
    strangers: list[Part] = []
    depth = base = 0
    for place in range(first, len(sentence.figures)):
        gap, figure = sentence.before(place), sentence.figures[place]
        if place > first and (not _SEPARATOR.search(gap) or _BREAK.search(gap) or _CHANGE.search(gap)):
            break
        if place > first and depth <= base and "其中" in gap and not _OPENING.search(gap):
            return tuple(parts), tuple(strangers), False
        depth += _deeper(gap)
        if place == first:
            base = depth
        if depth < base:
            break  # the bracket that held the list is closed
        if depth > base:
            continue  # parts of a part
        target = parts if figure.unit == unit and interval.is_exact(figure) else strangers
        target.append(labelled(sentence, place))
    return tuple(parts), tuple(strangers), True


def _deeper(gap: str) -> int:
    return gap.count("（") + gap.count("(") - gap.count("）") - gap.count(")")


def _some_make_up(whole: Figure, parts: tuple[Part, ...]) -> bool:
    """Whether fewer of the parts already give the whole: 「优秀」 may be counted among 「合格」."""
    some = chain.from_iterable(combinations(parts, size) for size in range(_PAIR, len(parts)))
    return any(interval.total(part.figure for part in chosen).meets(interval.of(whole)) for chosen in some)


def _same_subject(sentence: Sentence, found: Partition) -> bool:
    """Semicolons make each part a statement of its own; a comma list may well name the largest only."""
    texts = [part.label.replace("\0", "") for part in found.parts]
    own = found.name.replace("\0", "")
    if len(set(texts)) < len(texts) or not _common(own, texts):
        return False
    gaps = [sentence.text_before(part.figure) for part in found.parts[1:]]
    last = sentence.after(sentence.place_of(found.parts[-1].figure))
    if not all("；" in gap or ";" in gap for gap in gaps) or _OPEN.search("".join((*gaps, last[:8]))):
        return False
    return interval.comes_near(found.whole, [part.figure for part in found.parts], interval.SHARE)


def _common(own: str, texts: list[str]) -> bool:
    """Whether some stretch of the whole's name stands in every part's name."""
    starts = range(len(own) - _COMMON_NAME + 1)
    return any(all(own[start : start + _COMMON_NAME] in text for text in texts) for start in starts)
