"""Figures that no catalogue rule counts: faults of procedure by kind, and what the principals did themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast

from yifa.law.loader import Catalogue
from yifa.law.schema import CaseType
from yifa.ledger.figures.columns import Columns
from yifa.ledger.figures.counted import CountedRecord
from yifa.ledger.models import CaseAct, CaseFinding, Organization, PostHolding, Role
from yifa.procedures.model import FindingKind
from yifa.reporting.computed import Computed
from yifa.reporting.recordlists import plain_list

FAULTS = {
    FindingKind.ORDER: "办理次序与规定不符",
    FindingKind.MISSING: "缺少必经环节",
    FindingKind.TOO_SHORT: "未满最短期限",
    FindingKind.EVIDENCE: "应附材料不全",
    FindingKind.ACTOR: "人员回避、分离不符合要求",
    FindingKind.REPEATED: "重复办理",
    FindingKind.FIELD: "填报内容不符合限度",
    FindingKind.BACK_ENTRY: "事后补录",
}
PRINCIPALS = "acts_of_principals"
PLAN_TASKS = "plan_tasks"  # the year's plan: offered by the rooms above; with the state behind it, e.g. plan_tasks_done

Fact = Callable[[str, Organization, date, date], Computed]
_offered: dict[str, tuple[str, Fact]] = {}


def offer(rule: str, title: str, compute: Fact) -> None:
    """Makes a figure known that another room counts; called once, when the program starts."""
    _offered[rule] = (title, compute)


def fault_rule(kind: FindingKind) -> str:
    """The id under which the cases with this fault are counted."""
    return f"cases_with_{kind}"


def fact_titles() -> dict[str, str]:
    """All figures this module can give, by id."""
    faults = {fault_rule(kind): f"程序问题：{title}" for kind, title in FAULTS.items()}
    offered = {rule: title for rule, (title, _) in _offered.items()}
    return {**faults, PRINCIPALS: "党政主要负责人参加或者主持的法治建设事项", **offered}


def compute_fact(  # noqa: PLR0917  as rooms that offer figures are asked
    rule: str,
    organization: Organization,
    start: date,
    end: date,
    catalogue: Catalogue,
    faults: Faults | None = None,
) -> Computed | None:
    """The figure of this id, None where the module does not know it. Several of `faults` are asked for at once."""
    if rule == PRINCIPALS:
        return _principals(organization, start, end, catalogue)
    if rule in _offered:
        return _offered[rule][1](rule, organization, start, end)
    kind = next((kind for kind in FAULTS if fault_rule(kind) == rule), None)
    return (faults or Faults(organization, start, end)).figure(kind, catalogue) if kind else None


Row = tuple[int, str | None, int, str, str]  # last record, first day, unit, case type, act at fault


class Faults:
    """The cases begun in a period that have faults of procedure, of all kinds in one query and as columns."""

    def __init__(self, organization: Organization, start: date, end: date) -> None:
        self._whose, self._start, self._end = organization, start, end

    def figure(self, kind: FindingKind, catalogue: Catalogue) -> Computed:
        """The figure of one kind: a case once, by the first of its findings."""
        once: dict[int, Row] = {}
        for row in self._rows[kind]:
            once.setdefault(row[0], row)
        ordered = [once[record] for record in sorted(once)]
        types = catalogue.case_types
        columns = Columns(
            records=[record for record, *_ in ordered],
            positions=[0] * len(ordered),
            days=[_ordinal(on) if on else 0 for _, on, *_ in ordered],
            units=[unit for _, _, unit, *_ in ordered],
            parts=[types[case_type].title for *_, case_type, _ in ordered],
            acts=[_title(types[case_type], act) for *_, case_type, act in ordered],
        )
        explain = f"统计期间内开始的各类事项中，台账按法定程序比对后标记为“{FAULTS[kind]}”的事项，一件计一次，按事项类型分列。"
        records, parts = plain_list([columns], self._units), Counter(columns.parts or ())
        return _figure(fault_rule(kind), explain, "件", "事项类型", records, parts)

    @cached_property
    def _units(self) -> dict[int, str]:
        return dict(Organization.objects.below(self._whose).values_list("id", "name"))

    @cached_property
    def _rows(self) -> Mapping[str, list[Row]]:
        found = CaseFinding.objects.filter(
            kind__in=FAULTS,
            case__findings_count__gt=0,  # their own index tells which these are
            case__opened_on__range=(self._start, self._end),
            **_of(self._units),
        ).order_by("id")
        rows: dict[str, list[Row]] = defaultdict(list)
        found = found.annotate(day=Cast("case__opened_on", CharField()))  # a driver makes dates one by one
        names = ("case__last", "day", "case__organization_id", "case__case_type", "act")
        for kind, *row in found.values_list("kind", *names).iterator(chunk_size=10_000):
            rows[kind].append(tuple(row))
        return rows


@lru_cache(maxsize=20_000)
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _title(case_type: CaseType, act: str) -> str:
    return case_type.acts[act].title if act in case_type.acts else ""


def _of(units: Mapping[int, str]) -> dict[str, Any]:
    """Which cases are the organization's; where there is no other nobody need be asked."""
    return {} if len(units) == Organization.objects.count() else {"case__organization_id__in": list(units)}


def principals(organization: Organization, start: date, end: date) -> list[PostHolding]:
    """Who held a principal post of the organization in the period, post by post in the order of taking it up."""
    return list(
        PostHolding.objects.filter(post__organization=organization, post__principal=True, valid_from__lte=end)
        .exclude(valid_to__lt=start)
        .select_related("post", "person")
        .order_by("post_id", "valid_from")
    )


PRINCIPALS_ACTS = (
    "actor", "happened_on", "case_id", "position", "act", "case__case_type", "case__title", "case__number",
    "case__organization__name", "record__digest",
)  # fmt: skip


def _principals(organization: Organization, start: date, end: date, catalogue: Catalogue) -> Computed:
    held = principals(organization, start, end)
    acts = CaseAct.objects.filter(
        actor__in={holding.person.name for holding in held},
        role=Role.LEADER,  # a name alone is nobody in particular
        happened_on__range=(start, end),
        case__organization__path__startswith=organization.path,
    ).order_by("happened_on", "case_id", "position")
    lines = []
    for actor, on, case, position, act, kind, subject, number, unit, digest in acts.values_list(
        *PRINCIPALS_ACTS
    ):
        if not any(_held_by(holding, actor, on) for holding in held):
            continue
        case_type = catalogue.case_types[kind]
        title = _title(case_type, act) or act
        lines.append(
            CountedRecord(
                kind="case",
                id=case,
                position=position,
                on=on,
                title=subject,
                number=number,
                unit=unit,
                act=f"{title}（{actor}）",
                value=Decimal(1),
                part=f"{case_type.title}{title}",
                digest=digest,
            )
        )
    explain = (
        "统计期间内，本级党政主要负责人在任期间（以任职记录为准）以领导身份本人办理、主持或者参加的环节，一个环节计一次，"
        "按事项类型和环节分列。"
    )
    return computed(PRINCIPALS, explain, "次", "事项和环节", lines)


def _held_by(holding: PostHolding, name: str, on: date) -> bool:
    in_time = holding.valid_from <= on and (holding.valid_to is None or on <= holding.valid_to)
    return in_time and holding.person.name == name


def computed(
    rule: str, explain: str, unit: str, parts_title: str, lines: Sequence[CountedRecord]
) -> Computed:
    """A figure of these records, one each."""
    parts = Counter(line.part for line in lines if line.part)
    return _figure(rule, explain, unit, parts_title, lines, parts)


def _figure(  # noqa: PLR0917  in the order of a figure
    rule: str,
    explain: str,
    unit: str,
    parts_title: str,
    records: Sequence[CountedRecord],
    parts: Counter[Any],
) -> Computed:
    ordered = sorted(parts.items(), key=lambda part: (-part[1], part[0]))
    return Computed(
        rule=rule,
        version=1,
        title=fact_titles()[rule],
        explain=explain,
        basis=None,
        unit=unit,
        status="counted",
        value=Decimal(len(records)),
        parts={label: Decimal(number) for label, number in ordered},
        parts_title=parts_title,
        records=records,
    )
