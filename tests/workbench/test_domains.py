from __future__ import annotations

from django.urls import reverse

from tests.workbench.conftest import World
from yifa.law.loader import catalogue
from yifa.law.phrases import DOMAINS
from yifa.law.schema import Domain
from yifa.workbench.lists.domains import OTHER, by_domain


def test_groups_come_in_the_order_of_the_domains() -> None:
    things = [("b", Domain.ENFORCEMENT), ("x", None), ("a", Domain.LEADERSHIP), ("c", Domain.ENFORCEMENT)]
    groups = by_domain(things, lambda thing: thing[1])
    assert [(title, [name for name, _ in found]) for title, found in groups] == [
        (DOMAINS[Domain.LEADERSHIP], ["a"]),
        (DOMAINS[Domain.ENFORCEMENT], ["b", "c"]),
        (OTHER, ["x"]),
    ]


def test_lists_of_kinds_are_grouped(world: World) -> None:
    client = world.client("officer")
    for name in ("new_case", "registers", "figures"):
        page = client.get(reverse(name)).content.decode()
        assert DOMAINS[Domain.DISCLOSURE if name != "registers" else Domain.POWERS] in page, name


def test_every_kind_is_still_there(world: World) -> None:
    page = world.client("officer").get(reverse("registers")).content.decode()
    assert all(reverse("register", args=[name]) in page for name in catalogue().registers)
