"""From the records of an assessment to its rows: one way for a live record and for making all rows anew.

Nothing is decided here: what may happen is decided before it is recorded (`yifa.assessment.actions`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction

from yifa.assessment.models import (
    AssessedUnit,
    Assessment,
    DailyEntry,
    HandOver,
    Judging,
    Objection,
    Result,
    ResultVersion,
    SetAside,
)
from yifa.assessment.storing import as_stored, from_stored
from yifa.law.schema import IndicatorSet
from yifa.ledger.chain.canonical import canonical
from yifa.ledger.models import Organization, Record, Subject, User
from yifa.procedures.scoring import Scores, answered, shown

ISSUED, ENTERED, TAKEN_BACK = "assessment.issued", "assessment.entered", "assessment.entry_withdrawn"
SCORERS, JUDGED, THIRD, MEETING = (
    "assessment.scorers", "assessment.judged", "assessment.third", "assessment.meeting",
)  # fmt: skip
ASIDE, SCORED, PUBLISHED = "assessment.set_aside", "assessment.scored", "assessment.published"
ACCEPTED, OBJECTED, ANSWERED = "assessment.accepted", "assessment.objected", "assessment.answered"
FROZEN, HANDED = "assessment.frozen", "assessment.handed"
Said = Mapping[str, Any]


def rebuild() -> int:
    """Makes the rows of all assessments anew. Returns the number of records read."""
    chains = Record.objects.filter(subject=Subject.ASSESSMENT)
    count = 0
    for id_ in chains.filter(position=1).values_list("subject_id", flat=True):
        with transaction.atomic():
            Assessment.objects.filter(pk=id_).delete()
            for record in chains.filter(subject_id=id_).order_by("position").select_related(*WHO):
                apply(record)
                count += 1
    return count


WHO = ("organization", "recorded_by")


def apply(record: Record) -> None:
    """Lets one record have its effect on the rows."""
    STEPS[record.kind](record, json.loads(record.payload))


def _unit(code: str) -> Organization:
    return Organization.objects.get(code=code)


def _user(name: str | None) -> User | None:
    return User.objects.filter(username=name).first() if name else None


def _issued(record: Record, said: Said) -> None:
    given = IndicatorSet.model_validate_json(canonical(said["set"]))
    assessment = Assessment.objects.create(
        id=record.subject_id, organization=record.organization, year=said["year"], name=given.indicator_set,
        title=given.title, definition=canonical(said["set"]), digest=said["digest"], rules=said["rules"],
        starts=date.fromisoformat(said["starts"]), ends=date.fromisoformat(said["ends"]), issued_on=_day(record),
    )  # fmt: skip
    units = {one.code: one for one in Organization.objects.filter(code__in=said["units"])}
    AssessedUnit.objects.bulk_create(
        AssessedUnit(assessment=assessment, organization=units[code], unit_class=name)
        for code, name in said["units"].items()
    )


def _day(record: Record) -> date:
    assert record.happened_on is not None  # noqa: S101 - every record of this room says its day
    return record.happened_on


def _entered(record: Record, said: Said) -> None:
    DailyEntry.objects.create(
        assessment_id=record.subject_id, number=said["number"], unit=_unit(said["unit"]), indicator=said["indicator"],
        points=Decimal(said["points"]), on=_day(record), reason=said["reason"], evidence=said["evidence"],
        papers=said.get("papers", []), case_id=UUID(said["case"]) if said["case"] else None, entered_by=record.recorded_by,
        entered_on=record.recorded_on, late=said["late"],
    )  # fmt: skip


def _taken_back(record: Record, said: Said) -> None:
    rows = DailyEntry.objects.filter(assessment_id=record.subject_id, number=said["number"])
    rows.update(withdrawn=said["reason"])


def _scorers(record: Record, said: Said) -> None:
    for code in said["units"]:
        for turn, name in enumerate(said["scorers"], 1):
            Judging.objects.update_or_create(
                assessment_id=record.subject_id, unit=_unit(code), indicator=said["indicator"], turn=turn,
                defaults={"scorer": _user(name)},
            )  # fmt: skip


def _judged(record: Record, said: Said) -> None:
    turn = Judging.objects.filter(
        assessment_id=record.subject_id, unit__code=said["unit"], indicator=said["indicator"], turn=said["turn"]
    )  # fmt: skip
    turn.update(points=Decimal(said["points"]), reason=said["reason"], given_on=_day(record))


def _third(record: Record, said: Said) -> None:
    Judging.objects.update_or_create(
        assessment_id=record.subject_id, unit=_unit(said["unit"]), indicator=said["indicator"], turn=Judging.THIRD,
        defaults={"scorer": _user(said["scorer"]), "asked": said["reason"]},
    )  # fmt: skip


def _meeting(record: Record, said: Said) -> None:
    Judging.objects.update_or_create(
        assessment_id=record.subject_id, unit=_unit(said["unit"]), indicator=said["indicator"], turn=Judging.MEETING,
        defaults={
            "scorer": record.recorded_by, "points": Decimal(said["points"]), "reason": said["reason"],
            "given_on": _day(record),
        },
    )  # fmt: skip


def _aside(record: Record, said: Said) -> None:
    key = {
        "assessment_id": record.subject_id,
        "unit": _unit(said["unit"]),
        "indicator": said["indicator"],
    }
    if said["reason"]:
        SetAside.objects.update_or_create(**key, defaults={"reason": said["reason"]})
    else:
        SetAside.objects.filter(**key).delete()


def _published(record: Record, said: Said) -> None:
    ResultVersion.objects.create(
        assessment_id=record.subject_id, number=said["version"], reason=said["reason"], published_on=_day(record),
        published_at=record.recorded_at, published_by=record.recorded_by,
        until=date.fromisoformat(said["until"]) if said["until"] else None,
    )  # fmt: skip
    Assessment.objects.filter(pk=record.subject_id).update(state=Assessment.State.PUBLISHED)


def _scored(record: Record, said: Said) -> None:
    version = ResultVersion.objects.select_related("assessment").get(
        assessment_id=record.subject_id, number=said["version"]
    )
    given = version.assessment.set
    held = as_row(given, from_stored(given, said["scores"]))
    Result.objects.create(version=version, unit=_unit(said["unit"]), **held)


def as_row(given: IndicatorSet, scores: Scores) -> dict[str, Any]:
    """The columns of a result."""
    total = shown(scores.total)
    return {"scores": canonical(as_stored(scores)), "total": total, "band": given.band(total)}


def _accepted(record: Record, said: Said) -> None:
    who = record.recorded_by
    name = (who.display_name or who.get_username()) if who else ""
    _result(record, said).update(accepted_on=_day(record), accepted_by=name[:60])


def _result(record: Record, said: Said) -> Any:
    return Result.objects.filter(
        version__assessment_id=record.subject_id, version__number=said["version"], unit__code=said["unit"]
    )


def _objected(record: Record, said: Said) -> None:
    version = ResultVersion.objects.get(assessment_id=record.subject_id, number=said["version"])
    Objection.objects.create(
        version=version, number=said["number"], unit=_unit(said["unit"]), indicator=said["indicator"],
        reason=said["reason"], evidence=said["evidence"], papers=said.get("papers", []),
        raised_on=_day(record), raised_by=record.recorded_by,
        due=date.fromisoformat(said["due"]) if said["due"] else None, before=said["before"],
    )  # fmt: skip


def _answered(record: Record, said: Said) -> None:
    objection = Objection.objects.select_related("version__assessment").get(
        version__assessment_id=record.subject_id, number=said["number"]
    )
    objection.upheld, objection.answer = said["upheld"], said["answer"]
    objection.answered_on, objection.answered_by = _day(record), record.recorded_by
    objection.after = said["after"]
    objection.save()
    if said["upheld"]:
        given = objection.version.assessment.set
        result = Result.objects.get(version=objection.version, unit=objection.unit)
        now = answered(
            from_stored(given, result.scores), objection.indicator, Fraction(said["after"]), said["why"]
        )
        Result.objects.filter(pk=result.pk).update(**as_row(given, now))


def _frozen(record: Record, said: Said) -> None:
    ResultVersion.objects.filter(assessment_id=record.subject_id, number=said["version"]).update(
        frozen_on=_day(record), signed_by=record.recorded_by, opinion=said["opinion"], digest=said["digest"]
    )
    Assessment.objects.filter(pk=record.subject_id).update(state=Assessment.State.FROZEN)


def _handed(record: Record, said: Said) -> None:
    version = ResultVersion.objects.get(assessment_id=record.subject_id, number=said["version"])
    HandOver.objects.create(
        version=version, recipient=said["recipient"], purpose=said["purpose"], on=_day(record)
    )


STEPS: Mapping[str, Callable[[Record, Said], None]] = {
    ISSUED: _issued,
    ENTERED: _entered,
    TAKEN_BACK: _taken_back,
    SCORERS: _scorers,
    JUDGED: _judged,
    THIRD: _third,
    MEETING: _meeting,
    ASIDE: _aside,
    PUBLISHED: _published,
    SCORED: _scored,
    ACCEPTED: _accepted,
    OBJECTED: _objected,
    ANSWERED: _answered,
    FROZEN: _frozen,
    HANDED: _handed,
}
