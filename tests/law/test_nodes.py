from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.law.nodes import YamlError, parse_yaml

FILE = Path("x.yaml")


def test_data_and_lines() -> None:
    text = parse_yaml(FILE, "a: 1\nb:\n  - x\n  - {on: 2024-01-31, no: 是}\n")
    assert text.data == {"a": 1, "b": ["x", {"on": date(2024, 1, 31), "no": "是"}]}
    assert text.line(("b",)) == 2
    assert text.line(("b", 0)) == 3
    assert text.line(("b", 1, "no")) == 4
    assert text.line(("b", 1, "gone", 7)) == 4  # the nearest part that is written
    assert text.key(("b", 1, "no")) == "b[1].no"


def test_an_anchor_is_the_same_thing_twice() -> None:
    text = parse_yaml(FILE, "a: &x {k: 1}\nb: *x\n")
    assert text.data == {"a": {"k": 1}, "b": {"k": 1}}


def test_anchors_cannot_blow_up() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(YamlError, match="内容太多"):
        parse_yaml(FILE, "\n".join(lines))


def test_deep_nesting_is_an_error_not_a_crash() -> None:
    with pytest.raises(YamlError):
        parse_yaml(FILE, "[" * 5000 + "]" * 5000)


@given(st.text(alphabet=st.sampled_from("abc:-[]{}&*!#'\"\n\t ,|>%@`?0129年"), max_size=60))
def test_any_text_is_read_or_refused_with_a_line(content: str) -> None:
    try:
        text = parse_yaml(FILE, content)
    except YamlError as error:
        assert 1 <= error.line <= content.count("\n") + 2
        assert error.what
    else:
        assert text.line(()) >= 1
