"""Whole tasks of an office, each by the people whose work it is, counted: fields typed, menus, files, clicks, keys."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.e2e.hand import Hand, Staff
from tests.e2e.office import staff
from tests.scenarios.acting import findings_of
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.models import Case, Entry

__all__ = ["staff"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RECORD = "记入台账"


def begin(hand: Hand, kind: str) -> None:
    """From the first page to the form of a new case."""
    hand.open("事项台账")
    hand.open("新建事项")
    hand.click(hand.page.locator("main a").filter(has=hand.page.get_by_text(kind, exact=True)))


def later(staff: Staff, day: str, who: str, title: str) -> Hand:
    """On a later day somebody comes back to a case that runs, from the first page."""
    staff.day(day)
    hand = staff(who)
    hand.open("事项台账")
    hand.open(title)
    return hand


def act(hand: Hand, name: str, *papers: str, outcome: str | None = None, **typed: str) -> None:
    """One act of the case on the page: its form, the papers there are, recorded."""
    hand.open(f"办理{name}")
    if outcome is not None:
        hand.choose("结果", outcome)
    for label, text in typed.items():
        hand.write(label, text)
    for paper in papers:
        hand.tick(f"{paper}：已有纸质件")
    hand.push(RECORD)
    hand.sees(f"已记入台账：{name}")


def flawless(on: str, *clocks: str) -> None:
    """The one case shows no finding, and its deadlines were kept."""
    case, day = Case.objects.get(), date.fromisoformat(on)
    assert [one.message for one in findings_of(case, day)] == []
    state = state_of(case, day)
    for clock in clocks:
        due, stopped = state.clocks[clock].due, state.clocks[clock].stopped
        assert due is not None
        assert stopped is not None
        assert stopped <= due


@pytest.mark.task("Register a petition and close it in time")
def test_petition(staff: Staff) -> None:
    officer, title = staff("xinfang"), "反映示例小区垃圾清运不及时"
    begin(officer, "信访事项")
    officer.write("信访事项", title)
    officer.write("信访人", "甲某")
    officer.choose("信访形式", "来访")
    officer.push("登记")
    officer.sees("已登记")
    later(staff, "2026-08-10", "xinfang", title)
    act(officer, "受理")
    act(officer, "书面告知信访人", "告知书")
    later(staff, "2026-08-18", "xinfang", title)
    act(officer, "听取陈述、调查核实", "调查材料")
    later(staff, "2026-09-08", "xinfang", title)
    act(officer, "作出处理意见", "处理意见书", outcome="支持")
    act(officer, "书面答复信访人", "送达回证")
    officer.sees("已办结")
    flawless("2026-09-08", "conclusion", "notice")


@pytest.mark.task("Run a normative document from draft to filing")
def test_normative_document(staff: Staff) -> None:
    drafter, title = staff("fazhi"), "澜亭县示例水库管理办法"
    begin(drafter, "行政规范性文件制定")
    drafter.write("文件名称", title)
    drafter.choose("文件类别", "政府规范性文件")
    drafter.push("登记")
    drafter.sees("已登记")
    later(staff, "2026-08-11", "fazhi", title)
    act(drafter, "评估论证", "评估论证材料")
    act(drafter, "起草", "起草说明")
    later(staff, "2026-08-18", "fazhi", title)
    act(drafter, "公开征求意见", "征求意见公告")
    later(staff, "2026-09-24", "fazhi", title)
    act(drafter, "征求意见截止")
    act(drafter, "反馈意见采纳情况", "意见采纳情况")
    act(drafter, "公平竞争审查", "公平竞争审查意见", outcome="符合")
    act(drafter, "送请合法性审查")
    act(
        later(staff, "2026-10-12", "hefa", title),
        "合法性审查",
        "合法性审查意见",
        outcome="合法",
        提出意见条数="3",
    )
    later(staff, "2026-10-20", "fazhi", title)
    act(drafter, "集体审议", "集体讨论记录", outcome="通过")
    act(drafter, "签发", "签发稿")
    act(drafter, "统一登记、编号")
    later(staff, "2026-10-26", "fazhi", title)
    act(drafter, "公布", "公布文本")
    later(staff, "2026-11-04", "fazhi", title)
    act(drafter, "报送备案", "备案报告")
    flawless("2026-11-04")


@pytest.mark.task("Take a major decision with twelve comments answered")
def test_decision(staff: Staff) -> None:
    office, title = staff("fazhi"), "示例城区公交线网调整方案"
    begin(office, "重大行政决策")
    office.write("决策事项名称", title)
    office.choose("决策事项类别", "重大公共政策和措施")
    office.push("登记")
    act(office, "研究论证")
    act(office, "决定启动并明确承办单位")
    act(office, "拟订决策草案")
    later(staff, "2026-08-10", "fazhi", title)
    act(office, "公开征求意见")
    later(staff, "2026-09-14", "fazhi", title)
    act(office, "征求意见截止")
    office.open("办理逐条研究社会意见")
    for number in range(12):
        office.choose("结果", "采纳" if number % 3 else "不采纳")
        office.write("意见内容", f"第{number + 1}条：请调整示例线路的站点。")
        office.write("采纳或者不采纳的理由", "按客流调查研究后答复。")
        office.push(RECORD if number == 11 else "记入台账，再记一条")
        office.sees("已记入台账：逐条研究社会意见")
    act(office, "归纳和采纳社会意见", "社会公众意见采纳情况")
    studied = Case.objects.get().acts.get(act="study_opinions")
    assert (studied.fields["received"], studied.fields["adopted"]) == (12, 8)  # counted, nobody typed them
    act(office, "送请合法性审查")
    reviewer = later(staff, "2026-09-22", "hefa", title)
    act(reviewer, "合法性审查意见", "合法性审查意见", "法律顾问、公职律师意见", outcome="合法")
    later(staff, "2026-09-28", "fazhi", title)
    office.open("办理集体讨论决定")
    office.choose("结果", "同意")
    office.write("出席的会议组成人员", "\n".join(f"县长{name}某" for name in "甲乙丙丁戊己庚"))
    office.choose("行政首长最后发表意见", "是")
    office.tick("集体讨论记录：已有纸质件")
    office.push(RECORD)
    act(office, "向同级党委请示报告")
    act(office, "公布决策")
    act(office, "归档", "决策过程记录和材料")
    flawless("2026-09-28")
    assert Case.objects.get().acts.filter(act="answer_opinion").count() == 12


@pytest.mark.task("Decide a penalty with hearing and legal review")
def test_penalty(staff: Staff) -> None:
    officer, title = staff("chengguan"), "甲某超市占用道路堆放货物案"
    begin(officer, "行政处罚")
    officer.write("案由", title)
    officer.write("当事人", "甲某超市")
    officer.choose("当事人类别", "法人或者其他组织")
    officer.tick("立案审批表：已有纸质件")
    officer.push("登记")
    officer.sees("已登记")
    later(staff, "2026-08-12", "chengguan", title)
    act(officer, "调查取证", "调查笔录", 执法人员="LT-CG-001\nLT-CG-002")
    officer.open("办理调查终结")
    officer.choose("直接关系当事人或者第三人重大权益", "是")
    officer.push(RECORD)
    officer.open("办理事先告知")
    officer.choose("属于应当告知听证权利的处罚", "是")
    officer.tick("行政处罚告知书：已有纸质件")
    officer.push(RECORD)
    later(staff, "2026-08-14", "chengguan", title)
    act(officer, "当事人要求听证", outcome="按期提出")
    act(officer, "通知听证的时间、地点")
    later(staff, "2026-08-25", "chengguan", title)
    act(officer, "举行听证", "听证笔录", 经办人="戊某", 记录人="丁某")
    act(later(staff, "2026-08-27", "shenhe", title), "法制审核", "法制审核意见", outcome="通过")
    later(staff, "2026-08-31", "chengguan", title)
    act(officer, "负责人集体讨论", "集体讨论记录", 参加的负责人="甲局长\n乙局长\n丙局长")
    officer.open("办理作出行政处罚决定")
    officer.choose("结果", "罚款、没收")
    officer.write("罚款数额", "3000")
    officer.tick("行政处罚决定书：已有纸质件")
    officer.push(RECORD)
    act(officer, "送达处罚决定书", "送达回证")
    act(officer, "公开处罚决定")
    later(staff, "2026-09-10", "chengguan", title)
    act(officer, "当事人缴纳罚款", "缴款凭证", 缴纳数额="3000")
    act(officer, "结案", "结案报告", outcome="已履行")
    officer.sees("已办结")
    flawless("2026-09-10")


@pytest.mark.task("Answer an information request with a pause")
def test_information_request(staff: Staff) -> None:
    officer, title = staff("zhengfuban"), "示例道路改造的招标结果"
    begin(officer, "政府信息公开申请")
    officer.write("所申请信息", title)
    officer.write("申请人", "乙某")
    officer.push("登记")
    later(staff, "2026-08-06", "zhengfuban", title)
    act(officer, "征求第三方意见", "征求意见书")
    expect(officer.page.get_by_text("暂停计时").first).to_be_visible()
    later(staff, "2026-08-20", "zhengfuban", title)
    act(officer, "第三方意见", outcome="同意公开")
    later(staff, "2026-09-07", "zhengfuban", title)
    officer.push("制作政府信息公开申请答复书")
    officer.choose("答复的结果", "予以公开")
    officer.push("保存并填入文书")
    officer.open("办理“答复”并归入")
    officer.push(RECORD)
    act(officer, "送达")
    flawless("2026-09-07", "answer")


@pytest.mark.task("Correct a wrong date")
def test_wrong_date(staff: Staff) -> None:
    officer, title = staff("xinfang"), "反映示例路灯不亮"
    begin(officer, "信访事项")
    officer.write("信访事项", title)
    officer.write("发生日期", "2026-07-28")
    officer.push("登记")
    officer.sees("已登记")
    officer.open("更正登记")
    officer.write("发生日期", "2026-07-31")
    officer.write("更正理由", "收件章上是7月31日，录入时看错。")
    officer.push("提交更正")
    officer.sees("2026年7月31日")
    case = Case.objects.get()
    assert state_of(case, date(2026, 8, 3)).opened_on == date(2026, 7, 31)
    assert case.length == 3  # the wrong day stays readable beside the right one


@pytest.mark.task("Renew three officers' certificates")
def test_certificates(staff: Staff) -> None:
    staff.day("2026-08-24")
    keeper = staff("chengguan")
    keeper.open("清单名录")
    keeper.open("行政执法人员名录")
    for name in ("甲某", "乙某", "丙某"):
        row = keeper.page.locator("#list tbody tr").filter(has=keeper.page.get_by_role("link", name=name))
        keeper.click(row.get_by_role("checkbox"))
    keeper.push("续期")
    keeper.write("新的证件有效期至", "2031-08-31")
    keeper.choose("领证方式", "换发")
    keeper.write("理由", "证件到期换发。")
    keeper.push("续期")
    keeper.sees("已续期 3 人")
    renewed = Entry.objects.filter(register="enforcement_officers", version=2)
    assert {entry.data["valid_to"] for entry in renewed} == {"2031-08-31"}
    assert {entry.data["valid_from"] for entry in renewed} == {"2026-09-01"}
    assert renewed.count() == 3


@pytest.mark.task("Publish a new version of the power list")
def test_power_list(staff: Staff) -> None:
    keeper = staff("chengguan")
    keeper.open("清单名录")
    keeper.open("权责清单")
    keeper.open("对占道经营的处罚")
    keeper.open("修订")
    keeper.write("条款", "第九条")
    keeper.write("理由", "上位条例修订，条文序号调整。")
    keeper.push("送审")
    keeper.sees("已送审：对占道经营的处罚")
    keeper.open("权责清单")
    keeper.open("登记")
    keeper.write("职权编码", "CG-0002")
    keeper.write("职权名称", "对夜间施工的检查")
    keeper.choose("职权类别", "行政检查")
    keeper.write("法律依据", "示例市容管理条例")
    keeper.write("条款", "第二十条")
    keeper.write("行使机关", "县城市管理局")
    keeper.write("生效日", "2026-08-03")
    keeper.push("送审")
    keeper.sees("已送审：对夜间施工的检查")
    reviewer = staff("shenhe")
    reviewer.click(reviewer.page.locator("#waiting a").filter(has_text="审核清单变更（修订）"))
    reviewer.push("审核通过并公布")
    reviewer.sees("已审核并公布 2 条")
    reviewer.open("权责清单")
    expect(reviewer.page.locator("#list tbody tr")).to_have_count(2)
    reviewer.open("对占道经营的处罚")
    expect(reviewer.page.locator("#compare ins")).to_have_text("九")


@pytest.mark.task("Write and check the unit's yearly report")
def test_report(staff: Staff) -> None:
    staff.day("2026-11-30")
    writer = staff("fazhi")
    writer.open("年度报告")
    writer.open("生成报告")
    writer.push("生成")
    heading = writer.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("年度法治政府建设")
    writer.click(writer.page.get_by_label(re.compile("^修改.*下一年度")).first)
    writer.write("正文", "明年继续抓好行政执法规范化。")
    writer.push("保存")
    writer.sees("明年继续抓好行政执法规范化。")
    checked = writer.page.locator("#check")
    expect(checked).to_contain_text(re.compile("提醒|错误|没有发现问题"))
    with writer.page.expect_download() as down:
        writer.open("Word")
    assert down.value.suggested_filename.endswith(".docx")
