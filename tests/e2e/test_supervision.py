"""As the supervisor of a county: draw, inspect, list what was found, have it put right, strike it off; review a file by two."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.test_walk import PASSWORD, body, sign_in
from tests.supervision.drawing import closed, noon
from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole, OpenCase, RecordAct
from yifa.ledger.models import Case, Organization, Role, User
from yifa.supervision.actions import OpenReview
from yifa.supervision.models import Draw

__all__ = ["body"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def unit(body: Organization, code: str, name: str) -> Organization:
    return CreateOrganization(actor=None, code=code, name=name, level="department", parent=body).execute()


def reviewer(name: str, at: Organization) -> User:
    user = CreateUser(
        actor=None, username=name, display_name=name, organization=at, password=PASSWORD
    ).execute()
    GrantRole(actor=None, user=user, organization=at, role=Role.REVIEWER).execute()
    return user


def enter(page: Page, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/login/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="首页")).to_be_visible()


def act(
    case: Case, name: str, by: str, outcome: str | None = None, role: str | None = None, **fields: object
) -> None:
    RecordAct(
        actor=None, case=Case.objects.get(pk=case.pk), act=name, on=timezone.localdate(), by=by, outcome=outcome, role=role,
        fields=fields, evidence=[{"title": "整改证明材料", "attachment": None}],
    ).execute()  # fmt: skip


def test_from_the_draw_to_the_last_item_struck_off(page: Page, body: Organization) -> None:
    today = timezone.localdate()
    GrantRole(actor=None, user=User.objects.get(), organization=body, role=Role.SUPERVISOR).execute()
    market = unit(body, "scjg", "澜亭县市场监督管理局")
    with time_machine.travel(noon(today - timedelta(days=3)), tick=False):
        case = OpenCase(
            actor=None, organization=body, case_type="law_inspection", on=timezone.localdate(), role="supervisor",
            facts={"subject": "涉企执法督察", "kind": "不定期抽查"}, evidence=[{"title": "督察方案", "attachment": None}],
        ).execute()  # fmt: skip
        draw = closed(body, Draw.Purpose.UNITS, title="涉企执法督察", take=1, case=case)
    sign_in(page)
    page.goto(f"/supervision/draws/{draw.pk}/")
    page.get_by_label("种子").fill("3876.34")
    page.get_by_label("公布来源").fill("交易所网站")
    page.get_by_label("公布日期").fill(str(today - timedelta(days=1)))
    page.get_by_role("button", name="抽取", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("澜亭县市场监督管理局"))).to_be_visible()
    page.get_by_role("link", name="重算核验").click()
    expect(page.get_by_text("结果全部相符")).to_be_visible()

    page.get_by_role("link", name="涉企执法督察", exact=True).first.click()
    page.get_by_role("link", name="办理现场督察").click()
    page.get_by_label("被督察单位").fill(market.name)
    page.get_by_label("督察记录").fill("三份检查通知书没有登记")
    page.get_by_label("发现问题").fill("1")
    page.get_by_role("button", name="记入台账", exact=True).click()
    expect(page.get_by_text("已记入台账")).to_be_visible()

    page.goto("/supervision/findings/new/")
    page.get_by_role("checkbox", name="选择：三份检查通知书没有登记").check()
    page.get_by_label("整改期限").fill(str(today + timedelta(days=30)))
    page.get_by_role("button", name="列入整改台账").click()
    expect(page.locator("#list")).to_contain_text("三份检查通知书没有登记")
    item = Case.objects.get(case_type="rectification_item")
    assert item.organization == market
    act(item, "plan_measure", "甲一", measure="逐份补登")
    act(item, "submit", "甲一", proof=["登记簿"])
    act(item, "check", "乙二", "通过", "supervisor")
    page.get_by_role("link", name="三份检查通知书没有登记").click()
    page.get_by_role("link", name="办理销号", exact=True).click()
    page.get_by_role("button", name="记入台账", exact=True).click()
    expect(page.get_by_text("已记入台账")).to_be_visible()
    page.goto("/supervision/findings/?state=closed")
    row = page.get_by_role("row", name=re.compile("三份检查通知书没有登记"))
    expect(row).to_contain_text("已销号")
    expect(row).to_contain_text("走查")
    with page.expect_download() as download:  # of what the list shows, by a page of its own
        page.get_by_role("link", name="导出 Word").click()
    assert download.value.suggested_filename.endswith(".docx") and "state=closed" in download.value.url


def test_two_who_differ_and_a_third(page: Page, body: Organization) -> None:
    market, justice, towns = (
        unit(body, "scjg", "市监局"),
        unit(body, "sfj", "司法局"),
        unit(body, "zjj", "住建局"),
    )
    users = [reviewer("pingyi", justice), reviewer("pinger", towns), reviewer("pingsan", justice)]
    file = OpenCase(
        actor=None, organization=market, case_type="information_request", act="receive", on=timezone.localdate(),
        facts={"content": "抽检记录"},
    ).execute()  # fmt: skip
    review = OpenReview(
        actor=None, organization=body, unit=market, round="春季评查", file=file, reviewers=users[:2]
    ).execute()
    for name, mark in (("pingyi", "不符合"), ("pinger", "符合"), ("pingsan", "不符合")):
        if name == "pingsan":
            enter(page, "zouzou")
            page.goto(f"/supervision/reviews/{review.pk}/")
            expect(page.get_by_text("两人结论不一")).to_be_visible()
            page.get_by_label("第三人").select_option(label="pingsan（司法局）")
            page.get_by_role("button", name="指定第三人").click()
            expect(page.get_by_text("已指定第三人")).to_be_visible()
        enter(page, name)
        page.goto("/supervision/reviews/")
        page.get_by_role("link", name=re.compile("抽检记录")).first.click()
        expect(page.get_by_text("没有检索经过")).to_have_count(0)
        for item in review.sheet_type.items():
            marks = page.get_by_role("radiogroup", name=item.title, exact=True)
            marks.get_by_text(mark if item.id == "searched" else "符合", exact=True).click()
        if mark == "不符合":
            page.locator("#id_note_searched").fill("没有检索经过")
        page.get_by_role("button", name="提交评查表").click()
        expect(page.get_by_text("评查表已提交")).to_be_visible()
    enter(page, "zouzou")
    page.goto(f"/supervision/reviews/{review.pk}/")
    expect(page.get_by_text("合格，84.0 分").first).to_be_visible()
    expect(page.locator("#compared")).to_contain_text("一致 8 项，共 9 项")
    expect(page.get_by_text("检索经过有记录，答复不存在的尽到检索义务：没有检索经过")).to_be_visible()
