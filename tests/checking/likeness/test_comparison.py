"""Passages that stand in two texts: found whatever was changed in them, told apart by what was changed."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checking.likeness.texts import report
from yifa.checking.likeness import Comparison, Likeness, compare
from yifa.checking.likeness.bare import Bare, bare_text
from yifa.reading import Document, read_text

SEEDS = st.integers(0, 10_000)


def doc(text: str, name: str = "甲.txt") -> Document:
    return read_text(text, name)


def compared(text: str, other: str) -> Comparison:
    return compare(doc(text), doc(other, "乙.txt"))


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_unrelated_texts_have_nothing_in_common(seed: int) -> None:
    assert compared(report(seed), report(seed + 20_000)).passages == ()


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_a_random_half_is_half(seed: int) -> None:
    """Whole paragraphs, in another order."""
    choice = random.Random(seed)
    ours, theirs = report(seed).split("\n"), report(seed + 20_000).split("\n")
    taken = choice.sample(range(len(ours)), len(ours) // 2)
    kept = [line for place, line in enumerate(ours) if place not in taken]
    made = kept + [theirs[place] for place in taken]
    choice.shuffle(made)
    copied = sum(len(bare_text(line)) for line in kept) / sum(len(bare_text(line)) for line in made)
    found = compared("\n".join(made), "\n".join(theirs))
    assert found.share == pytest.approx(1 - copied, abs=0.03)
    assert {passage.kind for passage in found.passages} == {Likeness.SAME}


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_both_ways_find_the_same(seed: int) -> None:
    lines = report(seed).split("\n")
    one = "\n".join(lines[:9] + report(seed + 20_000).split("\n")[:6])
    two = "\n".join(report(seed + 40_000).split("\n")[:4] + lines[3:])
    there, back = compared(one, two), compared(two, one)
    assert [p.other_span for p in there.passages] == [p.span for p in back.passages]
    assert [p.characters for p in there.passages] == [p.characters for p in back.passages]


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_changed_numbers_are_counted(seed: int) -> None:
    text = report(seed)
    changed = re.sub(r"\d+", lambda found: str(int(found.group()) + 1), text)
    found = compared(changed, text)
    assert {passage.kind for passage in found.passages} == {Likeness.NUMBERS}
    assert found.share > 0.97
    assert sum(p.figures for p in found.passages) == sum(p.changed for p in found.passages) == 60


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_one_word_in_twenty_does_not_hide_a_copy(seed: int) -> None:
    choice = random.Random(seed)
    text = report(seed)
    words = list(text)
    for place in range(10, len(words), 20):
        if words[place] not in "，。\n" and not words[place].isdigit():
            words[place] = choice.choice("甲乙丙丁戊己庚辛")
    found = compared("".join(words), text)
    assert Likeness.NEAR in {passage.kind for passage in found.passages}
    assert found.share > 0.7


def test_a_passage_says_where_it_stands_in_both() -> None:
    lines = report(1).split("\n")
    ours, theirs = "\n".join(["开头一段。", lines[0]]), "\n".join([*report(2).split("\n")[:2], lines[0]])
    (passage,) = compared(ours, theirs).passages
    assert ours[slice(*passage.span)] == theirs[slice(*passage.other_span)] == lines[0]


def test_punctuation_and_blanks_do_not_hide_a_copy() -> None:
    text = report(3)
    ours = text.replace("，", " ； ").replace("。", "．")
    assert compared(ours, text).share > 0.97


def test_renewed_dates_are_not_figures() -> None:
    line = (
        "汛前由驻村员逐户登门，把南岸旧堤坝的石料清点封存，张贴在祠堂门口给船工和林农看，2022年5月3日收讫归档"
    )
    (passage,) = compared(line.replace("2022年5月3日", "2023年6月9日") + "。", line + "。").passages
    assert (passage.kind, passage.figures, passage.changed) == (Likeness.NUMBERS, 0, 0)


def test_the_same_words_and_numbers_are_equal() -> None:
    text = report(4)
    assert compared(text.replace("\n", "\n\n"), text).is_equal
    assert not compared(text.replace("件。", "起。"), text).is_equal


def test_formulas_and_titles_of_laws_are_nobodys() -> None:
    formula = (
        "坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻党的二十大精神，依照《中华人民共和国行政处罚法》"
        "《中华人民共和国行政许可法》《中华人民共和国行政强制法》《中华人民共和国行政复议法》办理案件。"
    )
    assert compared(f"{formula}{report(5, 8)}", f"{formula}{report(6, 8)}").passages == ()


def test_notes_on_terms_are_left_alone() -> None:
    notes = "\n名词解释\n" + report(7, 8)
    assert compared(report(8) + notes, report(9) + notes).passages == ()


def test_time_grows_with_length_only() -> None:
    """Four times the text, no more than eight times the time, also where every run of words comes again and again."""

    def seconds(text: str, other: str) -> float:
        one, two = doc(text), doc(other)
        best = 9.0
        for _ in range(3):
            begin = time.process_time()
            compare(one, two)
            best = min(best, time.process_time() - begin)
        return best

    for short, long in (
        ((report(1, 200), report(1, 200)[7:]), (report(1, 800), report(1, 800)[7:])),
        (("甲乙丙丁" * 2_000, "丁甲乙丙" * 2_000), ("甲乙丙丁" * 8_000, "丁甲乙丙" * 8_000)),
        (("甲" * 8_000, "甲" * 7_990), ("甲" * 32_000, "甲" * 31_990)),
    ):
        assert seconds(*long) < 8 * seconds(*short) + 0.02


@given(st.text(alphabet="甲乙丙0123.,，。 \n（）", max_size=60))
def test_places_lead_back_to_the_text(text: str) -> None:
    bare = Bare(text)
    assert bare.text == bare_text(text)
    for index, word in enumerate(bare.text):
        start, end = bare.place(index)
        assert bare.index(start) == index
        assert text[start:end] == word or text[start].isdigit()
