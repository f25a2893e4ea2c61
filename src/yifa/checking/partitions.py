"""Where a sentence says that some figures are, all together, another figure.

Most 其中 lists name some parts of a whole, and the parts may overlap; their sum says nothing. A list is taken for
a partition only where the words close it (docs/decisions/0022):

- 合计   「甲12件、乙30件，合计42件」: the total stands behind its parts;
- 分别   「共42件，分别为甲12件、乙30件」, 「由甲12件、乙30件组成」: directly behind the whole;
- 其余   the last part is 其他 or 其余: 「312件，其中甲126件、乙101件、其他85件」;
- 对举   the parts are a closed set of names: 简易程序 and 一般程序, the four quarters (words.yaml);
- 互斥   each part carries another name of a set of which only one can hold (维持, 撤销, …) and they exceed the whole;
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
from functools import cache
from itertools import chain, combinations

from yifa.checking import interval
from yifa.checking.view import Sentence
from yifa.checking.words import words
from yifa.reading.document import Figure

_CHANGE = re.compile(
    r"(增加|增长|减少|下降|提高|降低|同比|新增|净增|上升|压减|比上年|较上年|比去年|较去年)[了约近超]*$"
)
_TOTAL = re.compile(r"[）)]?[，,、；;：:\s]*(合计|共计|总计)[为约]*$")
_TOGETHER = re.compile(r"[，,]共[有计]?$")
_TOTAL_ENDS = re.compile(r"[，,。；;）)\n]|$")
_BREAK = re.compile(
    r"[一二三四五六七八九十]是|同时|此外|另外|另有|全年|累计|总数|总量|达到|年均|同比|增长|比上年|较上年|目前|截至|平均|合计|共计|总计"
)
_SEPARATOR = re.compile(r"[，,、；;]|和|及|与")
_CLAUSE = re.compile(r"[，,、；;：:。（）()\s]|其中|分别为|分别是")
_INTRO = re.compile(r"其中|分别为|分别是|[：:（(]")
_SHARE_FROM, _SHARE_TO = 0.6, 1.4
_NEAR_FROM, _NEAR_TO = 0.85, 1.15  # a list that only misses its whole, where nothing but its form closes it
_RESPECTIVELY = re.compile(r"[^，,、；;]{0,12}[，,：:]?分别(?:为|是)")
_OUT_OF = re.compile(r"[^，,、；;]{0,12}[，,]?由[^，,、；;]{1,12}$")
_MADE_UP = re.compile(r"[^，,、；;。]{0,10}(?:组成|构成)")
_BARE = re.compile(r"[^，,、；;：:（）()。]{0,10}[：:（(](?!其中|含|包括|包含|如|主要|重点|特别|涉及|约)")
_ALL_OF = re.compile(r"[^，,、；;：:（）()。]{0,10}[，,]?包括")
_PEERS = re.compile(r"[^，,；;：:。（(]{0,12}、(?!其中)")
_LAST_JOIN = re.compile(r"(?:和|以及|及|与)[^，,、；;]{1,16}$")
_OPEN = re.compile(r"等|主要|重点|特别是|尤其|突出|有的|部分|近|约")
_LIST_ENDS = re.compile(r"[^，,、；;：:（）()]{0,6}(?:[）)。；;，,\n]|$)")
_REST = re.compile(r"^(?:其余|其他|其它)")
_NESTED = re.compile(r"其中|含|包括|[（(]")
_OPENING = re.compile(r"[（(]")
_CLOSES = re.compile(r"合计|共计|总计|[，,]共|分别[为是]|组成|构成|其[余他它]|包括|[：:（(]")
_PAIR = 2
_MOST = 9  # figures before 其余 that are tried in every combination
_COMMON_NAME = 4  # characters of the whole's name which every part must repeat


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of a list and the words that name it."""

    figure: Figure
    label: str


@dataclass(frozen=True, slots=True)
class Partition:
    """A whole, the parts that make it up, and figures that stand in the list in another unit of count."""

    whole: Figure
    name: str
    parts: tuple[Part, ...]
    strangers: tuple[Part, ...]
    because: str  # 合计 | 分别 | 其余 | 对举 | 互斥 | 成列 | 同主语


def partitions(sentence: Sentence) -> Iterator[Partition]:
    """All partitions of a sentence; a whole and two parts have one unit."""
    units = [figure.unit for figure in sentence.figures]
    kinds = set(units)
    if len(units) - len(kinds) < _PAIR:
        return
    shared = {unit for unit in kinds if units.count(unit) > _PAIR and "%" not in unit}
    if not shared or not _may_add_up(sentence.text):
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
    return listed or _CLOSES.search(text) is not None or len(_names().findall(text)) >= _PAIR


@cache
def _names() -> re.Pattern[str]:
    sets = (*words().closed_sets, *words().exclusive_sets)
    return re.compile(
        "|".join(re.escape(name) for name in sorted({name for names in sets for name in names}))
    )


def labelled(sentence: Sentence, index: int) -> Part:
    """The figure with the words beside it: those before it back to a separator, else those behind it."""
    return Part(sentence.figures[index], label(sentence, index))


def label(sentence: Sentence, index: int) -> str:
    """What names a figure: the words on both sides of it up to the nearest separators."""
    known = sentence.labels.get(index)
    if known is None:
        before, after = sentence.gaps[index : index + 2]
        ends = _CLAUSE.search(after)
        known = _CLAUSE.split(before)[-1] + "\0" + (after[: ends.start()] if ends else after)
        sentence.labels[index] = known
    return known


def title(part_label: str) -> str:
    """A label as it is shown to people."""
    before, _, after = part_label.partition("\0")
    return before or after


def _total_behind(sentence: Sentence, index: int) -> Partition | None:
    """「甲12件、乙30件，合计42件」: any run of figures before the total may be its parts."""
    total_said = index >= _PAIR and _TOTAL.match(sentence.before(index))
    if not total_said and not (index >= _PAIR and _said_together(sentence, index)):
        return None
    whole = sentence.figures[index]
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
    if len(run) <= 1 or not (total_said or _is_near(whole, run, _NEAR_FROM, _NEAR_TO)):
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
    named = introduced and _named(
        sentence, found.name, parts, words().exclusive_sets, ended=not whole_list
    )  # else the first may be one of them: 「作出决定2件，驳回20件」
    if named and interval.total(part.figure for part in named[0]).is_above(interval.of(whole)):
        return replace(found, parts=named[0], because="互斥")
    if not whole_list:
        return None
    made_up = _OUT_OF.match(lead) and _MADE_UP.match(sentence.after(sentence.place_of(parts[-1].figure)))
    if (made_up or _RESPECTIVELY.match(lead)) and not found.strangers:
        return replace(found, because="分别")
    rest = _up_to_rest(sentence, whole, parts)
    if rest:
        return replace(found, parts=rest, because="其余")
    named = _named(sentence, found.name, parts, words().closed_sets, complete=True)
    closed = named and not _some_make_up(whole, named[0])
    if named and closed and all(part.figure.value <= whole.value for part in named[0]):
        return replace(found, parts=named[0], because="对举")
    if _is_bare_list(sentence, index, found):
        return replace(found, because="成列")
    if introduced and len(parts) > _PAIR and _same_subject(sentence, found):
        return replace(found, because="同主语")
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
    return not _OPEN.search(words_of + behind[:8]) and _is_near(whole, found.parts, _NEAR_FROM, _NEAR_TO)


def _is_near(whole: Figure, parts: Sequence[Part], least: float, most: float) -> bool:
    share = sum(part.figure.value for part in parts) / whole.value if whole.value else 0.0
    return least <= share <= most and all(part.figure.value <= whole.value for part in parts)


def _within(strangers: tuple[Part, ...], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The strangers that stand between the parts, not behind them."""
    return tuple(part for part in strangers if part.figure.span < parts[-1].figure.span)


def _up_to_rest(sentence: Sentence, whole: Figure, parts: tuple[Part, ...]) -> tuple[Part, ...] | None:
    """The parts up to 其他 or 其余, which say that this is the rest.

    Some of them may be parts of parts, and the whole may stand further ahead: only where no figure before the rest
    is the rest and some of the others is the list wrong.
    """
    for count in range(_PAIR, min(len(parts), _MOST) + 1):
        rest = parts[count - 1].figure
        if _REST.match(title(parts[count - 1].label)):
            figures = [f for f in sentence.figures if f.span < rest.span and f.unit == whole.unit]
            if len(figures) > _MOST or max(figures, key=lambda figure: figure.value) is not whole:
                return None
            if sentence.text_before(rest).lstrip("）)")[:1] in "；;":
                return None  # the rest of something said before this part of the sentence
            earlier = [f for f in sentence.earlier if f.unit == whole.unit]
            known = (earlier + figures)[-_MOST:]
            gaps = [sentence.text_before(part.figure) for part in parts[1:count]]
            if any(_NESTED.search(gap) for gap in gaps) and _leaves(whole, known, rest):
                return None
            if any(_follows(one, known[place + 1 :], rest) for place, one in enumerate(known)):
                return None
            if not _INTRO.search(sentence.text_before(parts[0].figure)) and not _is_near(
                whole, parts[:count], _SHARE_FROM, _SHARE_TO
            ):
                return None
            return parts[:count]
    return None


def _leaves(whole: Figure, figures: list[Figure], rest: Figure) -> bool:
    """Whether the whole is the rest and some of the other figures."""
    others = [figure for figure in figures if figure is not whole]
    some = chain.from_iterable(combinations(others, size) for size in range(1, len(others) + 1))
    return any(interval.total((*chosen, rest)).meets(interval.of(whole)) for chosen in some)


def _follows(whole: Figure, figures: list[Figure], rest: Figure) -> bool:
    """Whether another whole is the rest and the figures right before it."""
    runs = (figures[start:] for start in range(len(figures)))
    return any(interval.total((*run, rest)).meets(interval.of(whole)) for run in runs)


def _named(
    sentence: Sentence,
    whole: str,
    parts: tuple[Part, ...],
    sets: tuple[tuple[str, ...], ...],
    *,
    ended: bool = False,
    complete: bool = False,
) -> tuple[tuple[Part, ...], tuple[str, ...]] | None:
    """The parts at the head of the list, each carrying another name of one set, and that set.

    They must be the whole list or end at a semicolon, or `ended` says that the list was cut.
    Of two sets that fit, the larger is taken. `complete`: every name of the set must be there.
    """
    labels = [title(part.label) for part in parts]
    all_labels = "\0".join(labels)
    if len(_names().findall(all_labels)) < _PAIR:
        return None
    for names in _largest_first(sets):
        if sum(name in all_labels for name in names) < _PAIR or _name_of(title(whole), names) is not None:
            continue  # not this set, or the whole is itself one of it
        carried = [_name_of(text, names) for text in labels]
        count = next((place for place, name in enumerate(carried) if name is None), len(carried))
        ends = count == len(parts) or ended or sentence.text_before(parts[count].figure)[:1] in "；;"
        whole_set = count == len(names) or not complete
        if count >= _PAIR and ends and whole_set and len(set(carried[:count])) == count:
            return parts[:count], names
    return None


@cache
def _largest_first(sets: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(sets, key=len, reverse=True))


def _name_of(text: str, names: tuple[str, ...]) -> str | None:
    """The longest name of the set that the text carries."""
    return max((name for name in names if name in text), key=len, default=None)


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
    return _is_near(found.whole, found.parts, _SHARE_FROM, _SHARE_TO)


def _common(own: str, texts: list[str]) -> bool:
    """Whether some stretch of the whole's name stands in every part's name."""
    starts = range(len(own) - _COMMON_NAME + 1)
    return any(all(own[start : start + _COMMON_NAME] in text for text in texts) for start in starts)
