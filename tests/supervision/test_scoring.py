"""Points, grades and agreement of sheets."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.law.loader import catalogue
from yifa.law.schema import SheetType
from yifa.supervision.scoring import Answers, Mark, agreement, scored

SHEET = catalogue().sheets["penalty_file"]
IDS = [item.id for item in SHEET.items()]


def answers(**marks: Mark) -> Answers:
    return {id_: (marks.get(id_, Mark.FULL), "缺材料" if id_ in marks else "") for id_ in IDS}


def test_points_are_over_what_applies() -> None:
    assert scored(SHEET, answers()).score == 100
    assert scored(SHEET, answers(hearing=Mark.NOT_APPLICABLE)).score == 100
    found = scored(SHEET, answers(papers=Mark.NONE, evidence=Mark.HALF))
    assert (found.score, found.grade) == (Fraction(90), "优秀")
    assert [problem.endswith("：缺材料") for problem in found.problems] == [True, True]
    assert (
        scored(SHEET, answers(hearing=Mark.NOT_APPLICABLE, facts=Mark.HALF)).score == Fraction(84, 92) * 100
    )


def test_what_must_be_so_fails_the_file_whatever_its_points() -> None:
    found = scored(SHEET, answers(competent=Mark.NONE))
    assert (found.score, found.grade) == (Fraction(92), "不合格")


def test_two_views_are_averaged_and_a_third_decides_by_majority() -> None:
    one, other = answers(in_time=Mark.NONE), answers(in_time=Mark.HALF)
    assert scored(SHEET, one, other).score == Fraction(191, 2)
    assert scored(SHEET, one, answers(), answers()).score == 100
    assert scored(SHEET, one, other, answers()).score == 100  # three views, none twice: the third's


def test_kappa_is_what_the_textbook_gives() -> None:
    """Twelve items: both say yes to ten, they differ on two; 10/12 seen, 102/144 by chance."""
    found = agreement(SHEET, answers(in_time=Mark.HALF), answers(told=Mark.HALF))
    assert (found.share, found.kappa) == (Fraction(10, 12), Fraction(-1, 11))
    assert agreement(SHEET, answers(), answers()).kappa is None
    assert agreement(SHEET, answers(told=Mark.HALF), answers(told=Mark.HALF)).kappa == 1
    assert found.varied and not agreement(SHEET, answers(), answers(told=Mark.HALF)).varied


@pytest.mark.parametrize(
    ("one", "other", "third"),
    [({}, {}, False), ({"papers": Mark.HALF}, {}, False), ({"papers": Mark.NONE}, {}, True),
     ({"facts": Mark.HALF, "told": Mark.HALF}, {}, True)],
)  # fmt: skip
def test_a_third_looks_where_they_oppose_or_grade_otherwise(
    one: dict[str, Mark], other: dict[str, Mark], third: bool
) -> None:
    assert agreement(SHEET, answers(**one), answers(**other)).third is third


MARKS = st.lists(st.sampled_from(list(Mark)), min_size=len(IDS), max_size=len(IDS))


@settings(max_examples=60, deadline=None)
@given(first=MARKS, second=MARKS)
def test_agreement_does_not_ask_who_was_first(first: list[Mark], second: list[Mark]) -> None:
    one, other = (dict(zip(IDS, ((mark, "") for mark in marks), strict=True)) for marks in (first, second))
    found, turned = agreement(SHEET, one, other), agreement(SHEET, other, one)
    assert (found.share, found.kappa, found.third) == (turned.share, turned.kappa, turned.third)
    assert scored(SHEET, one, other).score == scored(SHEET, other, one).score
    assert found.kappa is None or found.kappa <= 1


@pytest.mark.parametrize("sheet", catalogue().sheets.values(), ids=lambda sheet: sheet.sheet)
def test_every_sheet_is_for_a_kind_the_review_knows(sheet: SheetType) -> None:
    kinds = catalogue().case_types["case_review"].facts["file_kind"].choices
    assert sheet.file_kind in (kinds or ())
    assert any(item.basis for item in sheet.items()) and any(item.veto for item in sheet.items())
