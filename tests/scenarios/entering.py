"""Short ways to enter a year's work through the ledger's actions and to ask for its figures and gaps."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.ledger.registers import sample
from yifa.law.loader import catalogue
from yifa.ledger.actions import OpenCase, PublishEntry, RecordAct
from yifa.ledger.figures.counting import Counted, count
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Case, Entry, Organization

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
ON = date(2024, 12, 20)
THIS_YEAR = {"starts": "2024-01-01", "ends": "2024-12-31"}


def figure(rule: str, unit: Organization, period: tuple[date, date] = YEAR) -> Counted:
    return count(rule, unit, *period)


def gaps(name: str, unit: Organization, on: date = ON) -> list[str]:
    return sorted(gap.title for gap in find(name, unit, on))


def published(at: Organization, register: str, **data: Any) -> Entry:
    return PublishEntry(
        actor=None, organization=at, register=register, on=date(2023, 12, 29), data=sample(register, data)
    ).execute()


def opened(at: Organization, case_type: str, on: date, act: str | None = None, **more: Any) -> Case:
    given = {"actor": None, "facts": {}, **more}
    return OpenCase(organization=at, case_type=case_type, act=act, on=on, **given).execute()


def recorded(case: Case, act: str, on: date, **more: Any) -> None:
    RecordAct(case=case, act=act, on=on, **{"actor": None, **more}).execute()


def papers(case_type: str, act: str) -> list[dict[str, str | None]]:
    """The papers an act asks for."""
    return paper_of(*catalogue().case_types[case_type].acts[act].evidence)


def done(case: Case, act: str, on: date, **more: Any) -> None:
    """One act with the papers it asks for unless others are given; the case then says how it stands."""
    recorded(case, act, on, **{"evidence": papers(case.case_type, act), **more})
    case.refresh_from_db()


def paper_of(*titles: str) -> list[dict[str, str | None]]:
    return [{"title": title, "attachment": None} for title in titles]
