"""The problems a report states, and its answers on those of the years before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from yifa.ledger.actions import PublishEntry, ReviseEntry, WithdrawEntry
from yifa.ledger.actions.base import said, today
from yifa.ledger.models import Entry, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions.base import ReportingAction, refuse_settled
from yifa.reporting.actions.recounting import Recounted, recount_drafts
from yifa.reporting.models import ProblemAnswer, ProblemItem, Report
from yifa.reporting.problems import REGISTER, UNSOLVED, concerns, earlier, states

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as stated: what is wrong, why, and what is to be done. `id` of one that is there already."""

    content: str
    cause: str = ""
    measure: str = ""
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class StateProblems(ReportingAction[list[ProblemItem]]):
    """Says which problems the report states, in order; they are printed in its section on shortcomings."""

    needs = Needs("填写存在问题", (Role.COORDINATOR,))

    report: Report
    problems: Sequence[Problem]

    def check(self) -> None:
        """Refuses what is too long or empty, and reports that state none."""
        self._admit(self.report.organization)
        refuse_settled(self.report)
        if not concerns(self.report):
            raise ActionRefused("这类报告不列存在问题清单。", code="no_power")
        for number, problem in enumerate(self.problems, 1):
            said(problem.content, f"第{number}个问题", f"content_{number}", LONGEST)
            for text, what in ((problem.cause, "原因"), (problem.measure, "改进措施")):
                if len(text) > LONGEST:
                    raise ActionRefused(
                        f"第{number}个问题的{what}最多{LONGEST}字，请缩短。", code="too_large"
                    )

    def _change(self) -> list[ProblemItem]:
        before = [_payload(item) for item in self.report.problems.all()]
        kept = {item.pk: item for item in self.report.problems.all()}
        wanted = {problem.id for problem in self.problems}
        for pk, item in kept.items():
            if pk not in wanted:
                self._drop(item)
        for order, problem in enumerate(self.problems, 1):
            known = kept.get(problem.id) if problem.id is not None else None
            item = known or ProblemItem(report=self.report)
            item.order, item.content = order, " ".join(problem.content.split())
            item.cause, item.measure = " ".join(problem.cause.split()), " ".join(problem.measure.split())
            item.save()
        items = list(self.report.problems.all())
        self._record(
            self.report,
            "problems.stated",
            {"before": before, "after": [_payload(item) for item in items]},
        )
        return items

    def _drop(self, item: ProblemItem) -> None:
        """A problem that a report taken back had stated leaves the register too."""
        entry = Entry.objects.filter(pk=item.entry, withdrawn=False).first() if item.entry else None
        if entry is not None:
            WithdrawEntry(
                actor=None, entry=entry, on=today(), reason=f"《{self.report.title}》撤回修改后不再列出"
            ).execute()
        item.delete()


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer, and what it changed in the open drafts of the year."""

    answer: ProblemAnswer
    recounted: Sequence[Recounted]


@dataclass(frozen=True, kw_only=True)
class AnswerProblem(ReportingAction[Answered]):
    """Says what became of a problem that an earlier report stated: solved, partly, not, and a sentence.

    The drafts of the year that tell how many were solved are counted again at once.
    """

    needs = Needs("说明以前年度问题", (Role.COORDINATOR,))

    report: Report
    entry: UUID
    state: str
    text: str

    def check(self) -> None:
        """Refuses unknown problems and states, and an answer without words."""
        self._admit(self.report.organization)
        refuse_settled(self.report)
        if self.entry not in {problem.entry for problem in earlier(self.report)}:
            raise ActionRefused("没有这个以前年度的问题，请刷新后再填。", code="missing")
        if self.state not in states():
            raise ActionRefused(f"请选择解决情况：{'、'.join(states())}。", code="invalid", field="state")
        said(self.text, "解决情况说明", "text", LONGEST)

    def _change(self) -> Answered:
        text, entry = " ".join(self.text.split()), Entry.objects.get(pk=self.entry)
        answer, _ = ProblemAnswer.objects.update_or_create(
            report=self.report,
            entry=self.entry,
            defaults={
                "year": entry.data["year"],
                "content": entry.data["content"],
                "state": self.state,
                "text": text,
                "given_by": self.actor,
            },
        )
        self._record(
            self.report, "problem.answered", {"problem": entry.key, "state": self.state, "text": text}
        )
        reason = f"《{self.report.title}》说明解决情况"
        _revise(entry, {"state": self.state, "answer": text}, reason, self._as_of(entry))
        report, because = self.report, f"{entry.key} {self.state}"
        return Answered(
            answer, recount_drafts(report.organization, report.year, REGISTER, self.actor, because)
        )

    def _as_of(self, entry: Entry) -> date:
        """The report tells how things stood at its cut-off, where its figures count them; never before the last change."""
        last = entry.versions.order_by("version").last()
        since = last.happened_on if last else self.report.cutoff
        return min(today(), max(self.report.cutoff, since))


def settle_problems(report: Report, on: date) -> None:
    """On submission the stated problems go on the register, and the answers say in which report they stand."""
    if not concerns(report):
        return
    for item in report.problems.all():
        _publish(report, item, on)
    for problem in earlier(report):
        if problem.answer is not None:
            changes = {
                "state": problem.answer.state,
                "answer": problem.answer.text,
                "answered_in": report.title,
                "answered_on": on.isoformat(),
            }
            _revise(Entry.objects.get(pk=problem.entry), changes, f"《{report.title}》提交", on)


def _publish(report: Report, item: ProblemItem, on: date) -> None:
    data = {
        "year": report.year,
        "report": report.title,
        "content": item.content,
        "cause": item.cause,
        "measure": item.measure,
    }
    entry = Entry.objects.filter(pk=item.entry, withdrawn=False).first() if item.entry else None
    if entry is not None:
        _revise(entry, data, f"《{report.title}》重新提交", on)
        return
    item.code = item.code or _next_code(report)
    new = PublishEntry(
        actor=None,
        organization=report.organization,
        register=REGISTER,
        data={**data, "code": item.code, "stated_on": on.isoformat(), "state": UNSOLVED},
        on=on,
        reason=f"《{report.title}》列出",
    ).execute()
    item.entry = new.pk
    item.save(update_fields=["code", "entry"])


def _next_code(report: Report) -> str:
    """The next free number of the year: 2025-01, 2025-02 …"""
    prefix = f"{report.year}-"
    used = Entry.objects.filter(
        register=REGISTER, organization=report.organization, key__startswith=prefix
    ).values_list("key", flat=True)
    numbers = [int(key.removeprefix(prefix)) for key in used if key.removeprefix(prefix).isdecimal()]
    return f"{prefix}{max([0, *numbers]) + 1:02}"


def _revise(entry: Entry, changes: Mapping[str, Any], reason: str, on: date) -> None:
    data = {**entry.data, **changes}
    if data != entry.data:
        ReviseEntry(actor=None, entry=entry, data=data, on=on, reason=reason).execute()


def _payload(item: ProblemItem) -> dict[str, Any]:
    return {"id": item.pk, "content": item.content, "cause": item.cause, "measure": item.measure}
