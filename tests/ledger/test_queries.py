from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from yifa.ledger.actions import PublishEntry, RecordAct
from yifa.ledger.models import Case, Role, User
from yifa.ledger.search import queries
from yifa.ledger.search.queries import CaseFilter


@pytest.fixture
def viewer(place: Town) -> User:
    return place.user(Role.LEADER, at=place.body)


@pytest.fixture
def case(place: Town) -> Case:
    return place.request(on=date(2024, 9, 20), by="乙二", facts={"content": "示例桥梁检测报告"})


def test_what_is_due_follows_from_the_day_one_looks(viewer: User, case: Case) -> None:
    due = case.next_due
    assert due is not None
    assert [clock.case for clock in queries.due_on(viewer, due)] == [case]
    assert not queries.overdue(viewer, due) and [
        c.case for c in queries.overdue(viewer, due + timedelta(days=1))
    ] == [case]
    day = timedelta(days=1)
    assert [clock.case for clock in queries.due_within(viewer, due - day, due)] == [case]  # both ends counted
    assert not queries.due_within(viewer, due + day, due + 7 * day)
    assert not queries.due_on(viewer, due + timedelta(days=1))


def test_paused_met_and_others_deadlines_are_not_ours(place: Town, viewer: User) -> None:
    then = datetime(2024, 9, 23, 2, tzinfo=UTC)
    case = place.request(on=date(2024, 9, 20), recorded_at=then)
    assert queries.running_clocks(viewer).count() == 1
    RecordAct(
        actor=None, case=case, act="consult_third_party", on=date(2024, 9, 23), recorded_at=then,
        evidence=[{"title": "征求意见书", "attachment": None}],
    ).execute()  # fmt: skip
    assert case.clocks.filter(clock="third_party_opinion", stopped_on=None, due__isnull=False).exists()
    # the third party's time ends by itself after 15 working days; ours then runs on to a day of its own
    (running,) = queries.running_clocks(viewer)
    case.refresh_from_db()
    assert running.clock == "answer" and not running.paused and running.due == case.next_due
    assert case.next_due is not None and case.next_due > date(2024, 10, 28)
    RecordAct(
        actor=None, case=case, act="third_party_opinion", on=date(2024, 9, 25), outcome="同意公开",
        recorded_at=then + timedelta(days=2),
    ).execute()  # fmt: skip
    before, case = case.next_due, Case.objects.get(pk=case.pk)
    assert case.next_due is not None and date(2024, 10, 20) < case.next_due < before


def test_a_pause_without_an_end_of_its_own_is_not_due(place: Town, viewer: User) -> None:
    then = datetime(2024, 9, 23, 2, tzinfo=UTC)
    case = place.request(on=date(2024, 9, 20), recorded_at=then)
    RecordAct(
        actor=None, case=case, act="request_supplement", on=date(2024, 9, 23), recorded_at=then
    ).execute()
    assert case.clocks.get(clock="answer").paused
    assert not queries.running_clocks(viewer)
    assert Case.objects.get(pk=case.pk).next_due is None


def test_nobody_is_shown_what_lies_outside_the_own_reach(place: Town, case: Case) -> None:
    other = place.user(Role.OFFICER, at=place.town)
    assert not queries.running_clocks(other)
    assert not queries.cases(other, CaseFilter(), timezone.localdate())


def test_filters(place: Town, viewer: User, case: Case) -> None:
    town = place.request(on=date(2025, 1, 10), organization=place.town)
    place.answer(town, on=date(2025, 1, 20))
    due = case.next_due
    assert due is not None

    def found(today: date = date(2024, 9, 21), **wanted: object) -> set[Case]:
        return set(queries.cases(viewer, CaseFilter(**wanted), today))  # type: ignore[arg-type]

    town.refresh_from_db()
    assert found() == {case, town}
    assert found(text="桥梁 检测") == found(text="乙二") == found(text="司法局 示例桥") == {case}
    assert found(text="桥梁 道路") == set()
    assert (
        found(organization=place.town)
        == {town}
        == found(opened_from=date(2025, 1, 1))
        == found(status=town.status)
    )
    assert found(opened_to=date(2024, 12, 31)) == {case}
    assert found(case_type="petition") == set()
    assert (
        found(due, due="today")
        == found(due, due="running")
        == found(due + timedelta(days=1), due="overdue")
        == {case}
    )
    assert found(due, due="overdue") == set()
    assert found(state="open") == {case, town} and found(state="closed") == set()
    assert found(findings=True) | found(findings=False) == {case, town}


def test_entries_that_will_end(place: Town, viewer: User) -> None:
    day = timezone.localdate()
    for code, ends in (
        ("A", day + timedelta(days=10)),
        ("B", day + timedelta(days=2000)),
        ("C", day - timedelta(days=1)),
    ):
        PublishEntry(
            actor=None, organization=place.office, register="enforcement_officers", on=date(2024, 3, 1),
            data=sample("enforcement_officers", {"code": code, "name": "甲一"}) | {_ends(): ends.isoformat()},
        ).execute()  # fmt: skip
    assert [entry.key for entry in queries.ends_soon(viewer, day)] == ["A"]
    listed = queries.entries(viewer, "enforcement_officers")
    assert {entry.key for entry in queries.in_force(listed, day)} == {"A", "B"}
    assert {entry.key for entry in queries.in_force(listed, day - timedelta(days=1))} == {"A", "B", "C"}
    assert [entry.key for entry in queries.entries(viewer, "enforcement_officers", text="B")] == ["B"]
    assert not queries.ends_soon(place.user(Role.OFFICER, at=place.town), day)


def _ends() -> str:
    from yifa.law.loader import catalogue

    ends = catalogue().registers["enforcement_officers"].ends
    assert ends is not None
    return ends
