"""Pages of supervision, as the people they are for open and send them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.supervision.drawing import drawn, entry, noon
from tests.workbench.conftest import TODAY, World
from yifa.draws import differences, read
from yifa.supervision.models import Draw


def test_a_draw_is_closed_drawn_published_and_checked_by_anybody(world: World) -> None:
    for number in range(5):
        entry(
            world.office,
            "experts",
            code=f"ZJ-{number}",
            name=f"专家{number}",
            field="工程",
            joined="2020-01-06",
            left=None,
        )
    client = world.client("officer")
    url = reverse("close_draw", args=["experts"])
    sent = {"organization": world.office.pk, "title": "立项评审", "announced": "次日收盘指数", "take": "2", "rest_days": "0",
            "factors": "专业领域 工程 3/2", "excluded": "ZJ-0 与申请人是亲属"}  # fmt: skip
    for wrong, words in (
        ({"factors": "专业领域 工程"}, "读不出来"),
        ({"excluded": "ZJ-0"}, "没有写排除的理由"),
        ({"take": "9"}, "只剩4个"),
        ({"factors": "风险 工程 2"}, "名录的分类是"),
        ({"announced": ""}, "用什么作种子"),
    ):
        response = client.post(url, {**sent, **wrong})
        assert response.status_code == 422 and words in response.content.decode(), words
    assert client.post(url, sent).status_code == 302
    draw = Draw.objects.get()
    page = reverse("draw", args=[draw.pk])
    public = reverse("published_draw", args=[draw.pk])
    assert Client().get(public).status_code == 404
    assert client.post(page, {"publish": "1"}).status_code == 302
    assert "次日收盘指数" in Client().get(public).content.decode()
    seed = {"seed": "1", "text": "3876.34", "source": "交易所", "published": str(TODAY)}
    response = client.post(page, seed)
    assert response.status_code == 422 and "可以挑选" in response.content.decode()
    with time_machine.travel(noon(TODAY + timedelta(days=2)), tick=False):
        client = world.client("officer")
        assert client.post(page, {**seed, "text": ""}).status_code == 422
        assert client.post(page, {**seed, "published": str(TODAY + timedelta(days=1))}).status_code == 302
        text = Client().get(f"{public}?verify=1").content.decode()
        assert "全部相符" in text and "与申请人是亲属" in text and "3876.34" in text
        file = Client().get(reverse("published_draw_file", args=[draw.pk]))
        assert differences(read(file.content)) == ()
        again = reverse("draw_again", args=[draw.pk])
        assert client.post(again, {"announced": "次日"}).status_code == 422
        assert client.post(again, {"announced": "次日", "reason": "专家临时出差"}).status_code == 302
        assert "后来的重抽" in client.get(page).content.decode()
        assert client.post(again, {"announced": "次日", "reason": "再来"}).status_code == 422


def test_draws_of_others_are_not_there(world: World) -> None:
    draw = drawn(world.office)
    assert world.client("officer").get(reverse("draw_file", args=[draw.pk])).status_code == 200
    assert world.client("stranger").get(reverse("draw_file", args=[draw.pk])).status_code == 404
    assert Client().get(reverse("published_draw_file", args=[draw.pk])).status_code == 404
    assert "评审专家抽取" not in world.client("stranger").get(reverse("draws")).content.decode()
    assert (
        "评审专家抽取"
        in world.client("officer").get(f"{reverse('draws')}?q=评审&purpose=experts").content.decode()
    )


@pytest.mark.parametrize("purpose", ["inspection", "files", "units", "experts"])
def test_each_kind_of_draw_has_its_form(world: World, purpose: str) -> None:
    response = world.client("coordinator").get(reverse("close_draw", args=[purpose]))
    assert response.status_code == 200
    assert world.client("coordinator").get("/supervision/draws/new/other/").status_code == 404
