"""Marked text is the text."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from yifa.checking import Finding, Severity
from yifa.workbench.checkups.marking import marked_text, pieces

TEXT = "全年受理十件，\n办结九件<b>&。"
spans = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(lambda pair: (min(pair), max(pair))),
    max_size=4,
)
many = st.lists(st.tuples(spans, st.sampled_from(Severity)), max_size=5)


def findings_of(found: list[tuple[list[tuple[int, int]], Severity]]) -> list[Finding]:
    return [Finding("r", severity, f"问题{n}", tuple(where)) for n, (where, severity) in enumerate(found, 1)]


@given(many)
def test_pieces_make_up_the_text_and_every_place_begins_once(
    found: list[tuple[list[tuple[int, int]], Severity]],
) -> None:
    findings = findings_of(found)
    cut = list(pieces(TEXT, findings))
    assert "".join(piece.text for piece in cut) == TEXT
    places = [(n, m) for n, one in enumerate(findings, 1) for m, (a, b) in enumerate(one.spans) if a < b]
    assert sorted(place for piece in cut for place in piece.starts) == sorted(places)
    order = list(Severity)
    for piece in cut:
        here = [n for n, one in enumerate(findings, 1) if any(a <= piece.start < b for a, b in one.spans)]
        assert sorted(piece.findings) == here
        worst = min((findings[n - 1].severity for n in here), key=order.index, default=None)
        assert piece.severity == worst
        covering = {
            (n, m)
            for n, m in places
            if findings[n - 1].spans[m][0] <= piece.start < findings[n - 1].spans[m][1]
        }
        assert set(piece.places) == covering


@given(many)
def test_html_shows_the_text_and_nothing_else(found: list[tuple[list[tuple[int, int]], Severity]]) -> None:
    page = LexborHTMLParser(f"<main>{marked_text(TEXT, findings_of(found))}</main>")
    for node in page.css("sup"):
        node.decompose()
    assert [one.text() for one in page.css("p")] == TEXT.split("\n")


def test_each_place_has_its_anchor_and_its_number() -> None:
    found = [
        Finding("r", Severity.NOTICE, "甲", ((0, 6),)),
        Finding("s", Severity.ERROR, "乙", ((4, 5), (10, 12))),
    ]
    page = LexborHTMLParser(marked_text(TEXT, found))
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert ids == ["p1-0", "p2-0", "p2-1"]
    assert [node.attributes["class"] for node in page.css("mark")] == ["notice", "error", "notice", "error"]
    assert [node.attributes["data-f"] for node in page.css("mark")] == ["1", "2 1", "1", "2"]
    assert [node.text() for node in page.css("sup")] == ["1", "2", "2"]


def test_looking_at_a_place() -> None:
    page = LexborHTMLParser(marked_text(TEXT, [], look=(2, 4)))
    assert page.css_first("#look") is not None
    assert "".join(node.text() for node in page.css(".y-look")) == TEXT[2:4]


def test_ten_thousand_nested_places_take_no_quadratic_time() -> None:
    text = "数" * 200_000
    found = [Finding("r", Severity.ERROR, "题", tuple((n * 20, n * 20 + 30) for n in range(9_000)))]
    began = time.perf_counter()
    assert sum(len(piece.text) for piece in pieces(text, found)) == len(text)
    assert time.perf_counter() - began < 2.0
