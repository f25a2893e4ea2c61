"""The whole chain: a plan goes in, work is recorded under the law, a checked report comes out of the records."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from selectolax.lexbor import LexborHTMLParser

from tests.county import County
from tests.ledger.registers import sample
from tests.ledger.test_projections import dump
from tests.scenarios.acting import findings_of, list_entry
from tests.signing import sign_off
from yifa.checking import Severity, check
from yifa.law.loader import catalogue
from yifa.ledger.actions import ActionRefused, CorrectAct, OpenCase, PublishEntry, RecordAct, SealDays
from yifa.ledger.chain.exporting import export
from yifa.ledger.models import Case, Record
from yifa.ledger.proof.verification import verify, verify_file
from yifa.ledger.rows.rebuilding import rebuild
from yifa.planning.actions import AssignTask, ImportPlan, IssuePlan, RecordProgress, SetDue
from yifa.planning.models import Plan, PlanTarget, Task
from yifa.planning.targets import answer
from yifa.reading import Document, read
from yifa.reporting import page, word
from yifa.reporting.actions import BuildReport, EditSection, SendToReview, SubmitReport
from yifa.reporting.models import Report
from yifa.reporting.review import place_findings, report_findings

ROOT = Path(__file__).parents[2]
NO_FINDINGS: list[str] = []

# One sound run of each case type, by month and day; it holds under the laws of 2020 and under those of today.
RUNS: Mapping[str, tuple[dict[str, Any], list[tuple[str, int, int, dict[str, Any]]]]] = {
    "normative_document": (
        {"name": "门店招牌管理办法", "class": "政府规范性文件"},
        [
            ("initiate", 2, 3, {}),
            ("draft", 2, 20, {"by": "起草人甲"}),
            ("evaluate", 2, 25, {}),
            ("open_consultation", 3, 2, {}),
            ("close_consultation", 4, 7, {}),
            ("submit_review", 4, 9, {}),
            (
                "legal_review",
                4,
                20,
                {"by": "审核员乙", "role": "reviewer", "outcome": "合法", "fields": {"opinions": 6}},
            ),
            ("discuss", 4, 27, {"outcome": "通过"}),
            ("sign", 4, 28, {}),
            ("register", 4, 29, {}),
            ("publish", 5, 8, {}),
            ("file", 5, 20, {}),
        ],
    ),
    "major_decision": (
        {"name": "城区公交线路优化方案", "kind": "重大公共政策和措施"},
        [
            ("propose", 2, 3, {"fields": {"proposed_by": "县交通运输局"}}),
            ("study", 2, 10, {}),
            ("start", 2, 17, {}),
            ("draft", 3, 2, {"by": "起草人甲"}),
            ("open_consultation", 3, 9, {}),
            ("close_consultation", 4, 13, {}),
            ("study_opinions", 4, 20, {"fields": {"received": 126, "adopted": 31}}),
            ("submit_review", 4, 21, {}),
            ("legal_review", 5, 11, {"by": "审核员乙", "role": "reviewer", "outcome": "合法"}),
            ("discuss", 5, 18, {"outcome": "同意", "by": "安一山", "role": "leader"}),
            ("report_party", 5, 20, {}),
            ("publish", 5, 25, {}),
            ("archive", 6, 8, {}),
        ],
    ),
    "administrative_penalty": (
        {
            "subject": "占道堆放建筑材料",
            "party_kind": "公民",
            "domain": "城市管理",
            "body": "澜亭县人民政府",
        },
        [
            ("file", 3, 2, {}),
            ("investigate", 3, 9, {"by": "执法员甲", "fields": {"officers": ["执法员甲", "执法员乙"]}}),
            ("end_investigation", 3, 20, {}),
            ("notify", 3, 24, {}),
            ("decide", 4, 10, {"outcome": "罚款、没收", "fields": {"fine": 500}}),
            ("deliver", 4, 13, {}),
            ("pay", 4, 20, {"fields": {"amount": 500}}),
            ("close", 4, 22, {"outcome": "已履行"}),
        ],
    ),
    "petition": (
        {"subject": "反映楼道照明损坏", "channel": "来信", "kind": "申诉求决"},
        [
            ("register", 3, 2, {}),
            ("notify", 3, 9, {}),
            ("accept", 3, 9, {}),
            ("investigate", 3, 20, {}),
            ("decide", 4, 20, {"outcome": "支持"}),
            ("reply", 4, 22, {}),
        ],
    ),
    "information_request": (
        {"content": "某路段改造工程的验收资料", "applicant_kind": "自然人"},
        [
            ("receive", 3, 2, {}),
            ("answer", 3, 20, {"outcome": "予以公开"}),
            ("deliver", 3, 23, {}),
        ],
    ),
    "reconsideration": (
        {"subject": "不服占道经营处罚", "respondent": "某局"},
        [
            ("receive", 3, 2, {}),
            ("accept", 3, 5, {}),
            ("send_copy", 3, 9, {}),
            ("defend", 3, 17, {}),
            ("hear_opinions", 3, 26, {"outcome": "已听取"}),
            ("decide", 4, 20, {"outcome": "维持"}),
            ("deliver", 4, 22, {}),
        ],
    ),
    "study_session": (
        {"subject": "行政复议法", "kind": "中心组学法"},
        [("hold", 3, 16, {"fields": {"attendees": 28, "hours": 2.5}}), ("record", 3, 20, {})],
    ),
    "training": (
        {"subject": "执法程序", "audience": "行政执法人员"},
        [("hold", 4, 13, {"fields": {"attendees": 120, "hours": 8}}), ("record", 4, 16, {})],
    ),
}
# The first act of each run and the figure of the report that must open to it.
OPENED = {
    "administrative_penalty": "penalties_filed",
    "petition": "petitions_registered",
    "information_request": "information_requests_received",
    "reconsideration": "reconsiderations_received",
    "study_session": "study_sessions",
    "training": "trainings",
    "normative_document": "normative_documents_published",
    "major_decision": "major_decisions_made",
}


@dataclass
class Year:
    """One year of a county's work, entered by its actions."""

    county: County
    year: int
    cases: dict[str, list[Case]] = field(default_factory=lambda: {name: [] for name in RUNS})

    def __post_init__(self) -> None:
        """Who may enforce stands on the registers."""
        listed = {"enforcement_bodies": ["澜亭县人民政府"], "enforcement_officers": ["执法员甲", "执法员乙"]}
        for register, keys in listed.items():
            for key in keys:
                list_entry(register, key, self.county.body, {})

    def on(self, month: int, day: int) -> date:
        return date(self.year, month, day)

    def run(self, name: str) -> Case:
        facts, acts = RUNS[name]
        given = {"organization": self.county.body, "case_type": name, "facts": facts}
        (first, month, day, more), *rest = acts
        case = OpenCase(
            actor=None, act=first, on=self.on(month, day), **self._papers(name, first), **more, **given
        ).execute()
        for act, month, day, more in rest:
            RecordAct(
                actor=None, case=case, act=act, on=self.on(month, day), **self._papers(name, act), **more
            ).execute()
        self.cases[name].append(case)
        case.refresh_from_db()
        return case

    def open(self, name: str, on: date, **more: Any) -> Case:
        facts, ((first, *_), *_rest) = RUNS[name]
        case = OpenCase(
            actor=None,
            organization=self.county.justice,
            case_type=name,
            act=first,
            on=on,
            facts=facts,
            **more,
        ).execute()
        self.cases[name].append(case)
        return case

    def _papers(self, name: str, act: str) -> dict[str, Any]:
        titles = catalogue().case_types[name].acts[act].evidence
        return {"evidence": [{"title": title, "attachment": None} for title in titles]}


def travel(year: int, month: int, day: int) -> time_machine.travel:
    return time_machine.travel(datetime(year, month, day, 15, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)


def issue(plan: Plan, county: County, on: date) -> Plan:
    """The plan is refused while it has gaps, and goes out once every task has a lead and a day."""
    lacking = plan.lacks()
    with pytest.raises(ActionRefused) as refused:
        IssuePlan(actor=None, plan=plan, on=on).execute()
    assert f"{len(lacking)}项任务不完整" in refused.value.message
    for task in lacking:
        assert f"{task.number}{task.title}（缺" in refused.value.message
        if task.lead is None:
            AssignTask(actor=None, task=task, lead=county.justice, support=[county.market]).execute()
    SetDue(actor=None, plan=plan, due=date(plan.year, 12, 20), only_missing=True).execute()
    return IssuePlan(actor=None, plan=plan, on=on, document_number=f"澜政发〔{plan.year}〕2号").execute()


def damage(case: Case, position: int, one: str, other: str) -> None:
    """What somebody with the rights of the database can do: one character of one record."""
    key = str(case.pk) if connection.vendor == "postgresql" else case.pk.hex
    statement = (
        "UPDATE ledger_record SET payload = replace(payload, %s, %s) WHERE subject_id = %s AND position = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [one, other, key, position])
        assert cursor.rowcount == 1


@pytest.mark.django_db
@pytest.mark.mechanism("D3-01", "works")
def test_from_the_example_plan_to_a_sealed_report(county: County, tmp_path: Path) -> None:
    walk(county, read(ROOT / "examples" / "plan.txt"), 2026, 8, 21, tmp_path)


@pytest.mark.django_db
@pytest.mark.shared
@pytest.mark.mechanism("D2-01", "works")
def test_from_a_published_plan_to_a_sealed_report(county: County, shared: Path, tmp_path: Path) -> None:
    walk(county, read(next((shared / "sources").glob("001_*.txt"))), 2020, 10, 36, tmp_path)


def walk(county: County, text: Document, year: int, chapters: int, tasks: int, folder: Path) -> None:
    """The chain of design.md, once round, in the order in which a county lives it."""
    work = Year(county, year)
    with travel(year, 1, 20):
        plan = ImportPlan(actor=None, organization=county.body, year=year, document=text).execute()
        assert (plan.chapters.count(), plan.tasks.count()) == (chapters, tasks)
        assert all(plan.source_text[t.source_start : t.source_end] == t.text for t in plan.tasks.all())
        plan = issue(plan, county, date(year, 1, 20))
    with travel(year, 12, 30):
        record_the_year(work)
        answer_the_targets(plan, work)
        report = report_on(work)
        read_back(report, folder)
        submit(report)
    with travel(year, 12, 31):
        seal_and_verify(work, folder)


def record_the_year(work: Year) -> None:
    for name in RUNS:
        case = work.run(name)
        assert [f.message for f in findings_of(case, work.on(12, 30))] == NO_FINDINGS, name
    refused_live(work)
    entered_back(work)
    for register, data in (
        (
            "powers",
            {"code": "P1", "name": "检查经营场所", "kind": "行政检查", "effective": f"{work.year}-03-01"},
        ),
        ("enforcement_officers", {"code": "C1", "name": "甲一", "status": "在岗"}),
        ("normative_documents", {"code": "澜政规1号", "name": "门店招牌管理办法"}),
    ):
        entry = {
            "actor": None,
            "organization": work.county.justice,
            "register": register,
            "on": work.on(3, 2),
        }
        PublishEntry(data=sample(register, data), **entry).execute()


def refused_live(work: Year) -> None:
    """What the law forbids now is not recorded; the message names the article."""
    case = work.open("information_request", work.on(9, 1))
    with pytest.raises(ActionRefused) as refused:
        RecordAct(actor=None, case=case, act="delay", on=work.on(9, 3), fields={"days": 3}).execute()
    assert refused.value.basis is not None and refused.value.basis.article == "第三十五条"
    assert Case.objects.get(pk=case.pk).length == 2


def entered_back(work: Year) -> None:
    """Entered afterwards it is accepted, marked, and stands as a finding; a correction keeps what stood before."""
    case = work.open("petition", work.on(6, 1), entered="back")
    RecordAct(
        actor=None, case=case, act="decide", on=work.on(6, 20), outcome="支持", entered="back"
    ).execute()
    case.refresh_from_db()
    kinds = set(case.findings.values_list("kind", flat=True))
    assert {"order", "back_entry", "evidence"} <= kinds
    papers = [{"title": "处理意见书", "attachment": None}]
    CorrectAct(actor=None, case=case, position=2, changes={"evidence": papers}, reason="补扫描件").execute()
    case.refresh_from_db()
    assert "evidence" not in set(case.findings.values_list("kind", flat=True))
    assert Record.objects.filter(subject_id=case.pk).count() == case.length == 4


def answer_the_targets(plan: Plan, work: Year) -> None:
    """Each target with a counting rule is answered by exactly the acts of the year."""
    RecordProgress(
        actor=None, task=plan.tasks.all()[0], on=work.on(6, 30), state="done", note="已办结，材料存档。"
    ).execute()
    assert Task.objects.get(pk=plan.tasks.all()[0].pk).state == "done"
    found = {
        target.counting_rule: answer(target, work.on(12, 30))
        for target in PlanTarget.objects.filter(task__plan=plan).exclude(counting_rule="")
    }
    assert {"study_sessions_of_group", "trainings_of_officers"} <= set(found)
    sessions = found["study_sessions_of_group"]
    assert sessions.counted is not None
    over = sessions.target.task.due <= work.on(12, 30)  # the plan's own day, or the one set for it
    assert (sessions.value, sessions.met, sessions.text) == (1, False, "未达到" if over else "尚未达到")
    assert [record.id for record in sessions.counted.records] == [work.cases["study_session"][0].pk]


def report_on(work: Year) -> Report:
    """Every figure opens to exactly the cases that were recorded."""
    report = BuildReport(actor=None, organization=work.county.body, year=work.year).execute()
    for name, rule in OPENED.items():
        stored = report.figures.get(rule=rule)
        wanted = {str(case.pk) for case in work.cases[name]}
        assert {str(record.id) for record in stored.records} == wanted, rule
        assert stored.value == len(wanted)
    for stored in report.figures.filter(status="counted", numerator=""):
        rule = catalogue().counting_rules.get(stored.rule)
        if rule is not None and rule.aggregate != "sum":
            continue
        assert sum(record.value for record in stored.records) == stored.value, stored.rule
    assert report.figures.get(rule="powers_added").records[0].number == "P1"
    return report


def read_back(report: Report, folder: Path) -> None:
    """What Yifa writes passes the check Yifa runs on anyone's report, as Word and as HTML."""
    out, html = folder / "报告.docx", folder / "报告.html"
    word.write(report, out)
    page.write(report, html)
    for path in (out, html):
        document = read(path)
        assert (document.kind, document.year, document.issuer) == (
            "annual_report",
            report.year,
            "澜亭县人民政府",
        )
        assert [f.message for f in check(document) if f.severity == Severity.ERROR] == NO_FINDINGS
    tree = LexborHTMLParser(html.read_text(encoding="utf-8"))
    data = json.loads(tree.css("#data")[0].text())
    links = [str(link.attributes.get("data-rule")) for link in tree.css("article a.figure")]
    assert len(links) > 20 and set(links) <= set(data["figures"])
    for rule in links:
        shown = data["figures"][rule]
        assert shown["explain"] and (shown["rows"] or shown["numerator"] or Decimal(shown["value"] or 0) == 0)


def submit(report: Report) -> None:
    """A sum typed in that does not add up blocks the report; mended, it goes out."""
    causes = report.sections.get(required="causes")
    right = causes.text
    EditSection(actor=None, section=causes, text="排查问题50件，分别为甲类30件、乙类10件。").execute()
    with pytest.raises(ActionRefused) as refused:
        SendToReview(actor=None, report=report).execute()
    assert (
        refused.value.code == "errors" and "50件" in refused.value.message and "40件" in refused.value.message
    )
    EditSection(actor=None, section=causes, text=right).execute()
    warnings = {f.key: "已核对，属实。" for f in place_findings(report) if f.severity == Severity.WARNING}
    assert not [f for f in report_findings(report) if f.severity == Severity.ERROR]
    sign_off(report, warnings)
    assert SubmitReport(actor=None, report=report).execute().state == Report.State.SUBMITTED


def seal_and_verify(work: Year, folder: Path) -> None:
    """Green; one changed byte is named with case, act and day; off-line too; rebuilding changes nothing."""
    seals = SealDays(today=work.on(12, 31)).execute()
    assert [seal.day for seal in seals][-1] == work.on(12, 30)
    result = verify()
    assert (result.faults, result.records, result.seals) == ((), Record.objects.count(), len(seals))
    path = folder / "台账.jsonl"
    assert export(path) == 1 + result.records + result.seals
    assert verify_file(path).faults == ()
    before = dump()
    assert 0 < rebuild() < result.records
    assert dump() == before
    case = work.cases["petition"][0]
    damage(case, 6, "支持", "支撑")  # the decision: records are the opening, then one for each act
    fault = next(fault for fault in verify().faults if fault.kind == "digest")
    assert (fault.subject_id, fault.act, fault.day) == (str(case.pk), "作出处理意见", f"{work.year}-04-20")
    assert case.title in fault.message and f"{work.year}年4月20日" in fault.message
    assert verify_file(path).faults == ()  # the export was made before
    text = path.read_text(encoding="utf-8").replace("罚款、没收", "罚款、收没", 1)
    path.write_text(text, encoding="utf-8")
    assert [(f.kind, f.act) for f in verify_file(path).faults] == [("digest", "作出行政处罚决定")]


# ---------------------------------------------------------------- the command


@pytest.fixture
def yifa(migrated: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command as a person runs it, on a data folder of its own whose tables are there: making them takes longest."""
    (tmp_path / "data").mkdir()
    shutil.copyfile(migrated, tmp_path / "data" / "yifa.sqlite3")
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {
        "YIFA_DATA": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONIOENCODING": "utf-8",
    }

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from yifa.cli import main; main()", *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return call


def test_the_same_walk_on_the_command_line(yifa: Any, tmp_path: Path) -> None:
    plan = str(ROOT / "examples" / "plan.txt")
    made = yifa("init", "--name", "青蘅镇人民政府", "--level", "town")
    assert made.returncode == 0 and "已建立“青蘅镇人民政府”" in made.stderr
    imported = yifa("plan", "import", plan, "--organization", "青蘅镇人民政府", "--year", "2026", "--json")
    assert imported.returncode == 0
    counts = json.loads(imported.stdout)
    assert set(counts) == {"plan", "chapters", "tasks", "targets"}
    assert (counts["chapters"], counts["tasks"]) == (8, 21) and counts["targets"] >= 5
    out, html = tmp_path / "报告.docx", tmp_path / "报告.html"
    built = yifa("report", "build", "--year", "2025", "--out", str(out), "--html", str(html), "--json")
    assert built.returncode == 0
    assert {"figures", "sections", "findings"} <= set(json.loads(built.stdout))
    assert out.stat().st_size > 10_000 and html.stat().st_size > 10_000
    checked = yifa("check", str(out), str(html), "--json")
    assert checked.returncode == 0
    findings = [f for line in checked.stdout.splitlines() for f in json.loads(line)["findings"]]
    assert not [f for f in findings if f["severity"] == "error"]

    verified = yifa("ledger", "verify", "--json")
    assert verified.returncode == 0 and json.loads(verified.stdout)["holds"] is True
    file = tmp_path / "台账.jsonl"
    assert yifa("ledger", "export", str(file)).returncode == 0
    file.write_text(file.read_text(encoding="utf-8").replace("青蘅镇", "青衡镇"), encoding="utf-8")
    changed = yifa("ledger", "verify", "--file", str(file))
    assert changed.returncode == 1 and "被改动" in changed.stderr
    rebuilt = yifa("ledger", "rebuild")
    assert rebuilt.returncode == 0 and "已由" in rebuilt.stderr
