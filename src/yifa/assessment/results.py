"""What an assessment says now: what people decided, scores as they run, the stored result, and what is different since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from django.db.models import Q

from yifa.assessment.agreeing import View, agreed
from yifa.assessment.computing import Count, Decided, scores_of
from yifa.assessment.models import Assessment, DailyEntry, Judging, Objection, Result, ResultVersion
from yifa.assessment.storing import digest_of, from_stored
from yifa.law.schema import Indicator
from yifa.ledger.models import Organization, Record, Subject
from yifa.ledger.people.pinyin import by_sound
from yifa.procedures.scoring import Given, Scored, Scores, answered, result, written

RECOUNTED = (
    "异议成立，按改正后的台账重算："  # how the reason begins where an objection was met by counting again
)
MOST = 100  # records that came later, on one page


def classes_of(assessment: Assessment) -> dict[str, str]:
    """Each unit's class by its code."""
    return dict(assessment.units.values_list("organization__code", "unit_class"))


def units_of(assessment: Assessment) -> list[Organization]:
    """The units that are assessed: class by class as the set has them, in a class by the sound of their names."""
    rows, places = assessment.units.select_related("organization"), list(assessment.set.classes)
    named = by_sound(rows, lambda row: row.organization.name)
    return [row.organization for row in sorted(named, key=lambda row: places.index(row.unit_class))]


def decided(assessment: Assessment, *, with_late: bool = False) -> Decided:
    """What people decided so far, by unit and indicator. `with_late`: entries made after the cut-off count too."""
    classes, found = classes_of(assessment), defaultdict[str, dict[str, Given]](dict)
    for (unit, name), entries in _entries(assessment, with_late=with_late).items():
        indicator = assessment.set.indicator(name)
        if indicator is not None:
            full = Fraction(indicator.points.get(classes[unit], Decimal(0)))
            found[unit][name] = _of_entries(entries, full)
    for (unit, name), views in views_of(assessment).items():
        indicator = assessment.set.indicator(name)
        if indicator is not None and indicator.judged is not None:
            given = agreed(views, indicator.judged.tolerance)
            if given is not None:
                found[unit][name] = given
    for aside in assessment.asides.select_related("unit"):
        found[aside.unit.code][aside.indicator] = Given(None, f"经核定不纳入计分：{aside.reason}")
    return found


def _entries(assessment: Assessment, *, with_late: bool) -> Mapping[tuple[str, str], list[DailyEntry]]:
    rows = assessment.entries.filter(withdrawn="").select_related("unit")
    found: dict[tuple[str, str], list[DailyEntry]] = defaultdict(list)
    for row in rows if with_late else rows.filter(late=False):
        found[row.unit.code, row.indicator].append(row)
    return found


def _of_entries(entries: Sequence[DailyEntry], full: Fraction) -> Given:
    points = full + sum((Fraction(one.points) for one in entries), Fraction(0))
    said = "；".join(
        f"{one.on.month}月{one.on.day}日{one.reason}{'加' if one.points > 0 else '扣'}{written(abs(one.points))}分"
        for one in entries
    )
    return Given(min(full, max(Fraction(0), points)), f"日常记分{len(entries)}次：{said}")


def views_of(
    assessment: Assessment, rows: Iterable[Judging] | None = None
) -> Mapping[tuple[str, str], list[View]]:
    """What was given, by unit and indicator."""
    found: dict[tuple[str, str], list[View]] = defaultdict(list)
    if rows is None:
        rows = assessment.judgings.select_related("unit", "scorer")
    for row in rows:
        if row.points is not None:
            who = row.scorer.display_name or row.scorer.get_username() if row.scorer else "合议"
            found[row.unit.code, row.indicator].append(View(row.turn, who, row.points, row.reason))
    return found


def running(
    assessment: Assessment,
    units: Sequence[Organization],
    on: date,
    *,
    with_late: bool = False,
    count: Count | None = None,
) -> Iterator[tuple[Organization, Scores]]:
    """The scores as the ledger has them now, up to a day or the end of the year, with what objections gave back.

    `count` as in `scores_of`.
    """
    found = scores_of(
        assessment.set, units, assessment.starts, min(max(on, assessment.starts), assessment.ends),
        classes=classes_of(assessment), decided=decided(assessment, with_late=with_late), count=count,
    )  # fmt: skip
    upheld = _upheld(assessment)
    for unit, scores in found:
        yield unit, reduce(_given_back, upheld[unit.code], scores)


def _upheld(assessment: Assessment) -> Mapping[str, list[Objection]]:
    """By the unit's code the objections to a result by which somebody set the points; others have the ledger to show for it."""
    rows = Objection.objects.filter(version__assessment=assessment, upheld=True)
    found: dict[str, list[Objection]] = defaultdict(list)
    for one in rows.select_related("version__assessment", "unit").order_by("number"):
        lines = scores_in(one.version)[one.unit.code].lines
        why = next(line.why for line in lines if line.indicator.id == one.indicator)
        if not why.startswith(RECOUNTED):
            found[one.unit.code].append(one)
    return found


def _given_back(scores: Scores, one: Objection) -> Scores:
    """The scores with what was decided of one objection.

    Where the ledger gives now what it gave then the decision stands. Where it gives less, what is new is lost too; where it
    gives more, whichever is more: what was objected to may have been put right in the ledger meanwhile.
    """
    line = next((line for line in scores.lines if line.indicator.id == one.indicator), None)
    if line is None or not line.of:
        return scores
    before, after = Fraction(one.before), Fraction(one.after)
    points = (
        max(line.points, after) if line.points >= before else max(Fraction(0), line.points + after - before)
    )
    if points == line.points:
        return scores
    why = f"{line.why}；对第{one.version.number}版结果的异议成立（{one.answer}）{result(points, line.full)}"
    return answered(scores, one.indicator, points, why)


def scores_in(version: ResultVersion) -> dict[str, Scores]:
    """The stored scores of a version, by the unit's code."""
    given = version.assessment.set
    return {row.unit.code: from_stored(given, row.scores) for row in version.results.select_related("unit")}


def digest(version: ResultVersion) -> str:
    """What is signed: the set, the version, every unit with every point."""
    rows = version.results.select_related("unit").order_by("unit__code")
    said = {
        "set": version.assessment.digest,
        "year": version.assessment.year,
        "version": version.number,
        "results": {row.unit.code: row.scores for row in rows},
    }
    return digest_of(said)


@dataclass(frozen=True, slots=True)
class Differing:
    """An indicator of a unit that would be scored otherwise today."""

    unit: Organization
    indicator: Indicator
    stored: Scored
    now: Scored


def differing(
    version: ResultVersion, now: Iterable[tuple[Organization, Scores]]
) -> tuple[list[Differing], dict[str, tuple[Fraction, Fraction]]]:
    """What the ledger would give otherwise than a version says, and the totals of those units then and now."""
    kept = scores_in(version)
    lines, totals = [], {}
    for unit, scores in now:
        held = kept.get(unit.code)
        if held is None:
            continue
        found = [
            Differing(unit, old.indicator, old, new)
            for old, new in zip(held.lines, scores.lines, strict=True)
            if (old.points, old.of) != (new.points, new.of)
        ]
        if found or len(held.capped) != len(scores.capped):
            lines += found
            totals[unit.code] = (held.total, scores.total)
    return lines, totals


def later(assessment: Assessment, version: ResultVersion) -> list[Record]:
    """What was recorded after a version was taken about days of the assessed year, the latest first; a hundred at most."""
    paths = Q()
    for unit in units_of(assessment):
        paths |= Q(organization__path__startswith=unit.path)
    rows = Record.objects.filter(
        recorded_on__gte=version.published_on, recorded_at__gt=version.published_at,
        happened_on__range=(assessment.starts, assessment.ends),
        subject__in=[Subject.CASE, Subject.ENTRY],
    )  # fmt: skip
    return list(rows.filter(paths).select_related("organization", "recorded_by").order_by("-id")[:MOST])


def earlier(assessment: Assessment) -> Assessment | None:
    """The same set's assessment of the year before."""
    return Assessment.objects.filter(
        organization=assessment.organization, name=assessment.name, year=assessment.year - 1
    ).first()


def standing_result(assessment: Assessment | None) -> dict[str, Result]:
    """The signed results of an assessment by the unit's code; nothing where none is signed."""
    version = assessment.frozen if assessment is not None else None
    if version is None:
        return {}
    return {row.unit.code: row for row in version.results.select_related("unit")}
