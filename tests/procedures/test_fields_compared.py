"""Fields held against one another: bounds named by fields, and two acts that must say the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.law.messages import validate
from yifa.law.nodes import parse_yaml
from yifa.law.schema import CaseType
from yifa.procedures import engine
from yifa.procedures.model import Act, Context

YAML = """
case_type: meeting
title: 试办会议
summary: 供测试用的程序
basis: [{law: 试办条例, article: 第一条}]
opens_with: [open]
facts:
  room: {title: 座位数, type: number}
acts:
  open: {title: 提出}
  review:
    title: 审查
    after: [open]
    repeat: true
    fields: {digest: {title: 摘要}}
  meet:
    title: 开会
    after: [open]
    repeat: true
    fields:
      quorum: {title: 最少人数, type: number}
      there: {title: 出席, type: list}
      digest: {title: 摘要}
    limits:
      - {field: there, minimum: quorum, when: {act: meet, done: true}, law: 试办条例, article: 第二条}
      - {field: there, maximum: room, when: {act: meet, done: true}, law: 试办条例, article: 第三条}
  sign:
    title: 签发
    after: [meet]
    only_if: {act: meet, field: digest, same_as: {act: review, field: digest}}
    only_if_reason: 文本与审查时不一致
"""


def meeting() -> CaseType:
    made, problems = validate(CaseType, parse_yaml(Path("meeting.yaml"), YAML))
    assert made is not None, problems
    return made


MEETING = meeting()
DAY = date(2024, 5, 6)


def refused(facts: dict[str, Any], *acts: tuple[str, dict[str, Any]]) -> list[str]:
    """Why the last of the acts is refused."""
    entries = [Act(name, DAY, fields=fields, position=place) for place, (name, fields) in enumerate(acts, 1)]
    found = engine.refusals(MEETING, facts, entries[:-1], entries[-1], Context(on=DAY))
    return [refusal.reason for refusal in found]


@given(st.integers(0, 6), st.none() | st.integers(0, 6), st.none() | st.integers(0, 6))
def test_a_bound_is_what_stands_in_a_field_and_a_list_is_as_much_as_its_items(
    there: int, quorum: int | None, room: int | None
) -> None:
    fields = {"there": ["甲"] * there} | ({} if quorum is None else {"quorum": quorum})
    reasons = refused({} if room is None else {"room": room}, ("open", {}), ("meet", fields))
    too_few = quorum is not None and there < quorum
    too_many = room is not None and there > room
    assert [("不得少于" in reason, "不得超过" in reason) for reason in reasons] == [
        mark for mark, holds in (((True, False), too_few), ((False, True), too_many)) if holds
    ]


@pytest.mark.parametrize(
    ("reviewed", "met", "same"),
    [
        ([{"digest": "a"}], {"digest": "a"}, True),
        ([{"digest": "a"}], {"digest": "b"}, False),
        ([{"digest": "a"}, {"digest": "b"}], {"digest": "b"}, True),  # the latest review counts
        ([{"digest": "a"}], {}, False),
        ([{}], {"digest": ""}, True),  # empty is empty, however it is written
        ([], {}, True),
        ([], {"digest": "a"}, False),
    ],
)
def test_two_acts_say_the_same(reviewed: list[dict[str, Any]], met: dict[str, Any], same: bool) -> None:
    acts = [("open", {}), *(("review", fields) for fields in reviewed), ("meet", met), ("sign", {})]
    assert refused({}, *acts) == ([] if same else ["文本与审查时不一致"])
