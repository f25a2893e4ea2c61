"""The findings of an inspection from above become cases that are put right one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.actions.base import today
from yifa.ledger.models import Case, Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions.base import PlanningAction
from yifa.planning.findings import CASE_TYPE, Finding
from yifa.procedures.model import Entered


@dataclass(frozen=True, kw_only=True)
class ImportFindings(PlanningAction[list[Case]]):
    """Opens a case for every finding of one paper, with its measure where one is given. All or nothing.

    `faults` are those of the reading: with any of them nothing is stored. `on` is the day the paper came in.
    """

    needs = Needs("登记督察反馈问题", (Role.OFFICER, Role.COORDINATOR))

    organization: Organization
    document_number: str
    issuer: str
    on: date
    findings: Sequence[Finding]
    faults: Sequence[str] = ()
    topic: str = ""
    source: str = "上级专项督察"

    def check(self) -> None:
        """Raises ActionRefused with every fault by row, and for a paper or number that is here already."""
        self._admit(self.organization)
        if not self.document_number.strip():
            raise ActionRefused(
                "请填写反馈文件的文号，同一批问题用同一文号。", code="invalid", field="document_number"
            )
        if not self.issuer.strip():
            raise ActionRefused("请填写提出单位。", code="invalid", field="issuer")
        if self.on > today():
            raise ActionRefused("收到日期晚于今天，请核对。", code="invalid", field="on")
        if self.faults:
            listed = "".join(self.faults)
            raise ActionRefused(
                f"有{len(self.faults)}处不对，一条也没有导入。{listed}请改好后重新导入。", code="rows"
            )
        if not self.findings:
            raise ActionRefused(
                "没有读到问题。问题应列成表格，表头有“问题”“责任单位”等；或者以“一、”“1.”等编号逐条列出，"
                "每条写明“整改措施：”“责任单位：”“整改期限：”。",
                code="no_findings",
            )
        self._check_known()

    def _check_known(self) -> None:
        early = [finding.order for finding in self.findings if finding.due and finding.due < self.on]
        if early:
            raise ActionRefused(
                f"序号{'、'.join(map(str, early))}的整改期限早于收到日期，请核对年份。", code="invalid"
            )
        cases = Case.objects.filter(
            case_type=CASE_TYPE,
            facts__document=self.document_number.strip(),
            organization__path__startswith=self.organization.path,
        )
        known = {case.facts.get("order") for case in cases}
        again = [finding.order for finding in self.findings if finding.order in known]
        if again:
            raise ActionRefused(
                f"{self.document_number.strip()}的序号{'、'.join(map(str, again))}已经登记，没有重复导入；"
                "补充的问题请接着原来的序号往下编。",
                code="duplicate",
            )

    def _change(self) -> list[Case]:
        """Opens the cases in the issuer's order."""
        return [self._open(finding) for finding in sorted(self.findings, key=lambda finding: finding.order)]

    def _open(self, finding: Finding) -> Case:
        facts = {
            "problem": finding.problem,
            "source": self.source,
            "document": self.document_number.strip(),
            "topic": self.topic.strip() or None,
            "issuer": self.issuer.strip(),
            "order": finding.order,
            "owner": finding.owner,
            "due": finding.due.isoformat() if finding.due else None,
        }
        entered = Entered.LIVE if self.on == today() else Entered.BACK
        case = OpenCase(
            actor=self.actor, organization=finding.unit, case_type=CASE_TYPE, on=self.on, facts=facts, entered=entered
        ).execute()  # fmt: skip
        given = {}
        if finding.measure:
            given["plan_measure"] = {"measure": finding.measure, "owner_person": finding.owner_person or None}
        if finding.progress:
            given["progress"] = {"text": f"来文所列整改情况：{finding.progress}"}
        for act, fields in given.items():
            RecordAct(
                actor=self.actor, case=case, act=act, on=self.on, fields=fields, unit=finding.unit, entered=entered
            ).execute()  # fmt: skip
            case.refresh_from_db()
        return case
