"""What people judge: two who are named and do not see each other's points, a third or a meeting where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yifa.assessment.actions.base import KEEPERS, REASON_LENGTH, AssessmentAction, own, refuse_beyond
from yifa.assessment.agreeing import apart
from yifa.assessment.models import Assessment, Judging
from yifa.assessment.replaying import ASIDE, JUDGED, MEETING, SCORERS, THIRD
from yifa.ledger.actions.base import said
from yifa.ledger.models import Organization, Role, User
from yifa.ledger.people.needs import Needs, Reach
from yifa.ledger.refusal import ActionRefused


def _named(user: User) -> str:
    return user.display_name or user.get_username()


def _refuse_scorer(user: User, unit: Organization) -> None:
    if own(user, unit):
        raise ActionRefused(
            f"{_named(user)}是“{unit}”的人，不能给本单位评分，请为它另外指定。", code="apart", field="scorers"
        )


@dataclass(frozen=True, kw_only=True)
class JudgingAction(AssessmentAction[None]):
    """A change while the year runs; a published result is no longer judged."""

    def _refuse_late(self) -> None:
        if self._fresh().state != Assessment.State.RUNNING:
            raise ActionRefused("初步结果已经公布，不能再评分；对分值有意见的请提出异议。", code="state")

    def _refuse_unjudged(self, unit: Organization, indicator: str) -> None:
        found = self._measured(unit, indicator)
        if found.judged is None:
            raise ActionRefused(f"“{found.title}”由台账计分，不由人评。", code="invalid", field="indicator")


@dataclass(frozen=True, kw_only=True)
class NameScorers(JudgingAction):
    """Names the two who judge an indicator of some units; whoever has not given points yet can be replaced."""

    needs = Needs("指定考核评分人", KEEPERS)

    indicator: str
    units: Sequence[Organization]
    scorers: Sequence[User]

    def check(self) -> None:
        """Refuses fewer than two, somebody of the unit, units where somebody has judged already."""
        self._admit(self.assessment.organization)
        self._refuse_late()
        if len({one.pk for one in self.scorers}) != 2 or len(self.scorers) != 2:
            raise ActionRefused("请选两名不同的评分人。", code="invalid", field="scorers")
        if not self.units:
            raise ActionRefused("请选被考核单位。", code="invalid", field="units")
        for unit in self.units:
            self._refuse_unjudged(unit, self.indicator)
            for one in self.scorers:
                _refuse_scorer(one, unit)
        given = Judging.objects.filter(
            assessment=self.assessment, indicator=self.indicator, unit__in=self.units, points__isnull=False
        ).select_related("unit")
        if given:
            names = "、".join(dict.fromkeys(one.unit.name for one in given))
            raise ActionRefused(f"{names}已经有人评分，不能再换评分人。", code="state", field="units")

    def _change(self) -> None:
        self._record(SCORERS, {
            "indicator": self.indicator, "units": [unit.code for unit in self.units],
            "scorers": [one.get_username() for one in self.scorers],
        })  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Judge(JudgingAction):
    """One of those named gives points, once, with a reason. `points`: (unit, indicator) -> (points, reason)."""

    needs = Needs("给考核指标评分", also="限于指定的评分人", reach=Reach.SELF)

    points: Mapping[tuple[Organization, str], tuple[Decimal, str]]

    def check(self) -> None:
        """Refuses whoever was not named, a second time, points beyond the indicator, no reason for less than all."""
        if not Judging.objects.filter(assessment_id=self.assessment.pk, scorer=self.actor).exists():
            raise ActionRefused("您不是这次考核的评分人。", code="role")
        self._refuse_late()
        if not self.points:
            raise ActionRefused("请至少评一个单位。", code="invalid")
        for (unit, name), (points, reason) in self.points.items():
            indicator = self._measured(unit, name)
            turn = self._turn(unit, name)
            if turn is None:
                raise ActionRefused(f"您不是“{unit}”“{indicator.title}”的评分人。", code="role")
            if turn.points is not None:
                raise ActionRefused(f"“{unit}”“{indicator.title}”您已经评过，不能再改。", code="submitted")
            refuse_beyond(
                points, Decimal(0), self._full(unit, indicator), of=f"“{unit}”“{indicator.title}”的"
            )
            said(reason, f"“{unit}”的评分理由", "reason", REASON_LENGTH)

    def _turn(self, unit: Organization, indicator: str) -> Judging | None:
        return Judging.objects.filter(
            assessment=self.assessment, unit=unit, indicator=indicator, scorer=self.actor, turn__lte=Judging.THIRD
        ).first()  # fmt: skip

    def _change(self) -> None:
        for (unit, name), (points, reason) in self.points.items():
            turn = self._turn(unit, name)
            assert turn is not None  # noqa: S101 - `check` has looked
            self._record(JUDGED, {
                "unit": unit.code, "indicator": name, "turn": turn.turn, "points": str(points), "reason": reason.strip(),
            })  # fmt: skip


def too_far_apart(assessment: Assessment, unit: Organization, indicator: str) -> bool:
    """Whether both have judged, differ by more than the set tolerates, and nobody has decided."""
    found = assessment.set.indicator(indicator)
    rows = {
        one.turn: one for one in Judging.objects.filter(assessment=assessment, unit=unit, indicator=indicator)
    }
    two = [rows[turn].points for turn in (1, 2) if turn in rows]
    if found is None or found.judged is None or len(two) < 2 or two[0] is None or two[1] is None:
        return False
    if any(turn in rows and rows[turn].points is not None for turn in (Judging.THIRD, Judging.MEETING)):
        return False
    return apart(two[0], two[1], found.judged.tolerance)


@dataclass(frozen=True, kw_only=True)
class NameThird(JudgingAction):
    """Names who judges where the two differ by more than is tolerated, and says why a third is needed."""

    needs = NameScorers.needs

    unit: Organization
    indicator: str
    scorer: User
    reason: str

    def check(self) -> None:
        """Refuses it where the two agree, somebody of the unit, one of the two."""
        self._admit(self.assessment.organization)
        self._refuse_late()
        self._refuse_unjudged(self.unit, self.indicator)
        said(self.reason, "提请第三人评分的理由", "reason", REASON_LENGTH)
        if not too_far_apart(self.assessment, self.unit, self.indicator):
            raise ActionRefused("两人都评分并且相差超出允许范围的，才由第三人再评。", code="agreed")
        two = Judging.objects.filter(
            assessment=self.assessment, unit=self.unit, indicator=self.indicator, scorer=self.scorer, turn__lte=2
        )  # fmt: skip
        if two.exists():
            raise ActionRefused("第三人须是另外的人。", code="invalid", field="scorer")
        _refuse_scorer(self.scorer, self.unit)

    def _change(self) -> None:
        self._record(THIRD, {
            "unit": self.unit.code, "indicator": self.indicator, "scorer": self.scorer.get_username(),
            "reason": self.reason.strip(),
        })  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Meet(JudgingAction):
    """Writes down the points a meeting agreed on where the two differ by more than is tolerated."""

    needs = Needs("记合议的评分", KEEPERS)

    unit: Organization
    indicator: str
    points: Decimal
    reason: str

    def check(self) -> None:
        """Refuses it where the two agree, points beyond the indicator, no reason, one's own unit."""
        self._admit(self.assessment.organization)
        self._refuse_late()
        self._refuse_unjudged(self.unit, self.indicator)
        if not too_far_apart(self.assessment, self.unit, self.indicator):
            raise ActionRefused("两人都评分并且相差超出允许范围的，才合议定分。", code="agreed")
        if self.actor is not None:
            _refuse_scorer(self.actor, self.unit)
        refuse_beyond(
            self.points, Decimal(0), self._full(self.unit, self._measured(self.unit, self.indicator))
        )
        said(self.reason, "合议的时间、参加人和理由", "reason", REASON_LENGTH)

    def _change(self) -> None:
        self._record(MEETING, {
            "unit": self.unit.code, "indicator": self.indicator, "points": str(self.points), "reason": self.reason.strip(),
        })  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LeaveOut(JudgingAction):
    """Leaves an indicator out of a unit's total with a reason, or, without one, takes it in again."""

    needs = Needs("核定不纳入计分的指标", (Role.ASSESSOR, Role.COORDINATOR))

    unit: Organization
    indicator: str
    reason: str = ""

    def check(self) -> None:
        """Refuses an indicator the unit does not have; one to be taken in that was not left out."""
        self._admit(self.assessment.organization)
        self._refuse_late()
        self._measured(self.unit, self.indicator)
        if own(self.actor, self.unit):
            raise ActionRefused("不能核定本单位的指标。", code="apart")
        out = self.assessment.asides.filter(unit=self.unit, indicator=self.indicator).exists()
        if not self.reason.strip() and not out:
            raise ActionRefused("请填写不纳入计分的理由。", code="invalid", field="reason")
        if len(self.reason) > REASON_LENGTH:
            raise ActionRefused(f"理由最多{REASON_LENGTH}字。", code="invalid", field="reason")

    def _change(self) -> None:
        self._record(
            ASIDE, {"unit": self.unit.code, "indicator": self.indicator, "reason": self.reason.strip()}
        )
