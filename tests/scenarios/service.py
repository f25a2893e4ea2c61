"""A hall with one item, and short names for what officers do there: for the mechanisms of D4 to D6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.county import County
from tests.ledger.registers import sample
from yifa.law.loader import catalogue
from yifa.ledger.actions import (
    ActionRefused,
    CreateOrganization,
    OpenCase,
    PublishEntry,
    RecordAct,
    ReviseEntry,
)
from yifa.ledger.figures.counting import Counted, count
from yifa.ledger.figures.gaps import Gap, find
from yifa.ledger.models import Case, CaseAct, Entry, Organization

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
ON = date(2024, 12, 20)
BUREAU = "澜亭县行政审批服务局"


def papers(case_type: str, act: str) -> list[dict[str, Any]]:
    titles = catalogue().case_types[case_type].acts[act].evidence
    return [{"title": title, "attachment": None} for title in titles]


def published(at: Organization, register: str, **data: Any) -> Entry:
    """An entry of a register; `code` is its key. What is required and not said is filled in, None takes it away."""
    kind = catalogue().registers[register]
    named = {"name": data["code"]} if kind.title_field != kind.key else {}
    said = sample(register, {**named, **data})
    return PublishEntry(
        actor=None, organization=at, register=register, on=date(2024, 1, 2), data=said
    ).execute()


def revised(entry: Entry, on: date, reason: str, **data: Any) -> Entry:
    """The entry with other values from a day."""
    entry.refresh_from_db()
    return ReviseEntry(actor=None, entry=entry, data={**entry.data, **data}, on=on, reason=reason).execute()


def opened(at: Organization, case_type: str, on: date, facts: Mapping[str, Any], **more: Any) -> Case:
    """A case with the papers of its first act."""
    act = catalogue().case_types[case_type].opens_with[0]
    given = {"evidence": papers(case_type, act), **more}
    return OpenCase(actor=None, organization=at, case_type=case_type, on=on, facts=facts, **given).execute()


def done(case: Case, act: str, on: date, **more: Any) -> CaseAct:
    """An act with its papers."""
    given = {"evidence": papers(case.case_type, act), **more}
    return RecordAct(actor=None, case=case, act=act, on=on, **given).execute()


def refused(case: object, act: str, on: date, *, accept: bool = False, **more: Any) -> str:
    """Why the ledger does not take an act."""
    assert isinstance(case, Case)
    if accept:
        done(case, "accept", on)
    try:
        done(case, act, on, **more)
    except ActionRefused as error:
        return error.message
    raise AssertionError(f"{act} was not refused")


def figure(rule: str, unit: Organization, period: tuple[date, date] = YEAR) -> Counted:
    return count(rule, unit, *period)


def gaps(name: str, unit: Organization, on: date = ON) -> list[str]:
    return sorted(gap.title for gap in find(name, unit, on))


@dataclass
class Hall:
    """The approval bureau and one of its items."""

    at: Organization
    item: Entry

    @classmethod
    def of(cls, county: County) -> Hall:
        at = CreateOrganization(
            actor=None,
            code="spj",
            name=BUREAU,
            level="department",
            parent=county.body,
            document_code="澜审批",
        ).execute()
        item = published(
            at, "service_items", code="FW1", name="食品经营许可", kind="行政许可", organ=BUREAU, effective="2020-01-01",
            batch="第一批", statutory_days=20, promised_days=7,
        )  # fmt: skip
        return cls(at, item)

    def found(self, gap: str, on: date = ON) -> tuple[Gap, ...]:
        return find(gap, self.at, on)


def service(hall: Hall, on: date, **facts: Any) -> Case:
    """A case of the hall's item."""
    return opened(hall.at, "service_case", on, {"item": hall.item.key, "subject": "某店申请", **facts})
