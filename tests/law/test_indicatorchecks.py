"""Indicator sets that name what is not there are told of with their place."""

from __future__ import annotations

from typing import Any

from yifa.law.crosschecks import Known
from yifa.law.indicatorchecks import indicator_set
from yifa.law.loader import catalogue
from yifa.law.schema import IndicatorSet


def problems(**more: Any) -> list[tuple[tuple[int | str, ...], str]]:
    known = catalogue()
    given = IndicatorSet.model_validate({
        "indicator_set": "trial", "title": "试行", "summary": "试行",
        "classes": {"towns": {"title": "镇街", "levels": ["town"]}},
        "parts": [{"title": "一", "indicators": [
            {"id": "a", "title": "指标", "points": {"towns": 100}, "figure": "files_pass_rate", "at_least": 1, **more},
        ]}],
        "grave": [{"title": "严重违法", "figure": "accountability_outcomes", "named_in": "unit_concerned", "cap": 60}],
    })  # fmt: skip
    held = Known(
        known.case_types, known.registers, known.counting_rules, known.laws, known.gaps, known.documents
    )
    return list(indicator_set(given, held))


def test_the_fact_that_names_the_unit_stands_in_what_is_counted() -> None:
    assert problems(named_in="reviewed_unit") == []
    place = ("parts", 0, "indicators", 0)
    (above, below) = problems(named_in="nowhere")
    assert above == below == ((*place, "named_in"), "“行政执法案卷评查”没有“nowhere”这一项事实")
    ((where, said),) = problems(figure="villages_in_place", named_in="key")
    assert where == (*place, "named_in") and said == "named_in 只用于按事项计数的口径"


def test_what_there_must_be_some_of_is_a_figure() -> None:
    assert problems(only_with="files_reviewed") == []
    ((where, said),) = problems(only_with="files_reviewd")
    assert where[-1] == "only_with" and "是不是“files_reviewed”" in said
