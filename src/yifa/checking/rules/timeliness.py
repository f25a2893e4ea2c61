"""`period.early` and `period.late`: the signature against the year reported on and the day set for publishing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.rules import periods
from yifa.checking.view import View
from yifa.law.phrases import day
from yifa.law.schema import Basis
from yifa.reading.dates import DAY, DOTTED, date_in
from yifa.reading.document import Span

_IN_FORCE = date(2019, 4, 15)
_BASIS = Basis(law="法治政府建设与责任落实督察工作规定", article="第二十四条")
_SUBJECT = re.compile(r"法治政府|依法行政|法治建设")
_DECEMBER, _LAST_DAY, _APRIL = 12, 31, 4
_DAYS = 10  # days left of the year in which more than a few cases come in
_LATEST = 3  # years behind the year reported on; later, the day is that of another page


def check_early(view: View) -> Iterator[Finding]:
    """A report on the whole year that was signed before its end and does not say up to when it counts."""
    signed, year = view.document.dated, view.document.year
    if not view.is_report or signed is None or year is None:
        return
    missing = (date(year, _DECEMBER, _LAST_DAY) - signed).days
    if signed.year != year or missing < _DAYS or _declares_end(view, signed):
        return
    if next(iter(periods.CUTOFF.check(view)), None):
        return  # said there, with the places
    yield EARLY.finding(
        f"报告的是{year}年全年，落款却是{day(signed)}，年末以前的情况还没有发生，数字不是全年数。"
        f"请在{year + 1}年初按全年数据报告，或写明统计截止日。",
        _place_of(view.text, signed),
        dated=signed.isoformat(),
        year=year,
        missing_days=missing,
    )


def _declares_end(view: View, signed: date) -> bool:
    period = view.document.period
    return period is not None and period[1] <= signed


def check_late(view: View) -> Iterator[Finding]:
    """A report signed on or after 1 April of the next year, the day before which it had to be public."""
    signed, year = view.document.dated, view.document.year
    if not view.is_report or signed is None or year is None or signed < _IN_FORCE:
        return
    due = date(year + 1, _APRIL, 1)
    if signed < due or signed.year > year + _LATEST or not _is_legal_report(view):
        return
    yield LATE.finding(
        f"{year}年度的报告应当在{day(due)}之前公开，落款是{day(signed)}，已经晚了{(signed - due).days + 1}天。"
        "请核对落款日期；确已逾期的，说明原因并尽快公开。",
        _place_of(view.text, signed),
        basis=_BASIS,
        dated=signed.isoformat(),
        due=due.isoformat(),
        days=(signed - due).days + 1,
    )


def _place_of(text: str, signed: date) -> list[Span]:
    """Where the day of signing stands: its last mention."""
    days = (found for pattern in (DAY, DOTTED) for found in pattern.finditer(text))
    return sorted(found.span() for found in days if date_in(found) == signed)[-1:]


def _is_legal_report(view: View) -> bool:
    return _SUBJECT.search(view.document.title or view.text[:300]) is not None


EARLY = Rule(
    id="period.early",
    severity=Severity.NOTICE,
    title="年度没有结束就落款",
    explanation=(
        "年度报告的落款日期比报告年度的12月31日早十天以上，报告又没有写明统计到哪一天，所列数字不可能是全年数。已由“数字没有统计到年末”指出截止日的，"
        "以及报告期本来就在落款以前结束的，不提出。"
    ),
    check=check_early,
)
LATE = Rule(
    id="period.late",
    severity=Severity.WARNING,
    title="落款晚于公开期限",
    explanation=(
        "2019年4月15日起，法治政府建设年度报告应当在次年4月1日之前向社会公开。落款日期已到或者晚于这一天，公开必然逾期。"
        "没有落款日期的、2019年4月15日以前落款的、不是法治政府建设报告的不判断。"
    ),
    check=check_late,
)
