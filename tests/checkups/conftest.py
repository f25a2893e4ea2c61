from __future__ import annotations

from pathlib import Path

import pytest

PLACES = ("柳坝县", "石桥镇", "青屏区", "白沙县", "云岭县", "南浦区")


def report(number: int) -> str:
    """A short report whose sum is wrong in every second one; no two alike."""
    parts = (30 + number, 40, 20)
    total = sum(parts) + number % 2 * 7
    place = PLACES[number % len(PLACES)]
    return (
        f"{place}2023年法治政府建设情况报告\n"
        f"现将{place}2023年法治政府建设情况报告如下。\n"
        "一、主要举措和成效\n"
        f"（一）规范行政执法。全县共办理行政处罚案件{total}件，其中环保领域行政处罚案件{parts[0]}件；"
        f"住建领域行政处罚案件{parts[1]}件；城管领域行政处罚案件{parts[2]}件。\n"
        f"（二）化解矛盾纠纷。调解{number + 100}件。\n"
    )


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Twenty-four reports."""
    folder = tmp_path / "报告"
    folder.mkdir()
    paths = []
    for number in range(24):
        path = folder / f"{number:02d}.txt"
        path.write_text(report(number), encoding="utf-8")
        paths.append(path)
    return paths
