"""Articles of a law as people write them: 第三十三条, 第三十三条之一, 第十二条第二款第（三）项, 第五条至第七条."""

from __future__ import annotations

import re
from collections.abc import Collection

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = "[零一二三四五六七八九十百千]+"
_ONE = (
    rf"第(?P<number>{_NUMBER})条(?:之{_NUMBER})?(?:第{_NUMBER}款)?"
    rf"(?:第?[（(]?{_NUMBER}[）)]?项(?:、第?[（(]?{_NUMBER}[）)]?项)*)?"
)
_ARTICLE = re.compile(_ONE)
_SEPARATOR = re.compile(r"[、，和至]|以及")


def article_numbers(article: str) -> list[int] | None:
    """The numbers of the articles named, or None if this is not how an article is written."""
    numbers, at = [], 0
    while True:
        match = _ARTICLE.match(article, at)
        if match is None:
            return None
        numbers.append(chinese_number(match["number"]))
        at = match.end()
        if at == len(article):
            return numbers
        separator = _SEPARATOR.match(article, at)
        if separator is None:
            return None
        at = separator.end()


def articles_at(text: str, at: int) -> str:
    """The articles named at a place of a text, e.g. behind a title; "" where none is named there."""
    end = at
    while (match := _ARTICLE.match(text, end if end == at else _after_separator(text, end))) is not None:
        end = match.end()
    return text[at:end]


def _after_separator(text: str, at: int) -> int:
    separator = _SEPARATOR.match(text, at)
    return separator.end() if separator else len(text)


def chinese_number(text: str) -> int:
    """一百零五 → 105."""
    total = current = 0
    for char in text:
        if char in _TENS:
            total += max(current, 1) * _TENS[char]
            current = 0
        else:
            current = _DIGITS[char]
    return total + current


def on_articles(cited: str | None, numbers: Collection[int]) -> bool:
    """Whether what is cited of a law is among some articles; the whole law is, and so is all where none are named."""
    found = article_numbers(cited) if cited else None
    return not numbers or found is None or not set(numbers).isdisjoint(found)
