"""Lengths of time that the law leaves to the locality: missed, given, followed, replaced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.ledger.conftest import Town
from yifa.law.loader import catalogue
from yifa.law.local import LocalLength, LocalLengthError, left_open, read_lengths
from yifa.ledger.actions import ActionRefused, GiveLocalLength, OpenCase, RecordAct
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.installation.local import file, given, missed
from yifa.ledger.legal import rules_digest
from yifa.ledger.models import Case, Record, Role
from yifa.ledger.rows.kinds import outdated
from yifa.ledger.rows.rebuilding import rebuild

PLACE = ("enforcement_complaint", "answer", None)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    catalogue.cache_clear()


def length(number: int = 10, begins: date = date(2026, 1, 1), **changes: object) -> LocalLength:
    case_type, clock, _ = PLACE
    return LocalLength.model_validate(
        {
            "case_type": case_type, "clock": clock, "length": number, "unit": "workdays",
            "document": "澜亭县行政执法投诉办理办法", "article": "第八条", "from": begins,
        } | changes
    )  # fmt: skip


def started(place: Town) -> Case:
    """A complaint whose answer is awaited."""
    kind = catalogue().case_types[PLACE[0]]
    from tests.ledger.test_amending import sample_facts

    clock = kind.clocks[PLACE[1]]
    first = kind.opens_with[0]
    case = OpenCase(
        actor=None, organization=place.body, case_type=PLACE[0], act=first, on=date(2026, 2, 2),
        facts=sample_facts(kind.facts), entered="back",
    ).execute()  # fmt: skip
    if first not in clock.starts:
        RecordAct(actor=None, case=case, act=clock.starts[0], on=date(2026, 2, 2), entered="back").execute()
    return case


def test_what_is_left_open_has_no_number_and_is_named() -> None:
    found = {one.place: one for one in left_open(catalogue())}
    assert PLACE in found
    assert all(one.now.length is None and one.title and one.case_title for one in found.values())


def test_a_case_waits_for_the_number_and_has_its_last_day_when_it_is_given(place: Town) -> None:
    """Ten working days after Monday 2 February 2026, with the Spring Festival from the 15th to the 23rd and the 14th
    and 28th worked: 3 to 6, 9 to 14 February are ten.
    """
    case = started(place)
    assert missed(place.body)[PLACE[:2]] == 1
    assert state_of(case, date(2026, 2, 3)).clocks["answer"].due is None
    before = rules_digest()
    GiveLocalLength(actor=None, length=length()).execute()
    clock = state_of(case, date(2026, 2, 3)).clocks["answer"]
    assert (clock.due, clock.basis.law) == (date(2026, 2, 14), "澜亭县行政执法投诉办理办法")
    assert rules_digest() != before and outdated()
    rebuild()
    assert PLACE[:2] not in missed(place.body)
    assert PLACE not in {one.place for one in left_open(catalogue())}
    assert Record.objects.filter(kind="law.local_length").count() == 1


def test_a_case_keeps_the_length_under_which_it_began(place: Town) -> None:
    case = started(place)
    GiveLocalLength(actor=None, length=length(10)).execute()
    GiveLocalLength(actor=None, length=length(3, date(2026, 3, 1))).execute()
    assert state_of(case, date(2026, 2, 3)).clocks["answer"].due == date(2026, 2, 14)
    GiveLocalLength(actor=None, length=length(9)).execute()  # the first one was wrong
    assert state_of(case, date(2026, 2, 3)).clocks["answer"].due == date(2026, 2, 13)
    assert [(one.length, one.valid_from) for one in given()] == [(3, date(2026, 3, 1)), (9, date(2026, 1, 1))]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"case_type": "petition", "clock": "conclusion"}, "法律已有规定"),
        ({"clock": "nothing"}, "法律已有规定"),
        ({"document": " "}, "本地文件"),
    ],
)
def test_what_the_law_says_itself_is_not_the_localitys(
    place: Town, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(ActionRefused, match=said):
        GiveLocalLength(actor=None, length=length(**changes)).execute()
    assert not file().exists()


def test_only_the_coordinator_of_the_body_gives_one(place: Town) -> None:
    with pytest.raises(ActionRefused, match="统筹"):
        GiveLocalLength(actor=place.user(Role.OFFICER), length=length()).execute()


def test_a_file_that_is_wrong_is_named_by_line(place: Town) -> None:
    file().parent.mkdir(parents=True)
    file().write_text(
        "- {case_type: petition, clock: x, length: 五, document: 办法, from: 2026-01-01}\n", "utf-8"
    )
    with pytest.raises(LocalLengthError, match=r"第 1 行 .*length"):
        read_lengths(file())
