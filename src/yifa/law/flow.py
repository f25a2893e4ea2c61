"""The drawn flow of a procedure, in Mermaid's words: acts, what must come before, how long it may take.

Solid arrows: must come before (with the outcome it needs); dotted: only in some cases; thick with a text: a clock.
Names bear n_ because Mermaid keeps words such as `end` for itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from yifa.law.phrases import UNITS
from yifa.law.schema import ActType, CaseType, ClockType

_SIGNS = str.maketrans(
    {'"': "”", "[": "〔", "]": "〕", "{": "（", "}": "）", "|": "／", "<": "＜", ">": "＞", "#": "＃"}
)


def flow(case_type: CaseType) -> str:
    """The diagram of a case type."""
    lines = ["flowchart TD", *_nodes(case_type), *_orders(case_type), *_clocks(case_type)]
    return "\n".join(lines)


def _nodes(case_type: CaseType) -> Iterator[str]:
    for name, act in case_type.acts.items():
        text = _text(act.title) + (f"<br/>{_text(act.party)}" if act.party else "")
        yield f"  n_{name}{_shape(name, act, case_type, text)}"


def _shape(name: str, act: ActType, case_type: CaseType, text: str) -> str:
    if name in case_type.opens_with:
        return f'(["{text}"])'
    if act.closes or act.closes_on_outcome:
        return f'[["{text}"]]'
    return f'["{text}"]'


def _orders(case_type: CaseType) -> Iterator[str]:
    for name, act in case_type.acts.items():
        for needed in act.after:
            label = f'|"{_text("、".join(needed.outcome))}"|' if needed.outcome else ""
            arrow = "-.->" if needed.when is not None or len(needed.acts) > 1 else "-->"
            for before in needed.acts:
                yield f"  n_{before} {arrow}{label} n_{name}"


def _clocks(case_type: CaseType) -> Iterator[str]:
    for clock in case_type.clocks.values():
        label = _text(f"{clock.title}{_length(clock)}")
        for start in clock.starts[:1]:
            for stop in clock.stops[:1]:
                if start != stop:
                    yield f'  n_{start} =="{label}"==> n_{stop}'


def _length(clock: ClockType) -> str:
    sign, durations = ("≤", clock.at_most) if clock.at_most is not None else ("≥", clock.at_least)
    newest = (durations or [])[-1]
    if newest.length is None:
        return "（本地规定）"
    return f"{sign}{newest.length}{UNITS[newest.unit]}"


def _text(words: str) -> str:
    return words.translate(_SIGNS)
