"""The period a text names, with its days."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.reading.periods import period_in

NAMED = {
    "溪口县2026年1月1日至11月22日法治政府建设情况": ("2026-01-01", "2026-11-22"),
    "2024年12月1日至2025年11月30日工作情况": ("2024-12-01", "2025-11-30"),
    "2025年1月至10月工作情况": ("2025-01-01", "2025-10-31"),
    "2025年1—10月工作情况": ("2025-01-01", "2025-10-31"),
    "2017年至2019年工作": ("2017-01-01", "2019-12-31"),
    "2017-2019年工作": ("2017-01-01", "2019-12-31"),
    "2023年上半年工作": ("2023-01-01", "2023-06-30"),
    "上半年工作": ("2024-01-01", "2024-06-30"),
}


@pytest.mark.parametrize("text", NAMED)
def test_period(text: str) -> None:
    begins, ends = NAMED[text]
    assert period_in(text, 2024) == (date.fromisoformat(begins), date.fromisoformat(ends))


@pytest.mark.parametrize(
    "text", ["2024年度工作情况", "2019年至1017年", "2025年13月至14月", "工作情况", "2024年2月30日至3月1日"]
)
def test_no_period(text: str) -> None:
    assert period_in(text, 2024) is None
