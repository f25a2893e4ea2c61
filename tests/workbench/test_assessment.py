"""Assessment on pages: issued after trying weights, judged blind, published, objected to, answered, signed, on paper."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from tests.assessment.trial import trial_set
from tests.scenarios.entering import published
from tests.workbench.conftest import World, request_for
from yifa.assessment.actions import EnterPoints, IssueSet, NameScorers, PublishResult
from yifa.assessment.models import Assessment, DailyEntry, Objection
from yifa.assessment.replaying import rebuild
from yifa.law.loader import catalogue
from yifa.ledger.actions import CreateUser, GrantRole, OpenCase
from yifa.ledger.models import Case, Organization, Role, User


def somebody(name: str, at: Organization, *roles: str) -> tuple[User, Client]:
    user = CreateUser(
        actor=None, username=name, display_name=name, organization=at, password="correct-horse-9"
    ).execute()
    for role in roles:
        GrantRole(actor=None, user=user, organization=at, role=role).execute()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user, client


def rows_of(response: Any) -> list[tuple[Any, ...]]:
    """The rows of a sheet that was sent."""
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def issued(world: World) -> Assessment:
    return IssueSet(
        actor=None, organization=world.body, given=trial_set(), year=2026, units={world.office: "departments"}
    ).execute()


def test_weights_are_tried_and_nothing_is_stored_until_it_is_issued(world: World) -> None:
    request_for(world.office, date(2026, 10, 8), "甲")
    coordinator, url = world.client("coordinator"), reverse("issue_set")
    page = coordinator.get(url, {"set": "county_units"}).content.decode()
    assert "重大行政决策列入目录" in page and 'name="w-study-departments"' in page
    sent = {
        "set": "county_units",
        "year": "2026",
        "w-study-departments": "9",
        f"u-{world.office.code}": "departments",
    }
    wrong = coordinator.post(url, {**sent, "do": "try"})
    assert wrong.status_code == 422
    assert "“县直部门”的各项分值合计是104分，应为100分" in wrong.content.decode()
    assert coordinator.post(url, {**sent, "w-study-departments": "nan", "do": "try"}).status_code == 422
    good = {**sent, "w-penalties_in_time-departments": "2", f"u-{world.other.code}": "-"}
    tried = coordinator.post(url, {**good, "do": "try"}).content.decode()
    assert "试算结果" in tried and "没有保存" in tried and not Assessment.objects.exists()
    assert coordinator.post(url, {**good, "do": "issue"}).status_code == 302
    made = Assessment.objects.get()
    held = made.set.indicator("study")
    assert held is not None and held.points["departments"] == 9
    assert [one.organization for one in made.units.all()] == [world.office]
    assert catalogue().indicator_sets["county_units"].indicator("study") != held


def test_who_judges_sees_only_the_own_points(world: World) -> None:
    made = issued(world)
    first, one = somebody("pingyi", world.other, Role.OFFICER)
    second, other = somebody("pinger", world.body, Role.OFFICER)
    coordinator = world.client("coordinator")
    judging, sheet = reverse("assessment_judging", args=[made.pk]), reverse("judge_units", args=[made.pk])
    assert one.get(sheet).status_code == 404
    named = {"indicator": "pilot", "first": first.pk, "second": second.pk}
    assert coordinator.post(judging, {**named, "second": first.pk}).status_code == 422
    assert coordinator.post(judging, named).status_code == 302
    assert "等您评分" in one.get(reverse("assessments")).content.decode()
    key = f"{world.office.code} pilot"
    assert one.post(sheet, {f"points {key}": "nan", f"reason {key}": "好"}).status_code == 422
    assert one.post(sheet, {f"points {key}": "15"}).status_code == 422
    over = one.post(sheet, {f"points {key}": "99", f"reason {key}": "好"}).content.decode()
    assert f"“{world.office}”“特色工作”的分值应在0至20分之间" in over
    assert one.post(sheet, {f"points {key}": "15", f"reason {key}": "做法新"}).status_code == 302
    assert "做法新" not in other.get(sheet).content.decode()
    shown = coordinator.get(judging).content.decode()
    assert "做法新" not in shown and "（已评）" in shown
    assert other.post(sheet, {f"points {key}": "5", f"reason {key}": "没有推广"}).status_code == 302
    shown = coordinator.get(judging).content.decode()
    assert "做法新" in shown and "待定" in shown and "平均相差 10.00 分" in shown
    decided = {"apart": key, "how": "meeting", "points": "10", "reason": "11月20日合议"}
    assert coordinator.post(judging, {**decided, "how": "third"}).status_code == 422
    assert coordinator.post(judging, decided).status_code == 302
    unit = reverse("assessed_unit", args=[made.pk, world.office.code])
    assert "合议定为10分（11月20日合议）" in coordinator.get(unit).content.decode()


def test_an_objection_goes_to_another_and_the_signed_result_on_paper(world: World) -> None:
    made = issued(world)
    scorers = [somebody(name, world.body, Role.OFFICER)[0] for name in ("pingyi", "pinger")]
    NameScorers(
        actor=None, assessment=made, indicator="pilot", units=[world.office], scorers=scorers
    ).execute()
    coordinator, officer = world.client("coordinator"), world.client("officer")
    for who in scorers:
        client = Client()
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        key = f"{world.office.code} pilot"
        client.post(
            reverse("judge_units", args=[made.pk]), {f"points {key}": "16", f"reason {key}": "有实效"}
        )
    _, assessor = somebody("kaohe", world.body, Role.ASSESSOR)
    _, leader = somebody("lingdao", world.body, Role.LEADER)
    EnterPoints(
        actor=None, assessment=made, unit=world.office, indicator="daily", points=Decimal(-2), on=date(2026, 6, 1),
        reason="未亮证", evidence="抽查记录",
    ).execute()  # fmt: skip
    step = {name: reverse("assessment_step", args=[made.pk, name]) for name in ("publish", "freeze", "hand")}
    assert coordinator.post(step["publish"]).status_code == 403
    assert "考核期到2026年12月31日，还没有结束" in assessor.get(step["publish"]).content.decode()
    assert assessor.post(step["publish"]).status_code == 302
    unit, objecting = (
        reverse(name, args=[made.pk, world.office.code]) for name in ("assessed_unit", "object_to_result")
    )
    assert "提出异议" in officer.get(unit).content.decode()
    assert officer.get(reverse("assessed_unit", args=[made.pk, world.other.code])).status_code == 404
    assert officer.post(objecting, {"indicator": "daily", "reason": ""}).status_code == 422
    proof = SimpleUploadedFile("回执.pdf", b"%PDF-1.4 receipt", content_type="application/pdf")
    refused = officer.post(objecting, {"indicator": "daily", "reason": "", "papers": proof}).content.decode()
    kept = dict(re.findall(r'name="(more_title|more_kept)" value="([^"]+)"', refused))
    sent = {"indicator": "daily", "reason": "当天已补办", **kept}
    assert officer.post(objecting, sent).status_code == 302
    assert Objection.objects.get().papers == [{"title": "回执", "attachment": kept["more_kept"]}]
    answering = reverse("answer_objection", args=[made.pk, 1])
    file = reverse("assessment_paper", args=[made.pk, kept["more_kept"]])
    assert file in coordinator.get(answering).content.decode() and file in officer.get(unit).content.decode()
    assert b"".join(coordinator.get(file).streaming_content) == b"%PDF-1.4 receipt"  # type: ignore[attr-defined]
    assert world.client("stranger").get(file).status_code == 404
    assert officer.get(answering).status_code == 403
    assert answering in coordinator.get(unit).content.decode()
    assert answering not in assessor.get(unit).content.decode()  # published by the assessor
    assert "异议 1 项" in coordinator.get(reverse("assessment_year", args=[made.pk])).content.decode()
    assert assessor.post(answering, {"upheld": "yes", "points": "19", "answer": "属实"}).status_code == 422
    assert coordinator.post(answering, {"upheld": "yes", "points": "21", "answer": "属实"}).status_code == 422
    assert coordinator.post(answering, {"upheld": "yes", "points": "19", "answer": "属实"}).status_code == 302
    assert Objection.objects.get().upheld is True
    assert leader.post(step["freeze"], {"opinion": "同意。"}).status_code == 302
    page = coordinator.get(reverse("assessment_year", args=[made.pk])).content.decode()
    assert "与现存结果相符" in page and "异议成立" in page
    assert assessor.post(step["hand"], {"recipient": "县委组织部", "purpose": "干部任用"}).status_code == 302
    listing = reverse("list_lost", args=[made.pk, world.office.code])
    key = f"assessment:{made.pk}:{world.office.code}:daily"
    assert assessor.post(listing, {"key": [key], "due": "2027-01-20"}).status_code == 302
    item = Case.objects.get(case_type="rectification_item")
    assert item.organization == world.office and item.facts["source"] == "年度考核"
    assert key not in assessor.get(listing).content.decode()
    _papers(made, world, coordinator)


def _papers(made: Assessment, world: World, client: Client) -> None:
    letter = client.get(reverse("unit_letter", args=[made.pk, world.office.code]))
    text = "\n".join(one.text for one in Document(io.BytesIO(letter.content)).paragraphs)
    assert "主送" not in text and f"{world.office}：" in text
    assert "日常监督。日常记分1次：6月1日未亮证扣2分" in text and "异议成立（属实），得19分，失1分" in text
    sheet = client.get(reverse("assessment_file", args=[made.pk, 1]))
    rows = rows_of(sheet)
    assert any(world.office.name in row for row in rows) and "名次" not in str(rows[2:4])
    assert any(made.latest is not None and made.latest.digest in str(row) for row in rows)


def test_daily_entries_are_entered_and_taken_back_on_their_page(world: World) -> None:
    made = issued(world)
    _, assessor = somebody("kaohe", world.body, Role.ASSESSOR)
    url = reverse("assessment_entries", args=[made.pk])
    sent = {
        "unit": world.office.pk, "indicator": "daily", "points": "-2", "on": "2026-06-01", "reason": "未亮证",
        "evidence": "抽查记录",
    }  # fmt: skip
    assert world.client("officer").post(url, sent).status_code == 403
    assert assessor.post(url, {**sent, "number": "没有这个号"}).status_code == 422
    assert assessor.post(url, {**sent, "points": "-99"}).status_code == 422
    empty = SimpleUploadedFile("空.pdf", b"", content_type="application/pdf")
    assert "空文件" in assessor.post(url, {**sent, "papers": empty}).content.decode()
    photo = SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\n photo", content_type="image/png")
    assert assessor.post(url, {**sent, "papers": photo}).status_code == 302
    (paper,) = DailyEntry.objects.get().papers
    assert (
        paper["title"] == "现场" and f"/papers/{paper['attachment']}/" in assessor.get(url).content.decode()
    )
    assert (
        world.client("stranger")
        .get(reverse("assessment_paper", args=[made.pk, paper["attachment"]]))
        .status_code
        == 404
    )
    rebuild()
    assert DailyEntry.objects.get().papers == [paper]
    assert assessor.post(url, {"withdraw": "1", "why": ""}).status_code == 422
    assert assessor.post(url, {"withdraw": "1", "why": "记错"}).status_code == 302
    assert DailyEntry.objects.get().withdrawn == "记错"
    assert "已撤回：记错" in world.client("officer").get(url).content.decode()


@pytest.mark.mechanism("D14-02", "works")
def test_a_statement_stands_beside_the_duty_records_and_the_study_of_the_person(world: World) -> None:
    person, year = "王一", 2026
    published(
        world.body, "principal_duties", code="Z1", person=person, post="县长", duty="研究法治工作", minimum=2,
        starts=f"{year}-01-01", ends=f"{year}-12-31",
    )  # fmt: skip
    url = reverse("legal_statements")
    page = world.client("coordinator").get(url).content.decode()
    assert person in page and "未述法" in page and "研究法治工作" in page and "至少 2 次" in page
    assert "述法" in world.client("coordinator").get(url, {"year": "2025"}).content.decode()
    published(  # somebody of the same name, with a duty of the same number, in another unit
        world.office, "principal_duties", code="Z2", person=person, post="局长", duty="带头学法", minimum=1,
        starts=f"{year}-01-01", ends=f"{year}-12-31",
    )  # fmt: skip
    for on in (date(2026, 3, 4), date(2026, 4, 7)):
        OpenCase(
            actor=None, organization=world.body, case_type="duty_record", on=on, by="承办人",
            facts={"subject": "研究", "person": person, "duty": "Z1"}, fields={"did": "主持会议"},
            evidence=[{"title": "会议纪要", "attachment": None}],
        ).execute()  # fmt: skip
    sheet = world.client("coordinator").get(url, {"format": "xlsx", "year": str(year)})
    told = [(row[0], row[1], *row[3:6]) for row in rows_of(sheet) if row[0] == person]
    assert told == [(person, world.body.name, 1, 1, 2), (person, world.office.name, 1, 0, 0)]
    shown = world.client("coordinator").get(url, {"year": str(year)}).content.decode()
    assert [int(text) for text in re.findall(r'<td class="num fit">(\d+)</td>', shown)] == [2, 0]


def test_a_further_version_needs_a_reason_and_shows_what_differs(world: World) -> None:
    made = IssueSet(
        actor=None, organization=world.body, given=trial_set(objections=None), year=2026,
        units={world.office: "departments"},
    ).execute()  # fmt: skip
    _, assessor = somebody("kaohe", world.body, Role.ASSESSOR)
    _, leader = somebody("lingdao", world.body, Role.LEADER)
    out = reverse("leave_out", args=[made.pk, world.office.code, "pilot"])
    assert assessor.post(out, {"reason": ""}).status_code == 422
    assert assessor.post(out, {"reason": "新设"}).status_code == 302
    PublishResult(actor=None, assessment=made).execute()
    freeze, publish = (reverse("assessment_step", args=[made.pk, name]) for name in ("freeze", "publish"))
    assert leader.post(freeze, {"opinion": "同意。"}).status_code == 302
    assert assessor.post(publish, {"reason": ""}).status_code == 422
    assert assessor.post(publish, {"reason": "补录"}).status_code == 302
    assert made.versions.count() == 2
    page = reverse("assessment_year", args=[made.pk])
    assert "各单位各项分值都没有变化" in assessor.get(page, {"since": "1"}).content.decode()
    assert assessor.get(reverse("assessment_step", args=[made.pk, "nothing"])).status_code == 404
