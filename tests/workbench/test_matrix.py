"""The matrix of who may open what, tried both ways: every role against every address, above, at home and elsewhere.

What a role may follows from what the page declares alone; a page that lets in whom it does not name fails, and so does
one that turns away whom it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.template import loader
from django.test import Client

from tests.workbench.conftest import World
from tests.workbench.pages import PAGES, Page
from yifa.ledger.models import Membership, Organization, Role
from yifa.ledger.people.needs import BUSINESS, Needs, Reach
from yifa.workbench.rights.permits import PERMITS

REFUSED = {403, 404}


def _owner(page: Page) -> str:
    """Whose the thing of an address is, as far as one can tell: of the office, of the body, or of nobody in particular."""
    if "stranger" not in page.hidden:
        return ""
    return "body" if "officer" in page.hidden else "office"


def _admitted(needs: Needs, role: str) -> bool:
    """What the declaration says of somebody who holds the role in the body, above everything."""
    if needs.reach in {Reach.SEES, Reach.SHARED}:
        return role in BUSINESS
    return needs.reach in {Reach.PUBLIC, Reach.SELF} or role in needs.roles


@pytest.fixture
def try_as(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Organization], Client]:
    """Somebody who holds one role in one place; nothing is drawn."""
    monkeypatch.setattr(loader, "render_to_string", lambda *_, **__: "")
    user, client = world.users["nobody"], world.client("nobody")

    def standing_as(role: str, place: Organization) -> Client:
        Membership.objects.filter(user=user).delete()
        Membership.objects.create(user=user, organization=place, role=role)
        return client

    return standing_as


def test_every_role_above_everything(world: World, try_as: Callable[[str, Organization], Client]) -> None:
    urls = {page.name: page.url(world) for page in PAGES}
    wrong, tried = [], 0
    for role in Role.values:
        client = try_as(role, world.body)
        for page in PAGES:
            permit = PERMITS[page.name]
            if _dear(page, role):
                continue
            status = client.get(urls[page.name]).status_code
            opened = _admitted(permit.opens, role)
            if opened and not permit.opens.also and status in REFUSED:
                wrong.append(f"{role}：{page.name} 应当能打开，得到 {status}")
            if not opened and status not in REFUSED:
                wrong.append(f"{role}：{page.name} 不应当能打开，得到 {status}")
            if not _admitted(permit.of("POST"), role):
                sent = client.post(urls[page.name], {}).status_code
                if sent not in {*REFUSED, 405}:
                    wrong.append(f"{role}：{page.name} 不应当能提交，得到 {sent}")
            tried += 1
    assert not wrong, "\n".join(wrong)
    assert tried > 7 * len(PAGES)


DEAR = (
    "home",
    "year",
    "figures",
    "figure",
    "gap",
    "report",
    "plan",
    "progress",
    "whole_file",
    "download",
    "quarter",
)


def _dear(page: Page, role: str) -> bool:
    """What takes long to count: two of the roles that all see it alike are enough."""
    alike = PERMITS[page.name].opens.reach is not Reach.HERE and role in BUSINESS
    return alike and page.name.startswith(DEAR) and role not in {Role.LEADER, Role.PUBLISHER}


def test_every_role_at_home_and_elsewhere(
    world: World, try_as: Callable[[str, Organization], Client]
) -> None:
    """Of what is somebody's: a role in the unit itself reaches it, the same role in another unit does not."""
    urls = {page.name: page.url(world) for page in PAGES}
    wrong = []
    for role in Role.values:
        for place, mine in ((world.office, "office"), (world.other, "other")):
            client = try_as(role, place)
            for page in _of_somebody(role):
                needs = PERMITS[page.name].opens
                status = client.get(urls[page.name]).status_code
                reached = _admitted(needs, role) and _owner(page) == mine
                if reached and not needs.also and status in REFUSED:
                    wrong.append(f"{place}的{role}：{page.name} 应当能打开，得到 {status}")
                if not reached and status not in REFUSED:
                    wrong.append(f"{place}的{role}：{page.name} 不应当能打开，得到 {status}")
    assert not wrong, "\n".join(wrong)


def _of_somebody(role: str) -> Iterator[Page]:
    """The pages about somebody's things; what all business roles see alike is shared out among them."""
    for at, page in enumerate(PAGES):
        needs = PERMITS[page.name].opens
        if not _owner(page) or needs.reach in {Reach.PUBLIC, Reach.SELF, Reach.ANYWHERE} or page.post_only:
            continue
        if needs.reach is Reach.HERE or role not in BUSINESS or BUSINESS[at % len(BUSINESS)] == role:
            yield page
