"""The result: published to the units, objected to and answered, signed; later only as a new version with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from yifa.assessment.actions.base import (
    KEEPERS,
    REASON_LENGTH,
    AssessmentAction,
    Paper,
    due,
    own,
    refuse_beyond,
)
from yifa.assessment.models import Assessment, DailyEntry, HandOver, Judging, Objection, ResultVersion
from yifa.assessment.replaying import ACCEPTED, ANSWERED, FROZEN, HANDED, OBJECTED, PUBLISHED, SCORED
from yifa.assessment.results import RECOUNTED, digest, running, scores_in, units_of
from yifa.assessment.storing import as_stored
from yifa.law.loader import catalogue
from yifa.ledger.actions import OpenCase
from yifa.ledger.actions.base import said, today
from yifa.ledger.actions.cases import checked_evidence
from yifa.ledger.models import Case, Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.scoring import Scores, result

PURPOSES = ("目标考核", "述职述法", "评优评先", "干部任用", "奖惩")
ACCOUNTABILITY = "accountability_record"
State = Assessment.State


@dataclass(frozen=True, kw_only=True)
class PublishResult(AssessmentAction[ResultVersion]):
    """Takes all scores from the ledger as it is at this moment and publishes them to the units.

    What is entered later does not change them. After a result was signed this makes the next version, with a reason.
    Grave events that cap a total open an accountability record, which must name its outcome.
    """

    needs = Needs("公布考核初步结果、重新出具结果", (Role.ASSESSOR,))

    reason: str = ""

    def check(self) -> None:
        """Refuses while something is pending, while a result is out, and a further version without a reason."""
        self._admit(self.assessment.organization)
        now = self._fresh()
        if now.state == State.PUBLISHED:
            raise ActionRefused("初步结果已经公布，请先答复异议、确定结果。", code="state")
        if now.state == State.FROZEN:
            said(self.reason, "重新出具结果的理由", "reason", REASON_LENGTH)
        elif today() < now.starts:
            raise ActionRefused("考核年度还没有开始。", code="state")

    def _change(self) -> ResultVersion:
        known, version = self.assessment, self.assessment.versions.count() + 1
        found = list(running(known, units_of(known), today(), with_late=bool(self.reason)))
        _refuse_pending(found)
        until = due(known.set.objections, today())
        self._record(PUBLISHED, {"version": version, "reason": self.reason.strip(), "until": until})
        for unit, scores in found:
            self._record(SCORED, {"version": version, "unit": unit.code, "scores": as_stored(scores)})
            for one in scores.capped:
                self._hold_to_account(unit, one.event.title, one.event.figure)
        return known.versions.get(number=version)

    def _hold_to_account(self, unit: Organization, event: str, figure: str) -> None:
        """Opens the record, unless the event is one such record or it stands already."""
        if catalogue().counting_rules[figure].case_type == ACCOUNTABILITY:
            return
        facts = {"event": event, "unit_concerned": unit.name, "source": "其他", "year": self.assessment.year}
        stands = Case.objects.filter(
            case_type=ACCOUNTABILITY, facts__event=event, facts__unit_concerned=unit.name,
            facts__year=self.assessment.year,
        )  # fmt: skip
        if not stands.exists():
            OpenCase(
                actor=None, organization=self.assessment.organization, case_type=ACCOUNTABILITY, on=today(), facts=facts
            ).execute()  # fmt: skip


def _refuse_pending(found: list[tuple[Organization, Scores]]) -> None:
    waiting = [(unit, scores.pending) for unit, scores in found if scores.pending]
    if waiting:
        named = "；".join(
            f"{unit}：{'、'.join(line.indicator.title for line in lines[:3])}" for unit, lines in waiting[:5]
        )
        raise ActionRefused(
            f"还有{sum(len(lines) for _, lines in waiting)}项待评（{named}），不能公布。"
            "请先评完，或者说明理由不纳入计分。",
            code="pending",
        )


@dataclass(frozen=True, kw_only=True)
class Accept(AssessmentAction[None]):
    """A unit says that it does not object."""

    needs = Needs("确认考核结果无异议", (Role.OFFICER, Role.COORDINATOR, Role.LEADER), "限于本单位")

    unit: Organization

    def check(self) -> None:
        """Refuses somebody of another unit, and a unit whose objection is unanswered."""
        self._admit(self.unit)
        version = self._version(State.PUBLISHED)
        if self.actor is not None and not own(self.actor, self.unit):
            raise ActionRefused("由被考核单位自己确认。", code="role")
        if version.objections.filter(unit=self.unit, upheld=None).exists():
            raise ActionRefused("本单位的异议还没有答复。", code="state")
        if not version.results.filter(unit=self.unit, accepted_on=None).exists():
            raise ActionRefused("已经确认过。", code="duplicate")

    def _change(self) -> None:
        number = self._version(State.PUBLISHED).number
        self._record(ACCEPTED, {"version": number, "unit": self.unit.code})


@dataclass(frozen=True, kw_only=True)
class Object(AssessmentAction[Objection]):
    """A unit objects to the points of an indicator, within the days the set gives."""

    needs = Needs("对考核结果提出异议", (Role.OFFICER, Role.COORDINATOR, Role.LEADER), "限于本单位")

    unit: Organization
    indicator: str
    reason: str
    evidence: str = ""
    papers: Sequence[Paper] = ()

    def check(self) -> None:
        """Refuses another unit, a day too late, an indicator without lost points or with an open objection."""
        self._admit(self.unit)
        version = self._version(State.PUBLISHED)
        if self.actor is not None and not own(self.actor, self.unit):
            raise ActionRefused("由被考核单位自己提出异议。", code="role")
        said(self.reason, "异议的理由", "reason", 500)
        checked_evidence(self.papers)
        if version.until is not None and today() > version.until:
            raise ActionRefused(f"提出异议的期限到{version.until:%Y年%-m月%-d日}，已经过了。", code="late")
        self._measured(self.unit, self.indicator)
        if version.objections.filter(unit=self.unit, indicator=self.indicator).exists():
            raise ActionRefused("对这项指标已经提出过异议。", code="duplicate", field="indicator")
        if version.results.filter(unit=self.unit, accepted_on__isnull=False).exists():
            raise ActionRefused("本单位已经确认没有异议。", code="state")

    def _change(self) -> Objection:
        version = self._version(State.PUBLISHED)
        number = Objection.objects.filter(version__assessment=self.assessment).count() + 1
        line = next(
            one for one in scores_in(version)[self.unit.code].lines if one.indicator.id == self.indicator
        )
        self._record(OBJECTED, {
            "version": version.number, "number": number, "unit": self.unit.code, "indicator": self.indicator,
            "reason": self.reason.strip(), "evidence": self.evidence.strip()[:200], "papers": checked_evidence(self.papers),
            "before": str(line.points),
            "due": due(self.assessment.set.answers, today()),
        })  # fmt: skip
        return version.objections.get(number=number)


def had_a_hand(user: User, objection: Objection) -> bool:
    """Whether somebody published the result, or gave the points or made the entries objected to."""
    version = objection.version
    where = {"assessment": version.assessment_id, "unit": objection.unit_id, "indicator": objection.indicator}
    return (
        version.published_by_id == user.pk
        or Judging.objects.filter(**where, scorer=user).exists()
        or DailyEntry.objects.filter(**where, entered_by=user).exists()
    )


@dataclass(frozen=True, kw_only=True)
class AnswerObjection(AssessmentAction[Objection]):
    """Answers an objection: keeps the points, or changes them. Not by who gave the points or published them.

    `points`: the new points where it is upheld; None takes what the ledger gives now, e.g. after a correction there.
    """

    needs = Needs(
        "答复考核异议",
        (Role.ASSESSOR, Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER),
        "不能是评分、记分或者公布结果的人，也不能是被考核单位的人",
    )

    objection: Objection
    upheld: bool
    answer: str
    points: Fraction | None = None

    def check(self) -> None:
        """Refuses whoever had a hand in the points, a second answer, points beyond the indicator."""
        self._admit(self.assessment.organization)
        version = self._version(State.PUBLISHED)
        known = Objection.objects.select_related("unit", "version").get(pk=self.objection.pk)
        if known.upheld is not None or known.version_id != version.pk:
            raise ActionRefused("这条异议已经答复。", code="duplicate")
        said(self.answer, "答复的理由", "answer", 500)
        if self.actor is not None and (had_a_hand(self.actor, known) or own(self.actor, known.unit)):
            raise ActionRefused(
                "这项分值由您评定、记分或者公布，或者您是被考核单位的人；异议须由另一人答复。", code="apart"
            )
        if self.upheld and self.points is not None:
            indicator = self._measured(known.unit, known.indicator)
            refuse_beyond(self.points, 0, Fraction(self._full(known.unit, indicator)))

    def _change(self) -> Objection:
        known = self.objection
        after, why = self._after() if self.upheld else (Fraction(known.before), "")
        self._record(ANSWERED, {
            "number": known.number, "upheld": self.upheld, "answer": self.answer.strip(), "after": str(after), "why": why,
        })  # fmt: skip
        known.refresh_from_db()
        return known

    def _after(self) -> tuple[Fraction, str]:
        """The new points and their sentence."""
        known = self.objection
        line = next(
            one
            for one in scores_in(known.version)[known.unit.code].lines
            if one.indicator.id == known.indicator
        )
        if self.points is not None:
            words = f"{line.why}；异议成立（{self.answer.strip()}）{result(self.points, line.full)}"
            return self.points, words
        ((_, now),) = running(self.assessment, [known.unit], today(), with_late=True)
        new = next(one for one in now.lines if one.indicator.id == known.indicator)
        if new.pending or not new.of:
            raise ActionRefused(
                "台账现在算不出这项的分值，请直接填写改定的分值。", code="invalid", field="points"
            )
        return new.points, f"{RECOUNTED}{new.why}"


@dataclass(frozen=True, kw_only=True)
class FreezeResult(AssessmentAction[ResultVersion]):
    """The leader signs: the result is frozen under its digest."""

    needs = Needs("签发、确定考核结果", (Role.LEADER,))

    opinion: str

    def check(self) -> None:
        """Refuses while an objection is unanswered, and while units may still object."""
        self._admit(self.assessment.organization)
        version = self._version(State.PUBLISHED)
        said(self.opinion, "签发意见", "opinion", REASON_LENGTH)
        unanswered = version.objections.filter(upheld=None).count()
        if unanswered:
            raise ActionRefused(f"还有{unanswered}条异议没有答复，不能确定结果。", code="state")
        waiting = version.results.filter(accepted_on=None).exclude(unit__in=version.objections.values("unit"))
        if version.until is not None and today() <= version.until and waiting.exists():
            raise ActionRefused(
                f"提出异议的期限到{version.until:%Y年%-m月%-d日}，还有{waiting.count()}个单位没有表态，"
                "到期以后或者各单位都确认以后才能确定结果。",
                code="early",
            )

    def _change(self) -> ResultVersion:
        version = self._version(State.PUBLISHED)
        self._record(
            FROZEN,
            {"version": version.number, "digest": digest(version), "opinion": self.opinion.strip()},
        )
        version.refresh_from_db()
        return version


@dataclass(frozen=True, kw_only=True)
class HandResult(AssessmentAction[HandOver]):
    """Notes that a signed result was given to whoever uses it."""

    needs = Needs("移交考核结果", KEEPERS)

    recipient: str
    purpose: str

    def check(self) -> None:
        """Refuses it before the result is signed."""
        self._admit(self.assessment.organization)
        self._version(State.FROZEN)
        said(self.recipient, "接收单位", "recipient", 120)
        if self.purpose not in PURPOSES:
            raise ActionRefused("请选择用途。", code="invalid", field="purpose")

    def _change(self) -> HandOver:
        version = self._version(State.FROZEN)
        self._record(
            HANDED,
            {"version": version.number, "recipient": self.recipient.strip(), "purpose": self.purpose},
        )
        return version.handed.latest("pk")
