from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yifa.reporting.placeholders import (
    Placeholder,
    fill,
    keyed,
    malformed,
    named,
    near,
    placeholders,
    split,
    without_nothing,
)

TITLES = {
    "penalties_decided": "行政处罚决定",
    "petitions_open": "未办结信访事项",
    "study_sessions": "领导干部学法",
}


def test_prose_is_cut_at_its_figures() -> None:
    text = "作出{penalties_decided}，其中{penalties_decided:市场监管}。"
    assert split(text) == (
        "作出",
        Placeholder("penalties_decided"),
        "，其中",
        Placeholder("penalties_decided", "市场监管"),
        "。",
    )


@given(st.text(alphabet="甲乙{}:ab_1。\n", max_size=40))
def test_cutting_loses_nothing(text: str) -> None:
    assert "".join(str(piece) for piece in split(text)) == text


def test_names_are_filled_in_and_figures_stay_live() -> None:
    assert fill("{year}年{penalties_decided}", {"year": "2025"}) == "2025年{penalties_decided}"


def test_a_value_filled_in_is_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "x"}) == "{b}"


def test_a_stretch_in_brackets_stands_while_a_figure_of_it_shows_something() -> None:
    text = "知晓率{known}[，样本{sample}][（{a}、{b}）]。"
    assert without_nothing(text, lambda one: one.rule in {"sample", "a"}) == "知晓率{known}（{a}、{b}）。"


def test_people_write_figures_by_their_chinese_names() -> None:
    stored = "作出{penalties_decided}，其中{penalties_decided:市场监管}，{unknown}。"
    shown = "作出{行政处罚决定}，其中{行政处罚决定:市场监管}，{unknown}。"
    assert named(stored, TITLES) == shown
    assert keyed(shown, TITLES) == keyed(stored, TITLES) == stored
    assert keyed("共{处罚件数}件", TITLES) == "共{处罚件数}件"


def test_each_figure_is_named_once() -> None:
    assert placeholders("{a}{b}{a}{a:甲}") == (Placeholder("a"), Placeholder("b"), Placeholder("a", "甲"))


def test_braces_that_hold_no_figure_are_found() -> None:
    assert malformed("共{处罚件数}和{penalties_decided}，{Penalties}") == ("{处罚件数}", "{Penalties}")
    assert malformed("查办{penalties_decided。\n另有penalties_filed}，{penalties_filed}") == (
        "{penalties_decided",
        "另有penalties_filed}",
    )


def test_near_matches_by_id_and_by_title() -> None:
    assert near("penalty_decided", TITLES)[0] == "penalties_decided"
    assert near("信访事项", TITLES)[0] == "petitions_open"
    assert near("zzzz", TITLES) == []
