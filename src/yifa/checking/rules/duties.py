"""`claim.rule`: what a rule demands each quarter, told as if it had been done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.parts import Stretches
from yifa.checking.rule import Rule
from yifa.checking.rules.past import Past
from yifa.checking.view import View
from yifa.reading.document import Span

_EVERY = re.compile(r"每(?:个)?(?:季度|半年|季|月|周|年)(?:度)?")
_RULE = re.compile(
    r"每(?:个)?(?:季度|半年|季|月|周|年)(?:度)?[^，,。；;\n]{0,16}?"
    r"(?:(?:学法|学习|培训|讲座|会议|例会|研究|听取|汇报|督[查察]|检查|辅导|考试|旁听|述法)[^，,。；;\n]{0,8}?(?:不少于|至少)?(?P<a>[一二两三四五六1-6])(?:次|期|场|回)"
    r"|(?:不少于|至少)?(?P<b>[一二两三四五六1-6])(?:次|期|场|回)(?:以上)?(?:的)?(?:集中)?(?:学法|学习|培训|讲座|会议|例会|研究|听取|汇报|督[查察]|检查|辅导|考试|旁听|述法))"
)
_HELD = re.compile(
    r"(?:共|累计|全年|已|先后|今年|本年|年内|举办了?|开展了?|组织了?|召开了?|进行了?|学法)[^，,。；;\n]{0,24}?(?:\d+|[一二两三四五六七八九十]+)\s*(?:余|多)?(?:次|场|期|堂|讲|轮|批)"
)
_TIMES = re.compile(r"次|场|期|堂|讲|轮|批")


def check(view: View) -> Iterator[Finding]:
    """「每季度集中学法一次」 in a paragraph on what was done that never says how often: one finding for the text."""
    if not view.is_report or not _EVERY.search(view.text):
        return
    past = Past(view)
    found = [rule for rule, held in _rules(view) if not held and past.holds(rule.start())]
    if found:
        phrases = list(dict.fromkeys(rule.group() for rule in found))
        yield RULE.finding(
            f"{'、'.join(f'“{phrase}”' for phrase in phrases)}是制度的要求，不是做到的结果，本段没有写实际做了几次。"
            "请写明报告期内的次数、日期和参加人数。",
            [rule.span() for rule in found],
            phrase=phrases[0],
            phrases=phrases,
        )


def _rules(view: View) -> Iterator[tuple[re.Match[str], bool]]:
    """The demands, each with whether its paragraph says how often it was met."""
    end, held = -1, False
    for rule in _RULE.finditer(view.text):
        if rule.start() >= end:
            end = view.text.find("\n", rule.end())
            end = len(view.text) if end < 0 else end
            held = _held(view, (view.text.rfind("\n", 0, rule.start()) + 1, end))
        yield rule, held


def _held(view: View, paragraph: Span) -> bool:
    """Whether a paragraph has another number of times than those of rules."""
    rules = Stretches(rule.span() for rule in _RULE.finditer(view.text, *paragraph))
    for figure in view.figures_in(paragraph):
        start = figure.span[0]
        if start not in rules and _TIMES.search(figure.unit) and "每" not in view.text[start - 6 : start]:
            return True
    return any(
        held.start() not in rules
        for held in _HELD.finditer(view.text, *paragraph)
        if "每" not in held.group()
    )


RULE = Rule(
    id="claim.rule",
    severity=Severity.NOTICE,
    title="把制度要求写成了成效",
    explanation=(
        "年度报告写成效的部分只写“每季度学法几次”“每年听取汇报几次”的要求，同一段没有写报告期内实际做了几次。要求人人可以写，做到几次才是成效。"
        "同段写了实际次数的、写计划和不足的部分不提出。全文合为一条。"
    ),
    check=check,
)
