"""Where a sentence says that some figures are, all together, another figure.

Most 其中 lists name some parts of a whole, and the parts may overlap; their sum says nothing. A list is taken for
a partition only where the words say so (docs/decisions/0022):

- 合计   「甲12件、乙30件，合计42件」: the total stands behind its parts;
- 分别   「共42件，分别为甲12件、乙30件」: directly behind the whole;
- 其余   the last part is 其他 or 其余: 「312件，其中甲126件、乙101件、其他85件」;
- 对举   the parts are a closed set of names: 简易程序 and 一般程序, the four quarters (words.yaml);
- 互斥   each part carries another name of a set of which only one can hold (维持, 撤销, …) and they exceed the whole;
- 同主语 at least three parts, each repeating the whole's own name with another word before it, and together
         near the whole: 「处罚案件655件，其中甲处罚案件…；乙处罚案件…；丙处罚案件…」.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations

from yifa.checking import interval
from yifa.checking.view import Sentence
from yifa.checking.words import words
from yifa.reading.document import Figure

_CHANGE = re.compile(
    r"(增加|增长|减少|下降|提高|降低|同比|新增|净增|上升|压减|比上年|较上年|比去年|较去年)[了约近超]*$"
)
_TOTAL = re.compile(r"^[）)]?[，,、；;：:\s]*(合计|共计|总计)[为约]*$")
_BREAK = re.compile(
    r"[一二三四五六七八九十]是|同时|此外|另外|另有|全年|累计|总数|总量|达到|年均|同比|增长|比上年|较上年|目前|截至|平均|合计|共计|总计"
)
_SEPARATOR = re.compile(r"[，,、；;]|和|及|与")
_CLAUSE = re.compile(r"[，,、；;：:（）()\s]|其中|分别为|分别是")
_INTRO = re.compile(r"其中|分别为|分别是|[：:（(]")
_SHARE_FROM, _SHARE_TO = 0.6, 1.4
_RESPECTIVELY = re.compile(r"^[^，,、；;]{0,12}[，,：:]?分别(为|是)")
_REST = re.compile(r"^(?:其余|其他|其它)")
_OPENING = re.compile(r"[（(]")
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
    because: str  # 合计 | 分别 | 其余 | 对举 | 互斥 | 同主语


def partitions(sentence: Sentence) -> Iterator[Partition]:
    """All partitions of a sentence."""
    for index, figure in enumerate(sentence.figures):
        if not interval.is_exact(figure) or "%" in figure.unit:
            continue
        behind = _total_behind(sentence, index)
        if behind:
            yield behind
            continue
        ahead = _parts_ahead(sentence, index)
        if ahead:
            yield ahead


def labelled(sentence: Sentence, index: int) -> Part:
    """The figure with the words beside it: those before it back to a separator, else those behind it."""
    return Part(sentence.figures[index], label(sentence, index))


def label(sentence: Sentence, index: int) -> str:
    """What names a figure: the words on both sides of it up to the nearest separators."""
    return _CLAUSE.split(sentence.before(index))[-1] + "\0" + _CLAUSE.split(sentence.after(index))[0]


def title(part_label: str) -> str:
    """A label as it is shown to people."""
    before, _, after = part_label.partition("\0")
    return before or after


def _total_behind(sentence: Sentence, index: int) -> Partition | None:
    """「甲12件、乙30件，合计42件」: any run of figures before the total may be its parts."""
    if index < 2 or not _TOTAL.match(sentence.before(index)):
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
            return Partition(whole, "", tuple(run), (), "合计")
        if _BREAK.search(sentence.before(place)):
            break
    return Partition(whole, "", tuple(run), (), "合计") if len(run) > 1 else None


def _parts_ahead(sentence: Sentence, index: int) -> Partition | None:
    """「共42件，其中甲12件、乙30件」."""
    if index + 2 >= len(sentence.figures) or _CHANGE.search(sentence.before(index)):
        return None
    whole, lead = sentence.figures[index], sentence.after(index)
    parts, strangers, whole_list = _list_from(sentence, index + 1, whole.unit)
    if len(parts) < _PAIR:
        return None
    found = Partition(whole, label(sentence, index), parts, _within(strangers, parts), "")
    named = _named(sentence, found.name, parts, words().exclusive_sets, ended=not whole_list)
    if named and interval.total(part.figure for part in named[0]).is_above(interval.of(whole)):
        return replace(found, parts=named[0], because="互斥")
    if not whole_list:
        return None
    if _RESPECTIVELY.match(lead) and not found.strangers:
        return replace(found, because="分别")
    rest = _up_to_rest(sentence, whole, parts)
    if rest:
        return replace(found, parts=rest, because="其余")
    named = _named(sentence, found.name, parts, words().closed_sets)
    if named and len(named[0]) == len(named[1]):
        return replace(found, parts=named[0], because="对举")
    if _INTRO.search(lead) and len(parts) > _PAIR and _same_subject(found.name, whole, parts):
        return replace(found, because="同主语")
    return None


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
            known = [f for f in sentence.earlier if f.unit == whole.unit] + figures
            return None if any(_leaves(one, known[-_MOST:], rest) for one in known) else parts[:count]
    return None


def _leaves(whole: Figure, figures: list[Figure], rest: Figure) -> bool:
    """Whether the whole is the rest and some of the other figures."""
    others = [figure for figure in figures if figure is not whole]
    some = chain.from_iterable(combinations(others, size) for size in range(1, len(others) + 1))
    return any(interval.total((*chosen, rest)).meets(interval.of(whole)) for chosen in some)


def _named(
    sentence: Sentence,
    whole: str,
    parts: tuple[Part, ...],
    sets: tuple[tuple[str, ...], ...],
    *,
    ended: bool = False,
) -> tuple[tuple[Part, ...], tuple[str, ...]] | None:
    """The parts at the head of the list, each carrying another name of one set, and that set.

    They must be the whole list or end at a semicolon, or `ended` says that the list was cut.
    Of two sets that fit, the larger is taken.
    """
    for names in sorted(sets, key=len, reverse=True):
        if _name_of(title(whole), names) is not None:
            continue  # itself one of the set
        carried = [_name_of(title(part.label), names) for part in parts]
        count = next((place for place, name in enumerate(carried) if name is None), len(carried))
        ends = count == len(parts) or ended or sentence.text_before(parts[count].figure)[:1] in "；;"
        if count >= _PAIR and ends and len(set(carried[:count])) == count:
            return parts[:count], names
    return None


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


def _same_subject(name: str, whole: Figure, parts: tuple[Part, ...]) -> bool:
    texts = [part.label.replace("\0", "") for part in parts]
    own = name.replace("\0", "")
    if len(set(texts)) < len(texts) or not _common(own, texts):
        return False
    share = sum(part.figure.value for part in parts) / whole.value if whole.value else 0.0
    return _SHARE_FROM <= share <= _SHARE_TO and all(part.figure.value <= whole.value for part in parts)


def _common(own: str, texts: list[str]) -> bool:
    """Whether some stretch of the whole's name stands in every part's name."""
    starts = range(len(own) - _COMMON_NAME + 1)
    return any(all(own[start : start + _COMMON_NAME] in text for text in texts) for start in starts)
