"""Pages of the demonstration county in a real browser: no error, no violation, no wider than the window; pictures where asked.

That every page there is opens, `test_all_pages` sees in a small county; here are those whose width depends on what they
list. `YIFA_SCREENSHOTS=folder` makes pictures of all below, of the whole county as it is today: the README's are among them.
"""

from __future__ import annotations

import os
from datetime import datetime, time
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.demo.small import TODAY, small_county
from tests.e2e.looking import on_a_phone, stacked
from tests.standing import standing
from yifa.demo import load
from yifa.ledger.models import Case, Entry, User
from yifa.planning.models import Plan
from yifa.reporting.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = os.environ.get("YIFA_SCREENSHOTS")
PASSWORD = "walk-through-7"
WIDE = (
    "home", "cases", "case", "register", "entry", "plan", "plan-matrix", "plan-source", "outline", "findings", "figures",
    "report", "year", "powers", "progress-sheet", "clocks", "law", "broken-clocks", "laws", "incoming",
)  # fmt: skip


def addresses() -> dict[str, str]:
    case = (
        Case.objects.filter(closed_on=None, next_due__gte=timezone.localdate())
        .order_by("next_due")
        .select_related("organization")[0]
    )
    entry = Entry.objects.filter(version__gt=1)[0]
    plan = Plan.objects.filter(state=Plan.State.ISSUED).order_by("-year")[0]
    divided = plan.items.exclude(division="")[0]
    clause = Entry.objects.filter(register="plan_clauses").select_related("organization")[0]
    return {
        "home": "/",
        "cases": "/cases/",
        "case": f"/cases/{case.pk}/",
        "case-documents": f"/cases/{case.pk}/documents/",
        "whole-file": f"/cases/{case.pk}/whole/",
        "document-templates": "/documents/templates/",
        "office-details": f"/documents/office/{case.organization.code}/",
        "new-case": "/cases/new/administrative_penalty/",
        "registers": "/registers/",
        "register": "/registers/powers/",
        "entry": f"/registers/entries/{entry.pk}/",
        "plan": f"/plans/{Plan.objects.order_by('-year')[0].pk}/",
        "import-plan": "/plans/import/",
        "plan-matrix": f"/plans/{Plan.objects.order_by('-year')[0].pk}/matrix/?all=1",
        "plan-source": f"/plans/{Plan.objects.order_by('-year')[0].pk}/source/",
        "plan-history": f"/plans/{plan.pk}/history/",
        "plan-bearers": f"/plans/{plan.pk}/bearers/",
        "plan-problems": f"/plans/{plan.pk}/problems/",
        "plan-clauses": f"/plans/{plan.pk}/clauses/",
        "take-over": f"/plans/{plan.pk}/upper/",
        "task-structure": f"/plans/tasks/{divided.pk}/structure/",
        "outlines": "/plans/outlines/",
        "outline": f"/plans/outlines/one/?body={clause.organization.code}&plan={clause.data['plan']}",
        "findings": "/plans/findings/",
        "clocks": "/clocks/",
        "law": "/laws/L02/",
        "laws": "/laws/",
        "incoming": "/reports/incoming/",
        "broken-clocks": "/process/clocks/broken/",
        "progress-sheet": f"/plans/{plan.pk}/progress/",
        "figures": "/figures/",
        "figure": "/figures/petitions_registered/",
        "report": f"/reports/{Report.objects.all()[0].pk}/",
        "check": "/check/",
        "calendar": "/calendar/",
        "ledger": "/ledger/",
        "people": "/people/",
        "account": "/account/",
        "year": "/year/",
        "powers": "/powers/",
        "delegations": "/delegations/",
        "exchange": "/exchange/",
    }


def test_every_page_of_the_demonstration(page: Page) -> None:
    if FOLDER:
        load(timezone.localdate(), lambda *_: None)
        look(page)
        return
    with time_machine.travel(datetime.combine(TODAY, time(10), timezone.get_default_timezone())):
        standing(small_county)
        look(page)


def look(page: Page) -> None:
    """Each page there is, as a coordinator who may see everything."""
    user = User.objects.get(username="fazhi")
    user.set_password(PASSWORD)
    user.is_superuser = True
    user.save()
    page.goto("/login/")
    shoot(page, "login")
    page.get_by_label("用户名").fill("fazhi")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="首页")).to_be_visible()
    for name, address in addresses().items():
        if not FOLDER and name not in WIDE:
            continue
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, name
        assert "/login/" not in page.url, name
        page.wait_for_load_state("networkidle")
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} is wider than the window"
        if not FOLDER:
            assert stacked(page) + on_a_phone(page) == [], name
        shoot(page, name)


def shoot(page: Page, name: str) -> None:
    """A picture, where pictures are wanted; of a window tall enough to show the page's point."""
    if FOLDER:
        page.set_viewport_size({"width": 1366, "height": 1000})
        page.wait_for_timeout(300)  # charts redraw
        page.screenshot(path=Path(FOLDER) / f"{name}.png")
        page.set_viewport_size({"width": 1366, "height": 768})
