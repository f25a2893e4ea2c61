"""From what is drawn: entries of registers, cases, units, people, as they stand on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any

from django.db.models import Max, Q, QuerySet

from yifa.draws import OBJECTS, PEOPLE, Item, Pool, pool
from yifa.ledger.models import Case, Entry, Organization, Role, User
from yifa.ledger.search.queries import in_force
from yifa.supervision.models import Draw, DrawnLot

FILES, REVIEWERS, UNITS, EXPERTS = "案卷", "评查人员", "单位", "评审专家"
REVIEWING = (Role.REVIEWER, Role.SUPERVISOR, Role.ASSESSOR)
SIDES: Mapping[str, tuple[str, ...]] = {
    Draw.Purpose.INSPECTION: (OBJECTS, PEOPLE),
    Draw.Purpose.FILES: (FILES, REVIEWERS),
    Draw.Purpose.UNITS: (UNITS,),
    Draw.Purpose.EXPERTS: (EXPERTS,),
}
FACETS: Mapping[str, tuple[str, ...]] = {
    OBJECTS: ("风险等级", "行业"),
    PEOPLE: ("单位", "专业领域"),
    REVIEWERS: ("单位",),
    FILES: ("程序问题",),
    UNITS: ("层级",),
    EXPERTS: ("专业领域",),
}
LEVELS = {
    "county": "县级",
    "zone": "功能区",
    "town": "镇街",
    "department": "部门",
}  # as rules for weights name them
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Scope:
    """What belongs to the pools.

    Attributes:
        case_type: Of which cases the files are; only files whose case ended from `since` to `until`.
        trade: Only objects or experts of this trade or field; empty: all.
        work: Only inspectors with this field of work may be drawn; empty: all.
        excluded: Ids left out by hand, with the reason.
        only: Of units only those of these names, as the plan of an inspection says; empty: all.
    """

    case_type: str = ""
    since: date | None = None
    until: date | None = None
    trade: str = ""
    work: str = ""
    excluded: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        days = {name: day.isoformat() for name, day in (("since", self.since), ("until", self.until)) if day}
        texts = {"case_type": self.case_type, "trade": self.trade, "work": self.work}
        return {**texts, "excluded": dict(self.excluded), "only": list(self.only), **days}


def scope_from(stored: Mapping[str, Any]) -> Scope:
    """What `Scope.stored` wrote."""
    days = {name: date.fromisoformat(stored[name]) for name in ("since", "until") if stored.get(name)}
    return Scope(
        stored.get("case_type", ""),
        trade=stored.get("trade", ""),
        work=stored.get("work", ""),
        excluded=stored.get("excluded", {}),
        only=tuple(stored.get("only", ())),
        **days,
    )


def pool_of(
    role: str, organization: Organization, scope: Scope, on: date, *, most: int | None = None
) -> Pool:
    """All that may be drawn in a role by a body, of itself and all below it.

    `most`: only the first so many, without the day each was last drawn: to name what is there, not to draw from.
    """
    items = {
        OBJECTS: _objects, PEOPLE: _inspectors, FILES: _files, REVIEWERS: _reviewers, UNITS: _units, EXPERTS: _experts,
    }[role](organization, scope, on)  # fmt: skip
    last = _last_drawn(role, organization) if most is None else {}
    return pool((_with(item, last, scope) for item in islice(items, most)), FACETS.get(role, ()))


def _with(item: Item, last: Mapping[str, date], scope: Scope) -> Item:
    reason = scope.excluded.get(item.id) or scope.excluded.get(item.name) or item.excluded
    return Item(
        item.id, item.name, item.unit, item.facets, item.weight, item.avoids, last.get(item.id), reason
    )  # fmt: skip


def _last_drawn(role: str, organization: Organization) -> dict[str, date]:
    """When each was last drawn by the body, in draws that stand."""
    lots = DrawnLot.objects.filter(role=role, draw__organization=organization)
    standing = lots.filter(Q(draw__later__isnull=True) | Q(draw__later__drawn_on__isnull=True))
    return dict(standing.order_by().values_list("item").annotate(Max("draw__drawn_on")))


def _line(text: Any) -> str:
    return " ".join(str(text or "").split())


def _entries(register: str, organization: Organization, on: date) -> QuerySet[Entry, tuple[Any, ...]]:
    found = Entry.objects.filter(register=register, organization__path__startswith=organization.path)
    return in_force(found, on).order_by("key").values_list("key", "title", "data", "organization__name")


def _objects(organization: Organization, scope: Scope, on: date) -> Iterator[Item]:
    for key, title, data, _ in _entries("inspection_objects", organization, on).iterator(CHUNK):
        trade = _facet(data.get("trade"))
        if not scope.trade or scope.trade in trade:
            yield Item(
                key, _line(title), facets=(_facet(data.get("risk")), trade), weight=_weight(data)
            )  # fmt: skip


def _weight(data: Mapping[str, Any]) -> Fraction:
    written = data.get("weight")
    return Fraction(1) if written is None else Fraction(str(written))


def _facet(value: Any) -> str:
    return _line(value).replace(",", "、") or "未填"


def _inspectors(organization: Organization, scope: Scope, on: date) -> Iterator[Item]:
    """Where certificates are kept, whoever has none in force is left out."""
    officers = Entry.objects.filter(
        register="enforcement_officers", organization__path__startswith=organization.path
    )
    known = set(in_force(officers, on).values_list("key", flat=True)) if officers.exists() else None
    for key, title, data, unit in _entries("inspectors", organization, on).iterator(CHUNK):
        avoids = tuple(_facet(one) for one in data.get("conflicts") or ())
        works = _facet("、".join(map(str, data.get("fields_of_work") or ())))
        wrong = "没有有效的执法证件" if known is not None and key not in known else ""
        if scope.work and scope.work not in works:
            wrong = wrong or f"专业领域不含“{_line(scope.work)}”"
        at = _line(data.get("unit_of") or unit)
        yield Item(
            key, _line(title), at, (_facet(at), works), weight=_weight(data), avoids=avoids, excluded=wrong
        )  # fmt: skip


def _files(organization: Organization, scope: Scope, on: date) -> Iterator[Item]:
    found = Case.objects.filter(
        case_type=scope.case_type, organization__path__startswith=organization.path, closed_on__isnull=False
    )
    if scope.since:
        found = found.filter(closed_on__gte=scope.since)
    found = found.filter(closed_on__lte=min(scope.until or on, on))
    rows = found.order_by("pk").values_list(
        "pk", "number", "title", "organization__name", "findings_count", "broken"
    )
    for pk, number, title, unit, findings, broken in rows.iterator(CHUNK):
        yield Item(str(pk), _line(f"{number} {title}"), _line(unit), ("有" if findings or broken else "无",))


def _reviewers(organization: Organization, scope: Scope, on: date) -> Iterator[Item]:
    found = User.objects.filter(
        is_active=True, memberships__role__in=REVIEWING, organization__path__startswith=organization.path
    )
    for user in found.select_related("organization").distinct().order_by("username"):
        unit = user.organization
        at = _line(unit and unit.name)
        yield Item(user.get_username(), _line(user.display_name or user.get_username()), at, (_facet(at),))


def _units(organization: Organization, scope: Scope, on: date) -> Iterator[Item]:
    for unit in Organization.objects.filter(path__startswith=organization.path).exclude(pk=organization.pk):
        if not scope.only or unit.name in scope.only:
            yield Item(unit.code, _line(unit.name), _line(unit.name), (LEVELS.get(unit.level, unit.level),))


def _experts(organization: Organization, scope: Scope, on: date) -> Iterator[Item]:
    for key, title, data, _ in _entries("experts", organization, on).iterator(CHUNK):
        work = _facet(data.get("field"))
        if not scope.trade or scope.trade in work:
            unfit = data.get("rating") == "不合格"
            yield Item(
                key, _line(title), _line(data.get("employer")), (work,), excluded="诚信考核不合格" if unfit else ""
            )  # fmt: skip
