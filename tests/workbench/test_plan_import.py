"""Importing a plan: matched columns, doubtful lines, unknown units, and nothing that was not seen."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.workbench.conftest import World
from yifa.planning.models import Plan

SHEET = "编号,要做的事,哪家办,到何时\n1,组织执法培训不少于2期,县司法局,6月底\n2,评查案卷,司法局,长期坚持\n,,某某办,\n"
TEXT = """澜亭县2025年法治政府建设工作要点

一、规范执法
（一）建立台账。建立决策台账，年底前完成。牵头单位：县司法局。
（三）举办培训。举办执法培训不少于2期。牵头单位：县某某局。
没有编号的一段话。
"""


class Importing:
    """The page as a coordinator's browser keeps it."""

    def __init__(self, world: World, **first: object) -> None:
        self.client, self.world = world.client("coordinator"), world
        self.page = LexborHTMLParser("")
        self.response = HttpResponse()
        self.post({"organization": world.body.pk, "year": "2025", "preview": "1", **first})

    def post(self, form: dict[str, object]) -> None:
        self.response = self.client.post(reverse("import_plan"), form)  # type: ignore[assignment]
        self.page = LexborHTMLParser(self.response.content.decode())

    def fields(self) -> dict[str, object]:
        """What the browser would send."""
        found: dict[str, object] = {}
        for node in self.page.css(
            "main form[enctype] input, main form[enctype] select, main form[enctype] textarea"
        ):
            name, kind = node.attributes.get("name"), node.attributes.get("type")
            if (
                not name
                or kind in ("file", "submit")
                or (kind == "checkbox" and "checked" not in node.attributes)
            ):
                continue
            found[name] = _value(node)
        return found

    def again(self, button: str = "preview", **changed: object) -> None:
        self.post(
            {
                **self.fields(),
                **{key.replace("__", "-"): value for key, value in changed.items()},
                button: "1",
            }
        )

    def text(self, what: str) -> str:
        return "".join(node.text() for node in self.page.css(what))


def _value(node: LexborNode) -> str:
    if node.tag == "select":
        chosen = node.css_first("option[selected]") or node.css_first("option")
        return (chosen.attributes.get("value") or "") if chosen else ""
    return node.text() if node.tag == "textarea" else node.attributes.get("value") or ""


@pytest.fixture
def sheet(world: World) -> Importing:
    return Importing(world, file=SimpleUploadedFile("分解表.csv", SHEET.encode("gb18030")))


def test_a_sheet_shows_its_columns_and_rows_before_anything_is_stored(sheet: Importing) -> None:
    assert sheet.response.status_code == 200
    fields = sheet.fields()
    assert [fields[f"column-{n}"] for n in range(4)] == ["number", "task", "lead", "due"]
    assert "推测，请核对" in sheet.text("#columns")
    preview = sheet.text("#preview")
    assert "任务 2 项，指标 1 个" in preview
    assert "第4行" in preview and "没有写任务内容" in preview
    assert "长期坚持" in preview
    assert Plan.objects.filter(year=2025).count() == 0


def test_other_columns_are_read_when_the_person_says_so(sheet: Importing) -> None:
    sheet.again(column__1="goal", column__2="task", column__0="")
    assert "县司法局" in sheet.text("#preview td details summary")
    sheet.again(head="0")  # no head row: its words are a task
    assert "任务 3 项" in sheet.text("#preview")


def test_units_that_are_not_clear_are_offered_and_taken_only_when_chosen(world: World) -> None:
    page = Importing(world, text=TEXT)
    assert "县某某局" in page.text("table label")
    page.again("confirm", means__1=str(world.other.pk))
    assert page.response.status_code == 422  # the choice was not in the preview that was seen
    assert "没有导入" in page.text(".alert-danger")
    page.again("confirm")
    assert page.response.status_code == 302
    plan = Plan.objects.get(year=2025)
    assert [task.lead for task in plan.tasks.all()] == [world.office, world.other]


def test_broken_numbers_are_said_and_a_paragraph_can_be_made_a_task(world: World) -> None:
    page = Importing(world, text=TEXT)
    assert "缺（二）" in page.text("#preview .y-doubts")
    place = next(name for name in page.page.css(".y-further select"))
    page.again(**{str(place.attributes["name"]).replace("-", "__"): "task"})
    assert "任务 3 项" in page.text("#preview")
    page.again("confirm")
    assert page.response.status_code == 302
    assert [task.title for task in Plan.objects.get(year=2025).tasks.all()][2] == "没有编号的一段话"


def test_a_decision_can_be_taken_back(world: World) -> None:
    page = Importing(world, text=TEXT)
    name = str(page.page.css("#preview td.fit select[name^=line-]")[1].attributes["name"])
    page.again(**{name.replace("-", "__"): "join"})
    assert "任务 1 项" in page.text("#preview")
    page.post({**page.fields(), name: ["join", "task"], "preview": "1"})
    assert "任务 2 项" in page.text("#preview")


def test_decisions_about_one_text_do_not_hold_for_another(world: World) -> None:
    page = Importing(world, text=TEXT)
    first = str(page.page.css("#preview td.fit select[name^=line-]")[0].attributes["name"])
    page.again(**{first.replace("-", "__"): "drop", "text": TEXT.replace("台账。建立", "账目。建立")})
    assert "任务 2 项" in page.text("#preview")


def test_a_text_is_read_as_a_table_when_the_person_says_so(world: World) -> None:
    page = Importing(world, text="任务，单位\n培训，县司法局\n", way="table")
    assert page.response.status_code == 200
    assert "任务 1 项" in page.text("#preview")


@pytest.mark.parametrize("way", ["", "text", "table"])
def test_nothing_readable_is_refused_kindly(world: World, way: str) -> None:
    page = Importing(world, text="，。", way=way)
    assert page.response.status_code == 422
    assert page.text(".alert-danger")
    assert Plan.objects.count() == 1


def test_columns_that_make_no_sense_give_a_message_and_no_failure(sheet: Importing) -> None:
    sheet.again(column__0="", column__1="", column__2="", column__3="", head="99")
    assert sheet.response.status_code in (200, 422)
    sheet.again(**{f"column__{n}": "due" for n in range(4)})
    assert sheet.response.status_code == 422
    assert "没有一列" in sheet.text("main") or "没有找到" in sheet.text(".alert-danger")


def test_the_name_of_the_plan_can_be_mended(sheet: Importing) -> None:
    assert sheet.fields()["title"] == "分解表"
    sheet.again(title="澜亭县2025年任务分解表")
    sheet.again("confirm")
    assert Plan.objects.get(year=2025).title == "澜亭县2025年任务分解表"


def test_each_department_is_offered_as_a_group(world: World) -> None:
    page = Importing(world, text=TEXT.replace("县某某局", "各部门"))
    assert "全部部门（2 个）" in page.text("select[name=means-1]")
    page.again(means__1="departments")
    assert page.fields()["means-1"] == "departments"
    page.again("confirm")
    second = Plan.objects.get(year=2025).items.all()[1]
    assert set(second.leads) == {world.office, world.other}


def test_what_a_name_can_only_mean_is_chosen_and_may_be_left_open(world: World) -> None:
    text = TEXT.replace("县某某局", "市监局、各部门")
    page = Importing(world, text=text)
    assert [page.fields()[f"means-{n}"] for n in (1, 2)] == [str(world.other.pk), "departments"]
    page.again(means__1="", means__2="")
    assert [page.fields()[f"means-{n}"] for n in (1, 2)] == ["", ""]
    fresh = Importing(world, text=text)
    fresh.again("confirm")
    second = Plan.objects.get(year=2025).items.all()[1]
    assert set(second.leads) == {world.office, world.other}
