"""The working days of a year, and the notice entered for the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from yifa.law.calendar import default_calendar
from yifa.law.notices import notice_example
from yifa.ledger.legal import calendar
from yifa.ledger.models import Record
from yifa.workbench.views.installation.calendar import month

NEXT = default_calendar().last_year + 1
HOLIDAYS = {
    "元旦": "01-01",
    "春节": "02-05",
    "清明节": "04-05",
    "劳动节": "05-01",
    "端午节": "06-09",
    "国庆节、中秋节": "10-01",
}
WHOLE = f"year: {NEXT}\ndocument: 国务院办公厅关于{NEXT}年部分节假日安排的通知\nholidays:\n" + "".join(
    f"  - {{name: {name}, from: {NEXT}-{day}, to: {NEXT}-{day}}}\n" for name, day in HOLIDAYS.items()
)


@pytest.fixture
def own_data(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    yield


def notice(text: str, name: str = "通知.yaml") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, text.encode())}


def test_a_month_has_every_day_once_and_says_why() -> None:
    october = month(default_calendar(), 2025, 10)
    days = [day for week in october.weeks for day in week if day]
    assert [day.on.day for day in days] == list(range(1, 32))
    assert all(len(week) == 7 for week in october.weeks)
    kinds = {day.on.day: day.kind for day in days}
    assert (kinds[1], kinds[9], kinds[11], kinds[18]) == ("off", "", "worked", "weekend")
    assert october.workdays == sum(default_calendar().is_workday(day.on) for day in days)


@pytest.mark.usefixtures("own_data")
def test_notice_is_entered_and_counted_by(world: World) -> None:
    client = world.client("coordinator")
    page = client.get(reverse("calendar"))
    assert page.status_code == 200
    assert client.get(reverse("calendar"), {"year": NEXT}).status_code == 404
    assert client.post(reverse("calendar"), notice(WHOLE)).status_code == 302
    assert not calendar().is_workday(date(NEXT, 10, 1))
    tree = LexborHTMLParser(client.get(reverse("calendar"), {"year": NEXT}).content.decode())
    off = [cell.attributes["title"] for cell in tree.css("td.y-day.off")]
    assert "国庆节" in str(off)
    record = Record.objects.latest("id")
    assert (record.kind, record.recorded_by) == ("calendar.kept", world.users["coordinator"])


@pytest.mark.usefixtures("own_data")
@pytest.mark.parametrize("text", ["", "year: [", f"year: {NEXT}\n", notice_example(NEXT + 5)])
def test_wrong_notice_is_explained_and_nothing_kept(world: World, tmp_path: Path, text: str) -> None:
    response = world.client("coordinator").post(reverse("calendar"), notice(text))
    assert response.status_code == 422
    tree = LexborHTMLParser(response.content.decode())
    assert tree.css_first(".alert-danger, .invalid-feedback") is not None
    assert not list(tmp_path.glob("calendar/*"))


@pytest.mark.usefixtures("own_data")
def test_only_the_coordinator_of_the_body_enters(world: World) -> None:
    client = world.client("officer")
    assert b'type="file"' not in client.get(reverse("calendar")).content
    assert client.post(reverse("calendar"), notice(notice_example(NEXT))).status_code == 403
