"""Marks: what somebody did to the text, found and not mended — advertising put in, places left to fill in, damage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from yifa.reading.document import Mark, Span
from yifa.reading.lexicon import alternatives, words
from yifa.reading.searching import matches

SENTENCE = re.compile(r"[。！？；!?;\n]")
BROKEN_SIGNS = ("\ufffd", "锟斤拷", "烫烫", "Ã", "â€", "Â")
BROKEN = re.compile(r"\ufffd+|(?:锟斤拷)+|(?:烫烫)+|(?:Ã.|â€.|Â.){2,}")


@cache
def _injected() -> dict[str, re.Pattern[str]]:
    """For each sort of foreign text all its patterns as one."""
    patterns = words("injected")["patterns"]
    return {sort: re.compile("|".join(f"(?:{item})" for item in items)) for sort, items in patterns.items()}


@cache
def _signs() -> tuple[AhoCorasick, list[str]]:
    """One search for the plain words of which one stands in every match of a sort, and the sort of each word."""
    signs = [(word, sort) for sort, found in words("injected")["signs"].items() for word in found]
    machine = AhoCorasick([word for word, _ in signs], implementation=Implementation.DFA)
    return machine, [sort for _, sort in signs]


def _hints(text: str) -> dict[str, list[Span]]:
    """Where the signs of each sort stand, the longest first where several begin."""
    machine, sorts = _signs()
    hints: dict[str, list[Span]] = {}
    for word, start, end in machine.find_matches_as_indexes(text, overlapping=True):
        hints.setdefault(sorts[word], []).append((start, end))
    return {sort: sorted(found, key=lambda at: (at[0], -at[1])) for sort, found in hints.items()}


def _matches(text: str, hints: list[Span], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The matches of a pattern, looked for only around the words that stand in every match of it."""
    reach: int = words("injected")["reach"]
    done = behind = 0
    for start, end in hints:
        if start < done or start < behind:
            continue
        behind = end
        match = pattern.search(text, max(start - reach, done), end + reach)
        if match:
            done = match.end()
            yield match


@cache
def _placeholder() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Where a place left to fill in may begin, and what it looks like."""
    lexicon = words("residue")
    first, second = lexicon["placeholder_starts"], lexicon["placeholder_seconds"]
    return re.compile(rf"[{first}](?=[{second}])"), re.compile("|".join(lexicon["placeholders"]))


@cache
def _slots() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lexicon = words("injected")
    return re.compile(lexicon["slot"]), re.compile(lexicon["name_slot"])


@cache
def _fighting() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words that excuse the whole sentence, and words that excuse what stands close by."""
    lexicon = words("injected")
    return re.compile(alternatives(lexicon["fighting"])), re.compile(alternatives(lexicon["fighting_near"]))


def marks(text: str) -> list[Mark]:
    """All marks of a repaired text, in order."""
    found = [*_find_injected(text), *_find_placeholders(text), *_find_broken(text)]
    return sorted(found, key=lambda mark: mark.span or (0, 0))


def injected_phrases(found: list[Mark]) -> list[str]:
    """The foreign phrases, to be taken out of names."""
    return sorted({mark.phrase for mark in found if mark.kind == "injected"}, key=len, reverse=True)


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What belongs to a foreign phrase before and behind the part that a pattern knows: 「皇冠体育」投注平台「官网」."""
    lexicon = words("injected")
    brands, more = alternatives(lexicon["signs"]["brands"]), alternatives(lexicon["parts_of_name"])
    before = re.compile(rf"(?<![A-Za-z])(?:{brands})(?:{more}){{0,4}}\Z|(?:{more}){{1,4}}\Z")
    return before, re.compile(rf"(?:{alternatives(lexicon['endings'])}){{1,4}}")


def _find_injected(text: str) -> list[Mark]:
    slot, name_slot = _slots()
    found: list[tuple[int, int, str]] = []
    hints = _hints(text)
    for sort, pattern in _injected().items():
        for match in _matches(text, hints.get(sort, []), pattern):
            start, end = _whole(text, *match.span())
            if slot.match(text, end) is None and _excused(text, match, sort):
                continue
            found.append((start, end, sort))
    marks: list[Mark] = []
    for start, end, sort in _joined(found):
        detail = {"sort": sort}
        if name_slot.match(text, end):
            detail["instead_of"] = "地名"
        marks.append(Mark("injected", text[start:end], (start, end), detail))
    return marks


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of the whole foreign phrase around what a pattern found."""
    before, behind = _edges()
    head = before.search(text[max(start - 16, 0) : start])
    tail = behind.match(text, end)
    return start - (len(head[0]) if head else 0), tail.end() if tail else end


def _joined(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Phrases that overlap or touch, as one."""
    joined: list[tuple[int, int, str]] = []
    for start, end, sort in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), joined[-1][2])
        else:
            joined.append((start, end, sort))
    return joined


def _excused(text: str, match: re.Match[str], sort: str) -> bool:
    """The text writes about fighting the thing."""
    if sort == "brands":
        before = text[max(match.start() - 12, 0) : match.start()]
        return any(word in before for word in words("injected")["hunted"])
    anywhere, near = _fighting()
    if anywhere.search(_sentence(text, match, 60)):
        return True
    return near.search(_sentence(text, match, words("injected")["near"])) is not None


def _sentence(text: str, match: re.Match[str], reach: int) -> str:
    """The sentence around a match, at most `reach` characters either way."""
    begin = max(match.start() - reach, 0)
    before = SENTENCE.split(text[begin : match.start()])[-1]
    after = SENTENCE.split(text[match.end() : match.end() + reach])[0]
    return before + match[0] + after


def _find_placeholders(text: str) -> list[Mark]:
    found = matches(text, *_placeholder())
    return [Mark("residue", m[0], m.span(), {"what": "placeholder"}) for m in found]


def _find_broken(text: str) -> list[Mark]:
    if not any(sign in text for sign in BROKEN_SIGNS):
        return []
    return [Mark("damaged", m[0], m.span(), {"what": "broken_character"}) for m in BROKEN.finditer(text)]
