"""What the answers on earlier problems change in the drafts of the year, at once, and what they leave alone."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from tests.signing import submitted
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Record
from yifa.reporting.actions import AnswerProblem, BuildReport, EditSection
from yifa.reporting.actions.recounting import RECOUNTED, Recounted
from yifa.reporting.content import paper
from yifa.reporting.models import RecordSet, Report
from yifa.reporting.problems import earlier

pytestmark = pytest.mark.django_db
NOBODY = "历年报告列出的问题2个，其中已解决0个、部分解决0个、未解决2个。"
ONE = "历年报告列出的问题2个，其中已解决1个、部分解决0个、未解决1个。"
PARTLY = "历年报告列出的问题2个，其中已解决0个、部分解决1个、未解决1个。"


@pytest.fixture
def draft(busy: Any) -> Any:
    """The report on 2024 with two problems of 2023 to answer; open on a day after its year."""
    with time_machine.travel("2025-02-10 10:00:00+08:00", tick=False):
        for number, content in enumerate(("文书不规范", "备案不及时"), 1):
            data = {
                "code": f"2023-0{number}",
                "year": 2023,
                "report": "2023年度报告",
                "content": content,
                "stated_on": "2024-02-20",
                "state": "未解决",
            }
            on = date(2024, 2, 20)
            PublishEntry(
                actor=None, organization=busy.body, register="stated_problems", data=data, on=on
            ).execute()
        yield busy.build()


def answer(report: Report, state: str) -> list[Recounted]:
    """The first problem is answered."""
    problem = earlier(report)[0]
    given = AnswerProblem(actor=None, report=report, entry=problem.entry, state=state, text="已整改。")
    return list(given.execute().recounted)


def figures(report: Report) -> dict[str, Any]:
    """Everything that stands of each figure."""
    return {row["rule"]: row for row in report.figures.values()}


def test_an_answer_and_its_correction_count_the_problems_again_and_nothing_else(
    busy: Any, draft: Report
) -> None:
    assert NOBODY in paper(draft).text
    busy.request(busy.justice, date(2024, 10, 8), date(2024, 10, 20), "己项目")  # counted by nobody yet
    EditSection(actor=None, section=draft.sections.get(key="causes"), text="人手不足。").execute()
    before, texts = figures(draft), dict(draft.sections.values_list("key", "text"))

    (told,) = answer(draft, "已解决")

    assert {(one.title, one.before, one.after) for one in told.figures} >= {
        ("已解决的报告问题", "0个", "1个"),
        ("未解决的报告问题", "2个", "1个"),
    }
    assert told.sections == []  # its sentence is as it was; the numbers in it live
    assert ONE in paper(draft).text
    after = figures(draft)
    assert {rule for rule in after if after[rule] != before[rule]} == {
        rule for rule in after if rule.startswith("problems_")
    }
    assert [row["id"] for row in after.values()] == [row["id"] for row in before.values()]
    assert dict(draft.sections.values_list("key", "text")) == texts
    assert draft.figures.get(rule="information_requests_received").value == Decimal(4)
    assert len(draft.figures.get(rule="problems_solved").records) == 1

    answer(draft, "部分解决")
    assert PARTLY in paper(draft).text
    assert not draft.figures.get(rule="problems_solved").records
    assert not RecordSet._default_manager.filter(figures__isnull=True).exists()


def test_the_journal_says_what_changed_and_why(draft: Report) -> None:
    answer(draft, "已解决")
    record = Record.objects.get(subject_id=draft.pk, kind=RECOUNTED)
    said = json.loads(record.payload)
    assert said["because"] == "2023-01 已解决"
    assert {"title": "已解决的报告问题", "before": "0个", "after": "1个"} in said["changes"]
    assert said["figures"]["problems_solved"]["value"] == 1
    assert said["figures"]["problems_solved"]["digest"] == draft.figures.get(rule="problems_solved").digest


def test_a_sentence_that_fits_no_longer_is_drafted_again_and_own_words_stay(draft: Report) -> None:
    place = draft.sections.get(key="problems_answered")
    place.text = place.drafted = "以前年度报告没有列出需要跟踪办理的问题。"  # as drafted before there was any
    place.save()
    (told,) = answer(draft, "已解决")
    assert [(one.section, one.kept) for one in told.sections] == [("problems_answered", False)]
    place.refresh_from_db()
    assert "{problems_solved}" in place.text
    assert [one.text for one in place.versions.order_by("number")][-1] == place.text

    EditSection(actor=None, section=place, text="已解决{problems_solved}，另文说明。").execute()
    place.refresh_from_db()
    place.drafted = "旧稿。"
    place.save()
    (told,) = answer(draft, "未解决")
    assert [(one.section, one.kept) for one in told.sections] == [("problems_answered", True)]
    place.refresh_from_db()
    assert place.text == "已解决{problems_solved}，另文说明。" and "{problems_solved}" in place.drafted
    assert "已解决0个，另文说明。" in paper(draft).text


def test_every_open_draft_of_the_year_is_counted_and_what_was_handed_in_stays(
    busy: Any, draft: Report
) -> None:
    duty = BuildReport(
        actor=None, organization=busy.body, year=2024, outline="enforcement_statistics_report"
    ).execute()
    place = duty.sections.first()
    assert place is not None
    EditSection(actor=None, section=place, text="已解决{problems_solved}。").execute()
    earlier_year = BuildReport(actor=None, organization=busy.body, year=2023).execute()
    before = figures(submitted(earlier_year))
    told = answer(draft, "已解决")
    assert {one.report for one in told} == {draft.title, duty.title}
    assert duty.figures.get(rule="problems_solved").value == 1
    assert figures(earlier_year) == before
    assert not Record.objects.filter(subject_id=earlier_year.pk, kind=RECOUNTED).exists()


def test_a_draft_that_left_the_table_is_not_counted_again(busy: Any, draft: Report) -> None:
    duty = BuildReport(
        actor=None, organization=busy.body, year=2024, outline="enforcement_statistics_report"
    ).execute()
    place = duty.sections.first()
    assert place is not None
    EditSection(actor=None, section=place, text="已解决{problems_solved}。").execute()
    Report.objects.filter(pk=duty.pk).update(state=Report.State.LEADER)
    before = figures(duty)
    assert [one.report for one in answer(draft, "已解决")] == [draft.title]
    assert figures(duty) == before
