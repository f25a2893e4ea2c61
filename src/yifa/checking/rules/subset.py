"""`subset`: a part is larger than its whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking import interval
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.rule import Rule
from yifa.checking.view import Sentence, View
from yifa.reading.document import Figure

_OTHER_MEASURE = re.compile(
    r"累计|总数|总量|达到|增加|增长|提供|带动|服务|涉及|惠及|覆盖|面积|金额|产值|投资|每|平均|人均|可|计划|目标"
)

_PAUSE = re.compile(r"[，,、；;：:（(）)]|其中")
_PER = re.compile(r"每[^，,。；;]{0,8}$")


def check(view: View) -> Iterator[Finding]:
    """The first figure behind 其中 that exceeds every figure of its unit before it."""
    for sentence in view.counted_sentences:
        if "其中" not in sentence.text:
            continue
        for index in range(1, len(sentence.figures)):
            whole = _whole(sentence, index)
            if whole and interval.of(sentence.figures[index]).is_above(interval.of(whole)):
                yield _finding(whole, sentence.figures[index])


def _whole(sentence: Sentence, index: int) -> Figure | None:
    """The only figure the part can belong to: the largest of its unit before 其中, nothing else being named."""
    before, part = sentence.before(index), sentence.figures[index]
    _, marker, naming = before.partition("其中")
    if not marker or not part.unit or "%" in part.unit or _OTHER_MEASURE.search(naming):
        return None
    if any(_qualifies(sentence, place) for place in range(index + 1)):
        return None
    wholes = [figure for figure in sentence.figures[:index] if figure.unit == part.unit]
    return max(wholes, key=lambda figure: figure.high, default=None)


def _qualifies(sentence: Sentence, index: int) -> bool:
    """Whether a figure only describes what another counts: 「超千亿元企业11家」, 「每千人6.5批次」."""
    another = index + 1 < len(sentence.figures) and not _PAUSE.search(sentence.after(index))
    return (
        another
        or _PER.search(sentence.before(index)) is not None
        or sentence.after(index).startswith(("/", "每"))
    )


def _finding(whole: Figure, part: Figure) -> Finding:
    return RULE.finding(
        f"“其中”所列{part.text}多于它所属的{whole.text}：部分不能大于总数，请核对两个数。",
        [whole.span, part.span],
        whole=number(whole.value),
        part=number(part.value),
        unit=part.unit,
    )


RULE = Rule(
    id="subset",
    severity=Severity.ERROR,
    title="部分大于总数",
    explanation=(
        "“其中”之后的数与前面的总数计量单位相同，却比前面任何一个同单位的数都大。“其中”后面换了口径的（累计、带动、每……）"
        "不比较；约数按可能的范围比较，确实超出才提出。"
    ),
    check=check,
)
