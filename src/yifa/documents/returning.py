"""A paper edited in Word, set against what Yifa filled in: which fields say otherwise, which words were changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

from yifa.documents.filled import Line, plain
from yifa.ledger.refusal import ActionRefused

ALIKE = 0.45  # a line is the same line reworded
WHOLE = 0.5  # so much of a paper must be found again
MARGIN = 4  # unchanged characters that hold the place of a field
_SPACE = re.compile(r"\s+")
_BLANK = re.compile(r"〔待填：[^〕]*〕")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads otherwise: a field (`key`), or words of the template (no key)."""

    key: str
    was: str
    became: str
    blank: bool = False  # it was a blank that was filled in by hand

    def stored(self) -> dict[str, Any]:
        """As a version keeps it."""
        return asdict(self)


def differences(filled: Sequence[Line], text: str) -> tuple[Difference, ...]:
    """What the returned text says otherwise than the lines filled in.

    Raises ActionRefused where it is not this paper, or where blanks are still left in it.
    """
    lines = [_tight(part) for line in text.splitlines() for part in line.split("\t") if _tight(part)]
    before = [(line, _tight(plain(line))) for line in filled if _tight(plain(line))]
    pairs, lost, more = _paired([words for _, words in before], lines)
    found = sum(_common(before[place][1], lines[at]) for place, at in pairs)
    if not before or found < WHOLE * sum(len(words) for _, words in before):
        raise ActionRefused(
            "上传的文件和这份文书对不上：多数文字在里面找不到。请确认选的是从这里下载、改过的那一份。",
            code="other_document",
        )
    result: list[Difference] = []
    for place, at in pairs:
        line, words = before[place]
        if words != lines[at]:
            result += _changed(line, lines[at])
    result += [Difference("", before[place][1], "") for place in lost]
    result += [Difference("", "", lines[at]) for at in more]
    result = list(_without_line_breaks(result, "".join(words for _, words in before), "".join(lines)))
    left = _BLANK.findall("".join(lines))
    if left:
        raise ActionRefused(
            f"文件里还有 {len(left)} 处没有填：{'、'.join(dict.fromkeys(left))}。请填好再传回来，或者在页面上填写后重新生成。",
            code="blanks",
        )
    return tuple(dict.fromkeys(result))


def _without_line_breaks(found: Sequence[Difference], before: str, after: str) -> Iterator[Difference]:
    """Without words that stand in both, only broken into lines otherwise."""
    for one in found:
        was, became = _tight(one.was), _tight(one.became)
        if one.key or (was and was not in after) or (became and became not in before):
            yield one


def _common(one: str, other: str) -> int:
    """How many characters of a line are found again in order."""
    if one == other:
        return len(one)
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def _tight(text: str) -> str:
    return _SPACE.sub("", text)


def _paired(
    before: Sequence[str], after: Sequence[str]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Which lines are the same or reworded, in order; which were lost; which are new."""
    pairs: list[tuple[int, int]] = []
    lost: list[int] = []
    more: list[int] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [(i1 + step, j1 + step) for step in range(i2 - i1)]
            continue
        place = j1
        for index in range(i1, i2):
            at = next((j for j in range(place, j2) if _alike(before[index], after[j])), None)
            if at is None:
                lost.append(index)
                continue
            more += range(place, at)
            pairs.append((index, at))
            place = at + 1
        more += range(place, j2)
    return _leftovers(before, after, pairs, lost, more)


def _leftovers(
    before: Sequence[str],
    after: Sequence[str],
    pairs: list[tuple[int, int]],
    lost: list[int],
    more: list[int],
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """A line that is only a field (a cell, a date) and was changed whole: lost and new at the same place are one."""
    taken = dict(pairs)
    for index in list(lost):
        above = next((taken[i] for i in range(index - 1, -1, -1) if i in taken), -1)
        at = above + 1
        if at in more:
            pairs.append((index, at))
            taken[index] = at
            lost.remove(index)
            more.remove(at)
    return sorted(pairs), lost, more


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _changed(line: Line, after: str) -> Iterator[Difference]:
    """The fields of a line that read otherwise, then the words around them."""
    spans, words, place = [], "", 0
    for piece in line:
        text = _tight(piece.text)
        if piece.key is not None:
            spans.append((place, place + len(text), piece))
        place += len(text)
        words += text
    whole = _by_words(line, after)
    if whole is not None:
        for piece, became in whole:
            if became != _tight(piece.text):
                yield Difference(piece.key or "", piece.text, became, piece.blank)
        return
    same = _same(words, after)
    covered = []
    for begin, end, piece in spans:
        left = next((same[i] + 1 for i in range(begin - 1, -1, -1) if i in same), 0)
        right = next((same[i] for i in range(end, len(words)) if i in same), len(after))
        became = after[left : max(left, right)]
        covered.append((left, max(left, right)))
        if became != words[begin:end]:
            yield Difference(piece.key or "", piece.text, became, piece.blank)
    if not _static_same(line, after, covered):
        yield Difference("", words, after)


def _by_words(line: Line, after: str) -> list[tuple[Any, str]] | None:
    """The fields of a line whose words were not touched."""
    keyed = [piece for piece in line if piece.key is not None]
    pattern = "".join("(.*?)" if piece.key is not None else re.escape(_tight(piece.text)) for piece in line)
    match = re.fullmatch(pattern, after)
    return list(zip(keyed, match.groups(), strict=True)) if match is not None else None


def _same(words: str, after: str) -> dict[int, int]:
    """Which characters are the same; single ones in between hold no place."""
    blocks = SequenceMatcher(None, words, after, autojunk=False).get_matching_blocks()
    return {
        block.a + step: block.b + step
        for block in blocks
        if block.size >= min(MARGIN, len(words))
        for step in range(block.size)
    }


def _static_same(line: Line, after: str, covered: Sequence[tuple[int, int]]) -> bool:
    """Whether what is left of both when the fields are taken out is the same."""
    left = list(after)
    for begin, end in covered:
        for at in range(begin, end):
            left[at] = ""
    return "".join(left) == "".join(_tight(piece.text) for piece in line if piece.key is None)
