"""`integrity.unfinished`: the text breaks off in the middle of a sentence, and what follows did not arrive."""

from __future__ import annotations

from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View

_SHOWN = 20  # characters of the end that are shown


def check(view: View) -> Iterator[Finding]:
    """One finding at the end of a report or plan that breaks off."""
    if view.breaks_off and (view.is_report or view.is_plan):
        start, end = view.breaks_off
        shown = view.text[max(start, end - _SHOWN) : end]
        yield RULE.finding(
            f"正文到“……{shown}”处中断，这句话没有写完，后面的内容没有收到。必备内容是否齐全、最后一项是否完整，"
            "现在无法判断。请补全原文后再核对一次。",
            [(start, end)],
            phrase=shown,
        )


RULE = Rule(
    id="integrity.unfinished",
    severity=Severity.WARNING,
    title="正文中断",
    explanation=(
        "报告或计划的最后一段没有写完就结束了（其他各段都以句号等收尾，最后一段却停在半句），多半是复制、转载时漏了后半部分。"
        "这时不再说缺少哪些必备内容，也不说最后一项任务缺责任单位、时限，因为可能写在没有收到的部分。"
        "最后一行是落款、日期、附件、联系方式的，各段本来就不写句号的，不提出。\n\n"
        "例：最后一行是“二是加强执法监督，全年共评查”——依据：phrase 最后二十字。"
    ),
    check=check,
)
