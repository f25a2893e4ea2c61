"""A report goes back: to an earlier step with the reason, or after it was submitted."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.ledger.actions.base import said
from yifa.ledger.models import Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reporting import duty
from yifa.reporting.actions.base import refuse_unless
from yifa.reporting.actions.reviewing import may_review_secrecy
from yifa.reporting.actions.signing import SigningAction
from yifa.reporting.models import Report, Step

State = Report.State
ORDER = (State.DRAFT, State.UNIT_REVIEW, State.LEGAL_REVIEW, State.LEADER)
OF_STATE = {
    State.LEGAL_REVIEW: Role.REVIEWER,
    State.LEADER: Role.LEADER,
}  # who may return besides the coordinator
CASE_ACTS = (
    "review_secrecy",
    "settle",
    "submit_above",
    "submit_same",
    "submit_congress",
    "send_copy",
    "publish",
)
LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class SendBack(SigningAction):
    """Back to an earlier step; `opinion` is the reason. What was confirmed, reviewed and signed has to be done anew."""

    needs = Needs(
        "退回报告",
        (Role.COORDINATOR, Role.REVIEWER, Role.LEADER),
        "审核、签发人员只能退回到了自己这一步的报告",
    )

    to: str = State.DRAFT

    def check(self) -> None:
        """Refuses others than the coordinator and whoever has the step, and a return without reason."""
        self._refuse_others()
        refuse_unless(self.report, ORDER[1:], "退回")
        said(self.opinion, "退回理由", "opinion", LONGEST)
        if self.to not in ORDER[: ORDER.index(State(self.report.state))]:
            raise ActionRefused("只能退回到前面的步骤，请重新选择。", code="invalid", field="to")
        skipped = self.to == State.UNIT_REVIEW and not self._had_units()
        if skipped:
            raise ActionRefused("这份报告没有经过单位核对，请退回草稿。", code="invalid", field="to")

    def _refuse_others(self) -> None:
        state = State(self.report.state)
        roles = [Role.COORDINATOR, *([OF_STATE[state]] if state in OF_STATE else [])]
        secrecy = (
            state == State.LEGAL_REVIEW
            and self.actor is not None
            and may_review_secrecy(self.actor, self.report)
        )
        if not secrecy:
            self._admit(self.report.organization, roles)

    def _had_units(self) -> bool:
        return self.report.steps.filter(kind=Step.Kind.SENT_TO_UNITS).exists()

    def _change(self) -> Report:
        came_from = str(self.report.get_state_display())
        self._take(
            Step.Kind.RETURNED,
            State(self.to),
            outcome=f"退回{State(self.to).label}",
            details={"from": came_from},
        )
        begin_anew(self.report, self.opinion.strip())
        return self.report


@dataclass(frozen=True, kw_only=True)
class TakeBackReport(SigningAction):
    """A submitted (or published) report is taken back for correction; what was submitted stays readable as a version."""

    needs = Needs("撤回报告", (Role.COORDINATOR, Role.LEADER))

    def check(self) -> None:
        """Refuses others than coordinator and leader, what was not submitted, and no reason."""
        self._admit(self.report.organization)
        refuse_unless(self.report, [State.SUBMITTED, State.PUBLISHED], "撤回")
        said(self.opinion, "撤回理由", "opinion", LONGEST)

    def _change(self) -> Report:
        came_from = str(self.report.get_state_display())
        self._take(Step.Kind.TAKEN_BACK, State.DRAFT, details={"from": came_from})
        self.report.submitted_at = self.report.published_at = None
        self.report.save(update_fields=["submitted_at", "published_at"])
        begin_anew(self.report, self.opinion.strip())
        return self.report


def begin_anew(report: Report, reason: str) -> None:
    """A new round: the acts of the round before are taken back in the case of the duty."""
    report.round += 1
    report.save(update_fields=["round"])
    duty.withdraw(report, CASE_ACTS, f"报告退回：{reason}")
