"""`name.inconsistent`: one thing under two names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.checking.words import words
from yifa.reading.document import Citation, Span

_HOTLINE = re.compile(r"(?<!\d)(1\d{4})(?!\d)[”\"]?([\u4e00-\u9fff]{0,8}热线)")
_OPTIONAL = re.compile(r"便民|服务|市长|电话|群众|公共|[^\u4e00-\u9fff]")
_EMPTY_WORDS = re.compile(r"政务|政府|工作|有关|相关|[\s（）()《》〈〉]")
_SHORTEST = 4  # characters a title must have behind the body's name to be compared
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
    by_core: dict[str, dict[str, Citation]] = defaultdict(dict)
    for citation in view.document.citations:
        bare = _EMPTY_WORDS.sub("", citation.title)
        place = bare.find(own)
        if 0 <= place <= _PLACE and len(bare) - place >= len(own) + _SHORTEST:
            by_core[bare[place:]].setdefault(bare, citation)
    for writings in by_core.values():
        if len(writings) > 1:
            titles = [citation.title for citation in writings.values()]
            yield RULE.finding(
                f"{'与'.join(f'《{title}》' for title in titles)}疑为同一文件的不同写法，请核对并统一。",
                [citation.span for citation in writings.values()],
                names=titles,
            )


def _own_name(issuer: str | None) -> str:
    """The part of the issuer's name that its documents carry: 「某某区」 of 「某某区政务服务管理局」."""
    if not issuer:
        return ""
    found = re.search(
        r"[\u4e00-\u9fff]{2,6}?(?:新区|开发区|区|县|镇|乡|街道|市)(?!.*(?:新区|区|县|镇|乡|街道))", issuer
    )
    return found.group() if found else ""


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
