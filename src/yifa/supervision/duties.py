"""People's duties of a year: what principals did of their lists, lost cases without a review of faults, certificates that end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from yifa.ledger.models import Case, CaseAct, Entry, Organization, User
from yifa.ledger.models.scoping import among_units
from yifa.supervision.signals import acts_of, kinds

DUTIES, RECORD, STATEMENT = "principal_duties", "duty_record", "legal_statement"
REVIEW, OFFICERS = "enforcement_fault_review", "enforcement_officers"
LOST = ("annulled", "lost", "reversed")  # the signals that ask whose fault it was
OPENED = "open_fault_review"  # the act of a lawsuit by which its own review is opened
POINTS_AT = {
    "administrative_penalty": "penalty",
    "litigation": "litigation",
    "reconsideration": "reconsideration",
}
REJECTED = "已退回，不作履职记录"
SOON = timedelta(days=90)
MOST = 500


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of somebody's list with the dated records under it."""

    entry: Entry
    records: tuple[Case, ...]

    @property
    def minimum(self) -> int:
        """How often it is to be done in the year."""
        return int(self.entry.data.get("minimum") or 1)

    @property
    def short(self) -> int:
        """How many records are missing."""
        return max(0, self.minimum - len(self.records))


@dataclass(frozen=True, slots=True)
class Leader:
    """A principal with the list of the year, what is recorded, and the statement beside it."""

    person: str
    post: str
    unit: Organization
    duties: tuple[Duty, ...]
    statement: Case | None

    @property
    def short(self) -> int:
        """How many duties have fewer records than the list asks for."""
        return sum(1 for duty in self.duties if duty.short)

    @property
    def met(self) -> int:
        """How many duties have as many records as the list asks for."""
        return len(self.duties) - self.short

    @property
    def recorded(self) -> int:
        """How many records there are, under all duties."""
        return sum(len(duty.records) for duty in self.duties)

    @property
    def supported(self) -> int:
        """How many claims of the statement have a record."""
        return self._claims("support")

    @property
    def unsupported(self) -> int:
        """How many claims are noted to have none."""
        return self._claims("note_unsupported")

    def _claims(self, act: str) -> int:
        return sum(one.act == act for one in self.statement.acts.all()) if self.statement else 0


def leaders(user: User, year: int) -> list[Leader]:
    """Whose list of the year the user sees, those with something missing first."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    lines = Entry.objects.filter(register=DUTIES, begins__lte=last, ends__gte=first, withdrawn=False)
    rows = list(among_units(lines, user).select_related("organization").order_by("key"))
    records = Case.objects.filter(case_type=RECORD, opened_on__range=(first, last)).exclude(status=REJECTED)
    under: dict[tuple[str, str], list[Case]] = {}
    for case in among_units(records, user).order_by("opened_on", "id"):
        under.setdefault((str(case.facts.get("person")), str(case.facts.get("duty"))), []).append(case)
    said = _statements(user, year)
    people: dict[tuple[int, str], list[Entry]] = {}
    for entry in rows:
        people.setdefault((entry.organization_id, str(entry.data.get("person"))), []).append(entry)
    found = [
        Leader(
            person, str(lines[0].data.get("post") or ""), lines[0].organization,
            tuple(Duty(one, tuple(under.get((person, one.key), ()))) for one in lines), said.get((unit, person)),
        )
        for (unit, person), lines in people.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.short, one.unit.path, one.person))


def _statements(user: User, year: int) -> dict[tuple[int, str], Case]:
    rows = among_units(Case.objects.filter(case_type=STATEMENT, facts__year=year), user)
    return {
        (case.organization_id, str(case.facts.get("person"))): case
        for case in rows.prefetch_related("acts").order_by("opened_on", "id")
    }


@dataclass(frozen=True, slots=True)
class Lost:
    """A case lost or annulled within the last year for which nobody looked at whose fault it was; `whose` decision it was."""

    case: Case
    on: date
    title: str
    outcome: str
    whose: str

    @property
    def fact(self) -> str:
        """The fact of a review of faults that names such a case."""
        return POINTS_AT[self.case.case_type]


def lost_unreviewed(user: User, today: date) -> list[Lost]:
    """Those the user sees, the latest first."""
    wanted = {str(kind["id"]): kind for kind in kinds()}
    rows = [(wanted[id_], act) for id_ in LOST for act in acts_of(wanted[id_], user, today)]
    reviews = list(
        among_units(Case.objects.filter(case_type=REVIEW), user).order_by("-opened_on")[: 2 * MOST]
    )
    done: dict[str, set[str]] = {}
    for case in reviews:
        done.setdefault(_named_in(case), set()).add(str(case.facts.get("lost_on") or ""))
    opened = CaseAct.objects.filter(act=OPENED, case__in=[act.case_id for _, act in rows])
    begun = set(opened.values_list("case_id", flat=True))
    found = [
        Lost(
            act.case, act.happened_on, str(kind["title"]), act.outcome or "",
            str(act.case.facts.get(kind.get("unit", "")) or act.case.organization),
        )
        for kind, act in rows
        if act.case_id not in begun and not _follows(done, act)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.on, reverse=True)


def _follows(done: Mapping[str, Set[str]], act: CaseAct) -> bool:
    """Whether a review names the case; titles repeat, so of one without a number it must not say another day."""
    days = done.get(name_of(act.case), frozenset())
    return bool(days if act.case.number else days & {"", act.happened_on.isoformat()})


@dataclass(frozen=True, slots=True)
class Fault:
    """A review of faults, the case it follows, and what came of it."""

    case: Case
    about: Case | None
    result: str
    persons: int


def faults(user: User, year: int) -> list[Fault]:
    """The reviews of faults of a year, with the lost case each follows."""
    span = (date(year, 1, 1), date(year, 12, 31))
    seen = among_units(Case.objects.filter(case_type=REVIEW, opened_on__range=span), user)
    seen = seen.select_related("organization").prefetch_related("acts")
    rows = list(seen.order_by("-opened_on", "-id")[:MOST])
    about = _named(user, rows)
    return [_fault(case, about) for case in rows]


def _named(user: User, rows: Sequence[Case]) -> dict[str, Case]:
    names = {name for case in rows if (name := _named_in(case))}
    seen = among_units(Case.objects.filter(Q(number__in=names) | Q(number="", title__in=names)), user)
    return {name_of(case): case for case in seen}


def name_of(case: Case) -> str:
    """By what another case names it: its number, without one its title, as facts that name cases do."""
    return case.number or case.title


def _named_in(case: Case) -> str:
    """The case that a review of faults names."""
    facts = ("litigation", "reconsideration", "penalty", "measure")
    return next((str(case.facts[name]) for name in facts if case.facts.get(name)), "")


def _fault(case: Case, about: dict[str, Case]) -> Fault:
    acts = list(case.acts.all())
    held = [one for one in acts if one.act == "hold_liable"]
    cleared = next((one for one in acts if one.act == "clear"), None)
    result = "、".join(dict.fromkeys(one.outcome or "" for one in held)) or (
        cleared.outcome or "" if cleared else ""
    )
    persons = len({str(one.fields.get("person")) for one in held})
    return Fault(case, about.get(_named_in(case)), result, persons)


def ending_certificates(user: User, today: date) -> list[Entry]:
    """Certificates of enforcement that end soon, the nearest first."""
    rows = Entry.objects.filter(register=OFFICERS, withdrawn=False, ends__range=(today, today + SOON))
    return list(among_units(rows, user).select_related("organization").order_by("ends", "key")[:MOST])
