"""Remarks on a report: made, answered, settled. An open one holds up the next step."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from yifa.ledger.actions.base import held, said
from yifa.ledger.models import Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.people.roles import may, roles_in
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions.base import ReportingAction
from yifa.reporting.gates import assigned_units
from yifa.reporting.models import Comment, Report, Section

ABOVE = (Role.COORDINATOR, Role.REVIEWER, Role.LEADER, Role.SUPERVISOR, Role.PUBLISHER)
IN_UNITS = (Role.OFFICER, Role.COORDINATOR)
LONGEST = 2000


def may_comment(user: User | None, report: Report) -> bool:
    """Whether the user takes part: a role of the body, or an officer of a unit that writes for the report."""
    return may(user, report.organization, ABOVE) or any(
        may(user, unit, IN_UNITS) for unit in assigned_units(report)
    )


def role_of(user: User | None, report: Report) -> str:
    """In which role the user speaks, the body's own before those of its units."""
    if user is None:
        return ""
    if user.is_superuser:
        return str(Role.COORDINATOR)
    places: list[tuple[Organization, tuple[str, ...]]] = [(report.organization, ABOVE)]
    places += [(unit, IN_UNITS) for unit in assigned_units(report)]
    for place, roles in places:
        held = roles_in(user, place)
        found = next((role for role in roles if role in held), None)
        if found is not None:
            return str(found)
    return ""


@dataclass(frozen=True, kw_only=True)
class CommentAction(ReportingAction[Comment]):
    """What all remarks share."""

    needs = Needs(
        "对报告提出、答复、办结意见",
        (*ABOVE, Role.OFFICER),
        "承办人须承担这份报告的编写；办结他人的意见须为统筹人员",
    )

    def _allow(self, report: Report) -> None:
        if not may_comment(self.actor, report):
            raise ActionRefused(f"您没有参与“{report.title}”的编写和审核，不能提意见。", code="role")
        if report.state == Report.State.PUBLISHED:
            raise ActionRefused(f"“{report.title}”已公开，意见请在下一年度的报告中提出。", code="state")


@dataclass(frozen=True, kw_only=True)
class MakeComment(CommentAction):
    """A remark on the report, on a section, or on words of it (`quote`)."""

    report: Report
    text: str
    section: Section | None = None
    quote: str = ""

    def check(self) -> None:
        """Refuses those who take no part, an empty remark, words that do not stand in the section."""
        self._allow(self.report)
        said(self.text, "意见", "text", LONGEST)
        if self.section is not None and self.section.report_id != self.report.pk:
            raise ActionRefused("没有这个部分，请回到报告重新选择。", code="missing")

    def _change(self) -> Comment:
        comment = Comment.objects.create(
            report=self.report,
            section=self.section,
            about=str(self.section or "")[:220],
            quote=self.quote.strip()[:LONGEST],
            text=self.text.strip(),
            role=role_of(self.actor, self.report),
            made_by=self.actor,
        )
        self._record(
            self.report,
            "comment.made",
            {
                "comment": comment.pk,
                "section": self.section.key if self.section else None,
                "quote": comment.quote,
                "text": comment.text,
            },
        )
        return comment


def _as_held(comment: Comment) -> None:
    """Reads the remark and its report as they stand now, the remark held against others until the transaction ends."""
    comment.refresh_from_db(from_queryset=held(Comment.objects.select_related("report__organization")))


def _refuse_settled(comment: Comment) -> None:
    if comment.parent_id is not None or comment.state == Comment.State.CLOSED:
        raise ActionRefused("这条意见已经办结，需要时另提意见。", code="state")


@dataclass(frozen=True, kw_only=True)
class AnswerComment(CommentAction):
    """An answer to a remark. Of the one who made it, it opens the remark again; of others, it answers it."""

    comment: Comment
    text: str

    def check(self) -> None:
        """Refuses those who take no part, an empty answer, a remark that is settled."""
        _as_held(self.comment)
        self._allow(self.comment.report)
        said(self.text, "答复", "text", LONGEST)
        _refuse_settled(self.comment)

    def _change(self) -> Comment:
        first = self.comment
        answer = Comment.objects.create(
            report=first.report,
            section=first.section,
            about=first.about,
            text=self.text.strip(),
            parent=first,
            state=Comment.State.CLOSED,
            role=role_of(self.actor, first.report),
            made_by=self.actor,
        )
        own = first.made_by_id is not None and self.actor is not None and self.actor.pk == first.made_by_id
        first.state = Comment.State.OPEN if own else Comment.State.ANSWERED
        first.save(update_fields=["state"])
        self._record(first.report, "comment.answered", {"comment": first.pk, "text": answer.text})
        return answer


@dataclass(frozen=True, kw_only=True)
class CloseComment(CommentAction):
    """The one who made a remark, or the coordinator once it is answered, settles it."""

    comment: Comment

    def check(self) -> None:
        """Refuses others, what is settled, and settling what nobody has answered, but by the one who made it."""
        comment, actor = self.comment, self.actor
        _as_held(comment)
        self._allow(comment.report)
        _refuse_settled(comment)
        if actor is None or actor.pk == comment.made_by_id:
            return
        self._admit(comment.report.organization, [Role.COORDINATOR], "办结意见")
        if comment.state == Comment.State.OPEN:
            raise ActionRefused("这条意见还没有答复，答复后再办结。", code="state")

    def _change(self) -> Comment:
        self.comment.state = Comment.State.CLOSED
        self.comment.closed_by, self.comment.closed_at = self.actor, timezone.now()
        self.comment.save(update_fields=["state", "closed_by", "closed_at"])
        self._record(self.comment.report, "comment.closed", {"comment": self.comment.pk})
        return self.comment
