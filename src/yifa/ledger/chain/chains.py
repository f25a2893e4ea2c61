"""Does one chain of records hold?"""

from __future__ import annotations

from typing import Any

from yifa.ledger.chain.canonical import GENESIS, record_digest
from yifa.ledger.chain.faults import Chain, Fault
from yifa.ledger.chain.records import Columns


def chain_faults(chain: Chain) -> list[Fault]:
    """What does not hold in one chain: altered, missing, inserted or reordered records."""
    faults: list[Fault] = []
    previous, expected, sound = GENESIS, 1, True
    for place, row in enumerate(chain.rows):
        if row["position"] != expected:
            faults.append(chain.fault("gap", place, _gap(expected, row["position"])))
        elif row["previous"] != previous and sound:
            before = max(place - 1, 0)
            faults.append(chain.fault("chain", before, "与后一条记录所载的摘要不符：这条记录被改动或替换。"))
        sound = _holds(row)
        if not sound:
            faults.append(chain.fault("digest", place, "内容与摘要不符：这条记录在台账之外被改动。"))
        previous = row["digest"]
        expected = row["position"] + 1 if isinstance(row["position"], int) else expected + 1
    return faults


def _holds(row: Columns) -> bool:
    try:
        return bool(record_digest(row) == row["digest"])
    except (TypeError, ValueError, KeyError):
        return False


def _gap(expected: int, found: Any) -> str:
    if not isinstance(found, int):
        return f"序号“{found}”不是数字：这条记录被改动。"
    if found < expected:
        return f"序号{found}出现了两次：有记录被放进来。"
    missing = f"第{expected}条" if found == expected + 1 else f"第{expected}至{found - 1}条"
    return f"之前缺少{missing}记录：有记录被删除。"
