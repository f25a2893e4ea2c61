from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.ledger.conftest import Town
from tests.ledger.registers import value
from yifa.law.loader import catalogue
from yifa.ledger.actions import ActionRefused, ChangeFacts, CorrectAct, OpenCase, RecordAct
from yifa.ledger.deciding import cases
from yifa.ledger.models import Case, CaseAct, Organization, Record, Role, User
from yifa.ledger.proof.verification import verify

TODAY = timezone.localdate()


def refused(code: str, words: str) -> object:
    return pytest.raises(ActionRefused, match=words, check=lambda error: error.code == code)  # type: ignore[call-overload]


def test_opening_records_the_case_and_its_first_act(place: Town, officer: User) -> None:
    case = place.request(actor=officer, fields={"channel": "邮寄"})
    assert (case.status, case.opened_on, case.length) == ("办理中", date(2024, 9, 20), 2)
    assert case.title == "申请公开示例道路改造的验收资料"
    assert case.next_clock == "answer" and case.next_due is not None and case.next_due > date(2024, 10, 10)
    act = case.acts.get()
    assert (act.act, act.actor, act.role, act.unit, act.entered) == (
        "receive", "甲一", "officer", place.office, "live",
    )  # fmt: skip
    assert act.fields == {"channel": "邮寄"}
    assert [record.kind for record in Record.objects.filter(subject_id=case.pk)] == [
        "case.opened",
        "act.recorded",
    ]


def test_the_next_act_stops_the_clock(place: Town) -> None:
    case = place.request()
    act = place.answer(case)
    case.refresh_from_db()
    assert act.position == 2 and act.evidence == [{"title": "答复书", "attachment": None}]
    assert case.next_due is None and case.length == 3
    clock = case.clocks.get(clock="answer")
    assert clock.stopped_on == date(2024, 10, 20) and case.broken == 0


def test_what_the_law_forbids_now_is_refused_live_with_reason_and_article(place: Town) -> None:
    case = place.request()
    with refused("refused", "告知补正"):
        RecordAct(actor=None, case=case, act="supplement", on=date(2024, 9, 23)).execute()
    with pytest.raises(ActionRefused) as error:
        RecordAct(actor=None, case=case, act="delay", on=date(2024, 9, 23), fields={"days": 3}).execute()
    assert error.value.basis is not None and error.value.basis.article == "第三十五条"
    case.refresh_from_db()
    assert case.length == 2 and case.acts.count() == 1


def test_entered_back_it_is_accepted_marked_and_stands_as_a_finding(place: Town) -> None:
    case = place.request()
    act = RecordAct(actor=None, case=case, act="supplement", on=date(2024, 9, 23), entered="back").execute()
    assert act.entered == "back"
    case.refresh_from_db()
    finding = case.findings.get(act="supplement")
    assert finding.kind == "order" and "补录" in finding.message and finding.position == act.position
    assert case.findings_count == case.findings.count() > 0


def test_a_day_before_the_case_began_or_after_today(place: Town) -> None:
    case = place.request()
    with refused("refused", "2024年9月20日"):
        place.answer(case, on=date(2024, 9, 1))
    place.answer(case, on=date(2024, 9, 1), entered="back")
    assert "date" in case.findings.values_list("kind", flat=True)
    for entered in ("live", "back"):
        with refused("invalid", "晚于今天.*还没有发生"):
            place.answer(place.request(), on=TODAY + timedelta(days=1), entered=entered)


def test_two_people_at_once(place: Town) -> None:
    case = place.request()
    seen = case.length
    place.answer(case, expected_length=seen)
    records = Record.objects.count()
    with refused("conflict", "这个事项刚被他人更新.*请刷新后再录"):
        RecordAct(
            actor=None, case=case, act="withdraw", on=date(2024, 10, 20), expected_length=seen
        ).execute()
    assert Record.objects.count() == records
    assert CaseAct.objects.filter(case=case).count() == 2
    assert not verify().faults


def test_who_may_record(place: Town) -> None:
    stranger, elsewhere = place.user(), place.user(Role.OFFICER, at=place.town)
    above = place.user(Role.OFFICER, at=place.body)
    for user in (stranger, elsewhere):
        with refused("role", "没有.*权限.*承办人"):
            place.request(actor=user)
    case = place.request(actor=above)
    assert case.opened_by == above
    stranger.is_superuser = True
    stranger.save()
    place.request(actor=stranger)
    above.is_active = False
    above.save()
    with refused("role", "没有.*权限"):
        place.request(actor=above)


def test_wrong_facts_outcomes_and_fields_say_what_and_how(place: Town) -> None:
    with refused("invalid", "申请人类别.*自然人"):
        place.request(facts={"content": "某资料", "applicant_kind": "组织"})
    with refused("invalid", "学习主题.*须填写"):
        OpenCase(
            actor=None, organization=place.office, case_type="study_session", on=date(2024, 3, 1)
        ).execute()
    with refused("invalid", "没有“办结”这个结果，可选"):
        place.answer(place.request(), outcome="办结")
    with refused("invalid", "没有「dance」这个环节"):
        RecordAct(actor=None, case=place.request(), act="dance", on=date(2024, 9, 23)).execute()
    with refused("invalid", "提交方式.*没有“信鸽”"):
        place.request(fields={"channel": "信鸽"})
    with refused("missing", "没有「nonsense」这个事项类型"):
        OpenCase(actor=None, organization=place.office, case_type="nonsense", on=date(2024, 3, 1)).execute()
    with refused("invalid", "应从“收到申请”开始"):
        OpenCase(
            actor=None,
            organization=place.office,
            case_type="information_request",
            act="answer",
            on=date(2024, 3, 1),
            facts={"content": "x"},
        ).execute()
    with refused("invalid", "录入方式"):
        place.request(entered="later")
    with refused("missing", "附件没有存入"):
        place.answer(place.request(), evidence=[{"title": "答复书", "attachment": "0" * 64}])


def test_a_correction_points_back_and_the_old_act_stays(place: Town) -> None:
    case = place.request()
    act = place.answer(case, on=date(2024, 11, 20))
    case.refresh_from_db()
    assert case.broken == 1 and "late" in case.findings.values_list("kind", flat=True)
    case = CorrectAct(
        actor=None, case=case, position=act.position, changes={"on": date(2024, 10, 18)}, reason="日期录错"
    ).execute()
    mended = case.acts.get(position=act.position)
    assert mended.happened_on == date(2024, 10, 18) and mended.corrected
    assert case.broken == 0 and not case.findings.filter(kind="late").exists()
    kept = json.loads(Record.objects.get(subject_id=case.pk, position=3).payload)
    assert kept["outcome"] == "予以公开" and Record.objects.get(
        subject_id=case.pk, position=3
    ).happened_on == date(2024, 11, 20)
    assert mended.record.kind == "act.corrected"
    history = cases.history_of(case)
    assert [entry.position for entry in history.entries] == [1, 2, 3]


def test_a_withdrawn_act_is_gone_from_the_case_but_not_from_the_ledger(place: Town) -> None:
    case = place.request()
    act = place.answer(case)
    case = CorrectAct(
        actor=None, case=case, position=act.position, withdraws=True, reason="录错了事项"
    ).execute()
    assert not case.acts.filter(act="answer").exists() and case.next_clock == "answer"
    assert Record.objects.filter(subject_id=case.pk).count() == 4
    with refused("missing", "撤回"):
        CorrectAct(
            actor=None, case=case, position=2, changes={"outcome": "不予公开"}, reason="再改"
        ).execute()
    again = place.answer(case)
    assert again.position == 4


def test_corrections_that_make_no_sense(place: Town) -> None:
    case = place.request()
    place.answer(case)
    case.refresh_from_db()
    for position, changes, reason, words in (
        (2, {"on": date(2024, 10, 20)}, "无", "内容相同"),
        (2, {"on": date(2024, 10, 21)}, " ", "写明更正的理由"),
        (9, {"on": date(2024, 10, 21)}, "错", "没有第9项"),
        (2, {"colour": "红"}, "错", "不能更正"),
        (2, {"outcome": "办结"}, "错", "没有“办结”这个结果"),
        (2, {"on": TODAY + timedelta(days=2)}, "错", "晚于今天"),
        (2, {"on": "2024-13-01"}, "错", "2024-13-01"),
    ):
        with pytest.raises(ActionRefused, match=words):
            CorrectAct(actor=None, case=case, position=position, changes=changes, reason=reason).execute()
    case.refresh_from_db()
    assert case.length == 3


def test_facts_change_with_a_reason(place: Town, officer: User) -> None:
    case = place.request(actor=officer)
    with refused("invalid", "请填写修改的理由"):
        ChangeFacts(actor=officer, case=case, facts={"applicant": "张示例"}, reason="").execute()
    case = ChangeFacts(actor=officer, case=case, facts={"applicant": "张示例"}, reason="补登记").execute()
    assert case.facts == {"content": "申请公开示例道路改造的验收资料", "applicant": "张示例"}
    case = ChangeFacts(actor=officer, case=case, facts={"applicant": None}, reason="当事人要求").execute()
    assert "applicant" not in case.facts
    with refused("invalid", "内容相同"):
        ChangeFacts(actor=officer, case=case, facts={"applicant": ""}, reason="试").execute()
    with refused("invalid", "申请人类别"):
        ChangeFacts(actor=officer, case=case, facts={"applicant_kind": "谁"}, reason="试").execute()


def test_check_alone_changes_nothing(place: Town) -> None:
    case = place.request()
    action = RecordAct(actor=None, case=case, act="answer", on=date(2024, 10, 20), outcome="予以公开")
    action.check()
    case.refresh_from_db()
    assert case.length == 2


def test_a_failure_halfway_leaves_nothing(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    records = Record.objects.count()

    def broken(*_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("yifa.ledger.actions.cases.write_cases", broken)
    with pytest.raises(RuntimeError):
        place.request()
    assert Record.objects.count() == records and not Case.objects.exists()


def test_what_was_known_on_a_day(place: Town) -> None:
    case = place.request()
    place.answer(case)
    assert len(cases.entries_of(case)) == 2
    assert len(cases.entries_of(case, known_on=TODAY)) == 2
    with pytest.raises(ActionRefused, match="还没有"):
        cases.entries_of(case, known_on=date(2024, 10, 1))


def document(place: Town, organization: Organization, on: date, number: str = "") -> Case:
    """A normative document with its number given."""
    facts = {
        key: value(spec)
        for key, spec in catalogue().case_types["normative_document"].facts.items()
        if spec.required
    }
    case = OpenCase(
        actor=None,
        organization=organization,
        case_type="normative_document",
        on=on,
        facts=facts,
        entered="back",
    ).execute()
    rule = catalogue().case_types["normative_document"].number
    assert rule is not None
    RecordAct(actor=None, case=case, act=rule.act, on=on, entered="back", number=number).execute()
    case.refresh_from_db()
    return case


def test_numbers_run_without_gaps_per_issuer_and_year(place: Town) -> None:
    days = [date(2024, 2, 1), date(2024, 9, 1), date(2023, 5, 1), date(2024, 12, 1)]
    numbers = [document(place, place.office, day).number for day in days]
    assert numbers == ["澜司规〔2024〕1号", "澜司规〔2024〕2号", "澜司规〔2023〕1号", "澜司规〔2024〕3号"]
    assert document(place, place.body, date(2024, 2, 1)).number == "澜政规〔2024〕1号"


def test_a_number_is_given_once_and_lives_and_dies_with_its_transaction(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = document(place, place.office, date(2024, 2, 1))
    rule = catalogue().case_types["normative_document"].number
    assert rule is not None
    RecordAct(actor=None, case=case, act=rule.act, on=date(2024, 3, 1), entered="back").execute()
    case.refresh_from_db()
    assert case.number == "澜司规〔2024〕1号"
    with monkeypatch.context() as patch:
        patch.setattr("yifa.ledger.actions.cases.write_cases", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            document(place, place.office, date(2024, 4, 1))
    assert document(place, place.office, date(2024, 4, 1)).number == "澜司规〔2024〕2号"


def test_a_back_entry_keeps_the_number_it_has_on_paper(place: Town) -> None:
    case = document(place, place.office, date(2019, 4, 1), number="澜司〔2019〕老7号")
    assert case.number == "澜司〔2019〕老7号"
    with refused("duplicate", "已用于另一事项"):
        document(place, place.office, date(2019, 4, 2), number="澜司〔2019〕老7号")
    with refused("invalid", "只有补录时才填"):
        place.request(number="自编1号")


def test_a_level_without_the_power_is_told_so(place: Town) -> None:
    with refused("no_power", "本级无此职权.*示例镇"):
        OpenCase(
            actor=None, organization=place.town, case_type="reconsideration", on=date(2024, 3, 1)
        ).execute()
