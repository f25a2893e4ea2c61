"""Live figures in prose: `{rule_id}`, or `{rule_id:部分}` for one part of its breakdown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

PLACEHOLDER = re.compile(r"\{(?P<rule>[a-z][a-z0-9_]*)(?::(?P<part>[^{}]+))?\}")
_BRACED = re.compile(r"\{([^{}\n]*)\}")
_HALF = re.compile(r"\{[^{}\n，。；、]{0,30}|[^{}\n，。；、]{0,30}\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A figure called for in prose."""

    rule: str
    part: str | None = None

    def __str__(self) -> str:
        return f"{{{self.rule}:{self.part}}}" if self.part else f"{{{self.rule}}}"


def split(text: str) -> tuple[str | Placeholder, ...]:
    """Prose as stretches of text and placeholders, in order; nothing empty."""
    pieces: list[str | Placeholder] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        if match.start() > end:
            pieces.append(text[end : match.start()])
        pieces.append(Placeholder(match["rule"], match["part"]))
        end = match.end()
    if end < len(text):
        pieces.append(text[end:])
    return tuple(pieces)


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """The placeholders in prose, each once, in order."""
    return tuple(dict.fromkeys(piece for piece in split(text) if isinstance(piece, Placeholder)))


def malformed(text: str) -> tuple[str, ...]:
    """Stretches in braces that are no placeholder, e.g. 「{处罚件数}」, and what stands at a brace without its other half."""
    wrong = [match[0] for match in _BRACED.finditer(text) if not PLACEHOLDER.fullmatch(match[0])]
    return (*wrong, *_HALF.findall(_BRACED.sub("", text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Prose with the plain values among the placeholders written out; figures stay live."""
    return "".join(
        values.get(piece.rule, str(piece)) if isinstance(piece, Placeholder) else piece
        for piece in split(text)
    )


def without_nothing(text: str, nothing: Callable[[Placeholder], bool]) -> str:
    """Prose whose stretches in square brackets stand only while one of their figures shows something."""

    def kept(match: re.Match[str]) -> str:
        return "" if all(nothing(one) for one in placeholders(match[1])) else match[1]

    return _OPTIONAL.sub(kept, text)


def named(text: str, titles: Mapping[str, str]) -> str:
    """Prose as people write and read it: `{行政处罚立案}` in the place of `{penalties_filed}`."""
    return "".join(
        str(replace(piece, rule=titles.get(piece.rule, piece.rule)))
        if isinstance(piece, Placeholder)
        else piece
        for piece in split(text)
    )


def keyed(text: str, titles: Mapping[str, str]) -> str:
    """Prose as it is stored, from what people wrote; what names no figure stays as it is."""
    rules = {title: rule for rule, title in titles.items()}

    def key(match: re.Match[str]) -> str:
        title, colon, part = match[1].partition(":")
        return f"{{{rules.get(title.strip(), title)}{colon}{part}}}"

    return _BRACED.sub(key, text)


def near(name: str, titles: Mapping[str, str], most: int = 3) -> list[str]:
    """The known rule ids that look most like `name`, by id or by Chinese title."""
    by_id = difflib.get_close_matches(name, titles, n=most, cutoff=0.6)
    by_title = _close_titles(name, titles.items()) if not by_id else []
    return (by_id or by_title)[:most]


def _close_titles(name: str, titles: Iterable[tuple[str, str]]) -> list[str]:
    scored = [(difflib.SequenceMatcher(None, name, title).ratio(), rule) for rule, title in titles]
    return [rule for score, rule in sorted(scored, reverse=True) if score >= 0.4]
