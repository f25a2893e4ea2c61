"""What really happened, as pages: every number opens to just so many cases, and to nobody else's."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World, request_for
from yifa.law.loader import catalogue
from yifa.ledger.actions import CorrectAct, RecordAct
from yifa.ledger.models import Case, Entry, TermRun
from yifa.ledger.process import keeping
from yifa.ledger.process.happened import Passage
from yifa.workbench.templatetags.yifa import share
from yifa.workbench.views.process.flowdrawing import HIGH, drawing

KIND = "information_request"
YEAR = "unit={unit}&from=2026-01-01&to=2026-12-31"
LINK = re.compile(r'<a[^>]* href="([^"]*(?:/steps/|/broken/|/records/)[^"]*)"[^>]*>([\d,]+)</a>')


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def main(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]


@pytest.fixture
def happened(world: World) -> list[Case]:
    """Of the office: one answered in time, one late, one withdrawn again; of the other office: one that waits."""
    found = []
    for content, day, answered in (("甲", 3, 12), ("乙", 4, 30), ("丙", 5, 9)):
        case = request_for(world.office, date(2026, 3, day), f"申请公开示例{content}", entered="back")
        RecordAct(
            actor=None, case=case, act="answer", on=date(2026, 3 if answered < 30 else 6, answered),
            outcome="予以公开", entered="back",
        ).execute()  # fmt: skip
        found.append(Case.objects.get(pk=case.pk))
    CorrectAct(actor=None, case=found[2], position=2, changes={}, reason="误录", withdraws=True).execute()
    found.append(request_for(world.other, date(2026, 3, 6), "申请公开示例丁", entered="back"))
    keeping.refresh()
    return found


@pytest.mark.parametrize("who", ["coordinator", "officer"])
def test_every_number_opens_to_just_so_many(world: World, happened: list[Case], who: str) -> None:
    client = world.client(who)
    unit = world.body.code if who == "coordinator" else world.office.code
    query, seen = YEAR.format(unit=unit), 0
    for url in (
        reverse("process"), reverse("process_flow", args=[KIND]), reverse("process_clocks"), reverse("amendments"),
    ):  # fmt: skip
        for link, number in LINK.findall(main(page(client, f"{url}?{query}"))):
            found = main(page(client, html.unescape(link)))
            assert re.search(rf"共 {number} [步个条]", found), (url, link, number)
            seen += 1
    assert seen > 15


def test_what_was_kept_is_folded_below_what_was_broken(world: World, happened: list[Case]) -> None:
    url = f"{reverse('process_clocks')}?{YEAR.format(unit=world.body.code)}"
    shown = LexborHTMLParser(page(world.client("coordinator"), url))
    sections = shown.css("main section.card")
    assert len(sections) >= 3
    for section in sections:
        folded = section.css_first("details.y-fold")
        kept = [row for row in section.css("tbody tr") if row.css_first("a.y-late") is None]
        inside = folded.css("tbody tr") if folded else []
        assert len(kept) <= len(inside) and all(row.html in {one.html for one in inside} for row in kept)


def test_a_unit_sees_its_own(world: World, happened: list[Case]) -> None:
    stranger = world.client("stranger")
    listed = page(stranger, reverse("process_steps", args=[KIND]) + "?from=2026-01-01&to=2026-12-31")
    assert "示例丁" in listed and "示例甲" not in listed
    refused = stranger.get(reverse("process") + f"?{YEAR.format(unit=world.office.code)}")
    assert refused.status_code == 404
    assert stranger.get(reverse("process_flow", args=["nothing"])).status_code == 404


def test_what_was_drawn_is_also_told(world: World, happened: list[Case]) -> None:
    text = main(
        page(
            world.client("coordinator"),
            f"{reverse('process_flow', args=[KIND])}?{YEAR.format(unit=world.office.code)}",
        )
    )
    drawn = text[text.index('<svg class="y-flow"') : text.index("</svg>", text.index('class="y-flow"'))]
    assert "2次 9天/118天" in drawn and "期间无人办" in drawn
    assert "延长答复期限" in text[text.index("期间无人办的环节") :]


@pytest.mark.mechanism("D2-12", "works")
def test_a_unit_says_why(world: World, happened: list[Case]) -> None:
    officer = world.client("officer")
    listed = f"{reverse('broken_clocks')}?{YEAR.format(unit=world.office.code)}&type={KIND}"
    link = html.unescape(re.findall(r'href="([^"]*clock_reasons/new[^"]*)"', page(officer, listed))[0])
    form = page(officer, link)
    given = dict(re.findall(r'name="(f_\w+)"[^>]* value="([^"]*)"', form))
    assert given["f_clock"] == catalogue().case_types[KIND].clocks["answer"].title and given["f_due"]
    said = given | {
        "f_cause": "案情复杂",
        "f_explanation": "涉及多个部门",
        "organization": world.office.pk,
        "on": "2026-11-20",
    }
    saved = officer.post(link, said)
    assert saved.status_code == 302, saved.content.decode()[:2000]
    entry = Entry.objects.get(register="clock_reasons")
    shown = main(page(officer, listed))
    assert "涉及多个部门" in shown and reverse("entry", args=[entry.pk]) in shown
    rows = load_workbook(io.BytesIO(b"".join(officer.get(f"{listed}&format=xlsx")))).active  # type: ignore[call-overload]
    assert any("涉及多个部门" in str(cell.value) for row in rows for cell in row)
    run = TermRun._default_manager.get(case__in=happened, term__clock="answer", state=TermRun.State.BROKEN)
    assert entry.key == f"{run.case.pk.hex}-answer"


@pytest.mark.parametrize(
    "name", ["process", "process_clocks", "process_outliers", "idle_units", "amendments"]
)
def test_every_table_goes_into_a_sheet(world: World, happened: list[Case], name: str) -> None:
    response = world.client("coordinator").get(
        f"{reverse(name)}?{YEAR.format(unit=world.body.code)}&format=xlsx"
    )
    sheet = load_workbook(io.BytesIO(b"".join(response))).active  # type: ignore[call-overload]
    assert sheet.cell(1, 1).value and (name == "process_outliers" or sheet.max_row > 1)


def test_units_without_cases_are_named(world: World) -> None:
    text = main(
        page(world.client("coordinator"), f"{reverse('idle_units')}?{YEAR.format(unit=world.body.code)}")
    )
    assert reverse("entry", args=[world.entry.pk]) in text


def test_the_drawing_holds_every_act_once_and_apart() -> None:
    for kind in catalogue().case_types.values():
        acts = list(kind.acts)
        some = [Passage(one, other) for one, other in zip(acts, [*acts[1:], acts[0]], strict=True)]
        for one in some:
            one.add(0, 0, 3, 2)
        made = drawing(kind, some)
        assert sorted(box.act for box in made.boxes) == sorted(acts)
        places = sorted((box.y, box.x) for box in made.boxes)
        for (y, x), (below, right) in pairwise(places):
            assert below >= y + HIGH or right >= x + 150, kind.case_type
        assert all(box.x >= 0 and box.x + box.width <= made.width for box in made.boxes)
        assert made.left_out + sum(arrow.passage is not None for arrow in made.arrows) == len(acts)


def test_acts_nobody_did_are_folded_and_a_flow_of_forty_stays_low() -> None:
    kind = catalogue().case_types["administrative_penalty"]
    acts = list(kind.acts)[:12]
    some = [Passage(one, other) for one, other in pairwise(acts)]
    for one in some:
        one.add(0, 0, 3, 2)
    whole, folded = drawing(kind, some), drawing(kind, some, whole=False)
    assert (whole.folded, folded.folded) == (0, len(kind.acts) - len(acts))
    assert [box.act for box in whole.boxes if box.many] and {box.act for box in folded.boxes} == set(acts)
    assert folded.height < whole.height < 1500  # below that a page prints it legibly


@pytest.mark.parametrize(
    ("value", "said"), [(1 / 6, "16.7%"), (1.0, "100.0%"), (0.9999, "99.9%"), (None, "—")]
)
def test_a_share_is_rounded_and_not_all_is_not_a_hundred(value: float | None, said: str) -> None:
    assert share(value) == said
