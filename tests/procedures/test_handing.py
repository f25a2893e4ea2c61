"""To which units a case stands handed, and whose turn it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from yifa.law.loader import catalogue
from yifa.procedures.handing import handed
from yifa.procedures.model import Act

OWNER = {"owner": "澜亭县市场监督管理局"}


def done(act: str, outcome: str | None = None, **fields: Any) -> Act:
    return Act(act=act, on=date(2026, 3, 2), outcome=outcome, fields=fields)


def waits(acts: list[Act]) -> bool:
    (one,) = handed(catalogue().case_types["rectification_item"], OWNER, acts)
    return one.waiting


def test_what_a_check_sends_back_is_the_units_turn_again() -> None:
    acts = [done("list")]
    assert waits(acts)
    acts += [done("plan_measure"), done("submit")]
    assert not waits(acts)
    assert waits([*acts, done("check", "退回整改")])
    assert not waits([*acts, done("check", "通过")])
    acts += [done("check", "退回整改"), done("submit"), done("check", "通过"), done("write_off")]
    assert not waits(acts)
    assert waits([*acts, done("check", "问题反弹")])
