"""`period.next`: the plans for the next year are written for the year reported on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Span

_INTENDED = (
    r"(?:^|[。；\n，,）)]|\d[.．、])((?:在)?{year}年(?:度)?)(?:，|,)?(?:(?:我|全|本)[省市州县区镇乡局委办街]{{1,2}})?"
    r"(?:将|拟|计划(?!的|中)|要(?!求|点)|力争|重点(?:做好|抓好|推进)|由[^，。；]{{2,16}}牵头|推行|[上下]半年(?:将|完成|组织)|年底前)"
)


_NOVEMBER = 11


def check(view: View) -> Iterator[Finding]:
    """「2025年将……」, or a heading 「2025年工作打算」, in the plans of the report on 2025 signed afterwards.

    Signed in its last two months, only below a heading that names the next year: 「明年工作打算」.
    """
    year, signed = view.document.year, view.document.dated
    if not view.is_report or year is None:
        return
    early = signed is not None and signed.year <= year
    if early and signed is not None and (signed.year, signed.month) < (year, _NOVEMBER):
        return
    places = [*([] if early else _headed_by(view, year)), *_begun(view, year, named=early)]
    if places:
        yield RULE.finding(
            f"报告的是{year}年，下一年的安排里却写着“{year}年”要做的事，疑为沿用上一年的文字。"
            f"请改为{year + 1}年，并核对安排的内容。",
            sorted(places),
            year=year,
            times=len(places),
        )


def _headed_by(view: View, year: int) -> list[Span]:
    """Where headings say 「2025年工作打算」."""
    titled = re.compile(rf"{year}年(?:度)?(?=(?:工作)?(?:计划|打算|思路|设想))")
    found = (titled.search(view.text, *heading.span) for heading in view.headings)
    return [match.span() for match in found if match]


def _begun(view: View, year: int, *, named: bool) -> list[Span]:
    """Where clauses of the plans begin with 「2025年将」; `named`: only of plans headed by the next year."""
    intended = re.compile(_INTENDED.format(year=year))
    next_year = re.compile(rf"明年|来年|下一?年度?|{year + 1}年")
    plans = [heading for heading in view.headings if heading.body in view.parts.plans]
    return [
        found.span(1)
        for heading in plans
        if not named or next_year.search(heading.title)
        for found in intended.finditer(view.text, *heading.body)
    ]


RULE = Rule(
    id="period.next",
    severity=Severity.WARNING,
    title="下一年的安排写成了本年",
    explanation=(
        "年度报告写下一年安排的部分，标题或者句首写的却是报告年度（“某年将……”“某年由……牵头”），多半是沿用上一年的文字没有改。落款在报告年度之内的"
        "（十一、十二月落款而标题写明“明年”的除外）、只是回顾本年问题的（“针对某年出现的”）不提出。全文合为一条。\n\n"
        "例：2025年度报告“四、下一年度主要安排”写“2025年将重点推进……”——依据：year 2025，times 1。"
    ),
    check=check,
)
