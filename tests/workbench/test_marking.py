"""Marked text is the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yifa.checking import Finding, Severity
from yifa.workbench.marking import marked

TEXT = "全年受理十件，办结九件。"
spans = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(lambda pair: (min(pair), max(pair))),
    max_size=4,
)


@given(st.lists(st.tuples(spans, st.sampled_from(Severity)), max_size=4))
def test_pieces_make_up_the_text_and_every_place_is_marked_once(
    found: list[tuple[list[tuple[int, int]], Severity]],
) -> None:
    findings = [Finding("r", severity, f"问题{n}", tuple(where)) for n, (where, severity) in enumerate(found)]
    pieces = list(marked(TEXT, findings))
    assert "".join(piece.text for piece in pieces) == TEXT
    places = [
        f"{n}-{m}"
        for n, one in enumerate(findings)
        for m, (start, end) in enumerate(one.spans)
        if start < end
    ]
    assert sorted(place for piece in pieces for place in piece.starts) == sorted(places)
    position = 0
    for piece in pieces:
        covering = [f for f in findings if any(s <= position < e for s, e in f.spans)]
        assert (piece.severity is not None) == bool(covering)
        position += len(piece.text)
