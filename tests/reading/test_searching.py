"""Searching in two steps finds what one step finds; time grows with the length of a text, whatever it repeats."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.reading import ReadingError, read_text
from yifa.reading.searching import matches

PATTERN = re.compile(r"\d+(?:件|次)|\d\d")


@given(st.text("12件次，", max_size=40))
def test_two_steps_find_what_one_finds(text: str) -> None:
    found = [match.span() for match in matches(text, re.compile(r"\d"), PATTERN)]
    assert found == [match.span() for match in PATTERN.finditer(text)]


def test_a_number_of_hundreds_of_digits_is_a_code() -> None:
    document = read_text(f"法治政府建设情况报告\n编号{'1' * 400}件，办理3件，从1至{'9' * 400}件。")
    assert [figure.text for figure in document.figures if len(figure.text) < 30] == ["3件"]


def seconds(signs: str, length: int) -> float:
    text = "某区2023年法治政府建设工作报告\n" + signs * (length // len(signs))
    begin = time.process_time()
    with contextlib.suppress(ReadingError):
        read_text(text)
    return time.process_time() - begin


@pytest.mark.parametrize(
    "signs", ["?", "？", "\u3000", " ", "1,", "1.", "一、", "（", "《", "(a", "〔", "甲1件、乙2件，共3件。"]
)
def test_time_grows_with_length(signs: str) -> None:
    seconds(signs, 1_000)  # to load the lexicons
    short = max(min(seconds(signs, 5_000) for _ in range(3)), 0.02)
    longest = 24 * short  # eight times as long a text; 64 times the time were it quadratic
    assert any(
        seconds(signs, 40_000) < longest for _ in range(3)
    )  # one of them is not disturbed by other programs
