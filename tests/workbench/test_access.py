"""Every page for every role: opened, refused, or not there."""

from __future__ import annotations

from django.test import Client
from django.urls import get_resolver

from tests.workbench.conftest import World
from tests.workbench.pages import ALL, ELSEWHERE, PAGES


def test_every_address_has_its_row() -> None:
    named = {pattern.name for pattern in get_resolver().url_patterns}
    assert named == {page.name for page in PAGES} | set(ELSEWHERE)


def test_roles(world: World) -> None:
    for who in ALL:
        client = world.client(who)
        got = {page.name: client.get(page.url(world)).status_code for page in PAGES}
        assert got == {page.name: page.expected(who) for page in PAGES}, who


def test_strangers_must_sign_in(world: World) -> None:
    for page in PAGES:
        response = Client().get(page.url(world))
        assert response.status_code == 302, page.name
        assert response.headers["Location"].startswith("/login/?next="), page.name


def test_posts_are_refused_like_gets(world: World) -> None:
    """Whoever may not open a form may not send it either."""
    for who in ("officer", "stranger", "reviewer", "nobody"):
        client = world.client(who)
        for page in PAGES:
            if page.expected(who) in {403, 404}:
                got = client.post(page.url(world), {}).status_code
                assert got == page.expected(who), (who, page.name)


def test_report_is_rebuilt_only_by_coordinators(world: World) -> None:
    url = next(page for page in PAGES if page.name == "rebuild_report").url(world)
    assert world.client("officer").post(url).status_code == 404
    assert world.client("reviewer").post(url).status_code == 403
    assert world.client("coordinator").post(url).status_code == 302


def test_superuser_of_a_unit_cannot_be_touched_by_its_coordinator(world: World) -> None:
    client = world.client("coordinator")
    response = client.post(f"/people/{world.users['admin'].pk}/", {"what": "password"})
    assert response.status_code == 403
