"""The signed report is handed in: its problems go on the register, the law's acts into the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from yifa.ledger.models import Role
from yifa.ledger.people.needs import Needs
from yifa.reporting import duty, gates
from yifa.reporting.actions.base import name_of, refuse_held_up, refuse_settled, refuse_unless
from yifa.reporting.actions.explaining import explain, refuse_unchecked
from yifa.reporting.actions.problems import settle_problems
from yifa.reporting.actions.signing import SigningAction
from yifa.reporting.models import Report, Step


@dataclass(frozen=True, kw_only=True)
class Sending:
    """To whom a report is handed in. Empty: not (yet) there.

    Attributes:
        above: The body above, in the words of the law the superior party committee and government.
        same: The party committee (and government) of the same level.
        congress: Whether to the standing committee of the people's congress.
        copies: Who gets a copy.
        document: The number of the letter.
    """

    above: str = ""
    same: str = ""
    congress: bool = False
    copies: Sequence[str] = ()
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class SubmitReport(SigningAction):
    """Submits the signed report. Errors of the check block it; each warning needs an explanation, which is kept.

    `explanations` maps `PlacedFinding.key` to the coordinator's words; what was explained before needs no second word.
    """

    needs = Needs("提交年度报告", (Role.COORDINATOR,))

    explanations: Mapping[str, str] = field(default_factory=dict)
    sending: Sending = field(default_factory=Sending)

    def check(self) -> None:
        """Refuses what is not signed, what the check-up forbids, problems and remarks left open, a day to come."""
        self._admit(self.report.organization)
        if self.report.submitted_at is not None:
            refuse_settled(self.report)
        refuse_unless(self.report, [Report.State.LEADER], "提交")
        refuse_held_up(gates.before_submission(self.report), "提交")
        refuse_unchecked(self.report, self.explanations)
        self._day()

    def _change(self) -> Report:
        report, sending = self.report, self.sending
        explained = explain(report, self.explanations, self.actor)
        report.submitted_at = timezone.now()
        report.save(update_fields=["submitted_at"])
        self._take(
            Step.Kind.SUBMITTED,
            Report.State.SUBMITTED,
            details={
                "explained": explained,
                "above": sending.above,
                "same": sending.same,
                "congress": sending.congress,
                "copies": list(sending.copies),
                "document": sending.document,
            },
        )
        settle_problems(report, self._day())
        self._record_in_case()
        return self.report

    def _record_in_case(self) -> None:
        """To whom it went, as acts of the duty's case."""
        sending, letter = self.sending, {"document": self.sending.document} if self.sending.document else {}
        acts: list[tuple[str, Mapping[str, str]]] = []
        acts += [("submit_above", {"recipient": sending.above, **letter})] if sending.above else []
        acts += [("submit_same", {"recipient": sending.same, **letter})] if sending.same else []
        acts += [("submit_congress", letter)] if sending.congress else []
        acts += [("send_copy", {"recipient": copy}) for copy in sending.copies]
        for act, fields in acts:
            papers = [] if act == "send_copy" else [{"title": "报送文件", "attachment": None}]
            duty.record(self.report, act, self._day(), by=name_of(self.actor), fields=fields, papers=papers)
