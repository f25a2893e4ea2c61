"""Hidden fields and addresses no page would send: never a fault of the program, never a change."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.urls import reverse

from tests.workbench.conftest import World
from yifa.ledger.models import Case, Organization
from yifa.workbench.forms.given import named, whole

ODD = [
    "",
    "x",
    "[1,2",
    "²",
    "½",
    "-1",
    "1.5",
    "9" * 30,
    "9" * 5000,
    "\x00",
    "00000000-0000-0000-0000-000000000000",
]


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_number_names_none(text: str, world: World) -> None:
    assert whole(text) is None
    for rows in (Organization.objects.all(), Case.objects.all()):
        with pytest.raises(Http404):
            named(rows, text)


def test_what_is_one() -> None:
    assert (whole("0"), whole("12"), whole("１２"), whole(None)) == (0, 12, 12, None)


@pytest.mark.parametrize("text", ["[1,2", "²", "9" * 5000])
def test_pages_answer(text: str, world: World) -> None:
    client, task = world.client("coordinator"), world.plan.tasks.order_by("order")[0]
    structure = reverse("task_structure", args=[task.pk])
    for do, field in (("unlink", "link"), ("let_go", "origin")):
        sent = {"do": do, field: text, "why": "写错了", "seen": text}
        assert client.post(structure, sent).status_code < 500
    addresses = [
        reverse("help_chapter", args=["x" * 500]),
        f"{reverse('plan_bearers', args=[world.plan.pk])}?task={text}",
        f"{reverse('entry', args=[world.entry.pk])}?a={text}&b={text}",
        f"{reverse('saved_views')}?view={text}",
    ]
    assert {client.get(one).status_code for one in addresses} <= {200, 404}
