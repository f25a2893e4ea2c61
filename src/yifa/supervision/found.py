"""What was found and nobody listed yet: by the engine, on sheets and on site, in checked texts, by courts and bodies above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml
from django.db.models import Model, QuerySet

from yifa.ledger.models import Case, CaseAct, CaseFinding, Entry, Organization, User
from yifa.ledger.models.scoping import among_units
from yifa.ledger.people.unitnames import UnitNames
from yifa.supervision.actions.reviews import answers_of
from yifa.supervision.findings import ITEM, kinds
from yifa.supervision.models import FileReview
from yifa.supervision.scoring import scored
from yifa.supervision.signals import acts_of

MOST = 100  # of each kind
ENGINE, REVIEW, CHECKED = "程序核查", "案卷评查", "文稿体检"
CHECKS, BACK = "text_checks", timedelta(days=365)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was found that is neither case nor entry, by its title: the result of an assessment."""

    title: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Something found that nobody listed yet. `key` says once and for all what it is; `about`: where it was found, and when."""

    key: str
    problem: str
    source: str
    about: Case | Entry | Source
    unit: Organization
    on: date | None = None
    due: date | None = None  # the day that law or the source gives for it

    @property
    def page(self) -> str:
        """Which page shows where it was found."""
        return "entry" if isinstance(self.about, Entry) else "case"

    @property
    def place(self) -> str:
        """What it was found in, as people call it."""
        number = self.about.key if isinstance(self.about, Entry) else self.about.number
        return number or self.about.title


@lru_cache(maxsize=1)
def faulting() -> tuple[Mapping[str, Any], ...]:
    """The acts by which courts and bodies above find fault, as data."""
    text = files("yifa.supervision").joinpath("found.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))


def unlisted(user: User | None, today: date) -> list[Unlisted]:
    """What was found in what the user sees and no item stands for. `user` None: the system, which sees all."""
    body = Organization.objects.body()
    found = [*_of_engine(user), *_of_reviews(user), *_of_inspections(user), *_of_checks(user, today)]
    found += _of_others(user, body, today) if body else []
    items = Case.objects.filter(case_type=ITEM, facts__origin_key__in=[one.key for one in found])
    known = set(items.order_by().values_list("facts__origin_key", flat=True))
    return [one for one in found if one.key not in known]


def _seen(rows: QuerySet[M], user: User | None) -> QuerySet[M]:
    return rows if user is None else among_units(rows, user)


def _of_engine(user: User | None) -> Iterator[Unlisted]:
    faulty = _seen(Case.objects.filter(findings_count__gt=0), user).exclude(case_type__in=list(kinds()))
    latest = list(faulty.select_related("organization").order_by("-opened_on", "-id")[:MOST])
    cases = {case.pk: case for case in latest}
    for fault in CaseFinding.objects.filter(case__in=latest).order_by("-case__opened_on", "-case_id", "pk"):
        case = cases[fault.case_id]
        place = fault.position if fault.position is not None else fault.clock or fault.act
        key = f"engine:{case.pk}:{fault.kind}:{place}"
        yield Unlisted(key, fault.message, ENGINE, case, case.organization)


def _of_reviews(user: User | None) -> Iterator[Unlisted]:
    rows = _seen(FileReview.objects.filter(settled_on__isnull=False), user)
    rows = rows.select_related("case", "unit").prefetch_related("scorings").order_by("-made_at")
    for review in rows[:MOST]:
        views = [answers_of(one) for one in review.scorings.all()]
        for number, problem in enumerate(scored(review.sheet_type, *views).problems, 1):
            key = f"review:{review.pk}:{number}"
            yield Unlisted(
                key, problem, REVIEW, review.case, review.unit, review.settled_on, _written(review.case)
            )


def _written(case: Case) -> date | None:
    """The day the paper to the unit gives for putting it right."""
    text = case.facts.get("rectify_by")
    return date.fromisoformat(text) if text else None


def _of_inspections(user: User | None) -> Iterator[Unlisted]:
    """What inspections of units and of drawn objects found on site."""
    units, objects = (_latest(user, kind) for kind in ("law_inspection", "random_inspection"))
    found = CaseAct.objects.filter(act="inspect").select_related("case__organization")
    found = found.order_by("-happened_on", "-pk")
    seen = Organization.objects.all() if user is None else Organization.objects.for_user(user)
    named = {unit.name: unit for unit in seen}
    for act in found.filter(case__in=units, fields__problems__gt=0)[:MOST]:
        unit = named.get(str(act.fields.get("inspected")), act.case.organization)
        said = str(act.fields.get("found", ""))
        yield Unlisted(_place(act), said, "法治督察", act.case, unit, act.happened_on)
    for act in found.filter(case__in=objects, outcome__in=["发现问题待后续处理", "不配合检查"])[:MOST]:
        said = f"{act.fields.get('object', '')}：{act.outcome}"
        yield Unlisted(_place(act), said, "双随机检查", act.case, act.case.organization, act.happened_on)


def _latest(user: User | None, case_type: str) -> list[Any]:
    rows = _seen(Case.objects.filter(case_type=case_type), user).order_by("-opened_on", "-id")
    return list(rows.values_list("pk", flat=True)[:MOST])


def _place(act: CaseAct) -> str:
    return f"inspection:{act.case_id}:{act.position}"


def _of_checks(user: User | None, today: date) -> Iterator[Unlisted]:
    """The errors of texts that were checked and filed within the last year."""
    rows = Entry.objects.filter(register=CHECKS, begins__gt=today - BACK, withdrawn=False, data__errors__gt=0)
    rows = _seen(rows, user).select_related("organization").order_by("-begins", "-pk")
    for entry in rows[:MOST]:
        told = "；".join(str(one) for one in (entry.data.get("findings") or ())[:3])
        problem = f"《{entry.title}》有错误{entry.data['errors']}处" + (f"：{told}" if told else "")
        yield Unlisted(f"check:{entry.key}", problem, CHECKED, entry, entry.organization, entry.begins)


def _of_others(user: User | None, body: Organization, today: date) -> Iterator[Unlisted]:
    """What courts, bodies of reconsideration and inspectors from above decided against a unit."""
    names = UnitNames(body, today.year)
    for kind in faulting():
        for act in acts_of(kind, user, today):
            case = act.case
            written = str(case.facts.get(kind.get("unit", "")) or "")
            unit = names.find(written).organization if written else None
            told = case.facts.get(kind.get("says", "")) or f"{case.number or case.title}，{act.outcome}"
            issuer = str(case.facts.get("issuer") or "")
            source = next(
                (name for word, name in kind.get("from", {}).items() if word in issuer), kind["source"]
            )
            key, at = f"{kind['id']}:{case.pk}:{act.position}", unit or case.organization
            due = case.next_due if kind.get("due") == "clock" else None  # e.g. the day of the reply
            yield Unlisted(key, f"{kind['title']}：{told}", source, case, at, act.happened_on, due)
