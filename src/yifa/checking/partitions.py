"""Where a sentence says that some figures are, all together, another figure.

Most 其中 lists name some parts of a whole, and the parts may overlap; their sum says nothing. A list is taken for
a partition only where the words say so (docs/decisions/0022):

- 合计   「甲12件、乙30件，合计42件」: the total stands behind its parts;
- 分别   「共42件，分别为甲12件、乙30件」: directly behind the whole;
- 对举   the parts are a closed set of names: 受理 and 不予受理, the four quarters (words.yaml);
- 同主语 at least three parts, each repeating the whole's own name with another word before it, and together
         near the whole: 「处罚案件655件，其中甲处罚案件…；乙处罚案件…；丙处罚案件…」.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
    because: str  # 合计 | 分别 | 对举 | 同主语


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
    whole = sentence.figures[index]
    if index + 2 >= len(sentence.figures) or _CHANGE.search(sentence.before(index)):
        return None
    intro = _INTRO.search(sentence.after(index))
    lead = sentence.after(index)
    parts, strangers = _list_from(sentence, index + 1, whole.unit)
    if len(parts) < 2:
        return None
    name = label(sentence, index)
    if re.match(r"^[^，,、；;]{0,12}[，,：:]?分别(为|是)", lead) and not strangers:
        return Partition(whole, name, parts, strangers, "分别")
    if _closed_set(parts):
        return Partition(whole, name, parts, strangers, "对举")
    if intro and len(parts) > 2 and _same_subject(name, whole, parts):
        return Partition(whole, name, parts, strangers, "同主语")
    return None


def _list_from(sentence: Sentence, first: int, unit: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The figures of the list that begins at `first`: those in the unit of the whole, and the others."""
    parts: list[Part] = []
    strangers: list[Part] = []
    depth = 0
    for place in range(first, len(sentence.figures)):
        gap, figure = sentence.before(place), sentence.figures[place]
        if place > first and not _SEPARATOR.search(gap):
            break
        inside = depth > 0 and place > first
        depth += gap.count("（") + gap.count("(") - gap.count("）") - gap.count(")")
        if place > first and (_BREAK.search(gap) or _CHANGE.search(gap)):
            break
        if inside and depth > 0 and place > first + 1:
            continue
        target = parts if figure.unit == unit and interval.is_exact(figure) else strangers
        target.append(labelled(sentence, place))
    return tuple(parts), tuple(strangers)


def _closed_set(parts: tuple[Part, ...]) -> bool:
    labels = [title(part.label) for part in parts]
    for names in words().closed_sets:
        if len(names) == len(labels) and all(_named_once(name, names, labels) for name in names):
            return True
    return False


def _named_once(name: str, names: tuple[str, ...], labels: list[str]) -> bool:
    """Whether exactly one label carries the name and not a longer name of the set."""
    longer = [other for other in names if name in other and other != name]
    return sum(name in text and not any(other in text for other in longer) for text in labels) == 1


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
