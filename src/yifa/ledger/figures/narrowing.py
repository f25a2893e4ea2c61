"""A condition on cases as a question to the database: no case that meets it is left out, few others come along.

Where nothing but acts that happened or did not is asked, the answer is the condition's own and no act need be read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from yifa.law.schema import CaseType, Condition, CountingRule, FieldSpec, FieldType
from yifa.ledger.models import Case, CaseAct, CaseClock


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`cases`: what every case that meets the condition meets, None where that is not known; `exact`: and no other."""

    cases: Q | None
    exact: bool


ALL = Narrowed(None, exact=True)  # without a condition
ANY = Narrowed(None, exact=False)
WORDS = (
    FieldType.TEXT,
    FieldType.PERSON,
    FieldType.ORGANIZATION,
    FieldType.ENTRY,
)  # said in one word or name
NAMES = ("key", "number", "title", "unit", "by")  # what every record is also known by


def narrowed(
    condition: Condition, facts: Mapping[str, FieldSpec], on: date, *, holds: bool = True
) -> Narrowed:
    """The question for a condition that must hold, or must not, by what happened until a day.

    A condition on an act that may stand several times in a case is judged by one of them (`procedures.counting`); that it
    happened at all is the same for each.
    """
    parts = condition.all_ if condition.all_ is not None else condition.any_
    if parts is not None:
        each = [narrowed(part, facts, on, holds=holds) for part in parts]
        return _every(each) if (condition.all_ is not None) is holds else _some(each)
    if condition.not_ is not None:
        return narrowed(condition.not_, facts, on, holds=not holds)
    if condition.level is not None:
        levels = Q(level__in=condition.level)
        return Narrowed(levels if holds else ~levels, exact=True)
    if condition.act is not None:
        return _act(condition, (condition.done is not False) is holds, on)
    return _fact(condition, facts.get(condition.fact or "")) if holds else ANY


def happened(acts: Iterable[str], on: date, **more: object) -> Exists:
    """That one of these acts happened until a day."""
    return Exists(
        CaseAct.objects.filter(
            case=OuterRef("pk"), act__in=list(acts), happened_on__lte=on, **more
        ).order_by()
    )


def says_alone(kind: CaseType, name: str) -> bool:
    """Whether a name stands for one word of the case itself, whatever act of it is looked at."""
    spec = kind.facts.get(name)
    taken = name in NAMES or any(name in act.fields for act in kind.acts.values())
    return spec is not None and spec.type in WORDS and not taken


def naming(case_type: str, below: str, fact: str, wanted: Collection[str]) -> set[UUID]:
    """The cases of a kind under a path that say one of these words in a fact, blanks at the ends left out."""
    cases = Case.objects.filter(case_type=case_type, organization__path__startswith=below)
    rows = cases.order_by().values_list("pk", KeyTextTransform(fact, "facts"))
    return {pk for pk, text in rows.iterator(chunk_size=10_000) if text and str(text).strip() in wanted}


def overstepped(rule: CountingRule, kind: CaseType, on: date) -> Q | None:
    """That one of a rule's deadlines may be broken, by the rows of deadlines; None where these do not tell.

    The rows say how things stand today, not on an earlier day. A deadline that pauses may run again without a record, one
    that starts on a day of its own may start so.
    """
    own = [kind.clocks[name] for name in rule.clocks if name in kind.clocks]
    told = all(
        one.at_most is not None and one.starts_by_fact is None and one.starts_by_clock is None for one in own
    )
    if rule.clock_state != ["broken"] or not told or on < timezone.localdate():
        return None
    late = Q(stopped_on__isnull=True, due__lt=on) | Q(stopped_on__gt=F("due")) | Q(paused=True)
    return Q(Exists(CaseClock.objects.filter(late, case=OuterRef("pk"), clock__in=rule.clocks).order_by()))


def _act(condition: Condition, wanted: bool, on: date) -> Narrowed:
    asked = [condition.act or ""]
    if condition.outcome is None and condition.field is None:
        one = Q(happened(asked, on))
        return Narrowed(one if wanted else ~one, exact=True)
    if not wanted:
        return ANY
    outcomes = {} if condition.outcome is None else {"outcome__in": condition.outcome}
    return Narrowed(Q(happened(asked, on, **outcomes)), exact=False)


def _fact(condition: Condition, spec: FieldSpec | None) -> Narrowed:
    """Only what every database reads alike in JSON: that a fact is there, yes, or a certain word."""
    if condition.is_ is True and spec is not None and spec.type is FieldType.BOOLEAN:
        return Narrowed(Q(**{f"facts__{condition.fact}__exact": True}), exact=False)
    if isinstance(condition.is_, str) and condition.is_:
        return Narrowed(Q(**{f"facts__{condition.fact}__exact": condition.is_}), exact=False)
    if condition.given:
        return Narrowed(Q(facts__has_key=condition.fact), exact=False)
    return ANY


def _every(parts: list[Narrowed]) -> Narrowed:
    asked = [part.cases for part in parts if part.cases is not None]
    return Narrowed(reduce(and_, asked) if asked else None, all(part.exact for part in parts))


def _some(parts: list[Narrowed]) -> Narrowed:
    asked = [part.cases for part in parts if part.cases is not None]
    if len(asked) < len(parts):
        return ANY
    return Narrowed(reduce(or_, asked), all(part.exact for part in parts))
