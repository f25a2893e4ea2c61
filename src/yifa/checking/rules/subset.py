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

_ACTS = "(出庭|参加|参训|参考|参会|到会|到|出席|述法|报备|公开|办理|办结|整改|检)(?:的)?(?:案件|人员|人数)?"
_DUE = re.compile(rf"应当?{_ACTS}$")
_CAME = re.compile(rf"^[^，,；;：:、（()）]{{0,4}}[，,、]实际?已?{_ACTS}[为达]?$")
_AMONG = re.compile(r"^[^，,；;：:、（()）。]{0,12}中[，,]?有?$")
_PAUSE = re.compile(r"[，,、；;：:（(）)]|其中")
_PER = re.compile(r"每[^，,。；;]{0,8}$")


def check(view: View) -> Iterator[Finding]:
    """Parts behind 其中 that exceed every figure of their unit before; those who came but need not have come."""
    for sentence in view.counted_sentences:
        text = sentence.text
        for index in range(1, len(sentence.figures)):
            whole = _whole(sentence, index) if "其中" in text else None
            if whole is None and ("实" in text or "中" in text):
                whole = _due_or_group(sentence, index)
            if whole and interval.of(sentence.figures[index]).is_above(interval.of(whole)):
                yield _finding(whole, sentence.figures[index])


def _due_or_group(sentence: Sentence, index: int) -> Figure | None:
    """「应到32人，实到35人」 and 「14个县中，有16个县…」: both say that the second is of the first."""
    whole, part = sentence.figures[index - 1 : index + 1]
    between = sentence.before(index)
    if "中" not in between and "实" not in between:
        return None
    if whole.unit != part.unit or not part.unit or "%" in part.unit:
        return None
    due, came = _DUE.search(sentence.before(index - 1)), _CAME.match(between)
    if due and came and due.group(1) == came.group(1):
        return whole
    return whole if _AMONG.match(between) else None


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
        "“其中”之后的数与前面的总数计量单位相同，却比前面任何一个同单位的数都大；“应到多少人、实到多少人”“多少个县中有多少个”后一个数比前一个大的，也是。"
        "“其中”后面换了口径的（累计、带动、每……）不比较；约数按可能的范围比较，确实超出才提出。\n\n"
        "例：“检查1260次，其中联合检查1320次”——依据：whole 1260，part 1320。"
    ),
    check=check,
)
