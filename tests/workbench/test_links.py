"""No page offers in vain: what it links to, whoever looks at it may open."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from selectolax.lexbor import LexborHTMLParser

from tests.workbench.conftest import World
from tests.workbench.test_pages import SHOWN

LONG = ("/reports/",)  # a report is built and checked whole; tests of its own pages ask for it
EACH = 1  # links to one kind of page that are followed, of those that each page has


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
    client, followed, dead = world.client(who), Counter[tuple[str, str]](), set[str]()
    places = [page.url(world) for page in SHOWN if page.expected(who) == 200]
    known = set(places)
    for place in places:
        answer = _asked(client, place)
        if "text/html" not in answer.headers["Content-Type"] or answer.status_code != 200:
            continue
        for link in sorted(_links(answer) - known):
            known.add(link)
            path = urlsplit(link).path
            kind = (place, resolve(path).view_name)
            followed[kind] += 1
            if followed[kind] <= EACH and not path.startswith(LONG):
                given = _asked(client, link)
                if given.status_code >= 400:
                    dead.add(f"{place} → {link}: {given.status_code}")
    assert sum(followed.values()) > 10
    assert not dead, "\n".join(sorted(dead))
