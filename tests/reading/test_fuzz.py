"""Whatever comes in, reading answers with a Document whose places are right, or with a ReadingError."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.reading import Document, ReadingError, read_bytes, read_text

from .test_load import docx_of, numbered_document

WORDS = """
一、 （一） (三十六) 1. 2． ① 第一章 主要工作 行政处罚案件 12件 3,200余件 近90% 2.3万亿元 其中 分别为 ， 。 ； ： （ ） 、 《
》 “ ” 合计 不少于 至少 每季度 责任单位：区司法局 6月底前 2019年 2019年12月12日 〔2018〕37号 博彩平台 ×× 五百亿元 十 百
百分之 三分之二 两名 现将 报告如下 工作要点 截止11月底 - 至 万 亿 % 增长 由 到 某某 ()
"""
FRAGMENTS = st.sampled_from(
    [*WORDS.split(), "\n", "\u3000\u3000", " ", "\t", "第三条 ", "9" * 30, "\ufffd", "\U0001f600", "\ud800"]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=4), max_size=80).map("".join)


def verify(document: Document) -> None:
    text = document.text
    for figure in document.figures:
        start, end = figure.span
        assert text[start:end] == figure.text
        assert figure.low <= figure.value <= figure.high or figure.low <= figure.high
        assert figure.part_of is None or 0 <= figure.part_of < len(document.figures)
        assert (figure.part_of is None) == (figure.relation is None)
    for place, figure in enumerate(document.figures[1:]):
        assert document.figures[place].span[1] <= figure.span[0]
    for heading in document.headings():
        assert 0 <= heading.span[0] < heading.span[1] <= len(text)
        assert text[heading.span[0] :].startswith(heading.number)
        assert heading.body[0] == heading.span[0]
        assert heading.body[1] >= heading.span[1]
        assert all(child.level > heading.level for child in heading.children)
    spans = [
        item.span for item in (*document.targets, *document.tasks, *document.citations, *document.cutoffs)
    ]
    spans += [mark.span for mark in document.marks if mark.span]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    for task in document.tasks:
        assert text[task.span[0] : task.span[1]] == task.text
    for mark in document.marks:
        assert mark.span is None or text[mark.span[0] : mark.span[1]] == mark.phrase
    json.dumps(document.as_json(), allow_nan=False)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text(text: str) -> None:
    try:
        document = read_text(text)
    except ReadingError as error:
        assert error.code in {"empty", "no_body"}
        return
    verify(document)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    try:
        verify(read_bytes(data, "材料"))
    except ReadingError as error:
        assert "材料" in error.message


WHOLE = (docx_of("一、主要工作", "办理案件12件。"), numbered_document())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=12),
    st.data(),
)
def test_a_broken_word_file(whole: bytes, changes: list[tuple[int, int]], data: st.DataObject) -> None:
    broken = bytearray(whole)
    for place, value in changes:
        broken[place % len(broken)] = value
    cut = data.draw(st.integers(len(broken) // 2, len(broken)))
    try:
        verify(read_bytes(bytes(broken[:cut]), "坏文件.docx"))
    except ReadingError as error:
        assert "坏文件" in error.message


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>/pdivbr td=\"'&;#!-一二。，12件a", max_size=300))
def test_any_markup(markup: str) -> None:
    try:
        verify(read_bytes(f"<!DOCTYPE html><html><body>{markup}".encode(), "页面"))
    except ReadingError as error:
        assert "页面" in error.message


REPEATED = """
一 百 9 9, 1. （一） 《 》 “ 责任单位： 、 局 其中1件， 博彩 每年 ( 复(fù) 12件（ 1、 、1 关于 县 x 某区 一、a。二、 来源：
。一、 《a》 «
国办发〔2018〕37号、 行政处罚法第一条 皇冠 皇冠投注 （甲局牵头， 责任单位：甲局、 1-
1—9月， 第一部分： 《a》（以下简称《 我代表 ㈠ 存在的问题
年 至少 博彩平台 截至11月底，办理3件， （其中3件 某某12件（
"""


HANGS = 30  # seconds: not a measure of speed (that is in benchmarks/), but of growing faster than the text


@pytest.mark.parametrize("piece", [*REPEATED.split(), " ", "\u3000", "\n", "第一条 "])
def test_time_grows_with_length_only(piece: str) -> None:
    def seconds(length: int) -> float:
        text = "报告。" + (piece * (length // len(piece) + 1))[:length]
        begin = time.perf_counter()
        with contextlib.suppress(ReadingError):
            read_text(text)
        return time.perf_counter() - begin

    assert seconds(60_000) < HANGS
