"""Near-copies in a heap: all that were planted, nothing else, the same each time, in little memory."""

from __future__ import annotations

import random
import re
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checking.likeness.texts import report, sentence
from yifa.checking.likeness import near_copies
from yifa.checking.likeness.bare import bare_text
from yifa.reading import read_text


def renumbered(text: str) -> str:
    return re.sub(r"\d+", lambda found: str(int(found.group()) + 3), text)


def edited(text: str, sentences: int, seed: int) -> str:
    """The text with some sentences written anew."""
    choice = random.Random(seed)
    parts = text.split("。")
    for place in choice.sample(range(len(parts) - 1), sentences):
        parts[place] = sentence(choice).rstrip("。")
    return "。".join(parts)


def exact(one: str, two: str) -> float:
    runs = [
        {bare[place : place + 8] for place in range(len(bare) - 7)} for bare in map(bare_text, (one, two))
    ]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


def heap(size: int) -> dict[str, str]:
    return {f"{number}": report(number, 40) for number in range(size)}


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_planted_copies_are_found_with_their_exact_share(seed: int) -> None:
    texts = heap(60)
    for number in range(0, 30, 3):
        texts[f"{number} 抄"] = edited(renumbered(texts[str(number)]), 2, seed + number)
    texts["全同"] = texts["59"]
    found = near_copies(texts.items())
    assert {(pair.first, pair.second) for pair in found.pairs} == {
        *((str(number), f"{number} 抄") for number in range(0, 30, 3)),
        ("59", "全同"),
    }
    assert all(pair.share == exact(texts[pair.first], texts[pair.second]) for pair in found.pairs)
    assert found.pairs[0].share == 1.0


def test_the_limit_is_kept_on_both_sides() -> None:
    text = report(1, 40)
    texts = {"原": text, **{f"改{n}": edited(text, n, n) for n in (1, 3, 5, 8, 12)}}
    shares = {name: exact(text, texts[name]) for name in texts if name != "原"}
    for limit in (0.4, 0.6, 0.8):
        found = {pair.second for pair in near_copies(texts.items(), limit).pairs if pair.first == "原"}
        assert found == {name for name, share in shares.items() if share >= limit}


def test_groups_hang_together() -> None:
    first, second = report(1), report(2)
    texts = [
        ("甲1", first),
        ("乙1", second),
        ("丙", report(3)),
        ("甲2", renumbered(first)),
        ("甲3", first),
        ("乙2", second),
    ]
    assert near_copies(texts).groups == (("甲1", "甲2", "甲3"), ("乙1", "乙2"))


def test_the_same_heap_gives_the_same_answer() -> None:
    texts = list(heap(30).items()) + [(f"{n} 抄", edited(report(n, 40), 3, n)) for n in range(10)]
    assert near_copies(texts, 0.5) == near_copies(iter(texts), 0.5)


def test_documents_are_known_by_their_path() -> None:
    documents = [read_text(report(1), "甲.txt"), read_text(report(1), "乙.txt")]
    (pair,) = near_copies(documents).pairs
    assert (pair.first, pair.second, pair.share) == ("甲.txt", "乙.txt", 1.0)


def test_short_and_empty_texts_are_left_out() -> None:
    assert near_copies([("甲", ""), ("乙", ""), ("丙", "短短几个字"), ("丁", "短短几个字")]).pairs == ()


def test_two_texts_with_one_id_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="甲"):
        near_copies([("甲", report(1)), ("甲", report(2))])


@pytest.mark.parametrize("at_least", [0.0, 0.29, 1.01])
def test_a_senseless_limit_is_a_mistake(at_least: float) -> None:
    with pytest.raises(ValueError, match="at_least"):
        near_copies([], at_least)


def test_a_heap_of_one_form_does_not_grow_squared() -> None:
    texts = [(str(number), report(1, 12)) for number in range(300)]
    found = near_copies(texts)
    assert len(found.pairs) <= 20 * 300
    assert found.groups == (tuple(str(number) for number in range(300)),)


def test_memory_does_not_hold_the_texts() -> None:
    """80 texts of 10,000 characters, read from a generator, each thrown away behind."""

    def texts() -> Iterator[tuple[str, str]]:
        for number in range(80):
            yield str(number), report(number, 250)

    tracemalloc.start()
    near_copies(texts())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2_000_000  # the texts alone would be as much
