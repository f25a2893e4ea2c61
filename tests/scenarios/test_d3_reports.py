"""D3: problems go from a report into the next plan and come back answered; a published text is set against the signed one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.county import County
from tests.scenarios.entering import figure, gaps
from tests.signing import explained, submitted
from yifa.ledger.models import Entry, Role
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import ImportPlan, TakeUpProblem
from yifa.planning.problems import left_out
from yifa.reading import read_text
from yifa.reporting.actions import (
    AnswerProblem,
    BuildReport,
    ComparePublished,
    EditSection,
    Problem,
    PublishReport,
    SendToReview,
    StateProblems,
    TakeBackReport,
)
from yifa.reporting.content import paper
from yifa.reporting.models import Report
from yifa.reporting.problems import earlier
from yifa.reporting.versions import texts

pytestmark = pytest.mark.django_db
PLAN = """澜亭县2026年法治政府建设工作要点

一、规范执法
（一）开展案卷评查。评查不少于2次，12月底前完成。牵头单位：县司法局。
"""
WRONG = ("文书不规范", "备案不及时")
LINK = "https://www.example.gov.cn/report.html"


def at(day: str) -> Any:
    moment = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return time_machine.travel(moment, tick=False)


def first_report(county: County) -> Report:
    """The report on 2025, handed in with two problems in February 2026."""
    report = BuildReport(actor=None, organization=county.body, year=2025).execute()
    problems = [Problem(content, "人手不足", "加强培训") for content in WRONG]
    StateProblems(actor=None, report=report, problems=problems).execute()
    return submitted(report)


@pytest.mark.mechanism("D3-05", "works")
def test_problems_go_into_the_next_plan_and_the_next_report_answers_each(county: County) -> None:
    with at("2026-02-20"):
        report = first_report(county)
        text = paper(report).text
        assert all(
            f"{n}.{content}。原因：人手不足。改进措施：加强培训。" in text
            for n, content in enumerate(WRONG, 1)
        )
        entries = {entry.title: entry for entry in Entry.objects.filter(register="stated_problems")}
        assert sorted(entry.key for entry in entries.values()) == ["2025-01", "2025-02"]
        assert gaps("problems_without_task", county.body, date(2026, 2, 20)) == sorted(WRONG)
        plan = ImportPlan(
            actor=None, organization=county.body, year=2026, document=read_text(PLAN, "要点.txt")
        ).execute()
        assert [entry.title for entry in left_out(plan)] == list(WRONG)
        TakeUpProblem(actor=None, plan=plan, problem=entries[WRONG[0]], task=plan.tasks.get()).execute()
        assert gaps("problems_without_task", county.body, date(2026, 2, 20)) == [WRONG[1]]
    with at("2027-01-15"):
        nxt = BuildReport(actor=None, organization=county.body, year=2026).execute()
        stated = {problem.content: problem for problem in earlier(nxt)}
        assert stated[WRONG[0]].tasks and "开展案卷评查" in stated[WRONG[0]].tasks[0]
        AnswerProblem(
            actor=None, report=nxt, entry=stated[WRONG[0]].entry, state="已解决", text="评查后已补正。"
        ).execute()
        with pytest.raises(ActionRefused, match=f"还有1个没有说明解决情况（2025-02 {WRONG[1]}）"):
            SendToReview(actor=None, report=nxt, explanations=explained(nxt)).execute()
        with pytest.raises(ActionRefused, match="请填写解决情况说明"):
            AnswerProblem(
                actor=None, report=nxt, entry=stated[WRONG[1]].entry, state="未解决", text=" "
            ).execute()
        AnswerProblem(
            actor=None, report=nxt, entry=stated[WRONG[1]].entry, state="部分解决", text="仍有逾期。"
        ).execute()
        text = paper(nxt).text
        assert "历年报告列出的问题2个，其中已解决1个、部分解决1个、未解决0个。" in text
        assert f"1.2025年度报告指出的“{WRONG[0]}”问题，已解决。评查后已补正。" in text
        assert f"2.2025年度报告指出的“{WRONG[1]}”问题，部分解决。仍有逾期。" in text
        assert gaps("problems_not_answered", county.body, date(2027, 1, 15)) == sorted(WRONG)
        submitted(nxt)
        assert gaps("problems_not_answered", county.body, date(2027, 1, 15)) == []
        answered = Entry.objects.get(register="stated_problems", key="2025-02")
        assert answered.data["answered_in"] == nxt.title
        third = (date(2027, 1, 1), date(2027, 12, 31))
        assert figure("problems_partly_solved", county.body, third).value == 1
        later = BuildReport(actor=None, organization=county.body, year=2027).execute()
        assert [problem.code for problem in earlier(later)] == ["2025-02"]  # until it is solved


def test_a_report_taken_back_and_handed_in_again_states_each_problem_once(county: County) -> None:
    with at("2026-02-20"):
        report = first_report(county)
        TakeBackReport(actor=None, report=report, opinion="措施要改").execute()
        one, two = report.problems.all()
        changed = Problem(one.content, one.cause, "开展评查", one.pk)
        StateProblems(actor=None, report=report, problems=[changed]).execute()
        submitted(report)
    standing = Entry.objects.filter(register="stated_problems", withdrawn=False)
    assert [(entry.key, entry.data["measure"]) for entry in standing] == [("2025-01", "开展评查")]
    assert Entry.objects.get(pk=two.entry).withdrawn


def test_only_the_coordinator_states_and_answers(county: County) -> None:
    officer = county.user(Role.OFFICER, county.justice)
    with at("2026-02-20"):
        report = BuildReport(actor=None, organization=county.body, year=2025).execute()
        with pytest.raises(ActionRefused) as refused:
            StateProblems(actor=officer, report=report, problems=[Problem("甲")]).execute()
    assert refused.value.code == "role"


@pytest.mark.mechanism("D3-07", "works")
def test_before_and_after_publication_the_text_is_that_which_was_signed(county: County) -> None:
    """The page is compared line by line with the signed text and looked through for what does not belong there."""
    with at("2026-02-20"):
        report = BuildReport(actor=None, organization=county.body, year=2025).execute()
        causes = report.sections.get(required="causes")
        EditSection(actor=None, section=causes, text="部分单位人手不足。").execute()
        submitted(report)
        signed = report.versions.order_by("number").last()
        assert signed is not None
        lines = texts(signed)

        def page(*changes: tuple[str, str]) -> bytes:
            whole = "\n".join(lines)
            for before, after in changes:
                assert before in whole
                whole = whole.replace(before, after)
            body = "".join(f"<p>{line}</p>" for line in whole.splitlines())
            return f"<html><head><title>县网站</title></head><body>{body}</body></html>".encode()

        def look(content: bytes, link: str = "") -> Any:
            return ComparePublished(
                actor=None, report=report, content=content, name="page.html", link=link
            ).execute()

        before = look(page())
        assert (before.same, before.digest, before.differences) == (True, signed.digest, [])
        assert not Entry.objects.filter(register="published_texts").exists()  # nothing is published yet
        PublishReport(
            actor=None, report=report, channel="县网站", link=LINK, content=page(), name="page.html"
        ).execute()
        assert gaps("published_texts_differing", county.body, date(2026, 2, 20)) == []
        injected = look(page(("部分单位人手不足。", "部分单位中文博彩平台人手不足。")), LINK)
        assert not injected.same and injected.foreign
        assert [(one["before"], one["after"]) for one in injected.differences] == [
            ("部分单位人手不足。", "部分单位中文博彩平台人手不足。")
        ]
        day = date(2026, 2, 20)
        assert gaps("published_texts_differing", county.body, day) == [report.title]
        assert gaps("published_texts_with_foreign_words", county.body, day) == [report.title]
        lost = look(page(("部分单位人手不足。", "")), LINK)
        assert [one["after"] for one in lost.differences] == [""]
        look(page(), LINK)
        assert gaps("published_texts_differing", county.body, day) == []
        assert gaps("published_texts_with_foreign_words", county.body, day) == []
