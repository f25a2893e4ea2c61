"""Which figure is part of which: 其中, brackets, lists after a whole, totals after their parts.

Conservative: a figure of another unit, a rise or fall, an average is never a part. `relation` says how the text binds:

- 其中    named after 其中: some of the parts, they may overlap
- 分别    其中…分别为…, 分为…: the text names all parts
- 括号    in brackets behind the whole
- 列举    a list behind the whole and a colon
- 合计    the whole comes last: 合计、共计
- 相加    no word binds them, but all like figures up to the semicolon add up to the one before them
- 表      a cell and the total of its column, or of its row
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yifa.reading.document import Figure
from yifa.reading.grids import Grid
from yifa.reading.subjects import RATE_UNITS

SENTENCE = re.compile(r"[。！？!?\n\t]")
AMONG = re.compile(r"其中(?!一|之)")
CHANGE = re.compile(
    r"比(?!例|赛|较|重|率)|同比|环比|较(?:上|去|同|前)|增加|增长|新增|减少|下降|上升|提高|提升|增幅|降幅|压缩|压减|净增|少于|平均|人均|户均|每|各"
)
TOTAL = re.compile(r"(?:合计|共计|总计|一共|总共)(?:为|达|达到|有)?\Z|[，,；;]共(?:为|有|计)?\Z")
TOTAL_ENDS = frozenset("计共为达到有")
REACH = 60  # figures: a longer list in one sentence is a table that lost its lines


def bind(text: str, figures: Sequence[Figure], tables: Sequence[Grid] = ()) -> tuple[Figure, ...]:
    """The figures with `part_of` and `relation` set where the text says so."""
    bound: Bound = {}
    for first, last in _sentences(text, figures):
        inside: Bound = {}
        _bind_brackets(text, figures, first, last, inside)
        _bind_among(text, figures, first, last, inside)
        if last - first > 2:
            _bind_lists(text, figures, first, last, inside)
            _bind_totals(text, figures, first, last, inside)
            _bind_exact(text, figures, first, last, inside)
        bound |= inside
    if tables:
        places = {figure.span: place for place, figure in enumerate(figures)}
        for table in tables:
            bound |= {places[part]: (places[whole], "表") for part, whole in table.sums()}
    return tuple(
        replace(figure, part_of=bound[place][0], relation=bound[place][1]) if place in bound else figure
        for place, figure in enumerate(figures)
    )


def _sentences(text: str, figures: Sequence[Figure]) -> list[tuple[int, int]]:
    """Ranges of figures that stand in one sentence."""
    ranges: list[tuple[int, int]] = []
    first = 0
    for place in range(1, len(figures) + 1):
        if place == len(figures) or SENTENCE.search(text, figures[place - 1].span[1], figures[place].span[0]):
            if place - first > 1:
                ranges += [(start, min(start + REACH, place)) for start in range(first, place - 1, REACH)]
            first = place
    return ranges


Bound = dict[int, tuple[int, str]]


def _bind_brackets(text: str, figures: Sequence[Figure], first: int, last: int, bound: Bound) -> None:
    """办结940427件（网办406175件）."""
    for whole in range(first, last - 1):
        behind = figures[whole].span[1]
        opening = OPENING.match(text, behind, behind + 14)
        if not opening:
            continue
        start = opening.end()
        end = _closing(text, start)
        for part in range(whole + 1, last):
            if figures[part].span[1] > end:
                break
            if part not in bound and _may_be_part(text, figures, whole, part):
                bound[part] = (whole, "括号")


OPENING = re.compile(r"[\u4e00-\u9fff]{0,10}[（(]")
BRACKET = re.compile(r"[（(）)]")
LONGEST_BRACKET = 200


def _closing(text: str, start: int) -> int:
    """Where the bracket opened before `start` closes; `start` itself where it does not."""
    depth = 1
    for match in BRACKET.finditer(text, start, start + LONGEST_BRACKET):
        depth += 1 if match[0] in "（(" else -1
        if depth == 0:
            return match.start()
    return start


def _bind_among(text: str, figures: Sequence[Figure], first: int, last: int, bound: Bound) -> None:
    """The parts behind 其中, up to the sentence's end or the next 其中."""
    begin = figures[first].span[0]
    end = figures[last - 1].span[0]
    for match in AMONG.finditer(text, begin, end):
        before = [place for place in range(first, last) if figures[place].span[1] <= match.start()]
        behind = [place for place in range(first, last) if figures[place].span[0] >= match.end()]
        following = AMONG.search(text, match.end(), end)
        if following:  # 「22件，其中甲4件；期限14件，其中乙3件」: the second 其中 has its own whole
            stop = text.rfind("；", match.end(), following.start()) + 1 or following.start()
            behind = [place for place in behind if figures[place].span[0] < stop]
        behind = _one_list(text, figures, match.end(), behind, bound)
        whole = _whole_for(text, figures, before, behind, bound)
        if whole is None:
            continue
        lead = text[match.end() : figures[behind[0]].span[0]]
        relation = "分别" if ALL_NAMED.search(lead) else "其中"
        for part in _run_of_parts(text, figures, whole, behind, bound):
            bound[part] = (whole, relation)


ALL_NAMED = re.compile(r"分别[为是有]|分为|分别占|分别(?=[\u4e00-\u9fff]{0,6}\Z)")


def _one_list(text: str, figures: Sequence[Figure], start: int, behind: list[int], bound: Bound) -> list[int]:
    """The figures up to the semicolon that ends the list; 「其中甲12件；乙14件」 goes on behind semicolons."""
    kept: list[int] = []
    for place in behind:
        gap = text[figures[place - 1].span[1] if kept else start : figures[place].span[0]]
        if SEMICOLON.search(gap) and len(kept) != 1 and not _separated(text, figures, kept):
            break
        kept.append(place)
    return [place for place in kept if place not in bound]


def _separated(text: str, figures: Sequence[Figure], kept: Sequence[int]) -> bool:
    """Whether a semicolon stands behind the first of them already."""
    return (
        len(kept) > 1
        and SEMICOLON.search(text, figures[kept[0]].span[1], figures[kept[1]].span[0]) is not None
    )


SEMICOLON = re.compile(r"[；;]")


def _whole_for(
    text: str, figures: Sequence[Figure], before: list[int], behind: list[int], bound: Bound
) -> int | None:
    """The nearest figure before that is a level, not a change, of the unit of the first part."""
    if not before or not behind:
        return None
    if figures[behind[0]].unit in RATE_UNITS:
        return None
    like = [
        place
        for place in reversed(before)
        if place not in bound and _like(figures[place], figures[behind[0]])
    ]
    wholes = [place for place in like if not _is_change(text, figures, place)]
    wholes = wholes or [place for place in like if _is_new(text, figures, place)]
    if len(wholes) > 1:  # 「受理318件，调处成功311件；其中…」: the parts themselves say which
        total = sum(figures[part].value for part in _run_of_parts(text, figures, wholes[0], behind, bound))
        exact = [place for place in wholes if figures[place].value == total]
        return (exact or wholes)[0]
    return wholes[0] if wholes else None


def _run_of_parts(
    text: str, figures: Sequence[Figure], whole: int, behind: list[int], bound: Bound
) -> list[int]:
    parts: list[int] = []
    for place in behind:
        if place in bound:
            continue
        if not _may_be_part(text, figures, whole, place):
            if _like(figures[place], figures[whole]) and _is_change(text, figures, place):
                break
            continue
        parts.append(place)
    return parts


def _may_be_part(text: str, figures: Sequence[Figure], whole: int, part: int) -> bool:
    one, other = figures[whole], figures[part]
    return _like(one, other) and one.unit not in RATE_UNITS and not _is_change(text, figures, part)


ALIKE = ({"名", "人", "位"}, {"件", "宗", "起", "例"})


def _like(one: Figure, other: Figure) -> bool:
    """Whether both count the same: 名 and 人, 件 and 宗."""
    return one.unit == other.unit or any(one.unit in units and other.unit in units for units in ALIKE)


def _is_change(text: str, figures: Sequence[Figure], place: int) -> bool:
    """The clause before the figure speaks of a rise, a fall or an average."""
    return CHANGE.search(_clause_before(text, figures, place)) is not None


def _clause_before(text: str, figures: Sequence[Figure], place: int) -> str:
    start = figures[place - 1].span[1] if place else 0
    start = max(start, figures[place].span[0] - 24)
    return CLAUSE.split(text[start : figures[place].span[0]])[-1]


CLAUSE = re.compile(r"[，。；：,;:、（(]")


NEW = re.compile(r"新增(?!长|加|速)")


def _is_new(text: str, figures: Sequence[Figure], place: int) -> bool:
    """「新增学位18.7万个」: what is new is itself a whole."""
    clause = _clause_before(text, figures, place)
    return NEW.search(clause) is not None and CHANGE.search(NEW.sub("", clause)) is None


LIST = re.compile(r"[^，。；;]{0,16}[，,]?[^，。；;：:]{0,12}(?:[：:]|分为|分别为|分别是)")


def _bind_lists(text: str, figures: Sequence[Figure], first: int, last: int, bound: Bound) -> None:
    """案件136件：甲类91件、乙类44件、丙类1件 — a colon or 分为 behind the whole and at least two parts."""
    for whole in range(first, last - 2):
        if whole in bound or figures[whole].unit in RATE_UNITS:
            continue
        if whole + 1 in bound or not LIST.match(text, figures[whole].span[1], figures[whole + 1].span[0]):
            continue
        parts = _run_of_parts(text, figures, whole, list(range(whole + 1, last)), bound)
        if len(parts) >= 2 and parts[0] == whole + 1 and parts == list(range(parts[0], parts[-1] + 1)):
            for part in parts:
                bound[part] = (whole, "列举")


def _bind_totals(text: str, figures: Sequence[Figure], first: int, last: int, bound: Bound) -> None:
    """甲802件、乙163件，合计965件."""
    for whole in range(first + 2, last):
        start = figures[whole].span[0]
        if text[start - 1] not in TOTAL_ENDS or whole in bound or not TOTAL.search(text, start - 5, start):
            continue
        parts: list[int] = []
        for place in range(whole - 1, first - 1, -1):
            if place in bound or not _may_be_part(text, figures, whole, place):
                break
            parts.append(place)
        if len(parts) >= 2:
            for part in parts:
                bound[part] = (whole, "合计")


LONGEST_RUN = 12
LEAST_WHOLE = 10  # smaller numbers add up by chance


def _bind_exact(text: str, figures: Sequence[Figure], first: int, last: int, bound: Bound) -> None:
    """收到103宗，不予受理12宗，受理91宗."""
    wholes = {whole for whole, _ in bound.values()}
    place = first
    while place < last - 2:
        run = [] if place in wholes else _run_behind(text, figures, place, last, bound)
        if (
            len(run) > 1
            and figures[place].value >= LEAST_WHOLE
            and abs(sum(figures[part].value for part in run) - figures[place].value) < 1e-6
        ):
            bound |= dict.fromkeys(run, (place, "相加"))
            place = run[-1]
        place += 1


def _run_behind(text: str, figures: Sequence[Figure], whole: int, last: int, bound: Bound) -> list[int]:
    """All like figures up to the semicolon; none where one of them is a change, or a list is too long."""
    run: list[int] = []
    if whole in bound or figures[whole].unit in RATE_UNITS:
        return run
    for place in range(whole + 1, min(last, whole + LONGEST_RUN + 1)):
        if SEMICOLON.search(text, figures[place - 1].span[1], figures[place].span[0]):
            break
        if place in bound or not _like(figures[place], figures[whole]):
            continue
        if _is_change(text, figures, place):
            return []
        run.append(place)
    return run
