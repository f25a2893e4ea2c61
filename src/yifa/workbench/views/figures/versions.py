"""One figure under each version its rule had: as it was counted then, and restated under today's rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.law.loader import catalogue
from yifa.law.phrases import day
from yifa.law.rulewords import Lines, in_words
from yifa.ledger.figures.counting import CountedRecord
from yifa.ledger.figures.counting import Counting as Pass
from yifa.ledger.figures.recordsets import Difference
from yifa.ledger.figures.restating import Restated, restate
from yifa.reporting.wording import printed
from yifa.workbench.figures.keyfigures import figure_url
from yifa.workbench.figures.scope import scope_of
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.figures.showing import record_url, rule_of

SHOWN = 100
WORDS = {
    "added": "只按今天的口径计入",
    "removed": "只按当时的口径计入",
    "changed": "都计入，日期、数量或者分项不同",
}
RecordLine = tuple[
    str, CountedRecord, CountedRecord | None, str
]  # word, as it counts (now), as it counted, address


@dataclass(frozen=True, slots=True)
class Side:
    """One column: an edition with its value and the records between it and today."""

    restated: Restated
    words: Lines
    version: str
    period: str
    lines: list[RecordLine]
    more: int


@login_required
def versions(request: SignedInRequest, rule: str) -> HttpResponseBase:
    """All versions side by side."""
    found, scope = rule_of(rule), scope_of(request, request.user)
    if scope.wrong:
        raise Http404
    editions = restate(rule, Pass(scope.unit, scope.start, scope.end))
    if request.GET.get("format") == "xlsx":
        return sheet_response(f"{found.title}_各版口径", _heads(), _rows(editions))
    sides = [_side(one) for one in editions]
    url = figure_url(rule, scope.unit, scope.start, scope.end)
    context = {
        "title": f"{found.title}：各版口径对照",
        "rule": found,
        "scope": scope,
        "sides": sides,
        "held": next((side for side in sides if side.restated.held), sides[0]),
        "now": sides[0],
        "crumbs": [("数字", reverse("figures")), (found.title, url)],
    }
    return render(request, "workbench/figures/versions.html", context)


def version_of(one: Restated) -> str:
    """Which version it is; of a rate those of its parts."""
    counted = one.counted
    if counted.numerator is None or counted.denominator is None:
        return f"第{one.rule.version}版"
    return f"分子第{counted.numerator.version}版，分母第{counted.denominator.version}版"


def _side(one: Restated) -> Side:
    lines = list(_lines(one.difference))
    return Side(
        restated=one,
        words=in_words(one.rule, catalogue()),
        version=version_of(one),
        period=_period(one),
        lines=lines[:SHOWN],
        more=max(0, len(lines) - SHOWN),
    )


def _period(one: Restated) -> str:
    since, until = one.edition.valid_from, one.edition.valid_to
    text = f"自{day(since)}起" if since else ""
    return text + (f"至{day(until)}" if until else "") or "一直如此"


def _lines(difference: Difference) -> Iterator[RecordLine]:
    for record in difference.removed:
        yield WORDS["removed"], record, None, record_url(record)
    for record in difference.added:
        yield WORDS["added"], record, None, record_url(record)
    for before, after in difference.changed:
        yield WORDS["changed"], after, before, record_url(after)


def _heads() -> list[str]:
    return ["适用期", "版本", "数值", "与今天口径的差异", "名称", "编号", "单位", "日期", "计入", "分项"]


def _rows(editions: tuple[Restated, ...]) -> Iterator[list[object]]:
    for one in editions:
        value = printed(one.counted.status, one.counted.value, one.counted.unit)
        yield [_period(one), version_of(one), value, *[""] * 7]
        for word, record, _, _ in _lines(one.difference):
            yield [
                "", "", "", word, record.title, record.number, record.unit, record.on, float(record.value),
                record.part or "",
            ]  # fmt: skip
