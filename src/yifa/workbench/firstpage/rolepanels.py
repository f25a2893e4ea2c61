"""What the first page shows to those who watch over others' work: supervisors, auditors, assessors, publishers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from yifa.assessment.models import Assessment
from yifa.law.loader import catalogue
from yifa.ledger.chain.attempts import ACT_REFUSED
from yifa.ledger.chain.history import ACT_CORRECTED, ACT_RECORDED
from yifa.ledger.models import Case, CaseClock, Organization, Record, Role, Seal, Subject, User
from yifa.ledger.models.scoping import among_units, reach
from yifa.ledger.proof import verifying
from yifa.ledger.search.queries import overdue, running_clocks
from yifa.planning.models import Task, TaskUnit
from yifa.procedures.awaiting import awaited_by_clock
from yifa.reporting.models import Report
from yifa.workbench.figures.charts import Chart, Series
from yifa.workbench.reports.access import involved
from yifa.workbench.rights.access import has_role, plans_for

SHOWN = 6
KEPT_SECONDS = 60
CHARTED = 12
RECENT = timedelta(days=30)
TO_THE_PUBLIC = (
    "公开",
    "公布",
    "公示",
    "公告",
    "发布",
)  # acts that are there for it, among those done in public
LOOKED_AT = 2000  # records looked through for what was entered late or corrected
PROBLEMS = (
    "rectification_item",
    "audit_finding",
    "supervision_letter",
    "case_review",
    "enforcement_complaint",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a panel; `due` is shown with the days left, `value` as it is."""

    title: str
    url: str
    about: str = ""
    due: date | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One card of the first page. `more`: where all of it is; `empty`: what it says without lines."""

    title: str
    lines: tuple[Line, ...]
    empty: str
    more: str = ""
    chart: Chart | None = None
    note: str = ""


def watches(user: User) -> bool:
    """Whether there are panels for the user."""
    return has_role(user, list(MADE))


def panels(user: User, today: date) -> list[Panel]:
    """The panels of the user's roles, own and held for others."""
    return [panel for role, make in MADE.items() if has_role(user, [role]) for panel in make(user, today)]


def _of_supervisor(user: User, today: date) -> Iterable[Panel]:
    rows = running_clocks(user).filter(case__case_type__in=PROBLEMS)
    yield Panel(
        "整改和督办到期",
        tuple(_due(clock) for clock in rows[:SHOWN]),
        "没有正在整改、督办的问题。",
        f"{reverse('clocks')}?type=rectification_item",
    )
    chart, none = _missed_by_unit(user, today), "没有超过时限的事项。"
    yield Panel(
        "各单位超过时限", (), "" if chart else none, f"{reverse('cases')}?state=overdue&sort=due", chart
    )
    faulty = Case.objects.listed_for(user).filter(findings_count__gt=0, closed_on__isnull=True)
    newest = faulty.select_related("organization").order_by("-opened_on", "-id")[:SHOWN]
    lines = tuple(
        Line(
            case.title,
            reverse("case", args=[case.pk]),
            str(case.organization),
            value=f"问题 {case.findings_count}",
        )
        for case in newest
    )
    yield Panel("在办事项的程序问题", lines, "在办事项没有程序问题。", f"{reverse('cases')}?state=faulty")


def _due(clock: CaseClock) -> Line:
    kind = catalogue().case_types.get(clock.case.case_type)
    title = kind.clocks[clock.clock].title if kind and clock.clock in kind.clocks else clock.clock
    about = f"{title} · {clock.case.organization}"
    return Line(clock.case.title, reverse("case", args=[clock.case_id]), about, clock.due)


def _missed_by_unit(user: User, today: date) -> Chart | None:
    """Deadlines overstepped by now, by the unit right below the top with all below it; kept for a minute."""
    key = f"missed:{user.pk}:{today}:{','.join(reach(user))}"
    counts: dict[int, int] | None = cache.get(key)
    if counts is None:
        late = overdue(user, today).order_by().values_list("organization_id")
        counts = dict(late.annotate(Count("pk")))
        cache.set(key, counts, KEPT_SECONDS)
    units = {one.pk: one for one in Organization.objects.filter(pk__in=counts)}
    tops = {one.code: one for one in Organization.objects.filter(parent__parent=None)}
    found: Counter[str] = Counter()
    for pk, count in counts.items():
        codes = units[pk].ancestor_codes()
        found[codes[min(1, len(codes) - 1)]] += count
    most = found.most_common(CHARTED)
    if not most:
        return None
    names = [
        (tops[code].short_name or tops[code].name) + ("（本级）" if tops[code].parent_id is None else "")
        for code, _ in most
    ]
    links = [
        f"{reverse('cases')}?state=overdue&sort=due" + (f"&unit={code}" if tops[code].parent_id else "")
        for code, _ in most
    ]
    return Chart(
        "missed-chart",
        "bar",
        names,
        [Series("超过时限", [count for _, count in most], "danger")],
        flat=True,
        urls=links,
    )


def _of_auditor(user: User, today: date) -> Iterable[Panel]:
    tried = among_units(Record.objects.filter(subject=Subject.ATTEMPT, kind=ACT_REFUSED), user)
    yield Panel(
        "被拒绝的办理",
        tuple(_lines(tried.order_by("-recorded_at"))),
        "没有被拒绝的办理。",
        note="法律不允许、系统没有让办的，逐次留痕；事项页也能看到。",
    )
    since = Record.objects.filter(subject=Subject.CASE, recorded_on__gte=today - RECENT).order_by("-id")
    looked = since.values("pk")[:LOOKED_AT]
    corrected = Q(kind=ACT_CORRECTED)
    late = Q(kind=ACT_RECORDED, payload__contains='"entered":"back"')
    rows = among_units(Record.objects.filter(pk__in=looked), user)
    found = rows.filter(corrected | late).order_by("-id")
    counted = rows.aggregate(corrected=Count("pk", filter=corrected), late=Count("pk", filter=late))
    yield Panel(
        "补录和更正",
        tuple(_lines(found)),
        "近三十天没有补录和更正。",
        note=f"近三十天最新 {LOOKED_AT:,} 条记录中：补录 {counted['late']} 条，更正 {counted['corrected']} 条。",
    )
    yield Panel("台账核验", tuple(_verified()), "台账里还没有记录。", reverse("verification"))


def _lines(records: QuerySet[Record]) -> Iterator[Line]:
    """Lines of the ledger in words, the first few."""
    rows = list(records.select_related("organization", "recorded_by")[:SHOWN])
    cases = Case.objects.in_bulk([one.subject_id for one in rows])
    for one in rows:
        if (case := cases.get(one.subject_id)) is not None:
            yield _line(one, case)


def _line(record: Record, case: Case) -> Line:
    said = json.loads(record.payload)
    kind = catalogue().case_types.get(case.case_type)
    act = str(said.get("act") or "")
    title = kind.acts[act].title if kind and act in kind.acts else ""
    word = {ACT_REFUSED: "被拒绝", ACT_CORRECTED: "更正", ACT_RECORDED: "补录"}[record.kind]
    who = record.recorded_by.display_name if record.recorded_by else "系统"
    why = f"：{said['reason']}" if said.get("reason") else ""
    about = f"{who} · {record.organization} · {timezone.localtime(record.recorded_at):%Y-%m-%d %H:%M}{why}"
    return Line(f"{word}{title}：{case.title}", reverse("case", args=[case.pk]), about)


def _verified() -> Iterable[Line]:
    url = reverse("verification")
    last = verifying.last()
    if last is None:
        yield Line("还没有核验过", url, "点开可以核验全部记录、封存和附件")
    else:
        said = f"发现 {last.count} 处不符" if last.count else "没有发现问题"
        yield Line(f"最近一次核验：{said}", url, f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}")
    seal = Seal.objects.order_by("-day").first()
    if seal is not None:
        yield Line(f"最近封存：{seal.day:%Y年%-m月%-d日}", url, f"当天记录 {seal.count} 条")


def _of_assessor(user: User, today: date) -> Iterable[Panel]:
    going = Assessment.objects.exclude(state=Assessment.State.FROZEN).filter(
        organization__in=Organization.objects.for_user(user).values("pk")
    )
    lines = tuple(
        Line(str(one), reverse("assessment_year", args=[one.pk]), one.get_state_display())
        for one in going.order_by("-year")[:SHOWN]
    )
    yield Panel("正在进行的考核", lines, "没有正在进行的考核。", reverse("assessments"))
    chart = _duties(user, today)
    yield Panel(
        "各单位牵头任务的进展", (), "" if chart else "没有已印发的工作要点。", reverse("plans"), chart
    )
    gaps = tuple(
        Line(one.title, reverse("gap", args=[name]), one.explain) for name, one in catalogue().gaps.items()
    )
    yield Panel(
        "缺口清单",
        gaps[:SHOWN],
        "目录里还没有缺口清单。",
        reverse("gaps"),
        note="应当有而台账里没有的，点开逐条核对。",
    )


def _duties(user: User, today: date) -> Chart | None:
    plan = (
        plans_for(user)
        .filter(issued_on__isnull=False, year__lte=today.year)
        .order_by("-year", "organization__path")
        .first()
    )
    if plan is None:
        return None
    rows = TaskUnit.objects.filter(
        task__plan=plan, task__parent=None, role=TaskUnit.Role.LEAD, task__cancelled_on=None
    )
    done, late = Q(task__state=Task.State.DONE), Q(task__due__lt=today)
    counted = list(
        rows.values("organization__code", "organization__name", "organization__short_name")
        .annotate(done=Count("pk", filter=done), late=Count("pk", filter=late & ~done), all=Count("pk"))
        .order_by("-late", "-all")[:CHARTED]
    )
    if not counted:
        return None
    series = [
        Series("已完成", [row["done"] for row in counted], "success"),
        Series("未完成", [row["all"] - row["done"] - row["late"] for row in counted], "primary"),
        Series("逾期", [row["late"] for row in counted], "danger"),
    ]
    labels = [row["organization__short_name"] or row["organization__name"] for row in counted]
    links = [f"{reverse('plan_matrix', args=[plan.pk])}?unit={row['organization__code']}" for row in counted]
    return Chart("duties-chart", "bar", labels, series, stacked=True, flat=True, urls=links)


def _of_publisher(user: User, today: date) -> Iterable[Panel]:
    clocks = [
        (kind.case_type, clock)
        for kind in catalogue().case_types.values()
        for clock, act in awaited_by_clock(kind).items()
        if kind.acts[act].public and any(word in kind.acts[act].title for word in TO_THE_PUBLIC)
    ]
    rows = _of_kinds(running_clocks(user), clocks)
    yield Panel(
        "等待公开的事项",
        tuple(_due(clock) for clock in rows[:SHOWN]),
        "没有等待公开的事项。",
        note="按法定公开日先后。",
    )
    reports = involved(user).exclude(state=Report.State.PUBLISHED).order_by("-year", "pk")[:SHOWN]
    lines = tuple(
        Line(str(one), reverse("report_steps", args=[one.pk]), value=one.get_state_display())
        for one in reports
    )
    yield Panel("还没有公开的年度报告", lines, "年度报告都已公开。", reverse("reports"))


def _of_kinds(rows: QuerySet[CaseClock], clocks: Iterable[tuple[str, str]]) -> QuerySet[CaseClock]:
    wanted = Q(pk__in=[])
    for kind, clock in clocks:
        wanted |= Q(clock=clock, case__case_type=kind)
    return rows.filter(wanted, clock__in=sorted({clock for _, clock in clocks}))


MADE: dict[str, Callable[[User, date], Iterable[Panel]]] = {
    Role.SUPERVISOR: _of_supervisor,
    Role.AUDITOR: _of_auditor,
    Role.ASSESSOR: _of_assessor,
    Role.PUBLISHER: _of_publisher,
}
