"""Sentences that say something was done where the section's own figures say it was not: marked, never guessed.

A clause is a claim only where its words are those of a counting rule that the outline calls for in this very section,
and that figure is 0 or not collected. Clauses with a number of their own are told by `typed`; plans are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule, SectionType
from yifa.reading.document import Span
from yifa.reporting.content import Paper, Paragraph, Shown, paper
from yifa.reporting.models import Report, Section, StoredFigure
from yifa.reporting.placeholders import placeholders

_CLAUSE = re.compile(r"[^。；，！？]+")
_DONE = re.compile(
    r"制定|出台|印发|公布|发布|修订|开展|组织|举办|召开|实施|完成|办理|审查|清理|备案|评查|处理|化解|调解|答复|受理|推进了|建立了"
    r"|举行|作出|采取|申请|移送|没收|启动|追究|提出|反馈|报送|采纳|归档|聘任|命名|废止|取消|下放|划转|压缩|处置|排查|问责|督察|回访|支付"
)
_NOT_DONE = re.compile(
    r"没有|尚未|未[能曾]?|无[法需]?|不[再会]|拟|将|计划|要求|应当|继续|准备|今后|下一步|明年|下一?年度|如果|需要"
)
_FILLING = re.compile(r"[了已均各全\s“”《》（）()]|积极|认真|依法|及时|持续|深入|人民(?=法院|政府|检察院)")
_ABOUT = re.compile(
    r"等?工?作?的?(?:制度|机制|办法|规定|规则|规程|程序|流程|指引|标准|意识|能力)"
)  # of the deed, not it
FUTURE = frozenset({"next_year"})
SHORTEST = 4  # characters of a wording that says what it is about


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause that claims what the figure `rule` does not show, and its place in its paragraph."""

    text: str
    block: int  # index into Paper.blocks
    span: Span
    section: int
    rule: str
    title: str
    collected: bool  # the figure is 0, not merely uncollected


def claims(report: Report, content: Paper | None = None) -> tuple[Claim, ...]:
    """The claims without record of a report."""
    content = content or paper(report)
    figures = {figure.rule: figure for figure in report.figures.all()}
    sections = {section.pk: section for section in report.sections.all()}
    outline = catalogue().outlines.get(report.outline)
    wanted = dict(_rules(outline.sections)) if outline else {}
    found: list[Claim] = []
    for index, block in enumerate(content.blocks):
        section = sections.get(block.section or 0)
        if not isinstance(block, Paragraph) or section is None or is_ahead(section):
            continue
        own = [figures[rule] for rule in wanted.get(section.key, ()) if rule in figures]
        for start, clause in _clauses(block):
            figure = _contradicting(clause, own, catalogue().counting_rules)
            if figure is not None:
                span = (start, start + len(clause))
                zero = figure.status == "counted"
                found.append(Claim(clause, index, span, section.pk, figure.rule, figure.title, zero))
    return tuple(found)


def is_ahead(section: Section) -> bool:
    """Whether a section tells of plans."""
    return section.required in FUTURE or section.key in FUTURE


def _rules(sections: Sequence[SectionType]) -> Iterator[tuple[str, list[str]]]:
    """The rules that the outline calls for, by section."""
    for section in sections:
        texts = [sentence.text for sentence in section.sentences]
        yield section.id, [placeholder.rule for text in texts for placeholder in placeholders(text)]
        yield from _rules(section.sections)


def _clauses(block: Paragraph) -> Iterator[tuple[int, str]]:
    """The clauses of prose that claim something was done and print no number."""
    text = block.text
    live: list[Span] = []
    at = 0
    for piece in block.pieces:
        if isinstance(piece, Shown):
            live.append((at, at + len(piece.text)))
        at += len(piece.text)
    for match in _CLAUSE.finditer(text):
        clause = match[0]
        numbered = any(begin < match.end() and match.start() < end for begin, end in live)
        if numbered or re.search(r"\d", clause) or not _DONE.search(clause) or _NOT_DONE.search(clause):
            continue
        yield match.start(), clause


def _contradicting(
    clause: str, figures: Sequence[StoredFigure], rules: Mapping[str, CountingRule]
) -> StoredFigure | None:
    """The figure whose words the clause uses, where it shows nothing; None where another fits as well and shows some."""
    fits = [(_fit(clause, figure, rules), figure) for figure in figures]
    best = max((length for length, _ in fits), default=0)
    if best < SHORTEST:
        return None
    fitting = [figure for length, figure in fits if length == best]
    return fitting[0] if all(_nothing(figure) for figure in fitting) else None


def _fit(clause: str, figure: StoredFigure, rules: Mapping[str, CountingRule]) -> int:
    """How many characters of a wording of the figure stand in the clause, all of that wording; 0 where none does."""
    said, rule = _FILLING.sub("", clause), rules.get(figure.rule)
    wordings = [
        [_FILLING.sub("", figure.title)],
        *([words.split() for words in rule.answers] if rule else []),
    ]
    return max(
        (sum(map(len, words)) for words in wordings if words and _says(said, words)),
        default=0,
    )


def _says(said: str, words: Sequence[str]) -> bool:
    """Whether all the words stand in the clause, and it tells of the deed, not of the rules on it."""
    if not all(word in said for word in words):
        return False
    return not any(_ABOUT.match(said, said.find(word) + len(word)) for word in words)


def _nothing(figure: StoredFigure) -> bool:
    return figure.status == "not_collected" or (figure.status == "counted" and figure.value == 0)
