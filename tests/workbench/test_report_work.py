"""The work on a report in the workbench: parts of units, two editors, remarks, steps, versions, publication, Word."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.signing import explained, sign_off, submitted
from tests.workbench.conftest import World, _user
from yifa.law.loader import catalogue
from yifa.ledger.actions import PublishEntry
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Entry, Role
from yifa.reporting import gates
from yifa.reporting.actions import (
    AssignSection,
    BuildReport,
    EditSection,
    Problem,
    ReviewLegality,
    ReviewSecrecy,
    SendToReview,
    SignReport,
    StateProblems,
    SubmitReport,
)
from yifa.reporting.cuts import differences
from yifa.reporting.models import Comment, Section, UnitPart


def url(world: World, name: str, *more: object) -> str:
    return reverse(name, args=[world.report.pk, *more])


def text_of(response: Any) -> str:
    tree = LexborHTMLParser(response.content.decode())
    return tree.css_first("main").text()  # type: ignore[union-attr]


def section_of(world: World, rule: str) -> Section:
    return next(one for one in world.report.sections.all() if f"{{{rule}}}" in one.text)


def state_of(world: World) -> str:
    world.report.refresh_from_db()
    return world.report.state


@pytest.fixture
def people(world: World) -> World:
    world.users["leader"] = _user("leader", world.body, Role.LEADER)
    world.users["publisher"] = _user("publisher", world.body, Role.PUBLISHER)
    data = {"code": "BM-1", "name": "测试auditor", "unit": "县政府", "since": "2020-01-01"}
    PublishEntry(
        actor=None, organization=world.body, register="secrecy_reviewers", data=data, on=date(2020, 1, 1)
    ).execute()
    return world


def explain(client: Client, address: str, **fields: object) -> Any:
    """Sends a step with a word on every warning of its page."""
    page = LexborHTMLParser(client.get(address).content.decode())
    given = {node.attributes["name"] or "": "经核对属实" for node in page.css("input[name^=why_]")}
    return client.post(address, {**given, **fields})


# ---------------------------------------------------------------- units


def test_a_unit_is_asked_writes_and_is_taken_over(world: World) -> None:
    coordinator, officer = world.client("coordinator"), world.client("officer")
    section = world.report.sections.get(key="systems")
    address = url(world, "assign_section", section.pk)
    assert coordinator.post(address, {"units": [world.office.pk], "due": "2026-12-10"}).status_code == 302
    part = UnitPart.objects.get()
    waiting = LexborHTMLParser(coordinator.get(url(world, "report")).content.decode())
    where = [node.attributes["href"] for node in waiting.css("aside .y-finding a")]
    assert url(world, "report_parts") in where, "what holds the report up leads to where it is put right"
    listed = officer.get(reverse("reports"))
    assert "本单位编写的部分" in text_of(listed) and "2026年12月10日" in text_of(listed)
    page = reverse("write_part", args=[part.pk])
    assert officer.get(page).status_code == 200
    assert world.client("stranger").get(page).status_code == 404
    assert world.client("nobody").post(page, {"text": "x", "seen": 1}).status_code == 403
    officer.post(page, {"text": "本单位清理文件。", "seen": "1", "hand_in": "1"})
    part.refresh_from_db()
    assert (part.state, part.text) == ("handed_in", "本单位清理文件。")
    assert page in officer.get(reverse("reports")).content.decode(), "what was handed in is found again"
    seen = officer.get(url(world, "report"))  # whoever writes a part sees the whole, but no records
    assert seen.status_code == 200
    assert LexborHTMLParser(seen.content.decode()).css_first("a.y-figure") is None
    assert LexborHTMLParser(seen.content.decode()).css_first("svg.chart a") is None
    assert officer.get(url(world, "report_figure", "information_requests_received")).status_code == 404
    assert officer.get(url(world, "edit_section", section.pk)).status_code == 403
    writing = url(world, "edit_section", section.pk)
    assert "本单位清理文件。" in text_of(coordinator.get(writing))
    offered = LexborHTMLParser(coordinator.get(writing).content.decode()).css_first(
        f"input[name=place_{part.pk}]"
    )
    assert offered is not None and offered.attributes["value"] == "1"
    section.refresh_from_db()
    read = LexborHTMLParser(coordinator.get(writing).content.decode()).css_first(
        f"input[name=read_{part.pk}]"
    )
    assert read is not None
    officer.post(page, {"text": "本单位清理了文件。", "seen": str(part.version), "hand_in": "1"})
    late = {f"place_{part.pk}": "1", f"read_{part.pk}": read.attributes["value"] or "", "replace": "1"}
    told = coordinator.post(url(world, "take_parts", section.pk), late, follow=True)
    assert "刚由单位改过，没有采用" in told.content.decode() and "本单位清理了文件。" in text_of(told)
    part.refresh_from_db()
    officer.post(page, {"text": "本单位清理文件。", "seen": str(part.version), "hand_in": "1"})
    section.refresh_from_db()
    taken = {f"place_{part.pk}": "1", "replace": "1", "seen": str(section.version)}
    coordinator.post(url(world, "take_parts", section.pk), taken)
    section.refresh_from_db()
    assert section.text == "本单位清理文件。"
    coordinator.post(reverse("return_part", args=[part.pk]), {"reason": "请补数字"})
    assert "请补数字" in text_of(officer.get(page))
    assert officer.post(reverse("return_part", args=[part.pk]), {"reason": "不行"}).status_code == 403
    other = url(world, "assign_section", section_of(world, "information_requests_received").pk)
    assert "已分派给" in text_of(coordinator.post(other, {"units": [world.office.pk]}, follow=True))
    assert "政务公开：由本级编写" in text_of(coordinator.post(other, {"note": ""}, follow=True))


def test_a_part_nobody_took_is_told_before_the_report_is_sent_on_and_may_be_put_aside(world: World) -> None:
    coordinator, officer = world.client("coordinator"), world.client("officer")
    section = world.report.sections.get(key="systems")
    AssignSection(actor=None, section=section, units=[world.office]).execute()
    part = UnitPart.objects.get()
    page, step = reverse("write_part", args=[part.pk]), url(world, "report_step", "send_to_units")
    assert step not in coordinator.get(reverse("waiting")).content.decode(), "not while a part is outstanding"
    officer.post(page, {"text": "已办。", "seen": "1", "hand_in": "1"})
    waiting = coordinator.get(reverse("waiting")).content.decode()
    assert step in waiting and url(world, "edit_section", section.pk) in waiting
    told = "1份单位稿提交后还没有采用：县司法局。"
    for address in (step, url(world, "report"), url(world, "report_steps")):
        assert told in text_of(coordinator.get(address))
    leave = {"leave_out": "1", "reason": "内容与司法局的重复"}
    assert officer.post(reverse("return_part", args=[part.pk]), leave).status_code == 403
    coordinator.post(reverse("return_part", args=[part.pk]), leave)
    assert "不采用的理由：内容与司法局的重复" in text_of(officer.get(page))
    assert told not in text_of(coordinator.get(step))
    assert url(world, "edit_section", section.pk) not in coordinator.get(reverse("waiting")).content.decode()
    officer.post(page, {"text": "已办结。", "seen": "2", "hand_in": "1"})  # the unit may offer it anew
    coordinator.post(step, {"opinion": ""})
    assert state_of(world) == "unit_review"
    kept = text_of(coordinator.get(url(world, "report_steps")))
    assert f"送出时：有{told}" in kept and "请先采用" not in kept, "what was done, not what is to be done"
    confirm = LexborHTMLParser(officer.get(url(world, "report_step", "confirm")).content.decode())
    assert page in [node.attributes.get("href") for node in confirm.css("main a")]
    assert confirm.css("input[name=outcome][checked]") == [], "nobody confirms by not looking"
    locked = coordinator.get(url(world, "report_problems"))
    assert "退回草稿" in text_of(locked) and "没有列出问题" in text_of(locked)
    assert LexborHTMLParser(locked.content.decode()).css("main textarea") == []


def test_a_unit_sees_its_part_as_it_will_be_printed(world: World) -> None:
    section = section_of(world, "information_requests_received")
    AssignSection(actor=None, section=section, units=[world.office]).execute()
    officer, page = world.client("officer"), reverse("write_part", args=[UnitPart.objects.get().pk])
    figure = next(one for one in catalogue().counting_rules.values() if one.title == "实缴罚款")
    assert not world.report.figures.filter(rule=figure.counting_rule).exists()
    assert LexborHTMLParser(officer.get(page).content.decode()).css_first("#printed") is None
    officer.post(page, {"text": "收到{收到政府信息公开申请}，实缴{实缴罚款}，培训377人次。", "seen": "1"})
    shown = LexborHTMLParser(officer.get(page).content.decode()).css_first("#printed")
    assert shown is not None and "收到2件，实缴0元，培训377人次。" in shown.text()
    assert "“377人次”手工填写的数字" in shown.text()
    assert not world.report.figures.filter(rule=figure.counting_rule).exists(), "looking keeps nothing"


def test_the_list_of_parts_asks_no_more_of_the_database_with_more_units(
    world: World, django_assert_max_num_queries: Any
) -> None:
    sections = list(world.report.sections.filter(level=2))
    for section in sections:
        AssignSection(actor=None, section=section, units=[world.office, world.other]).execute()
    client = world.client("coordinator")
    with django_assert_max_num_queries(20):
        assert client.get(url(world, "report_parts")).status_code == 200


# ---------------------------------------------------------------- two editors, history


def test_the_slower_editor_sees_both_texts_and_a_merged_proposal(world: World) -> None:
    section = world.report.sections.get(required="causes")
    address, client = url(world, "edit_section", section.pk), world.client("coordinator")
    base = "人手不足。培训不够。经费不多。"
    client.post(address, {"text": base, "seen": section.version})
    section.refresh_from_db()
    seen = section.version
    world.client("admin").post(address, {"text": base.replace("人手", "执法人手"), "seen": seen})
    late = client.post(address, {"text": base.replace("经费不多", "经费偏少"), "seen": seen})
    assert late.status_code == 422
    assert "测试admin刚保存了这一部分" in text_of(late)
    form = LexborHTMLParser(late.content.decode())
    assert form.css_first("textarea#id_text").text() == "执法人手不足。培训不够。经费偏少。"  # type: ignore[union-attr]
    again = form.css_first("input[name=seen]").attributes["value"]  # type: ignore[union-attr]
    merged = {"text": "执法人手不足。培训不够。经费偏少。", "seen": again or ""}
    assert client.post(address, merged).status_code == 302
    section.refresh_from_db()
    assert section.text == merged["text"]
    history = client.get(url(world, "section_history", section.pk))
    assert "同时修改，未采用" in text_of(history)
    tree = LexborHTMLParser(history.content.decode())
    assert [node.text() for node in tree.css("del.y-old")] == ["不多"]
    assert [node.text() for node in tree.css("ins.y-new")] == ["偏少"]
    first = section.versions.get(number=seen)
    client.post(url(world, "section_history", section.pk), {"version": first.pk})
    section.refresh_from_db()
    assert (section.text, section.versions.count()) == (base, 6)
    assert (
        world.client("reviewer")
        .post(url(world, "section_history", section.pk), {"version": first.pk})
        .status_code
        == 403
    )


def test_figures_are_found_by_name(world: World) -> None:
    client = world.client("coordinator")
    hits = text_hits(client.get(url(world, "search_figures"), {"q": "信息公开 收到"}))
    assert "{收到政府信息公开申请}" in hits
    assert (
        "没有名称相符的数字"
        in client.get(
            url(world, "search_figures"), {"q": "飞船"}, headers={"HX-Request": "true"}
        ).content.decode()
    )


def test_whoever_writes_reads_no_ids_and_takes_numbers_of_the_own_unit(world: World) -> None:
    coordinator, officer = world.client("coordinator"), world.client("officer")
    section = section_of(world, "information_requests_received")
    writing = url(world, "edit_section", section.pk)
    page = LexborHTMLParser(coordinator.get(writing).content.decode())
    typed = page.css_first("textarea#id_text").text()  # type: ignore[union-attr]
    assert "{收到政府信息公开申请}" in typed and "_" not in typed
    coordinator.post(writing, {"text": f"我县{typed}", "seen": section.version})
    before = section.text
    section.refresh_from_db()
    assert section.text == f"我县{before}"
    AssignSection(actor=None, section=section, units=[world.office]).execute()
    part = UnitPart.objects.get()
    shown = text_of(officer.get(reverse("write_part", args=[part.pk])))
    assert "我县收到政府信息公开申请2件" in shown and "{" not in shown
    own = f"{{各单位作出的处罚决定:{world.office.name}}}"
    finder, q = url(world, "search_figures"), "各单位 处罚决定"
    assert own in text_hits(officer.get(finder, {"q": q, "part": str(part.pk)}))
    assert own not in text_hits(coordinator.get(finder, {"q": q}))
    officer.post(reverse("write_part", args=[part.pk]), {"text": f"本单位作出{own}。", "seen": "1"})
    part.refresh_from_db()
    assert part.text == f"本单位作出{{penalties_by_unit:{world.office.name}}}。"
    assert own in text_of(officer.get(reverse("write_part", args=[part.pk])))


def test_a_unit_takes_its_own_number_of_any_count_and_none_of_a_rate(world: World) -> None:
    section = section_of(world, "information_requests_received")
    AssignSection(actor=None, section=section, units=[world.office]).execute()
    officer, part = world.client("officer"), UnitPart.objects.get()
    page, finder = reverse("write_part", args=[part.pk]), url(world, "search_figures")
    figure = world.report.figures.get(rule="information_requests_received")
    own, other = (
        sum(one.value for one in figure.records if one.unit == unit.name)
        for unit in (world.office, world.other)
    )
    assert figure.parts_title != "单位" and 0 < own < figure.value
    told = officer.get(finder, {"q": "收到政府信息公开申请", "part": str(part.pk)})
    assert f"{{收到政府信息公开申请:{world.office.name}}}" in text_hits(told)
    assert f"插入本单位的数（{own:f}件）" in told.content.decode()
    rates = officer.get(finder, {"q": "答复率", "part": str(part.pk)})
    assert text_hits(rates) and not [one for one in text_hits(rates) if ":" in one]
    words = "本单位{收到政府信息公开申请:%s}，另一单位{收到政府信息公开申请:%s}。"
    officer.post(page, {"text": words % (world.office.name, world.other.name), "seen": "1"})
    assert f"本单位{own:f}件，另一单位{other:f}件。" in text_of(officer.get(page))
    rate = text_hits(rates)[0].strip("{}")
    for wrong, why in (
        (f"{rate}:{world.office.name}", "是比率"),
        ("各单位作出的处罚决定:某某局", "没有“某某局”这一项"),
    ):
        refused = officer.post(page, {"text": f"本单位{{{wrong}}}。", "seen": "2"})
        assert refused.status_code == 422 and why in text_of(refused)


def text_hits(response: Any) -> list[str]:
    return [
        n.attributes["data-insert"] or ""
        for n in LexborHTMLParser(response.content.decode()).css("button[data-insert]")
    ]


def test_the_opening_lines_are_edited_like_any_section(world: World) -> None:
    section = world.report.sections.get(key="opening_lines")
    client = world.client("coordinator")
    client.post(
        url(world, "edit_section", section.pk), {"text": "现将情况报告如下。", "seen": section.version}
    )
    page = client.get(url(world, "report"))
    assert "现将情况报告如下。" in text_of(page)


# ---------------------------------------------------------------- remarks


def test_a_remark_is_made_answered_and_settled(world: World) -> None:
    reviewer, coordinator = world.client("reviewer"), world.client("coordinator")
    section = world.report.sections.get(required="causes")
    page = url(world, "report_comments")
    assert reviewer.post(page, {"section": section.pk, "text": "原因太笼统"}).status_code == 302
    comment = Comment.objects.get()
    assert "还有1条意见没有答复" in text_of(coordinator.get(url(world, "report_step", "send_to_review")))
    answer = reverse("answer_comment", args=[comment.pk])
    assert world.client("stranger").post(answer, {"text": "x"}).status_code == 404
    coordinator.post(answer, {"text": "已补充"})
    reviewer.post(answer, {"close": "1"})
    comment.refresh_from_db()
    assert comment.state == "closed"
    shown = text_of(coordinator.get(page))
    assert "原因太笼统" in shown and "已补充" in shown and "法制审核" in shown
    assert world.client("auditor").get(page).status_code == 200
    assert world.client("auditor").post(page, {"text": "旁观"}).status_code == 422


# ---------------------------------------------------------------- steps


def test_the_report_goes_its_way_through_the_hands_of_five_people(people: World) -> None:
    world = people
    coordinator = world.client("coordinator")
    assert explain(coordinator, url(world, "report_step", "send_to_review")).status_code == 302
    assert state_of(world) == "legal_review"
    locked = coordinator.get(url(world, "report"))
    assert LexborHTMLParser(locked.content.decode()).css_first("a[aria-label^=修改]") is None
    legality = url(world, "report_step", "legality")
    assert coordinator.get(legality).status_code == 403
    assert legality in world.client("reviewer").get(reverse("waiting")).content.decode()
    world.client("reviewer").post(legality, {"outcome": "通过", "opinion": "合法"})
    assert legality not in world.client("reviewer").get(reverse("waiting")).content.decode()
    waits = text_of(coordinator.get(url(world, "report_steps")))
    assert "还没有保密审查意见" in waits and "还没有合法性审查意见" not in waits
    secrecy = url(world, "report_step", "secrecy")
    assert world.client("reviewer").get(secrecy).status_code == 403
    world.client("auditor").post(secrecy, {"outcome": "可以公开", "opinion": ""})
    assert state_of(world) == "leader"
    assert coordinator.get(url(world, "report_step", "sign")).status_code == 403
    world.client("leader").post(
        url(world, "report_step", "sign"), {"number": "澜政报〔2026〕9号", "opinion": "同意"}
    )
    done = explain(
        coordinator,
        url(world, "report_step", "submit"),
        on="2026-11-20",
        above="市人民政府",
        same="县委",
        congress="on",
    )
    assert done.status_code == 302
    assert state_of(world) == "submitted"
    steps = text_of(coordinator.get(url(world, "report_steps")))
    for words in (
        "测试reviewer",
        "测试auditor",
        "测试leader",
        "向上级报告：市人民政府",
        "2027年2月28日",
        "2027年3月31日",
    ):
        assert words in steps, words
    assert Entry.objects.get(register="signed_texts").key == "澜政报〔2026〕9号"
    back = url(world, "report_step", "take_back")
    out = "2026年11月20日已经报送市人民政府、县委，请告知收文机关"
    assert out not in steps, "nothing is being corrected"
    asked = text_of(coordinator.get(back))
    assert out in asked and "法定期限按没有办理计算" in asked
    assert coordinator.post(back, {"opinion": ""}).status_code == 422
    assert coordinator.post(back, {"opinion": "漏报一项"}).status_code == 302
    assert state_of(world) == "draft"
    assert out in text_of(coordinator.get(url(world, "report_steps")))
    version = world.report.versions.get(number=1)
    old = coordinator.get(url(world, "report_version", 1))
    assert version.digest in old.content.decode() and world.report.title in text_of(old)
    assert coordinator.get(url(world, "report_version", 99)).status_code == 404
    assert world.client("stranger").get(url(world, "report_version", 1)).status_code == 404


def test_a_unit_confirms_the_whole(world: World) -> None:
    coordinator, officer = world.client("coordinator"), world.client("officer")
    section = world.report.sections.get(key="systems")
    AssignSection(actor=None, section=section, units=[world.office]).execute()
    part = UnitPart.objects.get()
    officer.post(reverse("write_part", args=[part.pk]), {"text": "已办。", "seen": "1", "hand_in": "1"})
    coordinator.post(url(world, "report_step", "send_to_units"), {"opinion": ""})
    assert state_of(world) == "unit_review"
    confirm = url(world, "report_step", "confirm")
    assert world.client("stranger").get(confirm).status_code == 404
    assert coordinator.get(url(world, "report_steps")).status_code == 200
    assert confirm in officer.get(reverse("waiting")).content.decode()
    officer.post(confirm, {"unit": world.office.pk, "outcome": "有意见", "opinion": "少写一件"})
    assert confirm not in officer.get(reverse("waiting")).content.decode(), "it has been said"
    UnitPart.objects.create(section=section, unit=world.other)
    chosen = LexborHTMLParser(coordinator.get(confirm).content.decode()).css_first("option[selected]")
    assert chosen is not None and chosen.text() == str(world.other), "the unit that has said nothing yet"
    held = text_of(coordinator.get(url(world, "report_step", "send_to_review")))
    assert "对报告有意见" in held
    coordinator.post(url(world, "report_step", "return"), {"to": "draft", "opinion": "按单位意见修改"})
    assert state_of(world) == "draft"
    assert "按单位意见修改" in text_of(coordinator.get(url(world, "report_steps")))


def test_two_versions_are_compared_in_text_and_figures(world: World) -> None:
    submitted(world.report)
    client = world.client("coordinator")
    assert "只有一个版本，没有可以比较的" in text_of(client.get(url(world, "report_versions")))
    client.post(url(world, "report_step", "take_back"), {"opinion": "补充"})
    section = world.report.sections.get(required="causes")
    client.post(url(world, "edit_section", section.pk), {"text": "新的原因。", "seen": section.version})
    world.report.refresh_from_db()
    sign_off(world.report)
    page = client.get(url(world, "report_versions"))
    tree = LexborHTMLParser(page.content.decode())
    assert "新的原因。" in "".join(node.text() for node in tree.css("ins.y-new"))
    twice = text_of(client.get(url(world, "report_versions"), {"from": 1, "to": 1}))
    assert "前后选的是同一版" in twice and "只有一个版本" not in twice


# ---------------------------------------------------------------- problems


def test_problems_are_stated_and_must_be_answered_the_year_after(world: World) -> None:
    last = BuildReport(actor=None, organization=world.body, year=2025).execute()
    StateProblems(actor=None, report=last, problems=[Problem("执法人员不足", "编制少", "增加人员")]).execute()
    submitted(last)
    client = world.client("coordinator")
    page = client.get(url(world, "report_problems"))
    assert "2025-01" in text_of(page) and "没有对应任务" in text_of(page)
    assert "还有1个没有说明" in text_of(client.get(url(world, "report_step", "send_to_review")))
    assert any("还有1个没有说明" in one for one in gates.before_units(world.report)), (
        "behind that step text stands"
    )
    entry = Entry.objects.get(register="stated_problems")
    prefix = f"a{entry.pk.hex}"
    empty = client.post(url(world, "report_problems"), {f"{prefix}-state": "已解决", f"{prefix}-text": ""})
    assert empty.status_code == 422 and "请填写解决情况说明" in text_of(empty)
    client.post(
        url(world, "report_problems"), {f"{prefix}-state": "已解决", f"{prefix}-text": "已增加编制。"}
    )
    assert "没有对应任务" not in text_of(
        client.get(url(world, "report_problems"))
    )  # nothing is asked any more
    assert "2025年度报告指出的“执法人员不足”问题，已解决。已增加编制。" in text_of(
        client.get(url(world, "report"))
    )
    form = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-content": "文书不规范",
        "form-0-measure": "开展评查",
        "state_problems": "1",
    }
    client.post(url(world, "report_problems"), form)
    assert "1.文书不规范。改进措施：开展评查。" in text_of(client.get(url(world, "report")))
    assert world.client("reviewer").post(url(world, "report_problems"), form).status_code == 403


# ---------------------------------------------------------------- publication


def test_a_changed_page_raises_the_alarm(people: World) -> None:
    world = people
    submitted(world.report)
    client = world.client("publisher")
    text = "\n".join(line["text"] for line in world.report.versions.last().lines)  # type: ignore[union-attr]
    address = url(world, "compare_published")
    client.post(address, {"text": text})  # before it goes on the page
    assert "一致" in text_of(client.get(address))
    tampered = text.replace("收到政府信息公开申请2件", "收到政府信息公开申请3件", 1)
    assert tampered != text
    page = f"<html><body><p>网站首页</p>{''.join(f'<p>{line}</p>' for line in tampered.splitlines())}</body></html>"
    sent = {
        "on": "2026-11-20",
        "channel": "县政府网站",
        "link": "https://www.example.gov.cn/1.html",
        "file": SimpleUploadedFile("page.html", page.encode(), "text/html"),
    }
    assert client.post(url(world, "report_step", "publish"), sent).status_code == 302
    assert state_of(world) == "published"
    shown = client.get(address)
    assert "不一致" in text_of(shown)
    assert [n.text() for n in LexborHTMLParser(shown.content.decode()).css("ins.y-new")] == ["3"]
    today = date(2026, 11, 20)
    assert [gap.title for gap in find("published_texts_differing", world.body, today)] == [world.report.title]
    client.post(address, {"text": text, "link": "https://www.example.gov.cn/1.html"})
    assert find("published_texts_differing", world.body, today) == ()
    assert world.client("reviewer").post(address, {"text": text}).status_code == 403


def test_what_is_kept_from_the_public_is_explained_cut_by_cut(people: World) -> None:
    world = people
    report = world.report
    SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    ReviewLegality(actor=None, report=report, opinion="合法。").execute()
    ReviewSecrecy(
        actor=None, report=report, outcome="部分内容不公开", opinion="个别案情涉及个人隐私。"
    ).execute()
    SignReport(actor=None, report=report).execute()
    SubmitReport(actor=None, report=report).execute()
    version = report.versions.last()
    assert version is not None
    lines = [line["text"] for line in version.lines]
    long = max(range(len(lines)), key=lambda place: len(lines[place]))
    kept = lines[long].split("。")[0]
    cut = [*lines[:long], f"{kept}。（部分内容不公开）", *lines[long + 1 :]]
    client, address = world.client("publisher"), url(world, "compare_published")
    client.post(address, {"text": "\n".join(cut), "link": "https://www.example.gov.cn/2.html"})
    today = date(2026, 11, 20)
    assert len(find("published_texts_differing", world.body, today)) == 1
    row = report.comparisons.first()
    assert row is not None
    [one] = differences(row)
    assert one.is_cut and one.removed
    sent = {"explain": row.pk, f"reason_{one.key}": "涉及个人隐私", f"basis_{one.key}": "个人信息保护的规定"}
    refused = client.post(address, sent)
    assert refused.status_code == 422 and "没有写明法律和条文" in text_of(refused)
    assert 'value="涉及个人隐私"' in refused.content.decode()  # nothing has to be typed twice
    sent[f"basis_{one.key}"] = "《中华人民共和国政府信息公开条例》第一百条"
    assert "没有第一百条" in text_of(client.post(address, sent))
    sent[f"basis_{one.key}"] = "《中华人民共和国政府信息公开条例》第十五条"
    assert world.client("reviewer").post(address, sent).status_code == 403
    assert client.post(address, sent).status_code == 302
    assert find("published_texts_differing", world.body, today) == ()
    assert "涉及个人隐私（《中华人民共和国政府信息公开条例》第十五条）" in text_of(
        world.client("auditor").get(address)
    )
    client.post(address, {"text": "\n".join(cut), "link": "https://www.example.gov.cn/2.html"})
    assert find("published_texts_differing", world.body, today) == ()  # the same cut needs no second word
    changed = [line.replace("2件", "3件", 1) for line in cut]
    assert changed != cut
    client.post(address, {"text": "\n".join(changed), "link": "https://www.example.gov.cn/2.html"})
    assert len(find("published_texts_differing", world.body, today)) == 1
    page = text_of(client.get(address))
    assert "改动或者增加的文字，请按签发文本更正页面" in page


# ---------------------------------------------------------------- Word


def test_a_word_file_edited_outside_is_taken_back(world: World) -> None:
    client = world.client("coordinator")
    section = section_of(world, "information_requests_received")
    before = section.text
    file = docx.Document(io.BytesIO(client.get(url(world, "download_report", "docx")).content))
    target = next(one for one in file.paragraphs if one.text.startswith("收到政府信息公开申请2件"))
    target.runs[0].text = "另有一句。" + target.runs[0].text
    changed = io.BytesIO()
    file.save(changed)
    address = url(world, "word_return")
    given = {"file": SimpleUploadedFile("改.docx", changed.getvalue())}
    assert client.post(address, given).status_code == 302
    row = world.report.word_returns.get()
    assert [offer["section"] for offer in row.offers] == [section.key]
    section.refresh_from_db()
    assert section.text == before
    shown = text_of(client.get(address))
    assert "另有一句。收到政府信息公开申请2件" in shown and "{" not in shown
    client.post(address, {"row": row.pk, "section": section.key, "take": "1"})
    section.refresh_from_db()
    assert section.text.startswith("另有一句。")
    assert (
        client.post(address, given | {"file": SimpleUploadedFile("旧.docx", changed.getvalue())}).status_code
        == 302
    )
    changed.seek(0)
    file = docx.Document(changed)
    target = next(one for one in file.paragraphs if one.text.startswith("另有一句。"))
    target.runs[0].text = target.runs[0].text.replace("另有一句", "另有半句")
    again = io.BytesIO()
    file.save(again)
    client.post(address, {"file": SimpleUploadedFile("再改.docx", again.getvalue())})
    section.refresh_from_db()
    EditSection(actor=None, section=section, text=section.text.replace("另有一句", "另有几句")).execute()
    late = LexborHTMLParser(client.get(address).content.decode())
    assert "和文件改的是同一句，不能直接采用" in late.text()
    assert [node.text() for node in late.css("form button[name=take]")] == [], (
        "nothing is offered that is refused"
    )
    other = world.report.sections.get(key="systems")
    EditSection(actor=None, section=other, text="本级另写一句。").execute()
    file = docx.Document(io.BytesIO(client.get(url(world, "download_report", "docx")).content))
    for begins in ("另有几句。", "本级另写一句。"):
        target = next(one for one in file.paragraphs if one.text.startswith(begins))
        target.runs[0].text = "外面改的。" + target.runs[0].text
    both = io.BytesIO()
    file.save(both)
    client.post(address, {"file": SimpleUploadedFile("两处.docx", both.getvalue())})
    last = world.report.word_returns.first()
    assert last is not None and last.open == 2
    assert "其余 2 处都不采用" in text_of(client.get(address))
    told = client.post(address, {"row": last.pk, "decline_all": "1"}, follow=True)
    assert "还没有处理的2处修改都不采用" in told.content.decode()
    last.refresh_from_db()
    assert {offer["state"] for offer in last.offers} == {"declined"}
    assert world.client("reviewer").post(address, {"row": last.pk, "decline_all": "1"}).status_code == 403
    assert client.post(address, {}).status_code == 422  # nothing given
    wrong = {"file": SimpleUploadedFile("坏.docx", b"PK\x03\x04broken")}
    assert client.post(address, wrong).status_code == 422
    assert world.client("reviewer").post(address, given).status_code == 403
