"""Payloads put together from what is alike and what is their own are the canonical form of the whole."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.ledger.bulk.wording import Wordings
from yifa.ledger.chain.canonical import Parsed, as_stored, canonical

TEXTS = st.text(alphabet='甲乙%s"\\{}:,\n é', max_size=8)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), TEXTS, st.lists(TEXTS, max_size=2))
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=4)


@settings(max_examples=40, deadline=None)
@given(
    alike=OBJECTS, first=TEXTS | st.none(), others=st.lists(st.tuples(OBJECTS, TEXTS), min_size=1, max_size=3)
)
def test_put_together_as_written_whole(
    alike: dict[str, Any], first: str | None, others: list[tuple[dict[str, Any], str]]
) -> None:
    wordings = Wordings()
    for fields, by in [*others, ({}, first)]:
        said = alike | {"fields": fields, "by": by}
        own = {"by": by, "fields": Parsed(canonical(fields))}
        text, stored = wordings.of("kind", said, own)
        assert text == canonical(said)
        assert stored == as_stored(text)
        without, _ = wordings.of("kind", said, {"fields": Parsed(canonical(fields))} if by is None else own)
        assert without == canonical(said), "which parts are own belongs to the key"
