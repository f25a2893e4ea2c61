"""A whole year, from the import of its plan to the publication of its report and into the next, at every level.

Everything goes through the actions that the pages call, each on its day. The report is written to Word, read back and
checked; the year after must take up the problems it stated and say what became of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import LazySettings

from tests.ledger.registers import value
from tests.scenarios.entering import opened, papers, recorded
from tests.signing import explained
from yifa.checking import Severity, check
from yifa.law.loader import catalogue
from yifa.ledger.actions import (
    ActionRefused,
    CorrectAct,
    CreateOrganization,
    CreateUser,
    GrantRole,
    PublishEntry,
)
from yifa.ledger.figures.counting import count
from yifa.ledger.models import Case, Entry, Organization, Role, User
from yifa.ledger.proof.verification import verify
from yifa.planning.actions import (
    AssignTask,
    ImportPlan,
    IssuePlan,
    LinkEvidence,
    RecordProgress,
    SetDue,
    TakeUpProblem,
)
from yifa.planning.models import Plan, Task
from yifa.planning.problems import left_out
from yifa.planning.targets import answer
from yifa.reading import read, read_text
from yifa.reporting import word
from yifa.reporting.actions import (
    AnswerProblem,
    AssignSection,
    BuildReport,
    ConfirmParts,
    Problem,
    PublishReport,
    ReviewLegality,
    ReviewSecrecy,
    Sending,
    SendToReview,
    SendToUnits,
    SignReport,
    StateProblems,
    SubmitReport,
    TakeParts,
    WritePart,
)
from yifa.reporting.content import paper
from yifa.reporting.duty import duty_case
from yifa.reporting.gates import before_review
from yifa.reporting.models import Report
from yifa.reporting.problems import earlier
from yifa.reporting.since import SinceReport

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
LEVELS = {
    "county": ("澜亭县人民政府", "澜亭县", {"澜亭县司法局": "department", "青石镇人民政府": "town"}),
    "zone": ("澜亭新区管理委员会", "澜亭新区", {"新区法治办公室": "department", "新区审批局": "department"}),
    "town": ("青石镇人民政府", "青石镇", {"镇综合执法办公室": "department", "镇司法所": "department"}),
    "department": ("澜亭县政务服务局", "县政务服务局", {"法规科": "department", "窗口科": "department"}),
}
MET: dict[str, object] = {"chair": "甲一", "attendees": ["甲一", "乙二"], "law_items": 2}
PLAN = """{name}{year}年法治政府建设工作要点

一、提高依法行政能力
（一）组织领导干部学法。全年组织集体学法不少于2次。
（二）开展法治培训。面向本单位工作人员举办法治培训班不少于1期。
二、依法办理群众事项
（三）办好政府信息公开申请。全年按期答复率达到百分之百。
（四）召开依法行政工作会议。每半年至少召开1次研究法治工作的会议，研究解决突出问题。
（五）修订内部办事制度。梳理现有制度并提出修订意见。
"""


@contextmanager
def on(day: date) -> Iterator[None]:
    """Everything within happens on this day, at nine in the morning."""
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=ZONE), tick=False):
        yield


@dataclass
class Body:
    """A body of some level with two units and people in every role."""

    level: str
    body: Organization
    units: list[Organization]
    users: dict[tuple[str, str], User] = field(default_factory=dict)

    def who(self, role: str, at: Organization | None = None) -> User:
        """Somebody with a role, the same one each time."""
        unit = at or self.body
        if (role, unit.code) not in self.users:
            user = CreateUser(
                actor=None, username=f"{role}-{unit.code}", display_name=f"{len(self.users)}号同志", organization=unit,
                password="correct-horse-9",
            ).execute()  # fmt: skip
            GrantRole(actor=None, user=user, organization=unit, role=role).execute()
            self.users[role, unit.code] = user
        return self.users[role, unit.code]

    def secrecy_reviewer(self) -> User:
        """Somebody on the register of secrecy reviewers."""
        user = self.who(Role.REVIEWER)
        other = self.who(Role.OFFICER)
        data = {"code": "BM-1", "name": other.display_name, "unit": self.body.name, "since": "2020-01-01"}
        if not Entry.objects.filter(register="secrecy_reviewers").exists():
            PublishEntry(
                actor=None,
                organization=self.body,
                register="secrecy_reviewers",
                data=data,
                on=date(2020, 1, 1),
            ).execute()
        return other if user != other else user


@pytest.fixture(params=LEVELS)
def place(request: pytest.FixtureRequest, db: None, settings: LazySettings, tmp_path: Path) -> Body:
    settings.DATA, settings.ATTACHMENTS = tmp_path, tmp_path / "attachments"
    name, short, units = LEVELS[request.param]
    with on(date(2024, 1, 3)):
        body = CreateOrganization(
            actor=None, code="body", name=name, short_name=short, level=request.param
        ).execute()
        below = [
            CreateOrganization(actor=None, code=f"u{number}", name=title, level=level, parent=body).execute()
            for number, (title, level) in enumerate(units.items())
        ]
        made = Body(request.param, body, below)
        for role in Role.values:
            made.who(role)
    return made


# ------------------------------------------------------------ the parts of a year


def planned(place: Body, year: int, problem: Entry | None = None) -> Plan:
    """The plan of a year from its text to its issue: only when every task has its unit and its day."""
    coordinator, (first, second) = place.who(Role.COORDINATOR), place.units
    text = read_text(PLAN.format(name=place.body.short_name, year=year), "工作要点.txt")
    with on(date(year, 1, 15)):
        plan = ImportPlan(actor=coordinator, organization=place.body, year=year, document=text).execute()
        assert plan.tasks.count() == 5
        if problem is not None:
            assert left_out(plan) == [problem]
            TakeUpProblem(
                actor=coordinator, plan=plan, problem=problem, chapter=plan.chapters.last()
            ).execute()
            assert left_out(plan) == []
        with pytest.raises(ActionRefused, match="还不能印发"):
            IssuePlan(actor=coordinator, plan=plan, on=date(year, 1, 15)).execute()
        for number, task in enumerate(plan.tasks.all()):
            lead, other = (second, first) if number % 2 else (first, second)
            AssignTask(actor=coordinator, task=task, lead=lead, support=[other]).execute()
        SetDue(actor=coordinator, plan=plan, due=date(year, 11, 30), only_missing=True).execute()
        IssuePlan(
            actor=coordinator, plan=plan, on=date(year, 1, 20), document_number=f"法治办〔{year}〕1号"
        ).execute()
    return Plan.objects.get(pk=plan.pk)


def worked(place: Body, year: int, trainings: int = 1) -> dict[str, Case]:
    """What the body and its units did in a year, each entered on its day by somebody who may."""
    first, second = place.units
    done = {
        "study1": held(place, first, "study_session", date(year, 3, 12), {"subject": "学习行政复议法"}, {"attendees": 12}),
        "study2": held(place, second, "study_session", date(year, 9, 11), {"subject": "学习信访工作条例"}, {"attendees": 15}),
        "meeting1": held(place, place.body, "law_meeting", date(year, 3, 20), {"name": "上半年专题会议"}, MET),
        "meeting2": held(place, place.body, "law_meeting", date(year, 9, 18), {"name": "下半年专题会议"}, MET),
        "request1": requested(place, date(year, 4, 8), date(year, 4, 18)),
        "request2": requested(place, date(year, 8, 5), date(year, 8, 15)),
    }  # fmt: skip
    for number in range(trainings):
        done[f"training{number}"] = held(
            place, second, "training", date(year, 5, 14), {"subject": "法治培训班"}, {"attendees": 40}
        )
    return done


def held(
    place: Body,
    unit: Organization,
    case_type: str,
    day: date,
    facts: dict[str, str],
    fields: dict[str, object],
) -> Case:
    needed = catalogue().case_types[case_type].facts
    given = {name: value(spec) for name, spec in needed.items() if spec.required} | facts
    with on(day):
        return opened(
            unit, case_type, day, "hold", actor=place.who(Role.OFFICER, unit), facts=given, fields=fields,
            evidence=papers(case_type, "hold"),
        )  # fmt: skip


def requested(place: Body, day: date, answered: date) -> Case:
    officer = place.who(Role.OFFICER)
    with on(day):
        case = opened(
            place.body, "information_request", day, "receive", actor=officer, by="申请人甲",
            facts={"content": "申请公开验收资料"}, evidence=papers("information_request", "receive"),
        )  # fmt: skip
    with on(answered):
        recorded(
            case, "answer", answered, actor=officer, outcome="予以公开",
            evidence=papers("information_request", "answer"),
        )  # fmt: skip
    return case


def told(place: Body, plan: Plan, done: dict[str, Case]) -> None:
    """The units say how far their tasks are: with records, and honestly where nothing was done."""
    last = plan.tasks.get(title__contains="修订内部办事制度")
    with on(date(plan.year, 11, 20)):
        for task in plan.tasks.exclude(pk=last.pk):
            officer = place.who(Role.OFFICER, task.lead)
            LinkEvidence(actor=officer, task=task, record=done["study1"], note="集体学法时作了部署").execute()
            RecordProgress(
                actor=officer,
                task=task,
                on=date(plan.year, 11, 20),
                state=Task.State.DONE,
                note="按要求完成。",
            ).execute()
        with pytest.raises(ActionRefused, match="原因"):
            RecordProgress(
                actor=place.who(Role.OFFICER, last.lead), task=last, on=date(plan.year, 11, 20),
                state=Task.State.NOT_DONE, note="没有开展。",
            ).execute()  # fmt: skip
        RecordProgress(
            actor=place.who(Role.OFFICER, last.lead), task=last, on=date(plan.year, 11, 20),
            state=Task.State.NOT_DONE, note="没有开展。", reason="人员调整，工作移到下一年度。",
        ).execute()  # fmt: skip
    last.refresh_from_db()
    assert last.state == Task.State.NOT_DONE


def reported(place: Body, year: int, problem: str, answers: dict[str, str] | None = None) -> Report:
    """The report on a year from its draft to its publication, each step by the one whose step it is."""
    coordinator, unit = place.who(Role.COORDINATOR), place.units[0]
    with on(date(year + 1, 1, 12)):
        report = BuildReport(actor=coordinator, organization=place.body, year=year).execute()
        section = report.sections.get(key="service")
        (part,) = AssignSection(
            actor=coordinator, section=section, units=[unit], due=date(year + 1, 1, 25)
        ).execute()
        WritePart(
            actor=place.who(Role.OFFICER, unit), part=part, hand_in=True,
            text=f"{section.text}\n本单位按照分工推进政务服务工作。",
        ).execute()  # fmt: skip
        part.refresh_from_db()
        TakeParts(actor=coordinator, section=section, parts=[part], replace=True).execute()
        StateProblems(
            actor=coordinator, report=report,
            problems=[Problem(problem, "专业力量不足", "充实人员，加强培训")],
        ).execute()  # fmt: skip
        for found in earlier(report):
            assert any("以前年度" in reason for reason in before_review(report))  # it may not be passed over
            state, text = (answers or {})[found.content].split("：")
            AnswerProblem(
                actor=coordinator, report=report, entry=found.entry, state=state, text=text
            ).execute()
        SendToUnits(actor=coordinator, report=report).execute()
        ConfirmParts(actor=place.who(Role.OFFICER, unit), report=report, unit=unit).execute()
    with on(date(year + 1, 2, 3)):
        SendToReview(actor=coordinator, report=report, explanations=explained(report)).execute()
        with pytest.raises(ActionRefused):
            ReviewLegality(actor=coordinator, report=report, opinion="合法。").execute()
        ReviewLegality(actor=place.who(Role.REVIEWER), report=report, opinion="合法。").execute()
        ReviewSecrecy(actor=place.secrecy_reviewer(), report=report, opinion="不涉密。").execute()
    with on(date(year + 1, 2, 10)):
        SignReport(actor=place.who(Role.LEADER), report=report, opinion="同意报送。").execute()
        SubmitReport(
            actor=coordinator, report=report, explanations=explained(report),
            sending=Sending(above="上级党委和政府", document=f"〔{year + 1}〕3号"),
        ).execute()  # fmt: skip
    with on(date(year + 1, 3, 5)):
        PublishReport(
            actor=place.who(Role.PUBLISHER), report=report, channel="政府网站", link="政府信息公开专栏",
            content=paper(report).text.encode(), name="公开页面.txt",
        ).execute()  # fmt: skip
    report.refresh_from_db()
    assert report.state == Report.State.PUBLISHED
    return report


# ------------------------------------------------------------ what the year must show


@pytest.mark.mechanism("D3-05", "works")
@pytest.mark.mechanism("D3-06", "works")
def test_a_year_from_plan_to_published_report_and_into_the_next(place: Body, tmp_path: Path) -> None:
    plan = planned(place, 2024)
    done = worked(place, 2024)
    told(place, plan, done)
    with on(date(2024, 12, 31)):
        answers = {target.task.title: answer(target, date(2024, 12, 31)) for target in demands(plan)}
    assert {found.met for found in answers.values()} == {True}, {k: v.text for k, v in answers.items()}

    report = reported(place, 2024, "基层法治力量不足")
    path = tmp_path / "报告.docx"
    word.write(report, path)
    with on(date(2025, 3, 6)):
        document = read(path)
        assert document.title == report.title
        assert [f.message for f in check(document) if f.severity is Severity.ERROR] == []
    received = report.figures.get(rule="information_requests_received")
    assert (received.value, len(received.records)) == (2, 2)
    (problem,) = Entry.objects.filter(register="stated_problems")
    assert (problem.data["year"], problem.data["state"]) == (2024, "未解决")
    assert duty(report) == {"submit_above": date(2025, 2, 10), "publish": date(2025, 3, 5)}

    later_correction(place, report, done["request2"])

    following = planned(place, 2025, problem)
    problem.refresh_from_db()
    assert [line for line in problem.data["tasks"] if line.startswith("2025年")]
    told(place, following, worked(place, 2025, trainings=2))
    second = reported(
        place,
        2025,
        "信息化水平不高",
        {"基层法治力量不足": "部分解决：已增加两名工作人员，专业培训仍需加强。"},
    )
    problem.refresh_from_db()
    assert (problem.data["state"], problem.data["answered_in"]) == ("部分解决", second.title)
    text = paper(second).text
    assert "基层法治力量不足" in text and "部分解决" in text and "已增加两名工作人员" in text
    assert Entry.objects.filter(register="stated_problems").count() == 2
    with on(date(2026, 3, 10)):
        assert verify().faults == ()


def demands(plan: Plan) -> list:
    """The numbers the plan demands that a counting rule answers."""
    found = [target for task in plan.tasks.all() for target in task.targets.all()]
    answered = [target for target in found if target.counting_rule]
    assert len(answered) >= 3, [str(target) for target in found]
    return answered


def duty(report: Report) -> dict[str, date]:
    """The acts of the case that keeps the days of the law for this report."""
    case = duty_case(report)
    assert case is not None
    return {act.act: act.happened_on for act in case.acts.all() if act.act in {"submit_above", "publish"}}


def later_correction(place: Body, report: Report, case: Case) -> None:
    """A correction after publication leaves the published figure as it was; both values and the reason are shown."""
    with on(date(2025, 4, 2)):
        case.refresh_from_db()
        CorrectAct(
            actor=place.who(Role.OFFICER), case=case, position=1, changes={"on": "2023-12-28"}, withdraws=False,
            reason="来件登记日期录错",
        ).execute()  # fmt: skip
        figure = report.figures.get(rule="information_requests_received")
        since = SinceReport(report).of(figure)
    assert (figure.value, since.now.value) == (2, 1)
    (change,) = since.changes
    assert change.kind == "removed" and "来件登记日期录错" in str(change.later)
    assert count("information_requests_received", place.body, date(2024, 1, 1), date(2024, 12, 31)).value == 1
