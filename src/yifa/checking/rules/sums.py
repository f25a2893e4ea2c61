"""`sum`: the parts named do not add up to the whole."""

from __future__ import annotations

from collections.abc import Iterator

from yifa.checking import interval
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number, plain
from yifa.checking.partitions import Part, Partition, partitions, title
from yifa.checking.rule import Rule
from yifa.checking.view import View


def check(view: View) -> Iterator[Finding]:
    """Each partition whose parts, at their printed precision, cannot add up to the whole."""
    for sentence in view.counted_sentences:
        for found in partitions(sentence):
            if not interval.total(part.figure for part in found.parts).meets(interval.of(found.whole)):
                yield _finding(found)


def _finding(found: Partition) -> Finding:
    whole, unit = found.whole, found.whole.unit
    parts_sum = sum(part.figure.value for part in found.parts)
    gap = whole.value - parts_sum
    shown = "、".join(f"{title(part.label)}{part.figure.text}" for part in found.parts)
    subject = title(found.name)[-20:]
    message = (
        f"{subject}{whole.text}，所列各部分合计{plain(parts_sum)}{unit}（{shown}），"
        f"{'少' if gap > 0 else '多'}{plain(abs(gap))}{unit}。{_strangers(found.strangers, unit)}"
    )
    return RULE.finding(
        message,
        [whole.span, *(part.figure.span for part in found.parts)],
        whole=number(whole.value),
        parts=[number(part.figure.value) for part in found.parts],
        parts_sum=number(parts_sum),
        difference=number(gap),
        unit=unit,
        other_units=[part.figure.text for part in found.strangers],
    )


def _strangers(strangers: tuple[Part, ...], unit: str) -> str:
    if not strangers:
        return "请核对各项，或写明未列出的部分。"
    shown = "、".join(f"{title(part.label)}{part.figure.text}" for part in strangers)
    return f"同一串中的{shown}不以“{unit}”计，未计入；请改用同一计量单位，或写明其余部分。"


RULE = Rule(
    id="sum",
    severity=Severity.ERROR,
    title="各部分相加不等于总数",
    explanation=(
        "一句话写明了总数和组成总数的各部分，相加却不等于总数。只在文字表明各部分合起来就是总数时才核对：“合计”“共计”在后，"
        "“分别为”紧接总数，最后一项是“其他”“其余”，各部分是一组不遗漏的名称（如简易程序与一般程序、四个季度），或者至少三个部分都重复了总数的名称、"
        "合起来又与总数相当。维持、撤销、驳回等只能居其一的结果，合起来超过总数也提出。一般的“其中”可以只列一部分，也可以互相交叉，不核对。计量单位不同的数不相加，另行指出。"
        "按书写的精度核对：四舍五入造成的出入不算。"
    ),
    check=check,
)
