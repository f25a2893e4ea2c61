"""A procedure of our own that has every feature of the schema once, so that tests do not hang on the catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from yifa.law.messages import validate
from yifa.law.nodes import parse_yaml
from yifa.law.schema import CaseType, Jurisdiction
from yifa.procedures.model import Act, Context, Correction, Entered

YAML = """
case_type: permit
title: 试办许可
summary: 供测试用的程序
basis: [{law: 试办条例, article: 第一条}]
opens_with: [apply]
governed_by: [accept]
governed_by_fact: law_date
facts:
  urgent: {title: 紧急, type: boolean}
  amount: {title: 金额, type: money, minimum: 0}
  kind: {title: 类别, type: choice, choices: [新设, 变更]}
  known_on: {title: 知道之日, type: date}
  law_date: {title: 适用日, type: date}
  places: {title: 地点, type: list}
acts:
  apply: {title: 申请, party: 申请人, state: 已申请}
  accept:
    title: 受理
    basis: {law: 试办条例, article: 第五条}
    earlier: [{law: 试办条例（旧）, article: 第三条, to: 2019-12-31}]
    after: [apply]
    state: 办理中
  hear:
    title: 听证
    basis: {law: 试办条例, article: 第八条}
    after: [notify]
    not_after: [decide]
    only_if: {fact: urgent, is: false}
    only_if_reason: 紧急事项不听证
    evidence: [听证笔录, 通知书]
  notify:
    title: 通知听证
    basis: {law: 试办条例, article: 第七条}
    after: [accept]
    not_after: [decide]
  draft: {title: 起草, after: [accept], by: [officer]}
  review:
    title: 合法性审核
    basis: {law: 试办条例, article: 第九条}
    from: 2020-01-01
    after: [draft]
    not_after: [decide]
    repeat: true
    by: [reviewer]
    outcomes: [通过, 不通过]
    required: {act: decide, done: true}
    fields:
      opinions: {title: 意见数, type: number, minimum: 1, maximum: 50, required: true}
      members: {title: 审核人, type: list, min_items: 2}
  extend:
    title: 延长
    after: [accept]
    not_after: [decide]
    repeat: true
  suspend: {title: 中止, after: [accept], not_after: [decide], repeat: true}
  resume: {title: 恢复, after: [suspend], not_after: [decide], repeat: true}
  anew: {title: 补正, after: [accept], not_after: [decide]}
  decide:
    title: 决定
    basis: {law: 试办条例, article: 第十条}
    after:
      - {acts: [accept], basis: {law: 试办条例, article: 第六条}}
      - {acts: [review], outcome: [通过], when: {not: {fact: urgent, is: true}}, from: 2020-01-01}
    outcomes: [准予, 不予, 驳回]
    state: 已决定
    state_by_outcome: {不予: 未获准}
    closes_on_outcome: [驳回]
  publish: {title: 公开, after: [decide], after_closing: true}
  deliver: {title: 送达, after: [decide], closes: true}
  withdraw: {title: 撤回, not_after: [decide], closes: true, state: 已撤回}
clocks:
  decision:
    title: 决定期限
    from: [accept]
    to: [decide]
    at_most:
      - {law: 试办条例（旧）, article: 第十二条, length: 30, unit: days, to: 2019-12-31}
      - {law: 试办条例, article: 第十二条, length: 10, unit: workdays, from: 2020-01-01}
    extensions:
      - act: extend
        at_most:
          - {law: 试办条例（旧）, article: 第十二条, length: 15, unit: days, to: 2019-12-31}
          - {law: 试办条例, article: 第十二条, length: 5, unit: workdays, from: 2020-01-01}
    pauses: [{from: [suspend], to: [resume]}]
    restarts: [{act: anew}]
  hearing_notice:
    title: 听证通知提前时间
    from: [notify]
    to: [hear]
    at_least: [{law: 试办条例, article: 第七条, length: 7, unit: workdays}]
  local:
    title: 公开期限
    from: [decide]
    to: [publish]
    at_most: [{law: 试办条例, article: null, length: null}]
  application:
    title: 申请期限
    from: []
    to: [apply]
    starts_by_fact: known_on
    party: 申请人
    when: {fact: known_on, given: true}
    at_most: [{law: 试办条例, article: 第四条, length: 2, unit: months, roll_over: true}]
apart:
  - {acts: [draft, review], what: person, basis: {law: 试办条例, article: 第九条}}
  - {acts: [draft, hear], what: unit, reason: 听证不由起草单位主持}
"""


def case_type(yaml: str = YAML) -> CaseType:
    """The procedure, read as the loader reads it."""
    made, problems = validate(CaseType, parse_yaml(Path("permit.yaml"), yaml))
    assert made is not None, problems
    return made


PERMIT = case_type()

LOCAL = Jurisdiction.model_validate(
    {
        "jurisdiction": "here",
        "title": "本地",
        "durations": [
            {"case_type": "permit", "clock": "local", "duration": {"law": "本地规定", "length": 3}},
            {
                "case_type": "permit",
                "clock": "decision",
                "duration": {"law": "本地规定", "length": 4, "unit": "workdays", "from": date(2022, 1, 1)},
            },
            {"case_type": "other", "clock": "decision", "duration": {"law": "别处规定", "length": 1}},
        ],
    }
)


def act(name: str, on: str, outcome: str | None = None, **more: Any) -> Act:
    """An act of the sample; `back=True` enters it afterwards."""
    if more.pop("back", False):
        more["entered"] = Entered.BACK
    if "evidence" in more:
        more["evidence"] = tuple(more["evidence"])
    return Act(name, date.fromisoformat(on), outcome, **more)


def correct(of: int, withdraws: bool = False, **changes: Any) -> Correction:
    """A correction of the entry at a position."""
    return Correction(of=of, changes=changes, reason="录错", withdraws=withdraws)


def on(day: str, **more: Any) -> Context:
    """Looking on a day."""
    return Context(on=date.fromisoformat(day), **more)
