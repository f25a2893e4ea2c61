"""A case is not closed while acts before are without their papers, unless a reason says why."""

from __future__ import annotations

from datetime import date
from typing import Any

from yifa.law.schema import CaseType
from yifa.procedures import engine
from yifa.procedures.model import Act, Context, Entered

CASE = CaseType.model_validate(
    {
        "case_type": "thing",
        "title": "事项",
        "summary": "测试用",
        "basis": [{"law": "行政处罚法"}],
        "opens_with": ["open"],
        "acts": {
            "open": {"title": "启动", "evidence": ["审批表"]},
            "close": {
                "title": "归档",
                "closes": True,
                "fields": {"why": {"title": "缺少记录的理由"}},
                "complete": "why",
            },
        },
    }
)
ON = Context(on=date(2024, 6, 1))


def refused(opened: Act, **fields: Any) -> list[tuple[str, str]]:
    closing = Act("close", date(2024, 5, 2), fields=fields)
    return [(one.kind, one.reason) for one in engine.refusals(CASE, {}, (opened,), closing, ON)]


def test_the_missing_paper_is_named_and_a_reason_lets_it_pass() -> None:
    bare = Act("open", date(2024, 5, 1))
    ((kind, reason),) = refused(bare)
    assert kind == "evidence" and "“启动”缺少“审批表”" in reason and "缺少记录的理由" in reason
    assert len(refused(bare, why="  ")) == 1
    assert refused(bare, why="原件遗失") == []
    assert refused(Act("open", date(2024, 5, 1), evidence=("审批表",))) == []
    assert refused(Act("open", date(2024, 5, 1), unstated=frozenset({"evidence"}))) == []


def test_closed_afterwards_it_stands_as_a_finding() -> None:
    acts = (Act("open", date(2024, 5, 1)), Act("close", date(2024, 5, 2), entered=Entered.BACK))
    found = engine.findings(CASE, {}, acts, ON)
    assert [(one.kind.value, one.act) for one in found] == [("evidence", "open"), ("evidence", "close")]
