"""The invented county's assessments, through the actions of that room: last year's signed, this year's running."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from yifa.assessment.actions import (
    Accept,
    AnswerObjection,
    EnterPoints,
    FreezeResult,
    HandResult,
    IssueSet,
    Judge,
    NameScorers,
    Object,
    PublishResult,
)
from yifa.assessment.computing import measured, set_named
from yifa.assessment.models import Assessment, Objection
from yifa.assessment.results import scores_in, units_of
from yifa.law.datafiles import beside
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Entry, Organization, User

ASSESSOR, LEADER, ANSWERING = "kaohe", "lingdao", "ducha"
SCORERS = ("shenhe", "fazhi")
SET = "county_units"
UNITS = 12  # enough for a page; a county assesses all


def both_years(body: Organization, today: date) -> None:
    """Last year from the issued set to the signed result; this year's set, with a first entry."""
    given: Mapping[str, Any] = beside(__file__, "assessing.yaml")
    people = {user.username: user for user in User.objects.filter(is_active=True)}
    last = _issued(body, today.year - 1, people)
    _judged(last, given, people)
    _entered(last, given, people)
    PublishResult(actor=people[ASSESSOR], assessment=last).execute()
    _objected(last, given, people)
    _signed(last, given, people)
    _entered(_issued(body, today.year, people), given, people, most=1)


def assessed(body: Organization) -> list[Organization]:
    """The units whose work is scored."""
    return measured(set_named(SET), Organization.objects.below(body).order_by("path"))[:UNITS]


def _issued(body: Organization, year: int, people: Mapping[str, User]) -> Assessment:
    known, units = set_named(SET), assessed(body)
    return IssueSet(
        actor=people[ASSESSOR], organization=body, given=known, year=year, rules=_rules(body, year),
        units={unit: str(known.class_of(unit.level)) for unit in units},
    ).execute()  # fmt: skip


def _rules(body: Organization, year: int) -> Entry:
    """The version of the rules, listed when it is first used."""
    code = "法治政府建设考核办法"
    held = Entry.objects.filter(register="assessment_rules", key=code, organization=body).first()
    return held or PublishEntry(
        actor=None, organization=body, register="assessment_rules", on=date(year, 1, 4),
        data={"code": code, "name": f"{body.short_name or body.name}{code}", "kind": "法治政府建设考核",
              "document": f"澜法办〔{year}〕2号", "effective": date(year, 1, 4).isoformat()},
    ).execute()  # fmt: skip


def _judged(assessment: Assessment, given: Mapping[str, Any], people: Mapping[str, User]) -> None:
    """Two of the body judge what people judge."""
    units, said = units_of(assessment), given["judged"]
    for part in assessment.set.parts:
        for indicator in part.indicators:
            if indicator.judged is None:
                continue
            two = [people[name] for name in SCORERS]
            NameScorers(
                actor=people[ASSESSOR],
                assessment=assessment,
                indicator=indicator.id,
                units=units,
                scorers=two,
            ).execute()
            for turn, who in enumerate(two):
                points = {
                    (unit, indicator.id): (Decimal(str(one["points"][turn])), one["reason"])
                    for unit, one in zip(units, (said * len(units))[: len(units)], strict=True)
                }
                Judge(actor=who, assessment=assessment, points=points).execute()


def _entered(
    assessment: Assessment, given: Mapping[str, Any], people: Mapping[str, User], most: int | None = None
) -> None:
    units = units_of(assessment)
    for place, one in enumerate(given["entered"][:most]):
        on = date(assessment.year, one["month"], one["day"])
        action = EnterPoints(
            actor=people[ASSESSOR], assessment=assessment, unit=units[place % len(units)], indicator="daily",
            points=Decimal(str(one["points"])), on=on, reason=one["reason"], evidence=one["evidence"],
        )  # fmt: skip
        if on < timezone.localdate():
            action.execute()


def _objected(assessment: Assessment, given: Mapping[str, Any], people: Mapping[str, User]) -> None:
    """One unit objects to points it lost by daily entries, and is right."""
    version = assessment.latest
    assert version is not None  # noqa: S101 - it was just published
    entry = assessment.entries.filter(withdrawn="", late=False).first()
    assert entry is not None  # noqa: S101 - entered before
    said = given["objection"]
    raised: Objection = Object(
        actor=None, assessment=assessment, unit=entry.unit, indicator=entry.indicator, reason=said["reason"],
        evidence=said["evidence"],
    ).execute()  # fmt: skip
    full = next(
        line.full
        for line in scores_in(version)[entry.unit.code].lines
        if line.indicator.id == entry.indicator
    )
    AnswerObjection(
        actor=people[ANSWERING], assessment=assessment, objection=raised, upheld=True, answer=said["answer"],
        points=Fraction(full),
    ).execute()  # fmt: skip


def _signed(assessment: Assessment, given: Mapping[str, Any], people: Mapping[str, User]) -> None:
    version = assessment.latest
    assert version is not None  # noqa: S101 - it was just published
    objected = set(version.objections.values_list("unit_id", flat=True))
    for unit in units_of(assessment):
        if unit.pk not in objected:
            Accept(actor=None, assessment=assessment, unit=unit).execute()
    FreezeResult(actor=people[LEADER], assessment=assessment, opinion=given["opinion"]).execute()
    HandResult(
        actor=people[ASSESSOR], assessment=assessment, recipient=given["recipient"], purpose="目标考核"
    ).execute()
