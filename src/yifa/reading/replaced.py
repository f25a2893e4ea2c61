"""What stood where foreign text was put in, told from the other places of the same text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from yifa.reading.document import Mark, Span

# How many characters before and behind must be alike, the surest first.
FRAMES = ((6, 6), (4, 6), (6, 4), (4, 4), (0, 8), (0, 6), (3, 3))
LONGEST = 12
HAN = re.compile(r"[\u4e00-\u9fff]*")
HAN_END = re.compile(r"[\u4e00-\u9fff]*\Z")
NAMED = re.compile(r"(?:[\u4e00-\u9fff]{2,4}(?:省|市|州|县|区|镇|乡|街道))")
BEGINS_TITLE = re.compile(r"(?:关于)?(?:19|20)\d\d(?:年|[-—])|关于")


def replaced(text: str, marks: Sequence[Mark], issuer: str | None) -> tuple[Mark, ...]:
    """The marks with what each foreign phrase stands for, where the text itself tells."""
    foreign = {mark.phrase for mark in marks if mark.kind == "injected"}
    return tuple(
        _told(text, mark, mark.span, foreign, issuer) if mark.kind == "injected" and mark.span else mark
        for mark in marks
    )


def _told(text: str, mark: Mark, span: Span, foreign: set[str], issuer: str | None) -> Mark:
    found = _elsewhere(text, span, foreign)
    if found is None and issuer and _at_title(text, span):
        found = issuer
    detail = {key: value for key, value in mark.detail.items() if key != "instead_of"}
    told = found if found is not None else mark.detail.get("instead_of", "")
    return replace(mark, detail=detail | {"instead_of": told} if told else detail)


def _elsewhere(text: str, span: Span, foreign: set[str]) -> str | None:
    """What stands between the same words elsewhere; "" where nothing does: the phrase was only put in."""
    before = HAN_END.search(text[max(span[0] - 8, 0) : span[0]])
    behind = HAN.match(text, span[1], span[1] + 10)
    left, right = before[0] if before else "", behind[0] if behind else ""
    for left_length, right_length in FRAMES:
        if len(left) < left_length or len(right) < right_length:
            continue
        frame = re.compile(
            re.escape(left[len(left) - left_length :])
            + (
                rf"([\u4e00-\u9fff]{{0,{LONGEST}}}?)"
                if left_length
                else r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{0,8}?)"
            )
            + re.escape(right[:right_length])
        )
        between = Counter(
            match[1]
            for match in frame.finditer(text)
            if not (match.start() < span[1] and span[0] < match.end())
            and not any(item in match[0] for item in foreign)
        )
        if between:
            return between.most_common(1)[0][0]
    return _place_before(text, span, right)


def _place_before(text: str, span: Span, right: str) -> str | None:
    """「〈foreign〉县人民政府」: the name that stands before 县人民政府 elsewhere."""
    kind = re.match(r"(?:省|市|州|县|区|镇|乡|街道)(?:人民政府|政府|委|管委会|办事处)?", right)
    if kind is None:
        return None
    names = Counter(
        match[0].removesuffix(kind[0][0])
        for match in re.finditer(rf"[\u4e00-\u9fff]{{2,3}}{kind[0]}", text)
        if match.start() >= span[1] or match.end() <= span[0]
    )
    names = Counter({name.removesuffix(kind[0]): times for name, times in names.items()})
    return names.most_common(1)[0][0] if names else None


def _at_title(text: str, span: Span) -> bool:
    """Whether the phrase begins a title: 「〈foreign〉2023年法治政府建设报告」."""
    line = text.rfind("\n", 0, span[0]) + 1
    return not text[line : span[0]].strip() and BEGINS_TITLE.match(text, span[1]) is not None
