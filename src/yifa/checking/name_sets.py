"""Lists whose parts carry the names of one set: 简易程序 and 一般程序, the four quarters, 维持 and 撤销 (words.yaml)."""

from __future__ import annotations

import re
from functools import cache

from yifa.checking.labels import Part, title
from yifa.checking.view import Sentence
from yifa.checking.words import words

NameSet = tuple[str, ...]
_PAIR = 2
_OF_ALL = re.compile(r"各[类级种]|中小学|(?:共[有计]?|合计|总计)$")


def has_names(text: str) -> bool:
    """Whether two names of any set stand in a text."""
    return len(_names().findall(text)) >= _PAIR


@cache
def _names() -> re.Pattern[str]:
    sets = (*words().closed_sets, *words().exclusive_sets, *words().item_sets)
    return re.compile(
        "|".join(re.escape(name) for name in sorted({name for names in sets for name in names}))
    )


def exclusive_sets(unit: str) -> tuple[NameSet, ...]:
    """The sets of which only one name can be true of a thing counted in this unit."""
    sets = words().exclusive_sets
    return (*sets, *words().item_sets) if unit == "项" else sets


def is_closed(labels: list[str]) -> bool:
    """Whether the names are, one by one, those of a set that leaves nothing out."""
    return any(len(names) == len(labels) and set(names) == set(labels) for names in words().closed_sets)


def named(
    sentence: Sentence,
    whole: str,
    parts: tuple[Part, ...],
    sets: tuple[NameSet, ...],
    *,
    ended: bool = False,
    complete: bool = False,
) -> tuple[Part, ...]:
    """The parts at the head of the list that carry, each another, names of one set; empty where there is none.

    They must be the whole list or end at a semicolon, or `ended` says that the list was cut.
    Of two sets that fit, the larger is taken. `complete`: every name of the set must be there.
    """
    labels = [title(part.label) for part in parts]
    all_labels = "\0".join(labels)
    if not has_names(all_labels):
        return ()
    for names in _largest_first(sets):
        if sum(name in all_labels for name in names) < _PAIR or _is_one_of(title(whole), names):
            continue
        carried = [_name_of(text, names) for text in labels]
        count = next((place for place, name in enumerate(carried) if name is None), len(carried))
        ends = count == len(parts) or ended or sentence.text_before(parts[count].figure)[:1] in "；;"
        whole_set = count == len(names) or not complete
        if count >= _PAIR and ends and whole_set and len(set(carried[:count])) == count:
            return parts[:count]
    return ()


def _is_one_of(whole: str, names: NameSet) -> bool:
    """Whether the whole is itself one of the set; 「建议提案236件」 and 「建议、提案共236件」 are of all."""
    carried = sum(name in whole for name in names)
    return 0 < carried < len(names) and not _OF_ALL.search(whole)


@cache
def _largest_first(sets: tuple[NameSet, ...]) -> tuple[NameSet, ...]:
    return tuple(sorted(sets, key=len, reverse=True))


def _name_of(text: str, names: NameSet) -> str | None:
    """The longest name of the set that the text carries."""
    return max((name for name in names if name in text), key=len, default=None)
