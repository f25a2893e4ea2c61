"""`substance.template`: sections about what is to be done that only repeat the upper-level outline.

With the outline given, its words are looked for in each section. Without it, a section on next year's work is judged
by the field's words for aims and by what it lacks: figure, date, owner, place, named document, act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from yifa.checking.finding import Finding, Severity
from yifa.checking.likeness import Compared
from yifa.checking.likeness.bare import bare_text
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.law.datafiles import beside
from yifa.reading.document import Document, Heading, Kind, Span

_LONG = 150  # words of a whole section judged alone
_LONG_BESIDE = 80  # words of a section held against a given outline
_REPEATED = 0.6  # share of a section's words that stand in the outline
_AIMS = 0.6  # share of a clause's words that are words for aims
_NEARLY_ALL, _MOST = (
    0.8,
    0.65,
)  # share of clauses that are such; fewer where the outline's own headings order them
_CONCRETE = 0.08  # share of clauses that may name an act or an owner all the same
_LINE = 40  # characters of a first line that may be a title
_CLAUSE = re.compile(r"[^，,。；;：:！？\n]+")
_NUMBERED = re.compile(r"\A\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[一二三四五六七八九十]是)\s*")
_OWN = re.compile(r"[《\d]|[一二三四五六七八九十]月")
_UPPER = re.compile(
    r"(?:纲要|规划|条例|法|办法|规定|意见|决定|规则|细则|准则|实施方案)(?:[（(][^（）()]{1,24}[）)]|20\d\d[^\n]{0,12}|的通知)*\Z"
)


class TemplateWords(BaseModel):
    """The word lists; the meaning of each stands beside it in template.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outline_headings: tuple[str, ...]
    concrete: tuple[str, ...]
    aims: tuple[str, ...]


@cache
def template_words() -> TemplateWords:
    """The word lists, read once."""
    return TemplateWords.model_validate(beside(__file__, "template.yaml"))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def name_of(other: Document) -> str:
    """What to call another document: its title, else its first line if that is short, with the file it is in."""
    line = other.text.lstrip().partition("\n")[0].strip()
    title = other.title or (line if len(line) <= _LINE and not line.endswith("。") else "")
    file = Path(other.source.path).name
    return f"《{title.strip('《》')}》（{file}）" if title else f"“{file}”"


def is_upper(document: Document, other: Document) -> bool:
    """Whether another document is a law, an outline or another body's plan: what a report may be ordered by."""
    if other.kind is Kind.WORK_PLAN:
        return (
            document.issuer is not None
            and other.issuer is not None
            and other.issuer not in document.issuer
            and document.issuer not in other.issuer
        )
    title = (other.title or other.text.lstrip().partition("\n")[0][:_LINE]).strip("《》 　")
    return other.kind is Kind.OTHER and (_UPPER.search(title) is not None or "条文" in other.kind_reason)


def check(view: View) -> Iterator[Finding]:
    """One finding for each upper-level text whose words fill sections, else one for the outlook judged alone."""
    beside = [finding for other in _uppers(view) for finding in _beside(view, other)]
    yield from beside or _alone(view)


def _uppers(view: View) -> list[Document]:
    return [other for other in view.others if is_upper(view.document, other)]


def _beside(view: View, other: Document) -> Iterator[Finding]:
    compared = Compared(view.document)
    common = compared.common_with(other)

    def share_of(heading: Heading) -> float:
        body = _prose(view.text, heading.body)
        start, end = compared.bare.index(body[0]), compared.bare.index(body[1])
        if end - start < _LONG_BESIDE or _has_own(view, body, apart=tuple(heading.walk())):
            return 0.0
        return sum(common[start:end]) / (end - start)

    def outermost(headings: tuple[Heading, ...]) -> Iterator[tuple[Heading, float]]:
        for heading in headings:
            share = share_of(heading)
            if share >= _REPEATED:
                yield heading, share
            else:
                yield from outermost(heading.children)

    found = list(outermost(view.document.outline))
    if found:
        share = round(max(share for _, share in found), 3)
        yield _finding(view, [heading for heading, _ in found], other, share)


def _alone(view: View) -> Iterator[Finding]:
    if not view.is_report:
        return
    outlook = view.parts.plans
    found = [heading for heading in view.headings if heading.body in outlook and _only_aims(view, heading)]
    if found:
        yield _finding(view, found)


def _only_aims(view: View, heading: Heading) -> bool:
    """Whether a whole section holds aims and nothing that anybody could later see to be done or not."""
    body = _prose(view.text, heading.body)
    words = view.text[body[0] : body[1]]
    if len(words) < _LONG or _has_own(view, body, apart=tuple(heading.walk())):
        return False
    clauses = [_NUMBERED.sub("", clause) for clause in _CLAUSE.findall(words)]
    clauses = [clause for clause in clauses if bare_text(clause)]
    concrete = sum(_is_concrete(clause) for clause in clauses)
    aims = sum(_is_aim(clause) for clause in clauses)
    titles = [child.title for child in heading.children]
    known = sum(_any_of(template_words().outline_headings).search(title) is not None for title in titles)
    least = _MOST if known >= 3 and known * 2 >= len(titles) else _NEARLY_ALL
    return concrete <= _CONCRETE * len(clauses) and aims >= least * len(clauses)


def _is_concrete(clause: str) -> bool:
    return _any_of(template_words().concrete).search(clause.replace("其他组织", "")) is not None


def _is_aim(clause: str) -> bool:
    words = bare_text(clause)
    left = _any_of(template_words().aims).sub("", words)
    return len(left) <= (1 - _AIMS) * len(words)


def _has_own(view: View, body: Span, apart: tuple[Heading, ...] = ()) -> bool:
    """Whether a stretch has a figure, a date or a named document; the numbers and words of headings apart."""
    if view.figures_in(body):
        return True
    words, place = [], body[0]
    for heading in apart:
        if body[0] <= heading.span[0] < body[1]:
            words.append(view.text[place : heading.span[0]])
            place = heading.span[1]
    words.append(view.text[place : body[1]])
    return any(_OWN.search(_NUMBERED.sub("", line)) for part in words for line in part.split("\n"))


def _prose(text: str, body: Span) -> Span:
    """A section without the lines at its end that are no sentence: signature and date."""
    start, end = body
    stop = max(text.rfind(mark, start, end) for mark in "。；！")
    return (start, stop + 1 if stop >= 0 else end)


def _finding(
    view: View, headings: list[Heading], other: Document | None = None, share: float | None = None
) -> Finding:
    shown = "、".join(f"“{heading.number}{heading.title}”" for heading in headings)
    what = f"大多是{name_of(other)}的原话" if other else "通篇是纲要式的目标用语"
    return RULE.finding(
        f"{shown}{what}，没有数字、时间、责任单位，也没有本单位要办的具体事，据此分解不出任务。请写明办什么、谁来办、什么时候办完。",
        [_prose(view.text, heading.body) for heading in headings],
        sections=[heading.number for heading in headings],
        other=other and name_of(other),
        share=share,
    )


RULE = Rule(
    id="substance.template",
    severity=Severity.WARNING,
    title="照搬上级纲要的用语",
    explanation=(
        "一并给出上级的纲要、法规或计划时：整节六成以上的字见于上级文件（连续十二字以上相同才算），本节又没有数字、日期和文件名称。"
        "没有给出时，只看年度报告写下一年安排的整节：一百五十字以上，没有数字、日期和文件名称，"
        "八成的分句（各条标题用纲要任务名称的，六成五）只是“切实保障”“显著提高”一类的目标用语，"
        "几乎没有一个分句写到可以检查的事（举办、培训、检查、制定、清单、牵头单位等）。有一处自己的内容，就不提出。"
    ),
    check=check,
)
