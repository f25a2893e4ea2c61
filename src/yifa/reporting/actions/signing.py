"""The steps of signing off: to the units, to the reviews, the leader's signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from yifa.ledger.actions import PublishEntry, ReviseEntry
from yifa.ledger.actions.base import said, today
from yifa.ledger.legal import no_power
from yifa.ledger.models import Entry, Organization, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reporting import duty, gates
from yifa.reporting.actions.base import ReportingAction, name_of, refuse_held_up, refuse_unless
from yifa.reporting.actions.explaining import explain, refuse_unchecked
from yifa.reporting.models import Report, ReportVersion, Step, UnitPart
from yifa.reporting.versions import keep_version

State, Kind = Report.State, Step.Kind
LONGEST = 2000
LONGEST_NUMBER = 80
SIGNED_TEXTS = "signed_texts"


@dataclass(frozen=True, kw_only=True)
class SigningAction(ReportingAction[Report]):
    """One step: it is a row of its own, a line of the report's chain, and keeps the report as it stood."""

    report: Report
    opinion: str = ""
    on: date | None = None  # the day on which it was done, where it is recorded later; default today

    def execute(self) -> Report:
        """Checks and takes the step on the report as it stands now, held against others."""
        with transaction.atomic():
            self.report.refresh_from_db(from_queryset=Report.objects.select_for_update())
            return super().execute()

    def _day(self) -> date:
        """The day of the step; refused while it is to come."""
        day = self.on or today()
        if day > today():
            raise ActionRefused("日期还没有到，请填写实际办理的日期。", code="invalid", field="on")
        return day

    def _take(
        self,
        kind: Step.Kind,
        state: Report.State | None = None,
        *,
        outcome: str = "",
        unit: Organization | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> Step:
        report = self.report
        version = keep_version(report, str(kind.label), self.actor)
        if state is not None:
            report.state = state
            report.save(update_fields=["state"])
        step = Step.objects.create(
            report=report,
            round=report.round,
            kind=kind,
            unit=unit,
            outcome=outcome,
            opinion=self.opinion.strip(),
            on=self._day(),
            by=self.actor,
            details=dict(details or {}),
            version=version,
        )
        payload = {
            "state": report.state,
            "round": report.round,
            "outcome": outcome,
            "opinion": step.opinion,
            "unit": unit.code if unit else None,
            "text_version": version.number,
            "text_digest": version.digest,
            **step.details,
        }
        self._record(report, f"report.{kind}", payload, step.on)
        return step


@dataclass(frozen=True, kw_only=True)
class SendToUnits(SigningAction):
    """The composed report goes to the units that wrote for it."""

    needs = Needs("送单位核对", (Role.COORDINATOR,))

    def check(self) -> None:
        """Refuses without units, with parts outstanding, with remarks unanswered."""
        self._admit(self.report.organization)
        refuse_unless(self.report, [State.DRAFT], "送单位核对")
        if not gates.assigned_units(self.report):
            raise ActionRefused("这份报告没有分派给单位编写，不用单位核对，可直接送审。", code="state")
        refuse_held_up(gates.before_units(self.report), "送单位核对")

    def _change(self) -> Report:
        left = gates.not_taken(self.report)
        self._take(Kind.SENT_TO_UNITS, State.UNIT_REVIEW, details={"not_taken": left.fact} if left else {})
        return self.report


@dataclass(frozen=True, kw_only=True)
class ConfirmParts(SigningAction):
    """A unit says whether what the body made of its part is right."""

    needs = Needs("核对报告", (Role.OFFICER, Role.COORDINATOR))

    unit: Organization
    outcome: str = gates.CONFIRMS

    def check(self) -> None:
        """Refuses other units, and an objection without words."""
        self._admit(self.unit)
        refuse_unless(self.report, [State.UNIT_REVIEW], "核对")
        if not UnitPart.objects.filter(section__report=self.report, unit=self.unit).exists():
            raise ActionRefused(f"“{self.unit}”没有承担这份报告的内容，不用核对。", code="missing")
        refuse_outcome(self.outcome, gates.CONFIRMATIONS)
        if self.outcome != gates.CONFIRMS:
            said(self.opinion, "具体意见", "opinion", LONGEST)

    def _change(self) -> Report:
        self._take(Kind.CONFIRMED, outcome=self.outcome, unit=self.unit)
        return self.report


@dataclass(frozen=True, kw_only=True)
class SendToReview(SigningAction):
    """The report goes to the reviews. The check-up blocks it: errors have to be mended, warnings explained."""

    needs = Needs("送审", (Role.COORDINATOR,))

    explanations: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Refuses while units have not confirmed, remarks or problems are open, or the check-up is not passed."""
        self._admit(self.report.organization)
        without_units = self.report.state == State.DRAFT and not gates.assigned_units(self.report)
        refuse_unless(self.report, [State.DRAFT if without_units else State.UNIT_REVIEW], "送审")
        refuse_held_up(gates.before_review(self.report), "送审")
        refuse_unchecked(self.report, self.explanations)

    def _change(self) -> Report:
        explained = explain(self.report, self.explanations, self.actor)
        self._take(Kind.SENT_TO_REVIEW, State.LEGAL_REVIEW, details={"explained": explained})
        return self.report


@dataclass(frozen=True, kw_only=True)
class SignReport(SigningAction):
    """The leader signs. The signed text's digest goes to the register `signed_texts` and the acts to the duty's case."""

    needs = Needs("签发年度报告", (Role.LEADER,))

    number: str = ""

    def check(self) -> None:
        """Refuses other roles, a second signature, remarks unanswered."""
        self._admit(self.report.organization)
        refuse_unless(self.report, [State.LEADER], "签发")
        if gates.this_round(self.report, Kind.SIGNED):
            raise ActionRefused(f"“{self.report.title}”已经签发，可以提交了。", code="state")
        refuse_held_up(gates.before_signing(self.report), "签发")

    def _change(self) -> Report:
        report = self.report
        number = self.number.strip() or number_of(report)
        step = self._take(Kind.SIGNED, outcome="同意", details={"number": number})
        version = step.version
        if version is not None:
            self._keep_signed(number, version)
            self._record_in_case(report, version)
        return self.report

    def _record_in_case(self, report: Report, version: ReportVersion) -> None:
        for review in gates.this_round(report, Kind.SECRECY)[-1:]:
            duty.record(
                report,
                "review_secrecy",
                review.on,
                by=name_of(review.by),
                outcome=review.outcome,
                papers=[{"title": "保密审查意见", "attachment": None}],
            )
        duty.record(
            report,
            "settle",
            self._day(),
            by=name_of(self.actor),
            role=Role.LEADER,
            fields={"signed_digest": version.digest},
            papers=[{"title": "审定意见", "attachment": None}],
        )

    def _keep_signed(self, number: str, version: ReportVersion) -> None:
        """The register keeps one entry a report; signed anew it gets a new version."""
        report, on = self.report, self._day()
        if no_power(report.organization.level, register=SIGNED_TEXTS) is not None:
            return
        data = {
            "number": number,
            "title": report.title,
            "digest": version.digest,
            "signed_by": name_of(self.actor),
            "signed_on": on.isoformat(),
        }
        standing = Entry.objects.filter(
            register=SIGNED_TEXTS, organization=report.organization, key=number, withdrawn=False
        ).first()
        if standing is None:
            PublishEntry(
                actor=None, organization=report.organization, register=SIGNED_TEXTS, data=data, on=on
            ).execute()
        else:
            ReviseEntry(actor=None, entry=standing, data=data, on=on, reason="重新签发").execute()


def number_of(report: Report) -> str:
    """Under which number the signed text is registered: the one given, else the report's title, which no other has."""
    return number_given(report) or report.title[:LONGEST_NUMBER]


def number_given(report: Report) -> str:
    """The number of its last signature; empty before."""
    signed = report.steps.filter(kind=Kind.SIGNED).order_by("-id").first()
    return str(signed.details.get("number") or "") if signed else ""


def refuse_outcome(outcome: str, known: tuple[str, ...]) -> None:
    """Refuses a conclusion that is none of those there are."""
    if outcome not in known:
        raise ActionRefused(
            f"结论“{outcome}”不对，请选择：{'、'.join(known)}。", code="invalid", field="outcome"
        )
