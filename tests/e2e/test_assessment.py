"""As the people of an assessment: issue the set, judge, publish, object, answer, sign."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_supervision import enter, unit
from tests.e2e.test_walk import PASSWORD, body
from yifa.assessment.models import Assessment
from yifa.ledger.actions import CreateUser, GrantRole
from yifa.ledger.models import Organization, Role

__all__ = ["body"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def account(name: str, at: Organization, role: str) -> None:
    user = CreateUser(
        actor=None, username=name, display_name=name, organization=at, password=PASSWORD
    ).execute()
    GrantRole(actor=None, user=user, organization=at, role=role).execute()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_the_issued_set_to_the_signed_result_with_an_objection_upheld(
    page: Page, body: Organization
) -> None:
    market = unit(body, "scjg", "澜亭县市场监督管理局")
    account("kaohe", body, Role.ASSESSOR)
    account("pingyi", body, Role.REVIEWER)
    account("pinger", body, Role.REVIEWER)
    account("ducha", body, Role.SUPERVISOR)
    account("lingdao", body, Role.LEADER)
    account("shichang", market, Role.OFFICER)

    enter(page, "kaohe")
    page.goto("/assessment/issue/")
    page.get_by_label("领导干部学法（县直部门）").fill("7")
    page.get_by_label("主要负责人述法（县直部门）").fill("2")
    press(page, "试算")
    expect(page.get_by_role("heading", name="试算结果")).to_be_visible()
    assert not Assessment.objects.exists()
    press(page, "印发")
    expect(page.get_by_text("已印发，分值和单位从现在起不再变")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("澜亭县市场监督管理局"))).to_contain_text("待评")
    address = page.url

    page.goto(f"{address}scorers/")
    page.get_by_label("评分人一").select_option(label=f"pingyi（{body.name}）")
    page.get_by_label("评分人二").select_option(label=f"pinger（{body.name}）")
    press(page, "指定")
    expect(page.get_by_text("已指定评分人。")).to_be_visible()
    page.goto(f"{address}entries/")
    page.get_by_label("被考核单位").select_option(label=market.name)
    page.get_by_label("分值").fill("-1")
    page.get_by_label("依据").fill("抽查记录第1号")
    page.get_by_label("事由").fill("未亮证检查")
    press(page, "记分")
    expect(page.get_by_text("已记分。")).to_be_visible()
    for name in ("pingyi", "pinger"):
        enter(page, name)
        page.goto(f"{address}judge/")
        page.get_by_label("法治建设特色工作的评分").fill("2")
        page.get_by_label("法治建设特色工作的理由").fill("有做法有成效")
        press(page, "提交评分")
        expect(page.locator("main h1")).to_contain_text("年度")

    enter(page, "kaohe")
    page.goto(f"{address}publish/")
    press(page, "截止记分并公布")
    expect(page.get_by_text("已公布，各单位可以提出异议。")).to_be_visible()
    enter(page, "shichang")
    page.goto(f"{address}units/{market.code}/")
    page.get_by_role("link", name="提出异议").click()
    page.get_by_label("指标").select_option(value="daily")
    page.get_by_label("理由").fill("当天已补登记")
    press(page, "提出异议")
    expect(page.get_by_text("异议已提出。")).to_be_visible()
    enter(page, "ducha")
    page.goto(f"{address}units/{market.code}/")
    page.get_by_role("link", name="答复", exact=True).click()
    page.get_by_label("结论").select_option(label="异议成立，改分")
    page.get_by_label("改定的分值").fill("3")
    page.get_by_label("答复的理由").fill("登记簿属实")
    press(page, "答复")
    expect(page.locator("main")).to_contain_text("异议成立（登记簿属实），得满分3分")

    enter(page, "lingdao")
    page.goto(f"{address}freeze/")
    press(page, "签发")
    expect(page.get_by_text("结果已确定。")).to_be_visible()
    expect(page.locator("#frozen")).to_contain_text("与现存结果相符")
