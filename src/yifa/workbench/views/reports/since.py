"""A report's figures beside the ledger of today: one figure, and the list of all that differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.figures.laterrecords import Later
from yifa.ledger.models import Case, User
from yifa.reporting.since import RecordChange, Since, SinceReport
from yifa.reporting.wording import period, printed
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.reports.access import seen_report
from yifa.workbench.rights.access import SignedInRequest, units_that_open
from yifa.workbench.views.figures.showing import record_url

SHOWN = 50
PROCEDURE = "figure_change"


@dataclass(frozen=True, slots=True)
class SinceLine:
    """A figure of the report beside today, as the pages draw it."""

    since: Since
    changes: Sequence[tuple[RecordChange, str]]
    more: int
    address: str
    procedures: Sequence[Case] = ()
    begin: str = ""  # where the change of a published figure is begun, for those who may


@login_required
def since(request: SignedInRequest, report_id: UUID) -> HttpResponseBase:
    """All figures of a report that are no longer what the ledger gives, and why."""
    report = seen_report(request.user, report_id)
    whole = request.GET.get("format") == "xlsx"
    found = SinceReport(report, None if whole else SHOWN).all()
    if whole:
        return sheet_response(f"{report.title}_与台账今天的差异", HEADS, _rows(found))
    changed = [one for one in found if one.value_differs]
    procedures = _procedures(request.user, changed)
    context = {
        "title": "本报告的数字与台账今天的差异",
        "report": report,
        "total": len(found),
        "changed": [line_of(one, procedures=procedures.get(one.figure.title, ())) for one in changed],
        "inside": [line_of(one) for one in found if one.differs and not one.value_differs],
        "restated": [one for one in found if one.restated is not None],
        "gone": [one for one in found if one.now is None],
        "crumbs": [("年度报告", reverse("reports")), (report.title, reverse("report", args=[report.pk]))],
    }
    return render(request, "workbench/reports/since.html", context)


def since_figure(user: User, one: Since) -> SinceLine | None:
    """What a figure's own page says of today; nothing where all is as it was."""
    if not one.differs and one.restated is None and one.now is not None:
        return None
    return line_of(
        one, procedures=_procedures(user, [one]).get(one.figure.title, ()), begin=_begin(user, one)
    )


def line_of(one: Since, *, procedures: Sequence[Case] = (), begin: str = "") -> SinceLine:
    """The first changes of a figure with the pages of their records."""
    changes = [(change, record_url(change.record)) for change in one.changes[:SHOWN]]
    address = reverse("report_figure", args=[one.figure.report_id, one.figure.rule])
    return SinceLine(one, changes, len(one.changes) - len(changes) + one.rest, address, procedures, begin)


def _procedures(user: User, found: Iterable[Since]) -> dict[str, list[Case]]:
    """The changes of published figures that are on record, by the figure's title."""
    titles = [one.figure.title for one in found if one.value_differs]
    cases = (
        Case.objects.for_user(user).filter(case_type=PROCEDURE, facts__figure__in=titles) if titles else ()
    )
    by_title: dict[str, list[Case]] = {}
    for case in cases:
        by_title.setdefault(case.facts["figure"], []).append(case)
    return by_title


def _begin(user: User, one: Since) -> str:
    """Where to begin the procedure for the change of a figure that was given out, filled in; "" for those who may not."""
    figure, now = one.figure, one.now
    kind = catalogue().case_types.get(PROCEDURE)
    if kind is None or not one.value_differs or now is None or now.value is None or figure.value is None:
        return ""
    if figure.report.submitted_at is None or not units_that_open(user, kind, [figure.report.organization]):
        return ""
    given = {
        "facts-f_figure": figure.title,
        "facts-f_period": period(figure.period_start, figure.period_end),
        "facts-f_old_value": f"{figure.value.normalize():f}",
        "facts-f_new_value": f"{now.value.normalize():f}",
        "facts-f_reason": "；".join(dict.fromkeys(_reasons(one.changes))),
        "facts-f_published": "yes",
    }
    return f"{reverse('open_case', args=[PROCEDURE])}?{urlencode(given)}"


def _reasons(changes: Iterable[RecordChange]) -> Iterator[str]:
    for change in changes:
        for later in change.later:
            yield f"{change.record.title}：{later.word}{f'（{later.reason}）' if later.reason else ''}"


HEADS = [
    "数字", "口径编号", "报告写的", "台账今天", "报告所用口径版本", "今天的口径", "差异", "记录", "编号", "单位", "日期",
    "此后的记录", "理由", "登记人", "登记时间", "记录摘要（SM3）",
]  # fmt: skip


def _rows(found: Iterable[Since]) -> Iterator[list[object]]:
    for one in found:
        if not one.differs and one.restated is None and one.now is not None:
            continue
        figure, now = one.figure, one.now
        head = [
            figure.title,
            figure.rule,
            printed(figure.status, figure.value, figure.unit),
            printed(now.status, now.value, now.unit) if now else "目录里已没有这一版口径",
            figure.rule_version,
            printed(one.restated.status, one.restated.value, one.restated.unit) if one.restated else "",
        ]
        yield [*head, *[""] * 10]
        for change in one.changes:
            record = change.record
            what = [*[""] * 6, change.word, record.title, record.number, record.unit, record.on]
            for later in change.later or (None,):
                yield [*what, *_told(later)]


def _told(later: Later | None) -> list[object]:
    if later is None:
        return [""] * 5
    moment = f"{timezone.localtime(later.recorded_at):%Y-%m-%d %H:%M}"
    return [f"{later.word}{later.about} {later.told}".strip(), later.reason, later.who, moment, later.digest]
