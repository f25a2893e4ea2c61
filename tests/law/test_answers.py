from __future__ import annotations

import pytest

from yifa.law.answers import answer_for, rule_for
from yifa.law.schema import CountingRule


def rule(name: str, *answers: str, unit: str = "次") -> CountingRule:
    return CountingRule(
        counting_rule=name,
        title=name,
        unit=unit,
        explain=name,
        acts=["hold"],
        case_type="training",
        answers=list(answers),
    )


RULES = {
    shape.counting_rule: shape
    for shape in (
        rule("all_trainings", "培训", unit="场次"),
        rule("officers", "执法人员 培训", unit="场次"),
        rule("attendances", "执法人员 培训", unit="人次"),
        rule("sessions", "中心组 学法"),
        rule("twin_one", "案卷 评查"),
        rule("twin_two", "评查 案卷"),
    )
}


@pytest.mark.parametrize(
    ("wording", "unit", "found"),
    [
        ("行政执法人员培训", "次", "officers"),  # the more particular rule
        ("行政执法人员专题培训", "期", "officers"),
        ("行政执法人员培训", "人次", "attendances"),  # another measure, another rule
        ("基层干部培训", "次", "all_trainings"),
        ("中心组学法", "次", "sessions"),
        ("案卷评查", "次", ""),  # two fit alike: nobody guesses
        ("植树", "次", ""),
        ("行政执法人员培训", "%", ""),
    ],
)
def test_a_target_gets_the_one_rule_that_fits_best(wording: str, unit: str, found: str) -> None:
    assert rule_for(wording, unit, RULES) == found


SETTLED = {
    shape.counting_rule: shape
    for shape in (
        rule("decided", "行政处罚 审结", unit="件"),
        rule("in_time", "行政处罚 按期审结", unit="件"),
        rule("petitions_in_time", "信访 按期审结", unit="件"),
    )
}


@pytest.mark.parametrize(
    ("wording", "around", "found"),
    [
        ("审结行政处罚案件", "", "decided"),
        ("按期审结", "审结行政处罚案件", "in_time"),  # what is counted is said before
        ("按期审结", "办结信访事项", "petitions_in_time"),
        ("按期审结", "", None),
        ("县城市管理局", "审结行政处罚案件", None),  # a part that says nothing of its own
        ("行政处罚案件", "审结行政处罚案件", None),
        ("行政处罚案件审结超过办案期限", "", None),  # too late is another figure
        ("逾期审结", "审结行政处罚案件", None),
    ],
)
def test_a_part_is_understood_by_its_whole(wording: str, around: str, found: str | None) -> None:
    answer = answer_for(wording, around, "件", SETTLED)
    assert (answer.rule if answer else None) == found
