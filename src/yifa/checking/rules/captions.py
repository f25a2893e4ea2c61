"""`period.caption`: the caption of a table or chart still names the year before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View

_CAPTION = re.compile(
    r"^[ \u3000]*[表图][ \u3000]?\d{1,2}[ \u3000:：.、]*(20\d\d)年(?!\s*[-—–～~至到和、与及])(?![^\n]*20\d\d年)",
    re.M,
)


def check(view: View) -> Iterator[Finding]:
    """Captions of the year before, where others bear the year reported on."""
    year = view.document.year
    if not view.is_report or year is None:
        return
    found = list(_CAPTION.finditer(view.text))
    stale = [one for one in found if int(one.group(1)) == year - 1]
    own = sum(int(one.group(1)) == year for one in found)
    if stale and own >= len(stale):
        yield RULE.finding(
            f"报告的是{year}年，{len(stale)}处图表标题写的却是{year - 1}年，其他图表写的是{year}年。"
            "请改正，并核对表中的数是哪一年的。",
            [one.span() for one in stale],
            year=year,
            times=len(stale),
        )


RULE = Rule(
    id="period.caption",
    severity=Severity.WARNING,
    title="图表标题是上一年的",
    explanation=(
        "年度报告中，图表标题写的是上一年，而同样多或者更多的图表标题写的是报告年度，多半是沿用上年的表没有改。标题写明几个年度的（对比表）、"
        "图表标题都写上一年的不提出。全文合为一条。\n\n"
        "例：2025年度报告“表2　2024年行政复议案件办理情况”——依据：year 2025，times 1。"
    ),
    check=check,
)
