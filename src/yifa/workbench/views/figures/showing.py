"""One figure: value, rule, period, breakdown, comparison with the years before, records, digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.figures.counting import Counted, CountedRecord
from yifa.ledger.figures.restating import editions
from yifa.ledger.figures.spanrecords import SpanRecords
from yifa.ledger.figures.spansearch import FoundRecords
from yifa.ledger.models import Role
from yifa.reporting.wording import printed
from yifa.workbench.figures.charts import Chart, Series
from yifa.workbench.figures.keyfigures import Counting, figure_url, kind_of, year_before
from yifa.workbench.figures.scope import Scope, scope_of
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest, has_role
from yifa.workbench.rights.permits import TAKE_PROOF

PAGE = 50
YEARS = 5
MOST_DIGESTED = 500  # records of which the digest is shown unasked


@dataclass(frozen=True, slots=True)
class Change:
    """From the year before to this one; nothing where one of both was not counted."""

    amount: str
    share: str


def rule_of(rule: str) -> CountingRule:
    """The counting rule, or 404."""
    found = catalogue().counting_rules.get(rule)
    if found is None:
        raise Http404
    return found


@login_required
def figure(request: SignedInRequest, rule: str) -> HttpResponseBase:
    """One figure with everything behind it."""
    found, scope = rule_of(rule), scope_of(request, request.user)
    crumbs = [("数字", f"{reverse('figures')}?kind={kind_of(found)}&unit={scope.unit.code}")]
    context: dict[str, object] = {"title": found.title, "rule": found, "scope": scope, "crumbs": crumbs}
    if scope.wrong:
        return render(request, "workbench/figures/figure.html", context, status=422)
    counting, today = Counting(), timezone.localdate()
    now = counting.get(rule, scope.unit, scope.start, scope.end)
    words = request.GET.get("q", "").strip()
    chosen = matching(now.records, words)
    if request.GET.get("format") == "xlsx":
        return _sheet(found, now, chosen)
    before = counting.get(rule, scope.unit, year_before(scope.start), year_before(scope.end))
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    context |= {
        "counted": now,
        "may_decline": has_role(request.user, [Role.COORDINATOR], scope.unit),
        "may_prove": has_role(request.user, TAKE_PROOF.roles, scope.unit),
        "before": before,
        "change": change(before, now) if scope.end <= today else None,
        "running": ("还没有开始" if scope.start > today else "还没有结束") if scope.end > today else "",
        "before_url": figure_url(rule, scope.unit, year_before(scope.start), year_before(scope.end)),
        "parts": parts_chart(now),
        "words": words,
        "page": page,
        "page_range": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "records": [(record, record_url(record)) for record in page],
        "editions": len(editions(found)),
        "digest": _digest(now, asked="digest" in request.GET),
        "shares": [
            (share, rule_of(share.rule).title, figure_url(share.rule, scope.unit, scope.start, scope.end))
            for share in (now.numerator, now.denominator)
            if share is not None
        ],
    }
    live = getattr(request, "htmx", False) and request.headers.get("HX-Target") == "records"
    template = "workbench/figures/records.html" if live else "workbench/figures/figure.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


@login_required
def years(request: SignedInRequest, rule: str) -> HttpResponse:
    """The same period of up to five years, as a chart with its table; asked for when the figure stands already."""
    found, scope = rule_of(rule), scope_of(request, request.user)
    if scope.wrong:
        raise Http404
    counting = Counting()
    rows = [
        (
            _label(start, end),
            counting.get(rule, scope.unit, start, end),
            figure_url(rule, scope.unit, start, end),
        )
        for start, end in periods(scope)
    ]
    context = {
        "title": f"{found.title}：近{YEARS}年",
        "rule": found,
        "scope": scope,
        "rows": rows,
        "chart": years_chart(found, rows),
        "began": counting.began(rule, scope.unit),
        "first": periods(scope)[0][0],
        "editions": len(editions(found)),
        "crumbs": [
            ("数字", reverse("figures")),
            (found.title, figure_url(rule, scope.unit, scope.start, scope.end)),
        ],
    }
    live = bool(getattr(request, "htmx", False))
    template = "workbench/figures/years_part.html" if live else "workbench/figures/years.html"
    return render(request, template, context)


def periods(scope: Scope) -> list[tuple[date, date]]:
    """The period of the scope in five years, the oldest first."""
    found = [(scope.start, scope.end)]
    for _ in range(YEARS - 1):
        start, end = found[-1]
        if start.year <= date.min.year + 1:
            break
        found.append((year_before(start), year_before(end)))
    return found[::-1]


def _label(start: date, end: date) -> str:
    return f"{start.year}年" if start.year == end.year else f"{start.year}—{end.year}年"


def years_chart(rule: CountingRule, rows: Iterable[tuple[str, Counted, str]]) -> Chart | None:
    """One bar a year; a year that was not counted has none, which is not a bar of height 0."""
    shown = list(rows)
    values = [None if counted.value is None else float(counted.value) for _, counted, _ in shown]
    if not any(values):
        return None
    return Chart(
        id="years",
        kind="bar",
        labels=[label for label, _, _ in shown],
        series=[Series(rule.unit, values)],
        urls=[url for _, _, url in shown],
    )


def change(before: Counted, now: Counted) -> Change | None:
    """How much more or less than the year before, where both were counted."""
    if before.value is None or now.value is None:
        return None
    more = now.value - before.value
    if not more:
        return Change("持平", "")
    word = "增加" if more > 0 else "减少"
    if now.unit in {"%", "％"}:
        return Change(f"{word}{printed('counted', abs(more), '')}个百分点", "")
    share = printed("counted", abs(more) * 100 / before.value, "%") if before.value > 0 else ""
    return Change(f"{word}{printed('counted', abs(more), now.unit)}", share)


def matching(records: Sequence[CountedRecord], words: str) -> Sequence[CountedRecord]:
    """The records in which every word stands: title, number, unit, act, part or day."""
    wanted = words.lower().split()
    if not wanted:
        return records
    if isinstance(records, SpanRecords):
        return FoundRecords(records, wanted)
    return [record for record in records if all(word in _said(record) for word in wanted)]


def _said(record: CountedRecord) -> str:
    parts = (record.title, record.number, record.unit, record.act, record.part or "", record.on.isoformat())
    return "\n".join(parts).lower()


def record_url(record: CountedRecord) -> str:
    """The page of the case or entry a record is."""
    if record.kind == "case":
        return f"{reverse('case', args=[record.id])}#act-{record.position}"
    return reverse("entry", args=[record.id]) if record.kind == "entry" else ""


def parts_chart(counted: Counted) -> Chart | None:
    """The breakdown, largest first."""
    parts = sorted(counted.parts.items(), key=lambda part: -part[1])
    if len(parts) < 2:
        return None
    return Chart(
        id="parts",
        kind="bar",
        labels=[name for name, _ in parts],
        series=[Series(counted.unit, [float(value) for _, value in parts])],
        flat=True,
    )


def _digest(counted: Counted, asked: bool) -> str:
    """The digest of the records; that of very many only where it is asked for, since all must be read."""
    many = sum(
        len(one.records) for one in (counted, counted.numerator, counted.denominator) if one is not None
    )
    return counted.digest if asked or many <= MOST_DIGESTED else ""


def _sheet(rule: CountingRule, counted: Counted, records: Iterable[CountedRecord]) -> HttpResponseBase:
    heads = ["名称", "编号", "单位", "日期", "环节", "计入", "分项", "记录摘要（SM3）"]
    return sheet_response(rule.title, heads, _rows(counted, records))


def _rows(counted: Counted, records: Iterable[CountedRecord]) -> Iterator[list[object]]:
    if counted.status != "counted":  # an empty sheet would look like 0
        yield [printed(counted.status, counted.value, counted.unit), *[""] * 7]
        return
    for record in records:
        yield [
            record.title, record.number, record.unit, record.on, record.act, float(record.value), record.part or "",
            record.digest,
        ]  # fmt: skip
