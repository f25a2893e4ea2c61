"""The draw: what anybody can compute by hand, the chances it gives, what it leaves out."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.draws import DrawError, Exclusion, Factor, Item, Pool, Rules, draw, pool
from yifa.draws import drawing as inner

ON = date(2026, 3, 2)
# Chance 1 in 1,000 to lie above, by degrees of freedom; the seeds are fixed, so a test fails always or never.
CRITICAL = {2: 13.82, 11: 31.26}


def weighted(*weights: Fraction | int) -> Pool:
    return pool(Item(f"甲{n}", weight=Fraction(weight)) for n, weight in enumerate(weights))


def by_hand(seed: str, role: str, id_: str, weight: Fraction) -> Decimal:
    """The key with nothing of the house's own: hashlib and decimal."""
    number = int(hashlib.new("sm3", f"{seed}\n{role}\n{id_}".encode()).hexdigest(), 16)
    with localcontext(prec=50):
        return -(Decimal(number + 1) / 2**256).ln() * weight.denominator / weight.numerator


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="an OpenSSL without SM3")
def test_a_key_can_be_recomputed_by_hand_and_the_lowest_are_drawn() -> None:
    found = draw(weighted(1, Fraction(3, 2), 4, Fraction(1, 7)), Rules(2), "3876.34", "检查对象", ON)
    weights = (Fraction(1), Fraction(3, 2), Fraction(4), Fraction(1, 7))
    keys = {f"甲{n}": by_hand("3876.34", "检查对象", f"甲{n}", weight) for n, weight in enumerate(weights)}
    assert [lot.id for lot in found.lots] == sorted(keys, key=lambda id_: keys[id_])[:2]
    for lot in found.lots:
        assert abs(Decimal(lot.key) - keys[lot.id]) < Decimal("1e-18")


def test_ten_thousand_draws_show_the_stated_weights() -> None:
    items, counts = weighted(1, 3, 6), Counter[str]()
    for n in range(10_000):
        counts[draw(items, Rules(1), f"第{n}期", "检查对象", ON).lots[0].id] += 1
    assert chi_square(counts, 1, 3, 6) < CRITICAL[2]
    for wrong in ((1, 3.5, 6), (1.25, 3, 6), (1, 1, 1)):  # weights beside the stated ones are seen
        assert chi_square(counts, *wrong) > CRITICAL[2]


def chi_square(counts: Counter[str], *weights: float) -> float:
    """How far the counts of one drawn each time lie from what the weights say."""
    shares = [counts.total() * weight / sum(weights) for weight in weights]
    return sum((counts[f"甲{n}"] - want) ** 2 / want for n, want in enumerate(shares))


def test_without_putting_back_each_next_one_has_its_share_of_what_is_left() -> None:
    weights = {"甲0": 1, "甲1": 2, "甲2": 3, "甲3": 6}
    items, counts, total = weighted(*weights.values()), Counter[tuple[str, ...]](), 2000
    for n in range(total):
        counts[tuple(lot.id for lot in draw(items, Rules(2), f"{n}", "对象", ON).lots)] += 1
    statistic = 0.0
    for first, second in permutations(weights, 2):
        want = total * weights[first] / 12 * weights[second] / (12 - weights[first])
        statistic += (counts[first, second] - want) ** 2 / want
    assert statistic < CRITICAL[11]


@settings(max_examples=12, deadline=None)
@given(chosen=st.randoms(use_true_random=False), take=st.integers(1, 30))
def test_looking_only_at_what_can_be_drawn_draws_the_same(chosen: Random, take: int) -> None:
    items = weighted(*(Fraction(chosen.randint(1, 90), chosen.randint(1, 7)) for _ in range(300)))
    every = sorted((inner.key("7", "对象", item.id, item.weight), item.id) for item in items.items)
    assert [lot.id for lot in draw(items, Rules(take), "7", "对象", ON).lots] == [
        id_ for _, id_ in every[:take]
    ]


def test_a_bound_that_was_too_low_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    items = weighted(*range(1, 200))
    expected = draw(items, Rules(9), "7", "对象", ON)
    monkeypatch.setattr(inner, "_bound", lambda weighted, take: 1e-9)
    assert draw(items, Rules(9), "7", "对象", ON) == expected


def test_the_order_in_which_a_pool_is_given_changes_nothing() -> None:
    items = [Item(f"甲{n}", weight=Fraction(n + 1)) for n in range(30)]
    one, other = pool(items), pool(reversed(items))
    assert one.digest() == other.digest()
    assert draw(one, Rules(5), "1", "对象", ON) == draw(other, Rules(5), "1", "对象", ON)


def test_weights_come_from_risk_and_trade() -> None:
    items = pool(
        [
            Item("1", facets=("D", "餐饮")),
            Item("2", facets=("A", "餐饮"), weight=Fraction(1, 2)),
            Item("3", facets=("C", "零售")),
        ],
        ("风险", "行业"),
    )
    rules = Rules(
        2,
        (
            Factor("风险", "D", Fraction(5)),
            Factor("行业", "餐饮", Fraction(3, 2)),
            Factor("风险", "C", Fraction(0)),
        ),
    )
    found = draw(items, rules, "9", "对象", ON)
    assert {lot.id: lot.weight for lot in found.lots} == {"1": Fraction(15, 2), "2": Fraction(3, 4)}
    assert found.excluded == {"3": Exclusion.NO_WEIGHT}


def test_each_item_left_out_says_why() -> None:
    items = pool(
        [
            Item("1", excluded="与抽取人是亲属"),
            Item("2", unit="市监局"),
            Item("3", last_drawn=ON - timedelta(days=90)),
            Item("4", last_drawn=ON - timedelta(days=91)),
            Item("5", weight=Fraction(0)),
            Item("6"),
        ]
    )
    found = draw(items, Rules(2, not_units=("市监局",), rest_days=90), "9", "对象", ON)
    assert {lot.id for lot in found.lots} == {"4", "6"}
    assert found.excluded == {
        "1": Exclusion.DECLARED, "2": Exclusion.OWN_UNIT, "3": Exclusion.RECENT, "5": Exclusion.NO_WEIGHT,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("items", "facets", "rules", "words"),
    [
        ([Item("1"), Item("1")], (), Rules(1), "出现了两次"),
        ([Item(" ", "甲厂")], (), Rules(1), "甲厂.*没有编号"),
        ([Item("1", weight=Fraction(-1))], (), Rules(1), "不能小于零"),
        ([Item("1", facets=("A",))], (), Rules(1), "分类"),
        ([Item("1\n2")], (), Rules(1), "换行"),
        ([Item("1", avoids=("甲,乙",))], (), Rules(1), "半角逗号"),
        ([Item("1")], (), Rules(2), "只剩1个"),
        ([Item("1")], (), Rules(0), "至少为1"),
        ([Item("1")], (), Rules(1, (Factor("风险", "A", Fraction(1)),)), "用到“风险”"),
        ([Item("1", facets=("A",))], ("风险",), Rules(1, (Factor("风险", "A", Fraction(-1)),)), "不能小于零"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(
    items: list[Item], facets: tuple[str, ...], rules: Rules, words: str
) -> None:
    with pytest.raises(DrawError, match=words):
        draw(pool(items, facets), rules, "1", "对象", ON)
