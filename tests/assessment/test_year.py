"""A year of assessment: issued, judged, published, objected to, signed, and corrected only by a further version."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import time_machine

from tests.assessment.trial import YEAR, Trial, at, request, trial_set
from yifa.assessment.actions import (
    Accept,
    AnswerObjection,
    EnterPoints,
    FreezeResult,
    HandResult,
    IssueSet,
    Judge,
    LeaveOut,
    Meet,
    NameScorers,
    NameThird,
    Object,
    PublishResult,
    WithdrawPoints,
)
from yifa.assessment.models import Assessment, Objection, Result, ResultVersion
from yifa.assessment.papers import letter_number
from yifa.assessment.replaying import rebuild
from yifa.assessment.results import decided, differing, later, running, scores_in, standing_result
from yifa.ledger.actions import PublishEntry, RecordAct
from yifa.ledger.models import Case, Organization, Record, Subject
from yifa.ledger.proof.verification import verify
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.scoring import Scored, Scores


def lines(scores: Scores) -> dict[str, Scored]:
    return {line.indicator.id: line for line in scores.lines}


def now(trial: Trial, assessment: Assessment, unit: Organization) -> Scores:
    ((_, scores),) = running(assessment, [unit], date(2025, 1, 6))
    return scores


def result(assessment: Assessment, unit: Organization) -> Result:
    version = assessment.latest
    assert version is not None
    return version.results.get(unit=unit)


def published(trial: Trial) -> Assessment:
    """Two requests of the market department, one late; both units judged; the result is out."""
    request(trial.county.market)
    request(trial.county.market, late=True)
    assessment = trial.issue()
    trial.judged(assessment)
    PublishResult(actor=trial.assessor, assessment=assessment).execute()
    return assessment


def signed(trial: Trial) -> Assessment:
    assessment = published(trial)
    with time_machine.travel(at(2025, 1, 14), tick=False):
        FreezeResult(actor=trial.leader, assessment=assessment, opinion="同意。").execute()
    return assessment


def entered(trial: Trial, assessment: Assessment, points: str = "-2", **more: Any) -> EnterPoints:
    given: dict[str, Any] = {
        "actor": trial.assessor, "unit": trial.county.market, "indicator": "daily", "on": date(2024, 6, 3),
        "reason": "抽查发现未亮证", "evidence": "抽查记录第3号",
    } | more  # fmt: skip
    return EnterPoints(assessment=assessment, points=Decimal(points), **given)


def test_a_new_year_is_pending_with_what_can_be_counted_beside(trial: Trial) -> None:
    request(trial.county.market, late=True)
    scores = now(trial, trial.issue(), trial.county.market)
    assert [line.indicator.id for line in scores.pending] == ["pilot"]
    assert scores.spread == 0 and scores.total == Fraction(100) * 40 / 80


@pytest.mark.mechanism("D2-06", "works")
def test_each_class_has_its_weights_and_each_point_its_rule_evidence_and_scorer(trial: Trial) -> None:
    request(trial.county.market)
    request(trial.county.market, late=True)
    rules = PublishEntry(
        actor=None, organization=trial.county.body, register="assessment_rules", on=date(2024, 1, 2),
        data={"code": "办法（2024版）", "name": "考核办法", "kind": "法治政府建设考核", "document": "澜法办〔2024〕1号",
              "effective": "2024-01-01"},
    ).execute()  # fmt: skip
    assessment = trial.issue(rules=rules)
    trial.judged(assessment)
    assert "考核办法" in assessment.rules and len(assessment.digest) == 64
    market, town = (now(trial, assessment, unit) for unit in trial.units)
    assert [lines(one)["answers"].full for one in (market, town)] == [40, 30]
    said = lines(market)["answers"].why
    assert "按期答复率50%" in said and said.endswith("得20分，失20分")
    assert lines(market)["pilot"].why == "甲一评18分（有材料）；甲一评18分（有材料），得18分，失2分"
    assert market.total == 20 + 20 + 18 + 20
    assert now(trial, assessment, trial.county.market) == market


@pytest.mark.mechanism("D2-07", "works")
def test_the_result_is_the_formula_over_dated_entries_and_late_ones_are_listed_not_counted(
    trial: Trial,
) -> None:
    assessment = trial.issue()
    trial.judged(assessment)
    entered(trial, assessment).execute()
    with pytest.raises(ActionRefused, match="-20至20分之间"):
        entered(trial, assessment, "-30").check()
    with pytest.raises(ActionRefused, match="考核年度之内"):
        entered(trial, assessment, on=date(2025, 1, 3)).check()
    with pytest.raises(ActionRefused, match="不是日常记分的指标"):
        entered(trial, assessment, indicator="pilot").check()
    assert lines(now(trial, assessment, trial.county.market))["daily"].why == (
        "日常记分1次：6月3日抽查发现未亮证扣2分，得18分，失2分"
    )
    entered(trial, assessment, "-3", reason="重复").execute()
    WithdrawPoints(actor=trial.assessor, assessment=assessment, number=2, reason="记错单位").execute()
    PublishResult(actor=trial.assessor, assessment=assessment).execute()
    kept = result(assessment, trial.county.market).scores
    with time_machine.travel(at(2025, 1, 7), tick=False):
        late = entered(trial, assessment, "-5", reason="年后补记").execute()
        request(trial.county.market, late=True)
    version = assessment.latest
    assert late.late and version is not None
    assert result(assessment, trial.county.market).scores == kept
    assert {record.kind for record in later(assessment, version)} >= {"act.recorded"}
    assert lines(now(trial, assessment, trial.county.market))["daily"].points == 18
    with pytest.raises(ActionRefused, match="已经计入公布的结果"):
        WithdrawPoints(actor=trial.assessor, assessment=assessment, number=1, reason="改").check()


def test_two_judge_blind_and_a_third_or_a_meeting_decides(trial: Trial) -> None:
    assessment, unit = trial.issue(), trial.county.market
    town = trial.county.towns[0]
    with pytest.raises(ActionRefused, match="不能给本单位评分"):
        NameScorers(
            actor=trial.assessor, assessment=assessment, indicator="pilot", units=trial.units,
            scorers=[trial.clerk, trial.second],
        ).check()  # fmt: skip
    NameScorers(
        actor=trial.assessor, assessment=assessment, indicator="pilot", units=trial.units,
        scorers=[trial.second, trial.third],
    ).execute()  # fmt: skip
    trial.judge(assessment, trial.second, 10)
    assert "pilot" not in decided(assessment).get(unit.code, {})
    with pytest.raises(ActionRefused, match="不能再改"):
        trial.judge(assessment, trial.second, 11, unit)
    with pytest.raises(ActionRefused, match=r"不是这次考核的评分人"):
        trial.judge(assessment, trial.leader, 11, unit)
    with pytest.raises(ActionRefused, match="0至20分之间"):
        trial.judge(assessment, trial.third, 21, unit)
    with pytest.raises(ActionRefused, match="不能再换评分人"):
        NameScorers(
            actor=trial.assessor, assessment=assessment, indicator="pilot", units=[unit],
            scorers=[trial.leader, trial.third],
        ).check()  # fmt: skip
    trial.judge(assessment, trial.third, 18, unit)
    trial.judge(assessment, trial.third, 12, town)
    assert decided(assessment)[town.code]["pilot"].points == 11
    assert "pilot" not in decided(assessment).get(unit.code, {})
    with pytest.raises(ActionRefused, match="还有1项待评（澜亭县市场监督管理局：特色工作）"):
        PublishResult(actor=trial.assessor, assessment=assessment).execute()
    assert not ResultVersion.objects.exists()
    third = {"actor": trial.assessor, "assessment": assessment, "indicator": "pilot"}
    with pytest.raises(ActionRefused, match="相差超出允许范围"):
        NameThird(unit=town, scorer=trial.leader, reason="再看", **third).check()  # type: ignore[arg-type]
    with pytest.raises(ActionRefused, match="另外的人"):
        NameThird(unit=unit, scorer=trial.third, reason="再看", **third).check()  # type: ignore[arg-type]
    NameThird(unit=unit, scorer=trial.leader, reason="相差8分", **third).execute()  # type: ignore[arg-type]
    trial.judge(assessment, trial.leader, 16, unit)
    assert decided(assessment)[unit.code]["pilot"].points == 16
    with pytest.raises(ActionRefused, match="相差超出允许范围"):
        Meet(unit=unit, points=Decimal(15), reason="会议", **third).check()  # type: ignore[arg-type]


def test_a_meeting_may_decide_instead_of_a_third(trial: Trial) -> None:
    assessment, unit = trial.issue(), trial.county.market
    NameScorers(
        actor=None,
        assessment=assessment,
        indicator="pilot",
        units=[unit],
        scorers=[trial.second, trial.third],
    ).execute()
    trial.judge(assessment, trial.second, 10, unit)
    trial.judge(assessment, trial.third, 18, unit)
    Meet(
        actor=trial.assessor, assessment=assessment, unit=unit, indicator="pilot", points=Decimal("15.5"),
        reason="1月6日三人合议",
    ).execute()  # fmt: skip
    given = decided(assessment)[unit.code]["pilot"]
    assert given.points == Fraction("15.5") and given.why == "合议定为15.5分（1月6日三人合议）"


def test_what_cannot_be_judged_is_left_out_with_a_reason_and_taken_in_again(trial: Trial) -> None:
    assessment, unit = trial.issue(), trial.county.market
    out = {"actor": trial.assessor, "assessment": assessment, "unit": unit, "indicator": "pilot"}
    LeaveOut(reason="年中新设", **out).execute()  # type: ignore[arg-type]
    scores = now(trial, assessment, unit)
    assert not scores.pending and scores.spread == 20 + 40  # without requests there is no rate either
    assert "年中新设" in lines(scores)["pilot"].why
    LeaveOut(**out).execute()  # type: ignore[arg-type]
    assert now(trial, assessment, unit).pending
    with pytest.raises(ActionRefused, match="请填写不纳入计分的理由"):
        LeaveOut(**out).check()  # type: ignore[arg-type]


def test_weights_are_tried_before_and_frozen_with_the_set(trial: Trial) -> None:
    wrong = {"answers": {"departments": Decimal(50)}}
    with pytest.raises(ActionRefused, match="“部门”的各项分值合计是110分，应为100分"):
        trial.issue(weights=wrong)
    plain = trial.issue()
    other = trial.issue(
        trial_set(indicator_set="other"),
        weights={"answers": {"departments": Decimal(50)}, "daily": {"departments": Decimal(10)}},
    )
    held = other.set.indicator("answers")
    assert held is not None and held.points == {"departments": 50, "towns": 30}
    assert plain.digest != other.digest
    with pytest.raises(ActionRefused, match="已经印发"):
        trial.issue()
    with pytest.raises(ActionRefused, match="至少选一个"):
        IssueSet(
            actor=None, organization=trial.county.body, given=trial_set(), year=YEAR + 1, units={}
        ).check()


def test_an_objection_is_answered_by_another_and_changes_the_points_with_its_trace(trial: Trial) -> None:
    assessment, unit = published(trial), trial.county.market
    assert result(assessment, unit).total == Decimal("78.00")
    given = {"assessment": assessment, "unit": unit, "indicator": "answers", "reason": "申请人同意延期"}
    with pytest.raises(ActionRefused, match="由被考核单位自己提出"):
        Object(actor=trial.county.coordinator(), **given).check()  # type: ignore[arg-type]
    objection = Object(actor=trial.clerk, **given).execute()  # type: ignore[arg-type]
    assert objection.due == date(2025, 1, 9) and objection.before == "20"
    with pytest.raises(ActionRefused, match="已经提出过"):
        Object(actor=trial.clerk, **given).check()  # type: ignore[arg-type]
    with pytest.raises(ActionRefused, match="还有1条异议没有答复"):
        FreezeResult(actor=trial.leader, assessment=assessment, opinion="同意").check()
    answer = {"assessment": assessment, "objection": objection, "upheld": True, "answer": "材料属实"}
    with pytest.raises(ActionRefused, match="须由另一人答复"):
        AnswerObjection(actor=trial.assessor, points=Fraction(30), **answer).check()  # type: ignore[arg-type]
    with pytest.raises(ActionRefused, match="0至40分之间"):
        AnswerObjection(actor=trial.supervisor, points=Fraction(41), **answer).check()  # type: ignore[arg-type]
    AnswerObjection(actor=trial.supervisor, points=Fraction(30), **answer).execute()  # type: ignore[arg-type]
    row = result(assessment, unit)
    version = assessment.latest
    assert row.total == Decimal("88.00") and version is not None
    assert "异议成立（材料属实），得30分，失10分" in lines(scores_in(version)[unit.code])["answers"].why
    assert Objection.objects.get().after == "30"


def test_an_upheld_objection_may_take_what_the_corrected_ledger_gives(trial: Trial) -> None:
    assessment, unit = published(trial), trial.county.market
    request(unit)
    request(unit)
    objection = Object(
        actor=trial.clerk, assessment=assessment, unit=unit, indicator="answers", reason="两件漏录，已补录"
    ).execute()
    AnswerObjection(
        actor=trial.supervisor, assessment=assessment, objection=objection, upheld=True, answer="已核对"
    ).execute()
    version = assessment.latest
    assert version is not None
    line = lines(scores_in(version)[unit.code])["answers"]
    assert line.points == 30 and line.why.startswith("异议成立，按改正后的台账重算：") and "75%" in line.why
    assert not differing(version, running(assessment, [unit], date(2025, 1, 6)))[0]


@pytest.mark.parametrize(("more", "points"), [(0, 30), (2, 30), (6, 35)])
def test_a_further_version_keeps_what_an_objection_gave_back(trial: Trial, more: int, points: int) -> None:
    assessment, unit = published(trial), trial.county.market
    objection = Object(
        actor=trial.clerk, assessment=assessment, unit=unit, indicator="answers", reason="申请人同意延期"
    ).execute()
    AnswerObjection(
        actor=trial.supervisor, assessment=assessment, objection=objection, upheld=True, answer="材料属实",
        points=Fraction(30),
    ).execute()  # fmt: skip
    with time_machine.travel(at(2025, 1, 14), tick=False):
        FreezeResult(actor=trial.leader, assessment=assessment, opinion="同意").execute()
        for _ in range(more):
            request(unit)  # answered in time: the ledger alone would give 20, 30 and 35 points
        first = assessment.frozen
        assert first is not None
        changed = differing(first, running(assessment, [unit], date(2025, 1, 14)))[0]
        assert [one.now.points for one in changed] == ([] if points == 30 else [points])
        assessment.refresh_from_db()
        PublishResult(actor=trial.assessor, assessment=assessment, reason="补录后重新出具").execute()
    second = assessment.latest
    assert second is not None and second.number == 2
    line = lines(scores_in(second)[unit.code])["answers"]
    assert line.points == points
    assert ("对第1版结果的异议成立（材料属实）" in line.why) == (more == 0)


def test_scorers_of_an_indicator_do_not_answer_and_rejected_objections_change_nothing(trial: Trial) -> None:
    assessment, unit = published(trial), trial.county.market
    objection = Object(
        actor=trial.clerk, assessment=assessment, unit=unit, indicator="pilot", reason="评低了"
    ).execute()
    answer = {"assessment": assessment, "objection": objection, "upheld": False, "answer": "与材料相符"}
    for one in (trial.second, trial.assessor, trial.clerk):
        with pytest.raises(ActionRefused):
            AnswerObjection(actor=one, **answer).check()  # type: ignore[arg-type]
    AnswerObjection(actor=trial.leader, **answer).execute()  # type: ignore[arg-type]
    assert result(assessment, unit).total == Decimal("78.00")
    with pytest.raises(ActionRefused, match="已经答复"):
        AnswerObjection(actor=trial.leader, **answer).check()  # type: ignore[arg-type]


def test_the_days_for_objections_are_those_the_set_gives(trial: Trial) -> None:
    assessment, unit = published(trial), trial.county.market
    version = assessment.latest
    assert version is not None and version.until == date(2025, 1, 13)
    with pytest.raises(ActionRefused, match="还有2个单位没有表态"):
        FreezeResult(actor=trial.leader, assessment=assessment, opinion="同意").check()
    with time_machine.travel(at(2025, 1, 14), tick=False):
        with pytest.raises(ActionRefused, match="期限到2025年1月13日"):
            Object(
                actor=trial.clerk, assessment=assessment, unit=unit, indicator="pilot", reason="低"
            ).check()
        FreezeResult(actor=trial.leader, assessment=assessment, opinion="同意").check()
    Accept(actor=trial.clerk, assessment=assessment, unit=unit).execute()
    with pytest.raises(ActionRefused, match="已经确认没有异议"):
        Object(actor=trial.clerk, assessment=assessment, unit=unit, indicator="pilot", reason="低").check()
    with pytest.raises(ActionRefused, match="由被考核单位自己确认"):
        Accept(actor=trial.leader, assessment=assessment, unit=trial.county.towns[0]).check()
    with pytest.raises(ActionRefused, match="您在「青石镇人民政府」没有"):
        Accept(actor=trial.clerk, assessment=assessment, unit=trial.county.towns[0]).check()
    Accept(actor=None, assessment=assessment, unit=trial.county.towns[0]).execute()
    FreezeResult(actor=trial.leader, assessment=assessment, opinion="同意").execute()


@pytest.mark.mechanism("D2-08", "works")
def test_a_signed_result_is_handed_over_and_a_correction_makes_a_version(trial: Trial) -> None:
    assessment, unit = signed(trial), trial.county.market
    first = assessment.frozen
    assert first is not None and len(first.digest) == 64 and first.signed_by == trial.leader
    kept = result(assessment, unit).scores
    HandResult(
        actor=trial.assessor, assessment=assessment, recipient="县委组织部", purpose="干部任用"
    ).execute()
    request(unit)
    request(unit)
    found, totals = differing(first, running(assessment, [unit], date(2025, 2, 1)))
    assert [one.indicator.id for one in found] == ["answers"]
    assert list(totals[unit.code]) == [78, 88]
    assert result(assessment, unit).scores == kept
    with pytest.raises(ActionRefused, match="请填写重新出具结果的理由"):
        PublishResult(actor=trial.assessor, assessment=assessment).check()
    PublishResult(actor=trial.assessor, assessment=assessment, reason="补录两件").execute()
    assessment.refresh_from_db()
    assert assessment.frozen == first  # until the leader signs again
    with time_machine.travel(at(2025, 2, 14), tick=False):
        second = FreezeResult(actor=trial.leader, assessment=assessment, opinion="同意").execute()
    assert second.digest != first.digest
    numbers = [
        letter_number(row) for version in (first, second) for row in version.results.order_by("unit__code")
    ]
    name = (
        assessment.organization.document_code
        or assessment.organization.short_name
        or assessment.organization.name
    )
    assert numbers == [f"{name}考反〔2025〕{serial}号" for serial in (1, 2, 3, 4)]
    assert first.results.get(unit=unit).scores == kept
    assert standing_result(assessment)[unit.code].total == Decimal("88.00")
    assert first.handed.get().recipient == "县委组织部" and not second.handed.exists()


@pytest.mark.mechanism("D2-09", "works")
def test_a_grave_event_zeroes_the_total_and_opens_a_record_that_must_name_its_outcome(trial: Trial) -> None:
    given = trial_set(grave=[{"title": "答复逾期", "figure": "information_requests_received", "cap": 0}])
    request(trial.county.market)
    assessment = trial.issue(given)
    trial.judged(assessment)
    PublishResult(actor=trial.assessor, assessment=assessment).execute()
    row = result(assessment, trial.county.market)
    assert (row.total, row.band) == (Decimal("0.00"), "不合格")
    assert result(assessment, trial.county.towns[0]).total > 0
    case = Case.objects.get(case_type="accountability_record")
    assert case.facts["unit_concerned"] == trial.county.market.name and case.facts["event"] == "答复逾期"
    RecordAct(
        actor=None, case=case, act="verify", on=date(2025, 1, 6), outcome="属实", by="乙",
        evidence=[{"title": "核实报告", "attachment": None}],
    ).execute()  # fmt: skip
    case.refresh_from_db()
    with pytest.raises(ActionRefused, match="没有写明追责结果的不得结案"):
        RecordAct(actor=None, case=case, act="close", on=date(2025, 1, 6)).execute()


def test_rows_follow_from_the_records(trial: Trial) -> None:
    assessment = signed(trial)
    entered(trial, assessment, "-1").execute()
    HandResult(actor=None, assessment=assessment, recipient="县委组织部", purpose="奖惩").execute()

    def rows() -> list[Any]:
        return [
            list(rows.order_by(*rows.model._meta.ordering or ["pk"]).values())
            for rows in (
                Assessment.objects.all(), assessment.units.all(), assessment.entries.all(), assessment.judgings.all(),
                ResultVersion.objects.all(), Result.objects.all(), Objection.objects.all(),
            )
        ]  # fmt: skip

    def plain(found: list[Any]) -> list[Any]:
        mere = {"id", "version_id"}
        return [[{k: v for k, v in row.items() if k not in mere} for row in some] for some in found]

    before = plain(rows())
    assert rebuild() == Record.objects.filter(subject=Subject.ASSESSMENT).count()
    assert plain(rows()) == before
    assert verify().faults == ()


def test_somebody_without_the_role_changes_nothing(trial: Trial) -> None:
    assessment = published(trial)
    for refused in (
        PublishResult(actor=trial.clerk, assessment=assessment),
        FreezeResult(actor=trial.assessor, assessment=assessment, opinion="同意"),
        entered(trial, assessment, actor=trial.clerk),
        HandResult(actor=trial.clerk, assessment=assessment, recipient="县委组织部", purpose="奖惩"),
    ):
        with pytest.raises(ActionRefused):
            refused.execute()
    Judge(actor=trial.second, assessment=assessment, points={})
    assert assessment.versions.count() == 1
