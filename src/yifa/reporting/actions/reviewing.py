"""The reviews of a report: its legality, and whether it may be published."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from yifa.ledger.actions.base import said, today
from yifa.ledger.models import Entry, Role, User
from yifa.ledger.people.needs import BUSINESS, Needs
from yifa.ledger.people.roles import may
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.search.queries import in_force
from yifa.reporting import duty, gates
from yifa.reporting.actions.base import name_of, refuse_unless
from yifa.reporting.actions.signing import LONGEST, SigningAction, refuse_outcome
from yifa.reporting.models import Report, SectionVersion, Step, UnitPart

State, Kind = Report.State, Step.Kind
SECRECY = ("可以公开", "部分内容不公开", duty.WITHHELD)


@dataclass(frozen=True, kw_only=True)
class ReviewLegality(SigningAction):
    """The legal reviewer's opinion. Whoever drafted does not review."""

    needs = Needs("合法性审查", (Role.REVIEWER,))

    outcome: str = gates.PASSED

    def check(self) -> None:
        """Refuses other roles, drafters, and a refusal without words."""
        self._admit(self.report.organization)
        refuse_unless(self.report, [State.LEGAL_REVIEW], "合法性审查")
        if self.actor is not None and self.actor.pk in drafters(self.report):
            raise ActionRefused(
                f"{name_of(self.actor)}参与了这份报告的起草，起草和审查不能是同一人，请另请法制审核人员。",
                code="apart",
            )
        refuse_outcome(self.outcome, gates.LEGALITY)
        if self.outcome != gates.PASSED:
            said(self.opinion, "审查意见", "opinion", LONGEST)

    def _change(self) -> Report:
        self._take(Kind.LEGALITY, outcome=self.outcome)
        _go_on(self.report)
        return self.report


@dataclass(frozen=True, kw_only=True)
class ReviewSecrecy(SigningAction):
    """The secrecy reviewer's opinion; the reviewer stands on the register `secrecy_reviewers`."""

    needs = Needs("保密审查", BUSINESS, "须在保密审查人员名册中")

    outcome: str = SECRECY[0]

    def check(self) -> None:
        """Refuses whoever is not on the register, and withholding without words."""
        if self.actor is not None and not may_review_secrecy(self.actor, self.report):
            raise ActionRefused(
                f"{name_of(self.actor)}不在“{self.report.organization}”的保密审查人员名册里，不能作保密审查；"
                "请先在“保密审查人员名册”登记。",
                code="role",
            )
        refuse_unless(self.report, [State.LEGAL_REVIEW], "保密审查")
        refuse_outcome(self.outcome, SECRECY)
        if self.outcome != SECRECY[0]:
            said(self.opinion, "不公开的内容和理由", "opinion", LONGEST)

    def _change(self) -> Report:
        self._take(Kind.SECRECY, outcome=self.outcome)
        _go_on(self.report)
        return self.report


def drafters(report: Report) -> set[int]:
    """Who built the report, edited a section or wrote a part of it."""
    saved = SectionVersion.objects.filter(section__report=report).exclude(how=SectionVersion.How.ASIDE)
    wrote = UnitPart.objects.filter(section__report=report).values_list("handed_in_by", flat=True)
    return {pk for pk in (*saved.values_list("saved_by", flat=True), *wrote) if pk}


def may_review_secrecy(user: User, report: Report) -> bool:
    """Whether the user has a role here and stands on the body's register of secrecy reviewers today."""
    if not may(user, report.organization, BUSINESS):
        return False
    codes = report.organization.ancestor_codes()
    near = Entry.objects.filter(register="secrecy_reviewers").filter(
        Q(organization__path__startswith=report.organization.path) | Q(organization__code__in=codes)
    )
    listed = in_force(near, today())
    return name_of(user) in {entry.data.get("name") for entry in listed}


def _go_on(report: Report) -> None:
    """With both opinions, and the law satisfied, the leader is next."""
    legality = gates.this_round(report, Kind.LEGALITY)
    secrecy = gates.this_round(report, Kind.SECRECY)
    if legality and secrecy and legality[-1].outcome == gates.PASSED:
        report.state = State.LEADER
        Report.objects.filter(pk=report.pk).update(state=State.LEADER)
