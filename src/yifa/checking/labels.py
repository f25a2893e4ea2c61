"""What names a figure of a list: the words beside it, back and on to the nearest separators."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yifa.checking.view import Sentence
from yifa.reading.document import Figure

_CLAUSE = re.compile(r"[，,、；;：:。（）()\s]|其中|分别为|分别是")


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of a list and the words that name it."""

    figure: Figure
    label: str


def labelled(sentence: Sentence, index: int) -> Part:
    """The figure with the words beside it: those before it back to a separator, else those behind it."""
    return Part(sentence.figures[index], label(sentence, index))


def label(sentence: Sentence, index: int) -> str:
    """What names a figure: the words on both sides of it up to the nearest separators."""
    known = sentence.labels.get(index)
    if known is None:
        before, after = sentence.gaps[index : index + 2]
        ends = _CLAUSE.search(after)
        known = _CLAUSE.split(before)[-1] + "\0" + (after[: ends.start()] if ends else after)
        sentence.labels[index] = known
    return known


def title(part_label: str) -> str:
    """A label as it is shown to people."""
    before, _, after = part_label.partition("\0")
    return before or after
