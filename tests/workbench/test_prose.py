"""Numbers somebody typed into a report are told from live figures."""

from __future__ import annotations

from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.signing import explained
from tests.workbench.conftest import World, _user
from yifa.ledger.models import Role
from yifa.reporting.actions import EditSection, ReviewLegality, ReviewSecrecy, SendToReview
from yifa.reporting.actions.signing import number_of
from yifa.reporting.models import Section


def page_after(world: World, text: str) -> LexborHTMLParser:
    section = Section.objects.filter(report=world.report, text__contains="{information_requests_received}")[0]
    EditSection(
        actor=world.users["coordinator"], section=section, text=text, expected_version=section.version
    ).execute()
    page = world.client("coordinator").get(reverse("report", args=[world.report.pk]))
    return LexborHTMLParser(page.content.decode())


def test_typed_number_is_marked_and_the_live_one_named(world: World) -> None:
    tree = page_after(world, "全年收到申请2件。另收到申请{information_requests_received}，培训377人次。")
    marks = {mark.text(): mark.attributes["title"] or "" for mark in tree.css("article mark.y-typed")}
    assert set(marks) == {"2件", "377人次"}
    assert "“收到政府信息公开申请”" in marks["2件"]
    assert "请改用活数字" in marks["2件"]
    assert "没有口径和记录" in marks["377人次"]
    assert "手工数字 2 个" in tree.css_first(".y-sub").text()  # type: ignore[union-attr]


def test_prose_is_shown_whole(world: World) -> None:
    tree = page_after(world, "先有3次，又有4次；收到{information_requests_received}。")
    assert any("先有3次，又有4次；收到2件。" in one.text() for one in tree.css("article p"))


def test_what_the_ledger_does_not_hold_is_listed_with_its_section(world: World) -> None:
    tree = page_after(world, "收到网上咨询投诉均按期答复。培训377人次。")
    listed = [(one.text(), one.attributes["href"]) for one in tree.css("#doubts a.y-finding")]
    assert [text.split("”")[0] for text, _ in listed] == ["“收到网上咨询投诉均按期答复", "“377人次"]
    assert "补录后重新计算" in listed[0][0]
    section = Section.objects.filter(report=world.report, text__contains="377人次")[0]
    assert {href for _, href in listed} == {f"#section-{section.pk}"}
    links = {one.attributes["href"] for one in tree.css(".y-sub a.y-typed")}
    assert links == {"#doubts"}


def test_what_the_ledger_does_not_hold_is_told_before_the_report_is_sent_on(world: World) -> None:
    def page() -> str:
        address = reverse("report_step", args=[world.report.pk, "send_to_review"])
        return (
            LexborHTMLParser(world.client("coordinator").get(address).content.decode())
            .css_first("main")
            .text()
        )  # type: ignore[union-attr]

    assert "台账没有的内容" not in page() and "2026年还没有结束" in page()
    page_after(world, "收到网上咨询投诉均按期答复。培训377人次。")
    assert "台账没有的内容：没有记录的说法 1 处，手工数字 1 个。" in page()
    SendToReview(actor=None, report=world.report, explanations=explained(world.report)).execute()
    ReviewLegality(actor=None, report=world.report, opinion="合法。").execute()
    ReviewSecrecy(actor=None, report=world.report, opinion="不涉密。").execute()
    world.users["leader"] = _user("leader", world.body, Role.LEADER)
    sign = world.client("leader").get(reverse("report_step", args=[world.report.pk, "sign"]))
    tree = LexborHTMLParser(sign.content.decode())
    assert "没有记录的说法 1 处" in tree.css_first("main").text() and "看报告全文" in tree.text()  # type: ignore[union-attr]
    assert tree.css_first("input[name=number]").attributes.get("value") in (None, "")  # type: ignore[union-attr]
    assert number_of(world.report) == world.report.title
