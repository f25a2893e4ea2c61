"""Cases are found by any word that stands in them: with the index as without it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.conftest import Town
from yifa.ledger.actions import ChangeFacts, CorrectAct
from yifa.ledger.models import Case, CaseText, Role
from yifa.ledger.rows.rebuilding import rebuild
from yifa.ledger.search import proposing, searching
from yifa.ledger.search.proposing import token
from yifa.ledger.search.queries import CaseFilter, cases, looked_for, newest
from yifa.ledger.search.searching import grams, search


def titles(words: str) -> set[str]:
    return set(Case.objects.filter(search(words).condition).values_list("title", flat=True))


def found_wholly(words: str) -> bool:
    return not search(words).many


def request(place: Town, title: str, **more: object) -> Case:
    return place.request(title=title, **more)


def test_any_two_neighbouring_characters_find_a_case(place: Town) -> None:
    for title in ("示例水库除险", "示例道路改造", "水路运输", "Water 供水2024-12号"):
        request(place, title)
    assert titles("水库") == {"示例水库除险"} and titles("示例 改造") == {"示例道路改造"}
    assert titles("水") == {"示例水库除险", "水路运输", "Water 供水2024-12号"}  # a single character too
    assert titles("库水") == set() and titles("例水路") == set()  # pairs that do not stand in a row
    assert titles("water") == titles("2024-12") == titles("-12号") == {"Water 供水2024-12号"}
    assert titles("司法局") == titles("") == titles("澜亭县司法 局")  # the organization's name
    assert titles("司法局 水库") == {"示例水库除险"} and titles("镇人民 水库") == set()
    assert len(titles("")) == 4


def test_what_is_changed_is_found_as_it_is_now(place: Town) -> None:
    case = request(place, "示例水库除险")
    place.answer(case, by="欧阳示例")
    assert titles("欧阳") == {"示例水库除险"}
    CorrectAct(actor=None, case=case, position=2, changes={"by": "司徒示例"}, reason="录错").execute()
    ChangeFacts(actor=None, case=case, facts={}, reason="核对", title="示例河道除险").execute()
    assert titles("欧阳") == titles("水库") == set()
    assert titles("司徒") == titles("河道") == {"示例河道除险"}
    rebuild()
    assert titles("司徒") == {"示例河道除险"}
    assert CaseText.objects.count() == 1


def test_of_a_word_of_very_many_cases_the_newest_are_found(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 5):
        request(place, f"示例事项{day}", on=date(2024, 3, day))
    monkeypatch.setattr(searching, "MANY", 3)
    assert (
        not found_wholly("事项")
        and found_wholly("项4")
        and not found_wholly("示")
        and not found_wholly("司法")
    )
    newest = {"示例事项2", "示例事项3", "示例事项4"}
    assert titles("事项") == titles("示") == titles("司法") == titles("司法 事项") == newest
    assert titles("事项4") == titles("司法 项4") == {"示例事项4"}
    assert titles("项1") == {"示例事项1"}


def test_a_word_of_most_cases_is_read_for_from_the_newest(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it would be found by the index: PostgreSQL's gives what it finds in no order."""
    for day in range(1, 9):
        name = "示例农机" if day % 3 else "示例水库"
        request(
            place, f"{name}{day}", on=date(2024, 3, day), organization=place.town if day > 6 else place.office
        )
    monkeypatch.setattr(searching, "MANY", 3)
    words = ("示例", "农机", "水库", "示例 机8", "司法", "镇人民 农机", "司法 农机", "机1", "没有")
    by_index = {one: titles(one) for one in words}
    assert by_index["农机"] == {"示例农机8", "示例农机7", "示例农机5"} and by_index["机1"] == {"示例农机1"}
    for tried in (2, 4, 8):
        monkeypatch.setattr(proposing, "TRIED", tried)
        assert {one: titles(one) for one in words} == by_index
        assert found_wholly("水库") and not found_wholly("示例")


def test_digits_that_repeat_are_looked_up_by_four(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for title in ("登记99999号", "登记99 98", "登记2099", "登记0996"):
        request(place, title)
    monkeypatch.setattr(searching, "MANY", 2)
    assert not found_wholly("99") and found_wholly("99999")
    assert titles("99999") == {"登记99999号"}


def test_the_newest_are_those_of_the_units_and_the_kind_asked_for(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    request(place, "示例旧事", on=date(2024, 1, 2), organization=place.town)
    for day in range(1, 4):
        request(place, f"示例新事{day}", on=date(2024, 3, day))
    monkeypatch.setattr(searching, "MANY", 3)
    assert "示例旧事" not in titles("示例")
    theirs = CaseFilter(text="示例", organization=place.town)
    assert [
        case.title for case in cases(place.user(Role.COORDINATOR, at=place.body), theirs, date(2024, 4, 1))
    ] == ["示例旧事"]
    own = place.user(Role.OFFICER, at=place.town)
    assert [case.title for case in cases(own, CaseFilter(text="示例"), date(2024, 4, 1))] == ["示例旧事"]
    other = CaseFilter(text="示例", case_type="petition")
    assert not cases(own, other, date(2024, 4, 1)).exists()


@given(st.text(), st.text(min_size=2, max_size=2))
def test_pairs_are_told_apart_whatever_they_are(text: str, pair: str) -> None:
    assert all(len(each) in {1, 2, 4} and each in text.lower() for each in grams(text))
    if pair.lower().split() != [pair.lower()] or len(pair.lower()) != 2:
        return
    assert grams(f"{text} {pair}").count(pair.lower()) == 1 or pair >= chr(searching.MARKS)
    assert token(pair).isascii() and token(pair).isalnum()


PIECES = (
    "农机",
    "市场",
    "场监",
    "水",
    "a1",
    "AB",
    "2026",
    "12345",
    "号",
    "县",
    "、",
    "—",
    "𠮷",
    "ß",
    "%",
    "_",
    "'",
    '"',
    "\\",
    "{",
    ",",
)
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(TEXTS, min_size=1, max_size=6, unique=True),
    st.lists(st.lists(TEXTS, min_size=1, max_size=2), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_index_finds_what_reading_all_texts_finds(
    place: Town, stored: list[str], looked_for: list[list[str]], chance: Random
) -> None:
    """Run on both databases: so both give the same answers, to two characters as to any word."""
    unit, kind = place.office, "petition"
    marks = searching.unit_mark(unit.pk) + searching.kind_mark(kind)
    whole = "".join(stored)
    looked_for += [[whole[at : at + 2]] for at in range(0, len(whole) - 1, 2)]
    with transaction.atomic():
        days = [date(2024, 1, 1) + timedelta(days=chance.randrange(-20_000, 1000)) for _ in stored]
        made = Case.objects.bulk_create(
            Case(case_type=kind, organization=unit, title=title, level="department", opened_on=day)
            for title, day in zip(stored, days, strict=True)
        )
        searching.add(
            [
                {
                    "id": searching.text_key(one.opened_on, one.pk),
                    "case_id": one.pk,
                    "text": f"{one.title}\n{marks}",
                }
                for one in made
            ]
        )
        for words in looked_for:
            lowered = [word.lower() for word in words]
            expected = {
                title for title in stored if all(w in title.lower() or w in unit.name for w in lowered)
            }
            assert titles(" ".join(words)) == expected, words
        transaction.set_rollback(True)


def test_what_words_find_is_known_in_order_without_asking_the_cases(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the list sorts: by the day of opening, then by the key."""
    for at in range(9):
        request(place, f"示例事项{at}", on=date(2024, 3, 1 + at * 5 % 4))
    user = place.user(Role.COORDINATOR, at=place.body)
    wanted, today = CaseFilter(text="事项"), date(2024, 4, 1)
    for most in (4, 100):
        monkeypatch.setattr(searching, "MANY", most)
        found = looked_for(user, wanted)
        listed = list(cases(user, wanted, today, found).order_by("-opened_on", "-id"))
        assert found.newest == tuple(case.pk for case in listed) and len(listed) == min(most, 9)
        assert newest(user, wanted, today, found, 3) == listed[:3]
    later = CaseFilter(text="事项", opened_from=date(2024, 3, 3))
    assert newest(user, later, today, found, 99) == [
        one for one in listed if (one.opened_on or today).day >= 3
    ]
    monkeypatch.setattr(searching, "kind_mark", lambda case_type: "\U00100001")
    assert looked_for(user, CaseFilter(text="事项", case_type="petition")).newest is None  # a mark of several


def test_postgresql_notes_new_words_beside_its_index(place: Town) -> None:
    """An act changes fifty pages less; what is noted is found at once, and sorted in when there is much of it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite的词语索引没有这一选项")
    request(place, "示例水库除险")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'ledger_casetext_pairs'")
        assert set(cursor.fetchone()[0]) == {"fastupdate=on", "gin_pending_list_limit=64"}
        assert titles("水库") == {"示例水库除险"}
        cursor.execute("SELECT gin_clean_pending_list('ledger_casetext_pairs')")
        assert cursor.fetchone()[0] > 0
    assert titles("水库") == {"示例水库除险"}
