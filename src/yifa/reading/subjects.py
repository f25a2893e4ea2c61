"""What a figure counts: the noun phrase behind it, else the phrase before it."""

from __future__ import annotations

import re
from functools import cache

from yifa.reading.document import Span
from yifa.reading.lexicon import alternatives, words

DELIMITER = re.compile(r"[/①-⑳，。；、：！？,;:!?（）()《》〈〉【】\[\]“”\n\d%]")
CLAUSE_START = re.compile(r"[①-⑳，。；：！？,;:!?（(【\[\n]")
RATE_UNITS = ("%", "‰", "个百分点", "百分点", "倍", "成")
TIME = re.compile(
    r"^(?:\d{4}年(?:度|来|以来|底)?前?|\d{1,2}月(?:份|底)?(?:之?前)?|\d{1,2}日(?:之?前)?|底前|截[至止][^，,]{0,10}|自[^，,]{0,12}以来|[一二三四上下前]+(?:季度|半年))"
)
LONGEST = 24


@cache
def _leading() -> re.Pattern[str]:
    lexicon = words("subjects")
    return re.compile(rf"\A(?!{alternatives(lexicon['leading_kept'])})(?:{alternatives(lexicon['leading'])})")


@cache
def _trailing() -> re.Pattern[str]:
    lexicon = words("subjects")
    kept = "".join(rf"(?<!{re.escape(word)})" for word in lexicon["trailing_kept"])
    return re.compile(rf"(?:{alternatives(lexicon['trailing'])}){kept}\Z")


def subject_of(text: str, span: Span, unit: str, previous: int) -> str:
    """The phrase that names what is counted, cleaned of connecting words; empty where there is none.

    `previous` is where the figure before this one ends: what stands before that belongs to that figure.
    """
    before = _before(text, span[0], previous)
    if unit in RATE_UNITS or (before and unit in words("subjects")["before_first"]):
        return before
    return _behind(text, span[1]) or before


JOINED = re.compile(r"(?:以?及|和|与|等)\Z")


def _behind(text: str, position: int) -> str:
    if text[position : position + 1] in ("“", "《"):  # the thing counted is quoted
        position += 1
    window = text[position : position + LONGEST]
    cut = DELIMITER.search(window)
    phrase = JOINED.sub("", window[: cut.start()] if cut else window)
    if len(phrase) < 2 or phrase.startswith(tuple(words("subjects")["not_subject"])):
        return ""
    return phrase.strip()


def _before(text: str, position: int, previous: int) -> str:
    window = text[max(position - 40, previous) : position]
    phrase = clean(window[_last(CLAUSE_START, window) :])
    if not phrase:  # 「行政处罚案件,共655件」: what is counted stands one clause earlier
        earlier = window[: _last(CLAUSE_START, window)].rstrip("，,：:（( ")
        earlier = earlier if earlier or not previous else ""
        phrase = clean(earlier[_last(CLAUSE_START, earlier) :])
    return phrase[-LONGEST:]


def _last(pattern: re.Pattern[str], window: str) -> int:
    end = 0
    for match in pattern.finditer(window):
        end = match.end()
    return end


def clean(phrase: str) -> str:
    """A phrase without the words that only connect: 「其中环保行政处罚案件共」 → 「环保行政处罚案件」."""
    phrase = phrase.strip(" \t\u3000、")
    before = None
    while before != phrase:
        before = phrase
        phrase = TIME.sub("", phrase)
        phrase = _leading().sub("", phrase)
        phrase = _trailing().sub("", phrase).strip(" 、\t")
    return phrase
