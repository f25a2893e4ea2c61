"""No page offers in vain: what it links to, whoever looks at it may open."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from tests.supervision.drawing import entry, noon
from tests.workbench.conftest import TODAY, World
from tests.workbench.test_pages import SHOWN
from yifa.ledger.actions import GrantRole, OpenCase
from yifa.ledger.models import Role

MOST = 12  # links to one kind of page that are followed, of all that pages have: of each page the first and the last


def _asked(client: Client, address: str) -> Any:
    """The answer; what a download would read from is closed."""
    answer: Any = client.get(address)
    if answer.streaming:
        for close in answer._resource_closers:  # `close` itself would end the test's connection, too
            close()
    return answer


def _links(answer: Any) -> set[str]:
    """The addresses of the workbench that a page links to."""
    here = answer.wsgi_request.get_full_path()
    hrefs = [node.attributes["href"] for node in LexborHTMLParser(answer.content.decode()).css("a[href]")]
    whole = [urlsplit(urljoin(here, href or "")) for href in hrefs]
    local = [one for one in whole if not one.netloc and not one.path.startswith("/static/")]
    return {one._replace(fragment="").geturl() for one in local}


@pytest.mark.parametrize("who", ["coordinator", "officer", "reviewer", "auditor", "system"])
def test_every_link_opens_for_whoever_sees_it(world: World, who: str) -> None:
    client, followed, dead = world.client(who), Counter[str](), set[str]()
    places = [page.url(world) for page in SHOWN if page.expected(who) == 200]
    known = set(places)
    for place in places:
        answer = _asked(client, place)
        if "text/html" not in answer.headers["Content-Type"] or answer.status_code != 200:
            continue
        kinds: dict[str, list[str]] = {}
        for link in sorted(_links(answer) - known):
            kinds.setdefault(resolve(urlsplit(link).path).view_name, []).append(link)
        known.update(*kinds.values())
        for kind, links in kinds.items():
            for link in dict.fromkeys((links[0], links[-1])):
                followed[kind] += 1
                if followed[kind] <= MOST:
                    given = _asked(client, link)
                    if given.status_code >= 400:
                        dead.add(f"{place} → {link}: {given.status_code}")
    assert sum(followed.values()) > 10
    assert who != "coordinator" or any(kind.startswith("report") for kind in followed)
    assert not dead, "\n".join(sorted(dead))


def test_only_who_may_open_an_inspection_or_a_letter_is_offered_one(world: World) -> None:
    held = world.client("reviewer")
    GrantRole(
        actor=None, user=world.users["reviewer"], organization=world.body, role=Role.COORDINATOR
    ).execute()
    line = {"way": "双随机抽查", "scope": "各所", "law": "检查规定", "number": 2,
            "starts": f"{TODAY.year}-01-01", "ends": f"{TODAY.year}-12-31"}  # fmt: skip
    with time_machine.travel(noon(TODAY - timedelta(days=60)), tick=False):
        entry(world.office, "planned_inspections", code="JH-1", subject="律师所检查", **line)
        finding = {"problem": "告知缺失", "source": "自查自纠", "owner": "县司法局",
                   "due": str(TODAY - timedelta(days=5))}  # fmt: skip
        OpenCase(
            actor=None, organization=world.office, case_type="rectification_item", on=timezone.localdate(), facts=finding
        ).execute()  # fmt: skip
    for year in (TODAY.year, TODAY.year - 1):
        entry(
            world.office, "principal_duties", code=f"ZZ-{year}", person="孟局长", post="局长", duty="带头学法", minimum=1,
            starts=f"{year}-01-01", ends=f"{year}-12-31",
        )  # fmt: skip
        page = _asked(world.client("officer"), f"{reverse('duties')}?year={year}").content.decode()
        assert "孟局长" in page and (f"facts-f_duty=ZZ-{year}" in page) is (
            year == TODAY.year
        )  # of this year's list
    for page, kind, shown in (
        ("inspection_plans", "random_inspection", "律师所检查"),
        ("findings", "supervision_letter", "告知缺失"),
        ("duties", "duty_record", "职责"),
        ("observers", "supervisor_activity", "监督员"),
    ):
        offered = {who: _asked(client, reverse(page)).content.decode() for who, client in
                   (("officer", world.client("officer")), ("reviewer", held))}  # fmt: skip
        assert f"/cases/new/{kind}/" in offered["officer"] and shown in offered["reviewer"], page
        assert f"/cases/new/{kind}/" not in offered["reviewer"], page
