from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.ledger.registers import sample
from tests.planning.following import issued, training
from yifa.ledger.actions import ChangeFacts, CorrectAct, OpenCase, PublishEntry, RecordAct, ReviseEntry
from yifa.ledger.figures.usage import uses_of_case
from yifa.ledger.models import Case, Entry, Organization, Record, Role, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.planning.actions import LinkEvidence, LinkTarget, UnlinkEvidence, WithdrawPlan
from yifa.planning.evidence import candidates, counted_records, linked, search, tasks_of
from yifa.planning.models import Plan, Task, TaskEvidence
from yifa.planning.proposals import proposals
from yifa.planning.targets import answer

pytestmark = pytest.mark.django_db
MARCH, TODAY = date(2026, 3, 3), date(2026, 6, 1)


@pytest.fixture
def task(plan: Plan, county: Any) -> Task:
    """Led by the justice office, supported by the market office; wants two trainings of officers."""
    return issued(plan, county).tasks.all()[0]


def request(unit: Organization, on: date = MARCH) -> Case:
    return OpenCase(
        actor=None,
        organization=unit,
        case_type="information_request",
        act="receive",
        on=on,
        facts={"content": "示例道路改造的验收资料"},
        by="甲某",
    ).execute()


def link(task: Task, record: Any, actor: Any = None, note: str = "说明进展") -> TaskEvidence:
    return LinkEvidence(actor=actor, task=task, record=record, note=note).execute()


def test_linking_stands_in_the_chain_with_the_end_of_the_record(task: Task, county: Any) -> None:
    case = training(county.market, MARCH)
    found = link(task, case, county.user(Role.OFFICER, county.justice))
    record = Record.objects.filter(subject=Subject.PLAN, subject_id=task.plan_id).last()
    assert record is not None and record.kind == "evidence.linked"
    said = json.loads(record.payload)
    assert (said["id"], said["digest"], said["task"]) == (str(case.pk), case.head, task.order)
    assert (found.length, found.digest) == (case.length, case.head)
    with pytest.raises(ActionRefused, match="不用再关联"):
        link(task, case)


def test_who_may_link_what(task: Task, county: Any, plan: Plan) -> None:
    officer, outsider = county.user(Role.OFFICER, county.justice), county.user(Role.OFFICER, county.housing)
    with pytest.raises(ActionRefused) as refused:
        link(task, training(county.justice, MARCH), outsider)
    assert refused.value.code == "role"
    foreign = training(county.housing, MARCH)
    with pytest.raises(ActionRefused, match="没有参加这项任务"):
        link(task, foreign, officer)
    assert link(task, foreign, county.coordinator()).organization == county.housing
    with pytest.raises(ActionRefused, match="写一句说明"):
        link(task, training(county.justice, MARCH), officer, note=" ")


def test_what_was_over_before_the_year_is_no_evidence(task: Task, county: Any) -> None:
    old = training(county.justice, date(2025, 11, 3))
    with pytest.raises(ActionRefused, match="2026年以来没有办理过"):
        link(task, old)
    entry = PublishEntry(
        actor=None,
        organization=county.justice,
        register="powers",
        data=sample("powers", {"code": "A-9"}),
        on=date(2024, 3, 1),
    ).execute()
    Entry.objects.filter(pk=entry.pk).update(ends=date(2025, 12, 31))
    with pytest.raises(ActionRefused, match="早于2026年"):
        link(task, Entry.objects.get())
    Entry.objects.filter(pk=entry.pk).update(ends=date(2026, 1, 1))
    assert link(task, Entry.objects.get()).title == entry.title


def test_unlinking_needs_a_reason_and_keeps_the_link(task: Task, county: Any) -> None:
    found = link(task, training(county.justice, MARCH))
    with pytest.raises(ActionRefused, match="理由"):
        UnlinkEvidence(actor=None, evidence=found, reason="").execute()
    UnlinkEvidence(actor=None, evidence=found, reason="重复").execute()
    kept = TaskEvidence.objects.get()
    assert kept.ended_at is not None and kept.ended_reason == "重复"
    assert linked(task.evidence.all()) == []
    with pytest.raises(ActionRefused, match="已经取消"):
        UnlinkEvidence(actor=None, evidence=kept, reason="再来").execute()
    link(task, Case.objects.get())  # may be linked anew


def test_unlinking_decides_on_what_stands_not_on_what_was_read_before(task: Task, county: Any) -> None:
    found = link(task, training(county.justice, MARCH))
    stale = TaskEvidence.objects.select_related("task__plan__organization").get(pk=found.pk)
    UnlinkEvidence(actor=None, evidence=found, reason="重复").execute()
    with pytest.raises(ActionRefused, match="已经取消"):
        UnlinkEvidence(actor=None, evidence=stale, reason="另一人也取消").execute()
    assert TaskEvidence.objects.get().ended_reason == "重复"
    again = link(task, Case.objects.get())
    stale = TaskEvidence.objects.select_related("task__plan__organization").get(pk=again.pk)
    assert stale.task.plan.state == Plan.State.ISSUED
    WithdrawPlan(actor=None, plan=Plan.objects.get(), on=MARCH, reason="重做").execute()
    with pytest.raises(ActionRefused, match="已撤回"):
        UnlinkEvidence(actor=None, evidence=stale, reason="计划已撤回之后").execute()


def test_a_plan_that_is_not_in_force_takes_no_evidence(task: Task, county: Any) -> None:
    WithdrawPlan(actor=None, plan=task.plan, on=MARCH, reason="重做").execute()
    with pytest.raises(ActionRefused, match="已撤回"):
        link(task, training(county.justice, MARCH))


def test_a_later_correction_shows_and_a_later_act_is_told_apart(task: Task, county: Any) -> None:
    wrong, running, quiet = (request(county.justice) for _ in range(3))
    for case in (wrong, running, quiet):
        link(task, case)
    CorrectAct(actor=None, case=wrong, position=1, changes={"by": "乙某"}, reason="笔误").execute()
    RecordAct(
        actor=None,
        case=running,
        act="answer",
        on=date(2026, 3, 20),
        outcome="予以公开",
        evidence=[{"title": "答复书", "attachment": None}],
    ).execute()
    with CaptureQueriesContext(connection) as asked:
        found = {one.evidence.record_id: one.later for one in linked(list(task.evidence.all()))}
    assert found == {wrong.pk: "记录后来有更正", running.pk: "此后又有办理", quiet.pk: ""}
    assert len(asked) == 2
    ChangeFacts(actor=None, case=quiet, facts={"content": "另一份资料"}, reason="登记有误").execute()
    assert "记录后来有更正" in {
        one.later for one in linked(task.evidence.all()) if one.evidence.record_id == quiet.pk
    }


def test_a_revised_entry_shows_too(task: Task, county: Any) -> None:
    data = sample("powers", {"code": "A-1"})
    entry = PublishEntry(
        actor=None, organization=county.justice, register="powers", data=data, on=MARCH
    ).execute()
    found = link(task, entry)
    assert (found.kind, found.number, found.source) == ("entry", "A-1", "powers")
    assert linked([found])[0].later == ""
    ReviseEntry(actor=None, entry=entry, data={**data, "name": "改名"}, on=TODAY, reason="改名").execute()
    assert linked([found])[0].later == "记录后来有更正"


def test_what_the_rule_finds_are_the_records_behind_the_answer(task: Task, county: Any) -> None:
    counted = training(county.market, MARCH)
    training(county.market, MARCH, "领导干部")
    found = counted_records(answer(task.targets.all()[0], TODAY))
    assert [one.id for one in found] == [counted.pk]


def test_a_kind_is_proposed_with_the_words_and_the_rule(plan: Plan, task: Task) -> None:
    offered = {one.source: one for one in proposals(task)}
    assert set(offered) == {"training"}
    training_ = offered["training"]
    assert training_.rule and all(word in training_.said for word in training_.words)
    assert all(f"“{word}”" in training_.why for word in training_.words)
    second = plan.tasks.all()[1]
    assert next(one.source for one in proposals(second)) == "case_review"


def test_words_that_speak_of_nothing_known_propose_nothing(task: Task) -> None:
    task.title, task.text = "加强组织领导", "各单位要提高认识，压实责任，按时报送情况。"
    assert proposals(task) == ()


def test_candidates_are_of_the_year_the_units_and_not_linked_yet(task: Task, county: Any) -> None:
    coordinator = county.coordinator()
    units = [county.justice, county.market]
    first, second = training(county.market, MARCH), training(county.justice, date(2026, 4, 4))
    training(county.housing, MARCH)
    training(county.justice, date(2025, 3, 3))
    (offered,) = candidates(coordinator, task, units)
    assert [one.pk for one in offered.rows] == [second.pk, first.pk] and not offered.more
    link(task, first)
    (offered,) = candidates(coordinator, task, units)
    assert [one.pk for one in offered.rows] == [second.pk]
    for number in range(1, 5):
        training(county.justice, date(2026, 5, number))
    (offered,) = candidates(coordinator, task, units)
    assert len(offered.rows) == 3 and offered.more
    assert all(not one.rows for one in candidates(county.user(Role.OFFICER, county.housing), task, units))


def test_search_finds_by_words_number_and_kind_within_reach(task: Task, county: Any) -> None:
    coordinator, units = county.coordinator(), [county.justice, county.market]
    case = request(county.justice)
    request(county.housing)
    entry = PublishEntry(
        actor=None,
        organization=county.market,
        register="powers",
        data=sample("powers", {"code": "K-77", "name": "道路占用许可"}),
        on=MARCH,
    ).execute()
    assert [one.pk for one in search(coordinator, units, "验收 道路")] == [case.pk]
    assert {one.pk for one in search(coordinator, units, "道路")} == {case.pk, entry.pk}
    assert [one.pk for one in search(coordinator, units, "K-77")] == [entry.pk]
    assert [one.pk for one in search(coordinator, units, "", "powers")] == [entry.pk]
    assert search(coordinator, units, "  ") == []
    assert search(county.user(Role.OFFICER, county.housing), units, "道路") == []


@pytest.mark.mechanism("D5-12", "works")
def test_one_record_serves_every_task_that_counts_or_links_it(task: Task, county: Any) -> None:
    case, plan = training(county.justice, MARCH), task.plan
    other = plan.tasks.all()[1]
    made = link(other, case)
    uses = uses_of_case(case, TODAY)
    found = tasks_of(case, uses, Plan.objects.all())
    assert [(use.task, use.link) for use in found if use.link] == [(other, made)]
    assert [use.task for use in found if use.target] == [task]
    assert tasks_of(case, uses, Plan.objects.none()) == []
    target = task.targets.all()[0]
    LinkTarget(actor=None, target=target, counting_rule="").execute()
    assert [use.task for use in tasks_of(case, uses, Plan.objects.all())] == [other]
    leaders = training(county.justice, MARCH, "领导干部")
    # 「各乡镇」 asks each town: what a department did is no answer to it
    assert tasks_of(leaders, uses_of_case(leaders, TODAY), Plan.objects.all()) == []
    town = training(county.towns[0], MARCH, "领导干部")
    answered = tasks_of(town, uses_of_case(town, TODAY), Plan.objects.all())
    assert [use.task for use in answered] == [plan.tasks.all()[3]]
