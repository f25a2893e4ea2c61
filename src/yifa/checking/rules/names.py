"""`name.inconsistent`: one thing under two names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.checking.words import words
from yifa.reading.document import Citation, Span

_HOTLINE = re.compile(r"(?<!\d)(1\d{4})(?!\d)[”\"]?([\u4e00-\u9fff]{0,8}热线)")
_OPTIONAL = re.compile(r"便民|服务|市长|电话|群众|公共|[^\u4e00-\u9fff]")
_EMPTY_WORDS = re.compile(r"政务|政府|工作|有关|相关|[\s（）()《》〈〉]")
_SHORTEST = 6  # characters a document's title must keep to be compared
_PLACE = 4  # characters of a higher place's name that may be left out


def check(view: View) -> Iterator[Finding]:
    """Hotlines and the body's own documents."""
    yield from _hotlines(view)
    yield from _own_documents(view)


def _hotlines(view: View) -> Iterator[Finding]:
    """Two numbers with one description."""
    by_name: dict[str, dict[str, tuple[str, Span]]] = defaultdict(dict)
    for found in _HOTLINE.finditer(view.text):
        name = _OPTIONAL.sub("", found.group(2))
        by_name[name].setdefault(
            found.group(1), (found.group().replace("”", "").replace('"', ""), found.span())
        )
    for name, numbers in by_name.items():
        if len(numbers) < 2 or name == "热线":
            continue
        shown = [text for text, _ in numbers.values()]
        known = "；".join(f"{n}是{words().hotlines[n]}" for n in numbers if n in words().hotlines)
        yield RULE.finding(
            f"同一条热线写成了{'、'.join(f'“{text}”' for text in shown)}。{known + '。' if known else ''}请核对并统一。",
            [span for _, span in numbers.values()],
            names=shown,
        )


def _own_documents(view: View) -> Iterator[Finding]:
    """Two titles of the body's own documents which differ only by a higher place's name or an empty word."""
    own = _own_name(view.document.issuer)
    if not own:
        return
    titles: dict[str, Citation] = {}
    for citation in view.document.citations:
        if own in citation.title:
            titles.setdefault(re.sub(r"\s", "", citation.title), citation)
    for first, second in combinations(titles.values(), 2):
        if _same(first.title, second.title, own):
            yield RULE.finding(
                f"《{first.title}》与《{second.title}》疑为同一文件的两种写法，请核对并统一。",
                [first.span, second.span],
                names=[first.title, second.title],
            )


def _own_name(issuer: str | None) -> str:
    """The part of the issuer's name that its documents carry: 「某某区」 of 「某某区政务服务管理局」."""
    if not issuer:
        return ""
    found = re.search(
        r"[\u4e00-\u9fff]{2,6}?(?:新区|开发区|区|县|镇|乡|街道|市)(?!.*(?:新区|区|县|镇|乡|街道))", issuer
    )
    return found.group() if found else ""


def _same(first: str, second: str, own: str) -> bool:
    bare = [_EMPTY_WORDS.sub("", title) for title in (first, second)]
    if bare[0] == bare[1]:
        return False  # 「（试行）」 and spaces only, or the very same
    cut = [text[text.find(own) :] for text in bare]
    return (
        cut[0] == cut[1]
        and len(cut[0]) >= len(own) + _SHORTEST - 2
        and all(text.find(own) <= _PLACE for text in bare)
    )


RULE = Rule(
    id="name.inconsistent",
    severity=Severity.NOTICE,
    title="一物两名",
    explanation=(
        "同一样东西在一份文件里用了两个名称：名称相同、号码不同的热线；本单位的同一份文件，题名只差上级地名或“政务”“政府”一类的字。"
        "号码相同、名称详略不同的，不提出。"
    ),
    check=check,
)
