"""What opens the review of a file by itself: decisions annulled, cases lost, complaints upheld, clocks missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import Count, Q, QuerySet

from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.ledger.models import Case, CaseAct, Organization, User
from yifa.ledger.models.scoping import among_units
from yifa.ledger.people.unitnames import UnitNames
from yifa.supervision.actions.reviews import sheet_for
from yifa.supervision.models import FileReview, Scoring
from yifa.supervision.pools import REVIEWING
from yifa.supervision.recusals import kept_from

BACK = timedelta(days=365)  # how far back is looked
MOST = 100  # of each kind, the latest
LOOKED_AT = 2000  # cases of a kind, the latest
MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Signal:
    """Why a file should be looked at. `about` is the case that says so; `file` the file, None where it is not in the ledger."""

    key: str
    title: str
    on: date
    about: Case
    file: Case | None
    unit: Organization
    sheet: SheetType

    @property
    def words(self) -> str:
        """As it stands in the review."""
        return f"{self.title}：{self.about.number or self.about.title}"


@lru_cache(maxsize=1)
def kinds() -> tuple[Mapping[str, Any], ...]:
    """The kinds of signals, as data."""
    text = files("yifa.supervision").joinpath("signals.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))


def signals(user: User | None, body: Organization, today: date) -> list[Signal]:
    """What the user may see and nobody took up yet, the latest first. `user` None: the system, which sees all."""
    names = UnitNames(body, today.year)
    found: list[Signal] = []
    for kind in kinds():
        found += _of_kind(kind, user, names, today)
    found += _missed(user, today)
    keys, ours = [one.key for one in found], [one.file for one in found if one.file]
    reviews = FileReview.objects.order_by()
    taken = set(reviews.filter(signal_key__in=keys).values_list("signal_key", flat=True))
    running = set(reviews.filter(file__in=ours, case__closed_on=None).values_list("file_id", flat=True))
    left = [one for one in found if one.key not in taken and (one.file is None or one.file.pk not in running)]
    return sorted(left, key=lambda one: (one.on, one.key), reverse=True)


def _of_kind(kind: Mapping[str, Any], user: User | None, names: UnitNames, today: date) -> Iterator[Signal]:
    rows = acts_of(kind, user, today)
    named = _named(user, (row.case.facts.get(kind.get("file", "")) for row in rows))
    for row in rows:
        file = (
            row.case
            if kind.get("file") == "own"
            else named.get(str(row.case.facts.get(kind.get("file", ""))))
        )
        sheet = sheet_for(file.case_type) if file else catalogue().sheets.get(kind.get("sheet", ""))
        if sheet is None or (file is None and kind.get("pointing")):
            continue
        written = str(row.case.facts.get(kind.get("unit", "")) or "")
        unit = file.organization if file else (names.find(written).organization if written else None)
        key = f"{kind['id']}:{row.case_id}:{row.position}"
        yield Signal(
            key, kind["title"], row.happened_on, row.case, file, unit or row.case.organization, sheet
        )


def acts_of(kind: Mapping[str, Any], user: User | None, today: date) -> list[CaseAct]:
    """The acts of a kind of signal within the last year, the latest first. `user` None: of everybody."""
    seen = _seen(Case.objects.filter(case_type=kind["case_type"]), user)
    acts = CaseAct.objects.filter(act=kind["act"], happened_on__gt=today - BACK)
    if kind.get("rare"):
        acts = acts.filter(case__case_type=kind["case_type"]) if user is None else acts.filter(case__in=seen)
    else:  # acts of that name are many: by the cases, of which only the latest are looked at
        latest = seen.filter(opened_on__gt=today - 2 * BACK).order_by("-opened_on", "-id")
        acts = acts.filter(case__in=list(latest.values_list("pk", flat=True)[:LOOKED_AT]))
    if outcomes := kind.get("outcomes"):
        acts = acts.filter(outcome__in=outcomes)
    return list(acts.select_related("case__organization").order_by("-happened_on", "-pk")[:MOST])


def _seen(rows: QuerySet[Case], user: User | None) -> QuerySet[Case]:
    """What the user sees; the system sees all."""
    return rows if user is None else among_units(rows, user)


def _named(user: User | None, names: Iterable[Any]) -> dict[str, Case]:
    """The cases that go by some numbers or titles; a number before a title."""
    wanted = {str(name) for name in names if name}
    if not wanted:
        return {}
    rows = _seen(Case.objects.filter(Q(number__in=wanted) | Q(title__in=wanted)), user)
    rows = rows.filter(
        case_type__in={kind for sheet in catalogue().sheets.values() for kind in sheet.case_types}
    )
    found: dict[str, Case] = {}
    for case in rows.select_related("organization").order_by("opened_on"):
        found.setdefault(case.title, case)
        if case.number:
            found[case.number] = case
    return {name: found[name] for name in wanted if name in found}


def _missed(user: User | None, today: date) -> Iterator[Signal]:
    """Files of finished cases in which a deadline was missed."""
    types = [kind for sheet in catalogue().sheets.values() for kind in sheet.case_types]
    late = _seen(Case.objects.filter(case_type__in=types, broken__gt=0, closed_on__gt=today - BACK), user)
    for case in late.select_related("organization").order_by("-opened_on", "-id")[:MOST]:
        sheet = sheet_for(case.case_type)
        if sheet is not None and case.closed_on is not None:
            yield Signal(
                f"{MISSED}:{case.pk}", "办理超期", case.closed_on, case, case, case.organization, sheet
            )


def reviewers(body: Organization, unit: Organization, file: Case | None = None, name: str = "") -> list[User]:
    """Who may review a file of a unit, whoever has least to review first; not who keeps out of it."""
    people = User.objects.filter(
        is_active=True, memberships__role__in=REVIEWING, organization__path__startswith=body.path
    ).exclude(organization__path__startswith=unit.path)
    rows = people.select_related("organization").distinct().order_by("username")
    waiting = dict(
        Scoring.objects.filter(submitted_on=None).order_by().values_list("reviewer").annotate(Count("pk"))
    )
    kept = kept_from(body, unit, file, name)
    left = [one for one in rows if one.get_username() not in kept]
    return sorted(left, key=lambda one: (waiting.get(one.pk, 0), one.get_username()))
