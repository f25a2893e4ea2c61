"""What supervision in the invented county writes by hand: last year's duty list with its records, why deadlines were missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import cycle
from typing import Any

from yifa.law.datafiles import beside
from yifa.ledger.actions import ChangeFacts, OpenCase, PublishEntry
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.models import Case, CaseFinding, Organization, Role, User
from yifa.ledger.process.happened import reason_key
from yifa.procedures.model import ClockState
from yifa.supervision.duties import REVIEW, lost_unreviewed, name_of

EXPLAINED = 14  # of some two hundred: units explain few
EVERY = 3  # so many deadlines are passed over for one that is explained
PERSON, POST = "乙二", "县长"


def duties(body: Organization, year: int) -> None:
    """The list with what was recorded for it; one duty has too few records, one none."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    for line in _said()["duties"]:
        data = {
            "code": line["code"], "person": PERSON, "post": POST, "duty": line["duty"], "minimum": line["minimum"],
            "starts": first.isoformat(), "ends": last.isoformat(),
        }  # fmt: skip
        PublishEntry(
            actor=None, organization=body, register="principal_duties", on=first, data=data
        ).execute()
        for record in line["records"]:
            OpenCase(
                actor=None, organization=body, case_type="duty_record", on=date(year, *record["day"]), by=PERSON,
                facts={"subject": record["subject"], "person": PERSON, "duty": line["code"]}, entered="back",
                fields={"did": _said()["did"]}, evidence=[{"title": "会议纪要", "attachment": None}],
            ).execute()  # fmt: skip


def unit_duties(units: Sequence[Organization], year: int) -> None:
    """What the heads of units did: most have a list, records and a statement, some only the list, some nothing."""
    said = _said()
    first, last = date(year, 1, 1), date(year, 12, 31)
    for place, (unit, person) in enumerate(zip(units, cycle(said["heads"]), strict=False)):
        if place % 6 == 5:
            continue
        for number, duty in enumerate(said["unit_duties"], 1):
            code = f"ZZ-{unit.code}-{number}"
            data = {
                "code": code, "person": person, "post": "主要负责人", "duty": duty["duty"], "minimum": 1,
                "starts": first.isoformat(), "ends": last.isoformat(),
            }  # fmt: skip
            PublishEntry(
                actor=None, organization=unit, register="principal_duties", on=first, data=data
            ).execute()
            if place % 6 != 4 and (place + number) % 4:
                OpenCase(
                    actor=None, organization=unit, case_type="duty_record", on=date(year, *duty["day"]), by=person,
                    facts={"subject": duty["subject"], "person": person, "duty": code}, entered="back",
                    fields={"did": said["did"]}, evidence=[{"title": "会议纪要", "attachment": None}],
                ).execute()  # fmt: skip
        if place % 3 != 2:
            OpenCase(
                actor=None, organization=unit, case_type="legal_statement", on=date(year, 12, 18), by=person,
                facts={"person": person, "post": "主要负责人", "kind": "部门主要负责人", "year": year}, entered="back",
                fields={"statement": said["stated"], "form": "书面述法"},
                evidence=[{"title": "述法报告", "attachment": None}],
            ).execute()  # fmt: skip


def reasons(today: date) -> None:
    """What units say about some deadlines they missed."""
    said = cycle(_said()["reasons"])
    for case, clock in _missed(today):
        assert clock.due is not None  # noqa: S101 - a clock that was missed had a last day
        data = {
            "code": reason_key(case, clock.id), "case_title": case.title[:200], "case_number": case.number or None,
            "clock": clock.title, "due": clock.due.isoformat(), **next(said),
        }  # fmt: skip
        PublishEntry(
            actor=None, organization=case.organization, register="clock_reasons", on=min(clock.due, today),
            data={name: value for name, value in data.items() if value},
        ).execute()  # fmt: skip


def faults(body: Organization) -> None:
    """Which case that was lost each review of faults follows, where its unit had lost one by then."""
    coordinator = User.objects.filter(organization=body, memberships__role=Role.COORDINATOR).first()
    assert coordinator is not None  # noqa: S101 - the county has one
    reviews = Case.objects.filter(case_type=REVIEW).select_related("organization")
    for review in reviews.order_by("opened_on", "pk"):
        on = review.opened_on or date.max
        ours = [
            one
            for one in lost_unreviewed(coordinator, on)
            if one.on <= on and review.organization.name.endswith(one.whose)
        ]
        if not ours:
            continue
        source = "行政诉讼" if ours[0].case.case_type == "litigation" else "行政复议"
        facts = {
            "subject": f"{ours[0].case.title}被纠正", "source": source, ours[0].fact: name_of(ours[0].case),
            "lost_on": ours[0].on.isoformat(), "source_number": None,
        }  # fmt: skip
        ChangeFacts(
            actor=None, case=review, facts=facts, reason="写明所涉案件", title=facts["subject"] or ""
        ).execute()


def _said() -> Mapping[str, Any]:
    said: Mapping[str, Any] = beside(__file__, "supervising.yaml")
    return said


def _missed(today: date) -> Iterator[tuple[Case, ClockState]]:
    """Some deadlines that were not kept, the latest cases first, each with its clock."""
    late = CaseFinding.objects.filter(kind="late").exclude(clock="").select_related("case__organization")
    rows = list(late.order_by("-case__opened_on", "case_id", "pk")[: EXPLAINED * EVERY])
    for row in rows[::EVERY]:
        clock = state_of(row.case, today).clocks.get(row.clock)
        if clock is not None and clock.due is not None:
            yield row.case, clock
