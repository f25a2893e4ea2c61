"""Lists that end in 其他 or 其余: 「312件，其中甲126件、乙101件、其他85件」."""

from __future__ import annotations

import re
from itertools import chain, combinations

from yifa.checking import interval
from yifa.checking.labels import Part, title
from yifa.checking.view import Sentence
from yifa.reading.document import Figure

_REST = re.compile(r"^(?:其余|其他|其它)")
_NESTED = re.compile(r"其中|含|包括|[（(]")
_INTRO = re.compile(r"其中|分别为|分别是|[：:（(]")
_GOES_ON = re.compile(r"^[、，,]")
_PAIR = 2
_MOST = 9  # figures before 其余 that are tried in every combination


def up_to_rest(sentence: Sentence, whole: Figure, parts: tuple[Part, ...]) -> tuple[Part, ...] | None:
    """The parts up to 其他 or 其余, which say that this is the rest.

    Some of them may be parts of parts, and the whole may stand further ahead: only where no figure before the rest
    is the rest and some of the others is the list wrong. A list may go on behind it: 「其他结果1件、尚未审结2件」.
    """
    for count in range(_PAIR, min(len(parts), _MOST) + 1):
        if _REST.match(title(parts[count - 1].label)):
            return (
                _whole_list(sentence, whole, parts, count)
                if _is_rest(sentence, whole, parts[:count])
                else None
            )
    return None


def _is_rest(sentence: Sentence, whole: Figure, parts: tuple[Part, ...]) -> bool:
    """Whether the last of the parts can be nothing but the rest of this whole."""
    rest = parts[-1].figure
    figures = [f for f in sentence.figures if f.span < rest.span and f.unit == whole.unit]
    if len(figures) > _MOST or max(figures, key=lambda figure: figure.value) is not whole:
        return False
    if sentence.text_before(rest).lstrip("）)")[:1] in "；;":
        return False  # the rest of something said before this part of the sentence
    earlier = [f for f in sentence.earlier if f.unit == whole.unit]
    known = (earlier + figures)[-_MOST:]
    gaps = [sentence.text_before(part.figure) for part in parts[1:]]
    if any(_NESTED.search(gap) for gap in gaps) and _leaves(whole, known, rest):
        return False
    if any(_follows(one, known[place + 1 :], rest) for place, one in enumerate(known)):
        return False
    introduced = _INTRO.search(sentence.text_before(parts[0].figure))
    return bool(introduced) or interval.comes_near(whole, [part.figure for part in parts], interval.SHARE)


def _whole_list(
    sentence: Sentence, whole: Figure, parts: tuple[Part, ...], count: int
) -> tuple[Part, ...] | None:
    """The parts up to the rest and those listed on behind it; None where only some of these give the whole."""
    end = count
    while end < len(parts) and _GOES_ON.match(sentence.text_before(parts[end].figure)):
        end += 1
        if interval.total(part.figure for part in parts[:end]).meets(interval.of(whole)):
            return None
    listed = end > count and sentence.text_before(parts[count].figure).startswith("、")
    return parts[:end] if listed else parts[:count]


def _leaves(whole: Figure, figures: list[Figure], rest: Figure) -> bool:
    """Whether the whole is the rest and some of the other figures."""
    others = [figure for figure in figures if figure is not whole]
    some = chain.from_iterable(combinations(others, size) for size in range(1, len(others) + 1))
    return any(interval.total((*chosen, rest)).meets(interval.of(whole)) for chosen in some)


def _follows(whole: Figure, figures: list[Figure], rest: Figure) -> bool:
    """Whether another whole is the rest and the figures right before it."""
    runs = (figures[start:] for start in range(len(figures)))
    return any(interval.total((*run, rest)).meets(interval.of(whole)) for run in runs)
