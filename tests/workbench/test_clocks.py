"""Deadlines on the days of the working calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench.conftest import TODAY, World, request_for
from yifa.law.calendar import default_calendar
from yifa.ledger.search.queries import running_clocks
from yifa.workbench.cases.duecalendar import MOST, Span, day_kind, due_calendar, span_of

CLOCKS = "/clocks/"


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.sampled_from(list(Span)))
def test_a_span_holds_its_day_in_whole_weeks(on: date, span: Span) -> None:
    first, last = span_of(span, on)
    assert first <= on <= last
    if span is not Span.DAY:
        assert (first.weekday(), last.weekday()) == (0, 6)
    if span is Span.MONTH:
        assert first <= on.replace(day=1)
        assert (last + timedelta(days=1)).month != on.month or last.month != on.month
        assert (last - first).days + 1 in {28, 35, 42}


def test_days_say_why_they_are_off_or_worked() -> None:
    known = default_calendar()
    kinds = {day_kind(known, date(2026, 1, 1) + timedelta(days=at))[0] for at in range(365)}
    assert kinds == {"", "off", "worked", "weekend"}
    assert day_kind(known, date(2026, 10, 1))[0] == "off"
    assert day_kind(known, date(2026, 10, 1))[1]
    assert day_kind(known, date(2090, 1, 1)) == ("weekend", "")  # a Sunday of a year nobody has announced yet


@pytest.mark.parametrize("span", list(Span))
def test_each_deadline_stands_on_its_day_and_opens_its_case(world: World, span: Span) -> None:
    due = world.case.next_due
    assert due is not None
    text = world.client("officer").get(CLOCKS, {"span": span, "on": due.isoformat()}).content.decode()
    assert reverse("case", args=[world.case.pk]) in text
    assert "政府信息公开条例" in text
    assert reverse("case", args=[world.foreign.pk]) not in text
    empty = world.client("stranger").get(CLOCKS, {"span": span, "on": due.isoformat()}).content.decode()
    assert reverse("case", args=[world.case.pk]) not in empty


def test_unit_and_procedure_narrow_it(world: World) -> None:
    due = world.case.next_due
    assert due is not None
    client, url = world.client("coordinator"), reverse("case", args=[world.case.pk])
    on = {"on": due.isoformat()}
    assert url in client.get(CLOCKS, {**on, "unit": "sfj", "type": "information_request"}).content.decode()
    assert url not in client.get(CLOCKS, {**on, "unit": "scjg"}).content.decode()
    assert url not in client.get(CLOCKS, {**on, "type": "petition"}).content.decode()
    assert client.get(CLOCKS, {"on": "never", "span": "year", "unit": "x", "type": "y"}).status_code == 200
    for odd in ("0001-01-01", "9999-12-31"):
        assert client.get(CLOCKS, {"on": odd}).status_code == 200


def test_a_day_with_many_shows_some_and_says_how_many(world: World) -> None:
    due = world.case.next_due
    client = world.client("officer")
    asked = {"on": due.isoformat() if due else ""}
    client.get(CLOCKS, asked)
    with CaptureQueriesContext(connection) as few:
        client.get(CLOCKS, asked)
    for number in range(7):
        request_for(world.office, date(2026, 11, 2), f"示例资料{number}")
    with CaptureQueriesContext(connection) as many:
        text = client.get(CLOCKS, asked).content.decode()
    assert len(many) == len(few)
    assert "另有 3 项" in text
    assert due is not None
    shown = due_calendar(running_clocks(world.users["officer"]), Span.MONTH, due, default_calendar())
    (day,) = [one for week in shown.weeks for one in week if one.on == due]
    assert (day.count, len(day.dues), day.rest) == (8, MOST[Span.MONTH], 3)
    assert shown.total >= day.count


def test_what_is_overdue_by_now_is_said(world: World) -> None:
    text = world.client("coordinator").get(CLOCKS, {"on": TODAY.isoformat()}).content.decode()
    assert "至今已逾期" not in text
    request_for(world.office, date(2026, 9, 1), "逾期的示例", entered="back")
    text = world.client("coordinator").get(CLOCKS, {"on": TODAY.isoformat()}).content.decode()
    assert "至今已逾期 1 项" in text
