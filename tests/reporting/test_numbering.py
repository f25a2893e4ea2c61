from __future__ import annotations

import pytest

from yifa.reading import read_text
from yifa.reporting.numbering import chinese, heading_number


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (36, "三十六"), (99, "九十九")]
)
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese(number) == text


@pytest.mark.parametrize("number", [0, 100, -1])
def test_there_is_no_heading_beyond_ninety_nine(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        chinese(number)


def test_the_reader_reads_the_numbers_back() -> None:
    lines = ["澜亭县2025年法治政府建设情况报告", "现将情况报告如下。"]
    for first in range(1, 13):
        lines.append(f"{heading_number(1, first)}第{first}方面的工作")
        for second in range(1, 4):
            lines += [f"{heading_number(2, second)}做法之{second}", "开展了有关工作。"]
    document = read_text("\n".join(lines))
    assert [heading.ordinal for heading in document.outline] == list(range(1, 13))
    assert all([child.ordinal for child in h.children] == [1, 2, 3] for h in document.outline)
