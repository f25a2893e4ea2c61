from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given
from hypothesis import strategies as st

from yifa.ledger.chain.canonical import GENESIS, canonical, merkle_root, moment, sm3

DIGESTS = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=20, unique=True)


def test_sm3_gives_the_standards_own_example() -> None:
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@given(st.binary(max_size=300))
def test_sm3_agrees_with_a_second_implementation(data: bytes) -> None:
    other = Hash(SM3())
    other.update(data)
    assert sm3(data) == other.finalize().hex()


def test_canonical_form() -> None:
    value = {"乙": date(2024, 2, 29), "a": [1, 2.5, None, True], "中": "“引”"}
    assert canonical(value) == '{"a":[1,2.5,null,true],"中":"“引”","乙":"2024-02-29"}'


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans(), st.none())))
def test_canonical_does_not_depend_on_order(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical(value) == canonical(turned)
    assert json.loads(canonical(value)) == value


def test_canonical_refuses_what_has_no_form() -> None:
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})
    with pytest.raises(TypeError):
        canonical({"a": object()})


def test_a_moment_is_the_same_in_every_zone() -> None:
    at = datetime(2024, 3, 1, 8, 30, 0, 123, tzinfo=timezone(timedelta(hours=8)))
    assert moment(at) == "2024-03-01T00:30:00.000123Z" == moment(at.astimezone(UTC))


@given(DIGESTS, st.randoms())
def test_merkle_root_does_not_depend_on_order(digests: list[str], random: object) -> None:
    shuffled = list(digests)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merkle_root(digests) == merkle_root(shuffled)


@given(DIGESTS, st.data())
def test_merkle_root_changes_with_any_digest(digests: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(digests) - 1))
    changed = list(digests)
    changed[place] = sm3(bytes.fromhex(changed[place]))
    assert merkle_root(changed) != merkle_root(digests)
    assert merkle_root(digests[:-1]) != merkle_root(digests)


def test_merkle_root_of_two_is_as_documented() -> None:
    low, high = "00" * 32, "ff" * 32
    leaves = [bytes.fromhex(sm3(b"\x00" + bytes.fromhex(each))) for each in (low, high)]
    assert merkle_root([high, low]) == sm3(b"\x01" + leaves[0] + leaves[1])
    assert merkle_root([]) == GENESIS


@given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=70))
def test_merkle_root_is_that_of_the_rows_of_the_tree(digests: list[str]) -> None:
    row = [sm3(b"\x00" + bytes.fromhex(digest)) for digest in sorted(digests)]
    while len(row) > 1:
        pairs = [row[at : at + 2] for at in range(0, len(row), 2)]
        row = [sm3(b"\x01" + bytes.fromhex("".join(pair))) if len(pair) == 2 else pair[0] for pair in pairs]
    assert merkle_root(digests) == (row or [GENESIS])[0]
