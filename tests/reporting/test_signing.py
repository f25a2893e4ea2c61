"""A report on its way: parts of units, remarks, reviews, signature, submission, return."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.signing import explained, sign_off, submitted
from yifa.ledger.actions import PublishEntry
from yifa.ledger.models import Record, Role, Subject, User
from yifa.ledger.refusal import ActionRefused
from yifa.reporting import duty, gates
from yifa.reporting.actions import (
    AnswerComment,
    AssignByOutline,
    AssignSection,
    BuildReport,
    CloseComment,
    ConfirmParts,
    EditSection,
    LeaveOutPart,
    MakeComment,
    ReturnPart,
    ReviewLegality,
    ReviewSecrecy,
    SendBack,
    Sending,
    SendToReview,
    SendToUnits,
    SignReport,
    SubmitReport,
    TakeBackReport,
    TakeParts,
    WritePart,
)
from yifa.reporting.content import paper
from yifa.reporting.models import Comment, Report, ReportVersion, Section, SectionVersion, Step, UnitPart
from yifa.reporting.versions import compare

pytestmark = pytest.mark.django_db
State = Report.State


@pytest.fixture
def section(report: Report) -> Section:
    return report.sections.get(key="systems")


def codes(report: Report) -> list[str]:
    return list(
        Record.objects.filter(subject=Subject.REPORT, subject_id=report.pk)
        .order_by("position")
        .values_list("kind", flat=True)
    )


def secrecy_reviewer(county: Any, name: str) -> None:
    data = {"code": "BM-1", "name": name, "unit": county.body.name, "since": "2020-01-01"}
    PublishEntry(
        actor=None, organization=county.body, register="secrecy_reviewers", data=data, on=date(2020, 1, 1)
    ).execute()


# ---------------------------------------------------------------- parts of units


def test_a_unit_writes_only_its_part_and_the_body_composes_the_whole(
    busy: Any, report: Report, section: Section
) -> None:
    coordinator = busy.user(Role.COORDINATOR, busy.body)
    justice, housing = (busy.user(Role.OFFICER, unit) for unit in (busy.justice, busy.housing))
    parts = AssignSection(
        actor=coordinator, section=section, units=[busy.justice, busy.housing], due=date(2025, 1, 20)
    ).execute()
    own = {part.unit: part for part in parts}
    with pytest.raises(ActionRefused) as refused:
        WritePart(actor=justice, part=own[busy.housing], text="越界。").execute()
    assert refused.value.code == "role"
    with pytest.raises(ActionRefused) as refused:
        EditSection(actor=justice, section=section, text="越界。").execute()
    assert refused.value.code == "role"
    for user, unit, text in (
        (justice, busy.justice, "司法局清理文件。"),
        (housing, busy.housing, "住建局规范审批。"),
    ):
        WritePart(actor=user, part=own[unit], text=text, hand_in=True).execute()
    stored = list(section.unit_parts.all())
    TakeParts(actor=coordinator, section=section, parts=stored[::-1], replace=True).execute()
    section.refresh_from_db()
    first, second = (part.text for part in stored[::-1])
    assert section.text == f"{first}\n{second}"
    EditSection(actor=coordinator, section=section, text="合并后的一段。").execute()
    assert {part.text for part in section.unit_parts.all()} == {"司法局清理文件。", "住建局规范审批。"}
    assert {part.state for part in section.unit_parts.all()} == {UnitPart.State.TAKEN}
    hows = list(section.versions.values_list("how", flat=True))
    assert hows == ["built", "composed", "edited"]


def test_a_part_goes_back_with_its_reason_and_is_not_taken_before_it_is_handed_in(
    busy: Any, report: Report, section: Section
) -> None:
    part = AssignSection(actor=None, section=section, units=[busy.justice]).execute()[0]
    with pytest.raises(ActionRefused, match="还没有内容"):
        WritePart(actor=None, part=part, text=" ", hand_in=True).execute()
    part = WritePart(actor=None, part=part, text="初稿。").execute()
    with pytest.raises(ActionRefused, match="还没有提交"):
        TakeParts(actor=None, section=section, parts=[part]).execute()
    part = WritePart(actor=None, part=part, text="定稿。", hand_in=True).execute()
    part = ReturnPart(actor=None, part=part, reason="请写明数字来源").execute()
    assert (part.state, part.reason) == (UnitPart.State.RETURNED, "请写明数字来源")
    with pytest.raises(ActionRefused, match="刚被他人修改"):
        WritePart(actor=None, part=part, text="另稿。", expected_version=1).execute()
    with pytest.raises(ActionRefused, match="认不出的数字占位"):
        WritePart(actor=None, part=part, text="共{no_such_rule}。").execute()


def test_a_part_put_aside_holds_nothing_up_and_can_be_taken_up_again(
    busy: Any, report: Report, section: Section
) -> None:
    part = AssignSection(actor=None, section=section, units=[busy.justice]).execute()[0]
    with pytest.raises(ActionRefused, match="取消分派即可"):
        LeaveOutPart(actor=None, part=part, reason="不用写").execute()
    part = WritePart(actor=None, part=part, text="初稿。", hand_in=True).execute()
    part = ReturnPart(actor=None, part=part, reason="请写明数字来源").execute()
    with pytest.raises(ActionRefused, match="写明不采用"):
        SendToUnits(actor=None, report=report).execute()
    with pytest.raises(ActionRefused, match="不采用的理由"):
        LeaveOutPart(actor=None, part=part, reason=" ").execute()
    part = LeaveOutPart(actor=None, part=part, reason="与住建局的重复").execute()
    assert gates.before_units(report) == () and gates.not_taken(report) is None
    TakeParts(actor=None, section=section, parts=[part], replace=True).execute()
    part.refresh_from_db()
    assert (part.state, part.reason, codes(report)[-1]) == (UnitPart.State.TAKEN, "", "part.taken")
    assert "part.left_out" in codes(report)


def test_units_are_assigned_by_the_outline(busy: Any, report: Report) -> None:
    parts = AssignByOutline(actor=None, report=report, due=date(2025, 1, 20)).execute()
    assert {part.unit for part in parts} == {busy.justice}
    assert "disputes" in {part.section.key for part in parts}
    assert len(AssignByOutline(actor=None, report=report).execute()) == len(parts)  # nothing twice


def test_a_unit_that_has_written_keeps_its_part(busy: Any, section: Section, report: Report) -> None:
    part = AssignSection(actor=None, section=section, units=[busy.justice]).execute()[0]
    WritePart(actor=None, part=part, text="初稿。").execute()
    with pytest.raises(ActionRefused, match="已经写了"):
        AssignSection(actor=None, section=section, units=[busy.housing]).execute()


# ---------------------------------------------------------------- remarks


def test_an_open_remark_holds_up_the_next_step_until_it_is_answered(
    busy: Any, report: Report, section: Section
) -> None:
    reviewer, coordinator = busy.user(Role.REVIEWER, busy.body), busy.user(Role.COORDINATOR, busy.body)
    comment = MakeComment(actor=reviewer, report=report, section=section, text="这里请核实。").execute()
    assert (comment.role, comment.about) == (Role.REVIEWER, str(section))
    with pytest.raises(ActionRefused, match="1条意见没有答复"):
        SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    with pytest.raises(ActionRefused, match="还没有答复"):
        CloseComment(actor=coordinator, comment=comment).execute()
    AnswerComment(actor=coordinator, comment=comment, text="已核实。").execute()
    SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    comment.refresh_from_db()
    AnswerComment(actor=reviewer, comment=comment, text="还是不对。").execute()
    assert gates.before_signing(report) == ("还有1条意见没有答复",)
    comment.refresh_from_db()
    assert CloseComment(actor=reviewer, comment=comment).execute().state == "closed"
    with pytest.raises(ActionRefused) as refused:
        MakeComment(actor=busy.user(Role.OFFICER, busy.housing), report=report, text="旁人。").execute()
    assert refused.value.code == "role"


def test_remarks_are_answered_and_settled_as_they_stand_not_as_a_page_read_them(
    busy: Any, report: Report, section: Section
) -> None:
    reviewer, coordinator = busy.user(Role.REVIEWER, busy.body), busy.user(Role.COORDINATOR, busy.body)
    comment = MakeComment(actor=reviewer, report=report, section=section, text="这里请核实。").execute()
    AnswerComment(actor=coordinator, comment=comment, text="已核实。").execute()
    stale = Comment.objects.select_related("report__organization").get(pk=comment.pk)
    open_again = Comment.objects.get(pk=comment.pk)
    AnswerComment(actor=reviewer, comment=open_again, text="还是不对。").execute()
    assert stale.state == Comment.State.ANSWERED
    with pytest.raises(ActionRefused, match="还没有答复"):
        CloseComment(actor=coordinator, comment=stale).execute()
    CloseComment(actor=reviewer, comment=open_again).execute()
    late = AnswerComment(actor=coordinator, comment=stale, text="再答复。")
    stale.state = Comment.State.OPEN  # as it was read before
    with pytest.raises(ActionRefused, match="已经办结"):
        late.execute()
    stale.state = Comment.State.ANSWERED
    with pytest.raises(ActionRefused, match="已经办结"):
        CloseComment(actor=coordinator, comment=stale).execute()
    settled = Comment.objects.get(pk=comment.pk)
    assert (settled.state, settled.closed_by) == (Comment.State.CLOSED, reviewer)
    kinds = Record.objects.filter(subject=Subject.REPORT, subject_id=report.pk).values_list("kind", flat=True)
    assert list(kinds).count("comment.closed") == 1


# ---------------------------------------------------------------- steps


@pytest.fixture
def people(busy: Any) -> dict[str, User]:
    found = {
        role: busy.user(role, busy.body)
        for role in (Role.COORDINATOR, Role.REVIEWER, Role.LEADER, Role.OFFICER, Role.PUBLISHER)
    }
    for number, user in enumerate(found.values()):
        user.display_name = f"甲{'一二三四五'[number]}"
        user.save()
    secrecy_reviewer(busy, found[Role.OFFICER].display_name)
    return found


def test_each_step_has_its_person_its_opinion_and_its_line_in_the_chain(
    busy: Any, report: Report, people: dict[str, User]
) -> None:
    steps = {
        "coordinator": people[Role.COORDINATOR],
        "reviewer": people[Role.REVIEWER],
        "secrecy": people[Role.OFFICER],
        "leader": people[Role.LEADER],
    }
    signed = sign_off(report, **steps)
    assert signed.state == State.LEADER
    done = SubmitReport(actor=steps["coordinator"], report=report).execute()
    assert done.state == State.SUBMITTED
    told = [(step.kind, step.by, bool(step.version)) for step in report.steps.all()]
    assert told == [
        (Step.Kind.SENT_TO_REVIEW, steps["coordinator"], True),
        (Step.Kind.LEGALITY, steps["reviewer"], True),
        (Step.Kind.SECRECY, steps["secrecy"], True),
        (Step.Kind.SIGNED, steps["leader"], True),
        (Step.Kind.SUBMITTED, steps["coordinator"], True),
    ]
    assert codes(report)[1:] == [f"report.{kind}" for kind, _, _ in told]
    record = Record.objects.filter(subject=Subject.REPORT, kind="report.submitted").get()
    assert json.loads(record.payload)["text_digest"] == report.versions.last().digest  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("step", "role"),
    [(ReviewLegality, Role.COORDINATOR), (ReviewSecrecy, Role.REVIEWER), (SignReport, Role.COORDINATOR)],
)
def test_a_step_is_refused_to_others(report: Report, people: dict[str, User], step: Any, role: str) -> None:
    SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    if step is SignReport:
        ReviewLegality(actor=None, report=report).execute()
        ReviewSecrecy(actor=None, report=report).execute()
    with pytest.raises(ActionRefused) as refused:
        step(actor=people[role], report=report).execute()
    assert refused.value.code == "role"


def test_who_drafted_does_not_review(busy: Any, report: Report, people: dict[str, User]) -> None:
    from yifa.ledger.actions import GrantRole

    drafter = people[Role.COORDINATOR]
    GrantRole(actor=None, user=drafter, organization=busy.body, role=Role.REVIEWER).execute()
    EditSection(actor=drafter, section=report.sections.get(required="causes"), text="人手不足。").execute()
    SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    with pytest.raises(ActionRefused, match="不能是同一人") as refused:
        ReviewLegality(actor=drafter, report=report).execute()
    assert refused.value.code == "apart"


def test_steps_come_in_their_order(busy: Any, report: Report, section: Section) -> None:
    for step in (ReviewLegality, ReviewSecrecy, SignReport, SubmitReport, TakeBackReport, SendToUnits):
        with pytest.raises(ActionRefused) as refused:
            step(actor=None, report=report).execute()
        assert refused.value.code == "state", step
    SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    with pytest.raises(ActionRefused, match="处在“合法性和保密审查”阶段"):
        EditSection(actor=None, section=section, text="再改。").execute()
    ReviewLegality(actor=None, report=report, outcome="不通过", opinion="依据不足").execute()
    ReviewSecrecy(actor=None, report=report).execute()
    assert report.state == State.LEGAL_REVIEW  # a failed review does not let it on
    SendBack(actor=None, report=report, opinion="依据不足").execute()
    assert report.state == State.DRAFT
    sign_off(report)
    with pytest.raises(ActionRefused, match="已经签发"):
        SignReport(actor=None, report=report).execute()


def test_a_draft_of_the_autumn_is_counted_anew_before_it_goes_on(busy: Any) -> None:
    draft = BuildReport(actor=None, organization=busy.body, year=2023, cutoff=date(2023, 11, 24)).execute()
    with pytest.raises(ActionRefused, match="只统计到2023年11月24日，2023年已经结束，请先重新计算"):
        SendToReview(actor=None, report=draft, explanations=explained(draft)).execute()
    draft = BuildReport(actor=None, organization=busy.body, year=2023).execute()
    SendToReview(actor=None, report=draft, explanations=explained(draft)).execute()


def test_every_unit_that_wrote_confirms_before_the_review(
    busy: Any, report: Report, section: Section
) -> None:
    parts = AssignSection(actor=None, section=section, units=[busy.justice, busy.housing]).execute()
    with pytest.raises(ActionRefused, match="2份单位稿没有提交"):
        SendToUnits(actor=None, report=report).execute()
    for part in parts:
        WritePart(actor=None, part=part, text="已办理。", hand_in=True).execute()
    with pytest.raises(ActionRefused) as early:
        SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    assert early.value.code == "state"
    SendToUnits(actor=None, report=report).execute()
    ConfirmParts(actor=None, report=report, unit=busy.justice).execute()
    with pytest.raises(ActionRefused, match="请填写具体意见"):
        ConfirmParts(actor=None, report=report, unit=busy.housing, outcome=gates.OBJECTS).execute()
    ConfirmParts(
        actor=None, report=report, unit=busy.housing, outcome=gates.OBJECTS, opinion="数字不对"
    ).execute()
    with pytest.raises(ActionRefused, match="对报告有意见"):
        SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    ConfirmParts(actor=None, report=report, unit=busy.housing).execute()
    SendToReview(actor=None, report=report, explanations=explained(report)).execute()
    SendBack(actor=None, report=report, opinion="重核", to=State.UNIT_REVIEW).execute()
    with pytest.raises(ActionRefused, match="2个单位没有核对"):  # a new round asks anew
        SendToReview(actor=None, report=report, explanations=explained(report)).execute()


def test_a_submitted_report_taken_back_stays_readable_with_its_digest(report: Report) -> None:
    submitted(report)
    handed_in = report.steps.get(kind=Step.Kind.SUBMITTED).version
    assert handed_in is not None
    text = [line["text"] for line in handed_in.lines]
    assert text == [line for line, _ in paper(report).lines()]
    with pytest.raises(ActionRefused, match="撤回理由"):
        TakeBackReport(actor=None, report=report).execute()
    TakeBackReport(actor=None, report=report, opinion="漏报一项").execute()
    assert (report.state, report.round, report.submitted_at) == (State.DRAFT, 2, None)
    EditSection(actor=None, section=report.sections.get(required="causes"), text="补写原因。").execute()
    submitted(report)
    again = report.steps.filter(kind=Step.Kind.SUBMITTED).last()
    assert again is not None and again.version is not None
    kept = ReportVersion.objects.get(pk=handed_in.pk)
    assert (kept.digest, [line["text"] for line in kept.lines]) == (handed_in.digest, text)
    assert again.version.digest != kept.digest
    changed = compare(kept, again.version).changed
    assert [change.after for change in changed if change.after] == ["补写原因。"]


# ---------------------------------------------------------------- days of the law


def test_the_steps_are_acts_of_the_duty_and_its_days_are_kept(busy: Any, report: Report) -> None:
    before = {day.clock: day for day in duty.deadlines(report, date(2025, 1, 10))}
    assert (before["submit_above"].due, before["publish"].due) == (date(2025, 2, 28), date(2025, 3, 31))
    assert before["submit_above"].steps and before["submit_above"].basis is not None
    assert duty.duty_case(report) is None
    sign_off(report)
    SubmitReport(
        actor=None, report=report, sending=Sending(above="市人民政府", same="县委", congress=True)
    ).execute()
    case = duty.duty_case(report)
    assert case is not None
    acts = list(case.acts.order_by("position").values_list("act", flat=True))
    assert acts == ["start", "review_secrecy", "settle", "submit_above", "submit_same", "submit_congress"]
    assert case.acts.get(act="settle").fields["signed_digest"] == report.versions.last().digest  # type: ignore[union-attr]
    TakeBackReport(actor=None, report=report, opinion="漏报一项").execute()
    assert list(case.acts.values_list("act", flat=True)) == ["start"]
    submitted(report)
    assert case.acts.filter(act="settle").count() == 1


# ---------------------------------------------------------------- two editors


def test_the_text_of_the_slower_editor_is_kept_beside(report: Report, section: Section) -> None:
    EditSection(actor=None, section=section, text="甲的文字。", expected_version=1).execute()
    with pytest.raises(ActionRefused, match="已另存"):
        EditSection(actor=None, section=section, text="乙的文字。", expected_version=1).execute()
    aside = section.versions.get(how=SectionVersion.How.ASIDE)
    assert (aside.text, aside.base, aside.number) == ("乙的文字。", 1, None)
    first = section.versions.get(number=1)
    restored = EditSection(
        actor=None, section=section, text=first.text, how=SectionVersion.How.RESTORED
    ).execute()
    assert (restored.version, restored.edited) == (3, False)
    assert [version.number for version in section.versions.exclude(number=None)] == [1, 2, 3]
