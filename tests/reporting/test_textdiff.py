"""Comparisons and merges of texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.reporting.textdiff import line_diff, merge, word_diff

TEXTS = st.text(alphabet="甲乙丙。；\n12{}a", max_size=40)
LINES = st.lists(st.text(alphabet="甲乙丙丁。", min_size=1, max_size=6), max_size=8)


@given(TEXTS, TEXTS)
def test_a_comparison_holds_both_texts_whole(before: str, after: str) -> None:
    stretches = word_diff(before, after)
    assert "".join(one.text for one in stretches if one.kind != "added") == before
    assert "".join(one.text for one in stretches if one.kind != "removed") == after


@given(LINES, LINES)
def test_a_comparison_by_lines_holds_both_whole_and_in_order(before: list[str], after: list[str]) -> None:
    changes = line_diff(before, after)
    assert [change.before for change in changes if change.before] == before
    assert [change.after for change in changes if change.after] == after


def test_a_number_changes_as_one() -> None:
    removed = [one.text for one in word_diff("办结12件。", "办结15件。") if one.kind == "removed"]
    assert removed == ["12"]


def test_reworded_lines_stand_beside_each_other_and_new_ones_alone() -> None:
    changes = line_diff(
        ["甲", "办理申请若干，按期答复。", "末"], ["甲", "新的一段", "办理申请若干，均已答复。", "末"]
    )
    assert [(one.before[:2], one.after[:2]) for one in changes if not one.same] == [
        ("", "新的"),
        ("办理", "办理"),
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "merged", "contradictions"),
    [
        ("一甲。\n二。\n三。", "一。\n二。\n三乙。", "一甲。\n二。\n三乙。", 0),
        ("一。\n二。\n三。\n四。", "一。\n三。", "一。\n三。\n四。", 0),
        ("一。\n二丙。\n三。", "一。\n二丁。\n三。", "一。\n二丁。\n二丙。\n三。", 1),
    ],
)
def test_two_changes_become_one(mine: str, theirs: str, merged: str, contradictions: int) -> None:
    found = merge("一。\n二。\n三。", mine, theirs)
    assert (found.text, len(found.contradictions)) == (merged, contradictions)


def test_neighbours_changed_by_two_people_do_not_contradict_each_other() -> None:
    found = merge("一。二。\n三。", "甲。二。\n三。", "一。乙。\n丙。")
    assert (found.text, found.contradictions) == ("甲。乙。\n丙。", ())


def test_within_a_paragraph_sentences_are_merged() -> None:
    base = "开展培训。办理申请。收到意见。"
    found = merge(base, base.replace("开展", "举办"), base.replace("收到意见", "采纳意见"))
    assert (found.text, found.contradictions) == ("举办培训。办理申请。采纳意见。", ())


def squeezed(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip())


@given(LINES, LINES)
def test_where_one_changed_nothing_the_other_stands(base: list[str], changed: list[str]) -> None:
    old, new = "\n".join(base), "\n".join(changed)
    assert merge(old, old, new).text == new
    assert merge(old, new, old).text == new


@given(LINES, LINES, LINES)
def test_no_line_that_both_wrote_new_is_lost(base: list[str], mine: list[str], theirs: list[str]) -> None:
    """Whatever either of the two wrote that was not there before stands in what is proposed."""
    merged = merge("\n".join(base), "\n".join(mine), "\n".join(theirs)).text
    flat = merged.replace("\n", "")
    sentences = {part for line in (*mine, *theirs) for part in line.replace("。", "。\n").splitlines()}
    old = {part for line in base for part in line.replace("。", "。\n").splitlines()}
    assert all(part in flat for part in sentences - old)
