"""Cases are found by any word that stands in them: with the index as without it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.conftest import Town
from yifa.ledger import searching
from yifa.ledger.actions import ChangeFacts, CorrectAct
from yifa.ledger.models import Case, CaseText
from yifa.ledger.projections import rebuild
from yifa.ledger.searching import pairs, proposed, token, with_words


def titles(words: str) -> set[str]:
    return set(Case.objects.filter(with_words(words)).values_list("title", flat=True))


def request(place: Town, title: str, **more: object) -> Case:
    return place.request(title=title, **more)


def test_any_two_neighbouring_characters_find_a_case(place: Town) -> None:
    for title in ("示例水库除险", "示例道路改造", "水路运输", "Water 供水2024-12号"):
        request(place, title)
    assert titles("水库") == {"示例水库除险"} and titles("示例 改造") == {"示例道路改造"}
    assert titles("水") == {"示例水库除险", "水路运输", "Water 供水2024-12号"}  # a single character too
    assert titles("库水") == set() and titles("例水路") == set()  # pairs that do not stand in a row
    assert titles("water") == titles("2024-12") == titles("-12号") == {"Water 供水2024-12号"}
    assert titles("司法局") == titles("")  # the organization's name
    assert len(titles("")) == 4


def test_what_is_changed_is_found_as_it_is_now(place: Town) -> None:
    case = request(place, "示例水库除险")
    place.answer(case, by="欧阳示例")
    assert titles("欧阳") == {"示例水库除险"}
    CorrectAct(actor=None, case=case, position=2, changes={"by": "司徒示例"}, reason="录错").execute()
    ChangeFacts(actor=None, case=case, facts={}, reason="核对", title="示例河道除险").execute()
    assert proposed("欧阳") == [] and proposed("水库") == [] and titles("水库") == set()
    assert titles("司徒") == titles("河道") == {"示例河道除险"}
    rebuild()
    assert titles("司徒") == {"示例河道除险"} and len(proposed("司徒") or []) == 1
    assert CaseText.objects.count() == 1


def test_a_word_of_very_many_cases_is_left_to_the_list(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 5):
        request(place, f"示例事项{day}", on=date(2024, 3, day))
    monkeypatch.setattr(searching, "MANY", 3)
    assert proposed("事项") is None and proposed("项4") is not None and proposed("示") is None
    assert len(titles("事项")) == 4 and titles("事项4") == {"示例事项4"}


@given(st.text(), st.text(min_size=2, max_size=2))
def test_pairs_are_told_apart_whatever_they_are(text: str, pair: str) -> None:
    assert all(len(each) == 2 and each in text.lower() for each in pairs(text))
    if pair.lower().split() != [pair.lower()] or len(pair.lower()) != 2:
        return
    assert pairs(f"{text} {pair}").count(pair.lower()) == 1
    assert token(pair).isascii() and token(pair).isalnum()
