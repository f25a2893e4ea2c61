"""Whose turn it is, as the catalogue tells it, against what the engine says of the example cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from yifa.law.loader import catalogue
from yifa.procedures.awaiting import awaited, awaited_by_clock, sent_back
from yifa.procedures.scenario import ScenarioResult, run

EXAMPLES = Path(__file__).parents[1] / "scenarios"


def _examples() -> Iterator[tuple[str, ScenarioResult]]:
    for name, kind in catalogue().case_types.items():
        if awaited(kind):
            for path in sorted((EXAMPLES / name).glob("*.yaml"))[:12]:
                yield name, run(path, catalogue())


def test_a_case_that_waits_for_an_act_has_one_of_its_statuses() -> None:
    waited = set()
    for name, found in _examples():
        if found.state.closed or not found.state.acts:
            continue
        last = max(found.state.acts, key=lambda act: act.position)
        for one in awaited(catalogue().case_types[name]):
            if one.act in found.state.next and last.act in one.after:
                assert one.waited_for(found.state.status, found.state.acts), (found.file, one.act)
                waited.add((name, one.act))
    assert len(waited) > 10


@pytest.mark.parametrize(
    ("case_type", "act", "roles", "statuses"),
    [
        ("administrative_penalty", "legal_review", {"reviewer"}, {"待审查", "已听证", "已告知"}),
        ("compulsory_measure", "approve", {"leader"}, {"待批准"}),
        ("major_problem_report", "instruct", {"leader"}, {"已签收"}),
        ("supervision_letter", "verify", {"supervisor"}, {"已回复"}),
    ],
)
def test_who_is_waited_for(case_type: str, act: str, roles: set[str], statuses: set[str]) -> None:
    (one,) = [one for one in awaited(catalogue().case_types[case_type]) if one.act == act]
    assert one.roles == roles
    assert one.statuses == statuses


def test_nobody_waits_for_more_time_nor_for_what_stands_in_for_another_act() -> None:
    acts = {(name, one.act) for name, kind in catalogue().case_types.items() for one in awaited(kind)}
    assert ("hotline_ticket", "extend") not in acts
    assert ("compulsory_measure", "extend") not in acts
    assert ("opinion_item", "no_response") not in acts
    assert awaited_by_clock(catalogue().case_types["opinion_item"])["response"] == "respond"


def test_nobody_waits_for_what_may_come_at_any_time_and_moves_nothing_on() -> None:
    acts = {(name, one.act) for name, kind in catalogue().case_types.items() for one in awaited(kind)}
    assert not acts & {("inspection_plan", "amend"), ("assessment", "enter")}
    # these end a case's waiting, or others need them
    assert acts >= {("major_problem_report", "instruct"), ("rectification_item", "check")}
    assert acts >= {("other_enforcement_decision", "review"), ("assessment", "score")}


def test_a_deadline_of_the_party_waits_for_no_officer() -> None:
    for kind in catalogue().case_types.values():
        for clock in awaited_by_clock(kind):
            assert kind.clocks[clock].party is None
            assert kind.clocks[clock].at_most is not None


def test_what_sends_a_case_back() -> None:
    (penalty,) = sent_back(catalogue().case_types["administrative_penalty"])
    assert penalty.act == "legal_review"
    assert penalty.outcomes == {"不通过"}
    (draft,) = sent_back(catalogue().case_types["major_decision"])
    assert draft.outcomes == {"应当修改", "不合法"}
