"""`law.misnamed`: a title that differs from the name of a known rule by words put in or left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.law.loader import catalogue

_SHORTEST = 12  # characters of a name; shorter ones are alike by chance
_MOST, _LEAST = 3, 2  # characters put in or left out: one alone is 的, a matter of taste
_HEAD, _TAIL = 4, 2  # characters that must be the same at both ends
_BRACKET = re.compile(r"[（(][^（()）]*[)）]\Z")
_BLANKS = re.compile(r"[\s〈〉<>]")


def check(view: View) -> Iterator[Finding]:
    """One finding for each wrong name, with all its places."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for citation in view.document.citations:
        if citation.law is None and (name := _meant(_bare(citation.title))):
            places[citation.title, name].append(citation.span)
    for (written, name), spans in places.items():
        yield RULE.finding(
            f"《{written}》与现有的《{name}》只差几个字，疑为写错了名称。请核对后改正。",
            spans,
            title=written,
            name=name,
        )


def _bare(title: str) -> str:
    return _BLANKS.sub("", _BRACKET.sub("", title.strip()))


@cache
def _names() -> dict[tuple[str, str], tuple[str, ...]]:
    """The names of known rules by their first and last characters."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for law in catalogue().laws:
        name = _bare(law.title)
        if len(name) >= _SHORTEST:
            found[name[:_HEAD], name[-_TAIL:]].add(name)
    return {ends: tuple(sorted(names)) for ends, names in found.items()}


def _meant(written: str) -> str | None:
    """The one known name that the written one becomes when a few characters in a row are put in or taken out."""
    if len(written) < _SHORTEST:
        return None
    near = [name for name in _names().get((written[:_HEAD], written[-_TAIL:]), ()) if _differs(written, name)]
    return near[0] if len(near) == 1 else None


def _differs(one: str, other: str) -> bool:
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    more = len(longer) - len(shorter)
    return _LEAST <= more <= _MOST and any(
        longer[:place] + longer[place + more :] == shorter for place in range(len(shorter) + 1)
    )


RULE = Rule(
    id="law.misnamed",
    severity=Severity.NOTICE,
    title="法规文件名称写错",
    explanation=(
        "书名号里的名称在法律目录里查不到，而与目录里的一个名称只差连续的两三个字（多写或者漏写），开头四个字和末尾两个字都相同。"
        "十二个字以下的、与两个名称都相近的、另加了地名或者“实施办法”一类的，不提出。\n\n"
        "例：把“推进法治建设第一责任人职责规定”写成“推进法治政府建设第一责任人职责规定”"
        "——依据：title 所写的名称，name 目录里的名称。"
    ),
    check=check,
)
