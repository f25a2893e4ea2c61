"""What opens the review of a file by itself: decisions annulled, cases lost, complaints upheld, clocks missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from django.db.models import Count, Q, QuerySet

from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.ledger.models import Case, CaseAct, Organization, User
from yifa.ledger.models.scoping import among_units
from yifa.ledger.people.unitnames import UnitNames
from yifa.supervision.filekinds import OTHER, kind_called, kind_of, numbers_in, sheet_for, sheet_of_kind
from yifa.supervision.models import FileReview, Scoring
from yifa.supervision.pools import REVIEWING
from yifa.supervision.recusals import kept_from

BACK = timedelta(days=365)  # how far back is looked
MOST = 100  # of each kind, the latest
LOOKED_AT = 2000  # cases of a kind, the latest
MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Signal:
    """Why a file should be looked at.

    Attributes:
        about: The case that says so.
        file: The file, None where it is not in the ledger.
        file_kind: Its kind; the sheet may be the general one.
    """

    key: str
    title: str
    on: date
    about: Case
    file: Case | None
    unit: Organization
    sheet: SheetType
    file_kind: str

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
    files = _files(kind, user, [row.case for row in rows])
    for row in rows:
        about = row.case
        file = files.get(about.pk)
        if file is None and kind.get("pointing"):
            continue
        sheet = sheet_for(file.case_type) if file else None
        called = kind_of(file, sheet) if file and sheet else _kind_said(kind, about)
        written = str(about.facts.get(kind.get("unit", "")) or "")
        unit = file.organization if file else (names.find(written).organization if written else None)
        key = f"{kind['id']}:{row.case_id}:{row.position}"
        yield Signal(
            key, kind["title"], row.happened_on, about, file, unit or about.organization,
            sheet or sheet_of_kind(called), called,
        )  # fmt: skip


def _kind_said(kind: Mapping[str, Any], about: Case) -> str:
    """The kind of a file that is not in the ledger: as the case says it, or as the decision is called."""
    said = str(about.facts.get(kind.get("kind", "")) or "")
    texts = [str(about.facts.get(name) or "") for name in kind.get("about", ())]
    return said or next((found for text in texts if (found := kind_called(text)) != OTHER), OTHER)


def _files(kind: Mapping[str, Any], user: User | None, cases: Sequence[Case]) -> dict[UUID, Case]:
    """The file each case points at, where the ledger has it: under its number, its title, or a number in the text."""
    if kind.get("file") == "own":
        return {case.pk: case for case in cases}
    if kind.get("file") == "reviewed":
        rows = (
            FileReview.objects.filter(case__in=cases).exclude(file=None).select_related("file__organization")
        )
        return {row.case_id: row.file for row in rows if row.file is not None}
    names = {case.pk: _names_in(kind, case) for case in cases}
    known = _named(user, [name for some in names.values() for name in some])
    return {key: file for key, some in names.items() if (file := _first(known, some, key)) is not None}


def _names_in(kind: Mapping[str, Any], case: Case) -> list[str]:
    said = str(case.facts.get(kind.get("file", "")) or "")
    texts = [str(case.facts.get(name) or "") for name in kind.get("about", ())]
    return [name for name in (said, *(one for text in texts for one in numbers_in(text))) if name]


def _first(known: Mapping[str, Case], names: Sequence[str], itself: UUID) -> Case | None:
    return next((known[name] for name in names if name in known and known[name].pk != itself), None)


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
                f"{MISSED}:{case.pk}", "办理超期", case.closed_on, case, case, case.organization, sheet,
                kind_of(case, sheet),
            )  # fmt: skip


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
