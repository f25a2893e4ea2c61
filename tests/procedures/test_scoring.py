"""Scores: exact, each lost point said, what cannot be measured carried by the rest."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.law.schema import Indicator, IndicatorSet
from yifa.procedures.scoring import Given, Quantity, Scores, answered, score, shown, written


class Table:
    """What was counted, as given."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def figure(self, rule: str, named_in: str | None = None) -> Quantity:
        value = self.values.get(rule)
        return Quantity(f"数{rule}", "件", None if value is None else Decimal(str(value)))

    def gap(self, gap: str) -> Quantity:
        return self.figure(gap)

    def given(self, indicator: Indicator) -> Given | None:
        found = self.values.get(f"given {indicator.id}")
        return None if found is None else Given(*found)


def a_set(*indicators: Mapping[str, Any], grave: tuple[Mapping[str, Any], ...] = ()) -> IndicatorSet:
    return IndicatorSet.model_validate(
        {
            "indicator_set": "trial", "title": "试行", "summary": "试行",
            "classes": {"towns": {"title": "镇街", "levels": ["town"]}},
            "full": sum(Decimal(str(one["points"]["towns"])) for one in indicators),
            "parts": [{"title": "一", "indicators": list(indicators)}], "grave": list(grave),
        }
    )  # fmt: skip


def one(id_: str, points: float, **how: Any) -> dict[str, Any]:
    return {"id": id_, "title": f"指标{id_}", "points": {"towns": points}, **how}


def lines(scores: Scores) -> dict[str, tuple[str, str]]:
    return {line.indicator.id: (written(line.points), line.why) for line in scores.lines}


def test_each_way_earns_and_loses_its_points() -> None:
    given_set = a_set(
        one("a", 5, figure="a", at_least=4),
        one("b", 8, figure="b", scale={"none": 80, "full": 100}),
        one("c", 6, figure="c", scale={"none": 10, "full": 0}),
        one("d", 4, figure="d", each=0.5),
        one("e", 3, gap="e", each=2),
    )
    scores = score(given_set, "towns", Table({"a": 3, "b": 85, "c": 4, "d": 3, "e": 2}))
    assert lines(scores) == {
        "a": ("3.75", "数a3件，要求不少于4件，按比例计分，得3.75分，失1.25分"),
        "b": ("2", "数b85件，达到100件得满分，80件以下不得分，其间按比例计分，得2分，失6分"),
        "c": ("3.6", "数c4件，不超过0件得满分，10件以上不得分，其间按比例计分，得3.6分，失2.4分"),
        "d": ("2.5", "数d3件，每件扣0.5分，得2.5分，失1.5分"),
        "e": ("0", "数e2件，每件扣2分，扣完为止，不得分，失3分"),
    }
    assert scores.total == Fraction("11.85") and scores.full == 26
    best = score(given_set, "towns", Table({"a": 9, "b": 100, "c": 0, "d": 0, "e": 0}))
    assert best.total == best.full and not any(line.lost for line in best.lines)


@pytest.mark.parametrize(
    ("nothing", "total", "said"),
    [("spread", 4, "4分由其他指标按比例分担"), ("full", 6, "按满分4分计"), ("zero", 2, "不得分，失4分")],
)
def test_what_cannot_be_measured(nothing: str, total: int, said: str) -> None:
    given_set = a_set(one("a", 4, figure="a", each=1, nothing=nothing), one("b", 4, figure="b", at_least=4))
    scores = score(given_set, "towns", Table({"b": 2}))
    assert scores.total == total and said in lines(scores)["a"][1]
    assert scores.spread == (4 if nothing == "spread" else 0)


def test_who_has_none_earns_nothing_by_having_none_late() -> None:
    late = one("a", 4, gap="a", each=1, only_with="all")
    rest = one("b", 4, figure="b", at_least=4)
    idle = score(a_set(late, rest), "towns", Table({"a": 0, "all": 0, "b": 4}))
    assert (
        lines(idle)["a"] == ("0", "数all0件，没有可以考核的记录，4分由其他指标按比例分担")
        and idle.spread == 4
    )
    busy = score(a_set(late, rest), "towns", Table({"a": 0, "all": 9, "b": 4}))
    assert busy.spread == 0 and busy.total == 8
    left = score(
        a_set(late, rest), "towns", Table({"a": 3, "all": 0, "b": 4})
    )  # of earlier years: still lost
    assert lines(left)["a"] == ("1", "数a3件，每件扣1分，得1分，失3分")
    owed = score(a_set({**late, "nothing": "zero"}, rest), "towns", Table({"a": 0, "all": 0, "b": 4}))
    assert lines(owed)["a"] == ("0", "数all0件，应有而没有，不得分，失4分") and owed.total == 4


def test_a_share_says_what_it_was_made_from_and_nothing_twice() -> None:
    class Shares(Table):
        def figure(self, rule: str, named_in: str | None = None) -> Quantity:
            return Quantity("按期率", "%", Decimal(self.values[rule]), of="9件中3件")

    given_set = a_set(
        one("a", 4, figure="a", scale={"none": 80, "full": 100}),
        one("b", 4, figure="b", scale={"none": 0, "full": 50}),
    )
    said = lines(score(given_set, "towns", Shares({"a": "33.33", "b": "25"})))
    assert said["a"][1] == "按期率33.33%（9件中3件），达到100%得满分，80%以下不得分，本项得0分，失4分"
    assert said["b"][1] == "按期率25%（9件中3件），达到50%得满分，按比例计分，得2分，失2分"


def test_nothing_at_all_is_no_division_by_zero() -> None:
    scores = score(a_set(one("a", 4, figure="a", each=1)), "towns", Table({}))
    assert [scores.total, scores.spread] == [0, 4]


def test_what_people_have_not_judged_is_pending_and_neither_earned_nor_lost() -> None:
    judged = one("j", 4, judged={"look_at": "看效果", "tolerance": 1})
    given_set = a_set(judged, one("d", 2, daily=True), one("a", 4, figure="a", at_least=4))
    scores = score(given_set, "towns", Table({"a": 2}))
    assert [line.indicator.id for line in scores.pending] == ["j"] and scores.spread == 0
    assert scores.total == Fraction(10 * 4, 6) and not next(iter(scores.lines)).lost
    values = {"a": 2, "given j": (Fraction(7, 2), "两人评"), "given d": (Fraction(-1), "记分1次")}
    scores = score(given_set, "towns", Table(values))
    assert not scores.pending and scores.total == Fraction(7, 2) + 0 + 2
    left_out = score(given_set, "towns", Table({"a": 2, "given j": (None, "新设")}))
    assert left_out.spread == 4 and left_out.total == Fraction(10 * 4, 6) and not left_out.pending
    raised = answered(left_out, "a", Fraction(4), "改定")
    assert raised.total == 10 and lines(raised)["a"] == ("4", "改定")


def test_what_nobody_collected_is_pending_not_zero() -> None:
    class Uncollected(Table):
        def figure(self, rule: str, named_in: str | None = None) -> Quantity:
            return Quantity("数a", "件", None, "：未采集", missing=True)

    scores = score(a_set(one("a", 4, figure="a", each=1, nothing="zero")), "towns", Uncollected({}))
    assert scores.pending and scores.lines[0].why == "数a：未采集，待评" and scores.lines[0].lost == 0


def test_a_grave_event_caps_the_total_and_says_so() -> None:
    grave = ({"title": "严重违法", "figure": "g", "cap": 3}, {"title": "另一件", "figure": "h", "cap": 0})
    given_set = a_set(one("a", 10, figure="a", at_least=1), grave=grave)
    assert score(given_set, "towns", Table({"a": 1, "g": 0})).total == 10
    capped = score(given_set, "towns", Table({"a": 1, "g": 2}))
    assert [capped.before, capped.total] == [10, 3]
    assert [event.why for event in capped.capped] == ["严重违法（数g2件），总分不超过3分"]
    assert score(given_set, "towns", Table({"a": 1, "g": 1, "h": 1})).total == 0


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 20), st.integers(1, 9), st.none() | st.integers(0, 30)),
        min_size=1,
        max_size=12,
    )
)
def test_points_lie_between_none_and_all_and_add_up(given_lines: list[tuple[int, int, int | None]]) -> None:
    indicators = [
        one(f"i{n}", points, figure=f"f{n}", at_least=wanted)
        for n, (points, wanted, _) in enumerate(given_lines)
    ]
    values = {f"f{n}": value for n, (_, _, value) in enumerate(given_lines)}
    scores = score(a_set(*indicators), "towns", Table(values))
    assert all(0 <= line.points <= line.of <= line.full for line in scores.lines)
    assert 0 <= scores.total <= scores.full
    assert sum(line.of for line in scores.lines) + scores.spread == scores.full
    more = score(
        a_set(*indicators), "towns", Table({k: None if v is None else v + 1 for k, v in values.items()})
    )
    assert more.total >= scores.total


def test_the_half_is_rounded_upwards() -> None:
    assert [str(shown(Fraction(n, 1000))) for n in (1005, 1004, 1015, 2675)] == [
        "1.01",
        "1.00",
        "1.02",
        "2.68",
    ]
    assert [written(Fraction(n, 4)) for n in (4, 5, 6, 400)] == ["1", "1.25", "1.5", "100"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"figure": "a"},
        {"figure": "a", "gap": "b", "each": 1},
        {"figure": "a", "at_least": 1, "each": 1},
        {"gap": "b", "at_least": 1},
        {"figure": "a", "scale": {"none": 1, "full": 1}},
        {"each": 1},
    ],
)
def test_an_indicator_is_scored_in_one_way(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"指标应写|计分应写|不能是同一个数"):
        a_set(one("a", 4, **wrong))
