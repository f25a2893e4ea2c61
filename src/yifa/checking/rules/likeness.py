"""`likeness.copied`: passages that stand in another given document, told apart by what was changed in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from yifa.checking.finding import Finding, Severity
from yifa.checking.likeness import Compared, Comparison, Likeness, Passage
from yifa.checking.rule import Rule
from yifa.checking.rules.template import is_upper, name_of
from yifa.checking.view import View
from yifa.reading.document import Document, Kind

_LEAST = 60  # own words of one passage, or
_LEAST_TOGETHER = 80  # of all: less is a turn of phrase
_QUOTED = 24


def check(view: View) -> Iterator[Finding]:
    """One finding for each other document that has passages of this one."""
    others = [other for other in view.others if not is_upper(view.document, other)]
    compared = Compared(view.document) if others else None
    for other in others:
        if compared and other.source.sha256 == view.document.source.sha256:
            yield _same_file(other, "是同一份文件（内容逐字节相同），不作比较。请检查是否拿错了文件。")
        elif compared and not _may_quote(view.document, other):
            yield from _finding(view, other, compared.with_other(other))


def _finding(view: View, other: Document, comparison: Comparison) -> Iterator[Finding]:
    if comparison.is_equal:
        yield _same_file(other, "的文字和数字完全相同，应是同一份文件的两个版本。请检查是否拿错了文件。")
        return
    passages = _without_outlook(view.document, other, comparison.passages)
    own = [passage.own for passage in passages]
    if not own or (max(own) < _LEAST and sum(own) < _LEAST_TOGETHER):
        return
    characters = sum(passage.characters for passage in passages)
    share = comparison.share * characters / sum(passage.characters for passage in comparison.passages)
    drafts = _is_draft(view.document, other)
    finding = RULE.finding(
        _message(view, other, passages, share, drafts=drafts),
        [passage.span for passage in passages],
        other=name_of(other),
        other_path=other.source.path,
        other_sha256=other.source.sha256,
        share=round(share, 3),
        characters=characters,
        passages=[passage.as_json() for passage in passages],
    )
    yield replace(finding, severity=Severity.NOTICE) if drafts else finding


def _message(
    view: View, other: Document, passages: tuple[Passage, ...], share: float, *, drafts: bool
) -> str:
    longest = max(passages, key=lambda passage: passage.own)
    words = view.text[longest.span[0] : longest.span[1]].replace("\n", " ")
    characters = sum(passage.characters for passage in passages)
    ending = (
        "两份像是同一报告的前后两稿。"
        if drafts
        else "请按本单位本年度的实际情况重写；确需沿用的，逐一核对其中的数字、日期和名称。"
    )
    return (
        f"有{len(passages)}段、{characters}字与{_relation(view.document, other)}{name_of(other)}雷同，占本文的{share:.0%}："
        f"{_kinds(passages)}{_numbers(passages)}。"
        f"最长的一段“{words[:_QUOTED]}……”{_section(other, longest.other_span[0])}。{ending}"
    )


def _kinds(passages: tuple[Passage, ...]) -> str:
    counts = Counter(_how(passage) for passage in passages)
    if len(counts) == 1:
        return next(iter(counts))
    return "，".join(f"{count}段{how}" for how, count in counts.most_common())


def _how(passage: Passage) -> str:
    if passage.kind is Likeness.SAME:
        return "一字不差"
    if passage.kind is Likeness.NEAR:
        return "只改了个别字词"
    return "只改了数字" if passage.changed else "只改了日期或序号"


def _numbers(passages: tuple[Passage, ...]) -> str:
    """What became of the numbers in the passages: the copied number is the worse of the two."""
    figures = sum(passage.figures for passage in passages)
    changed = sum(passage.changed for passage in passages)
    if not figures:
        return ""
    if not changed:
        return f"，连{figures}个数字也相同"
    kept = figures - changed
    return f"，{figures}个数字改了{changed}个，{kept}个相同" if kept else f"，{figures}个数字都换过"


def _section(other: Document, place: int) -> str:
    """Where in the other document a place stands."""
    inner = [heading for heading in other.headings() if heading.span[0] <= place < heading.body[1]]
    return f"，见那份文件的“{inner[-1].number}{inner[-1].title[:16]}”" if inner else ""


def _relation(document: Document, other: Document) -> str:
    if not _same_issuer(document, other) or document.year is None or other.year is None:
        return ""
    years = document.year - other.year
    return "本单位上年的" if years == 1 else f"本单位{other.year}年的" if years else "本单位同年的"


def _same_issuer(document: Document, other: Document) -> bool:
    one, two = document.issuer, other.issuer
    return one is not None and two is not None and (one in two or two in one)


def _is_draft(document: Document, other: Document) -> bool:
    """Two texts of one sort by one issuer for one year: who checks a report beside its draft knows it."""
    return (
        _same_issuer(document, other)
        and document.kind is other.kind
        and document.kind is not Kind.OTHER
        and document.year is not None
        and document.year == other.year
    )


def _may_quote(document: Document, other: Document) -> bool:
    """A report on a plan quotes its tasks, and a plan is quoted in the report on it."""
    kinds = {document.kind, other.kind}
    return (
        kinds == {Kind.ANNUAL_REPORT, Kind.WORK_PLAN}
        and _same_issuer(document, other)
        and document.year is not None
        and document.year == other.year
    )


def _without_outlook(
    document: Document, other: Document, passages: tuple[Passage, ...]
) -> tuple[Passage, ...]:
    """Without what last year's report announced and this year's plan takes up, or the other way round."""
    if not _same_issuer(document, other) or {document.kind, other.kind} != {
        Kind.ANNUAL_REPORT,
        Kind.WORK_PLAN,
    }:
        return passages
    ours = document.kind is Kind.ANNUAL_REPORT
    outlook = View(document if ours else other).parts.ahead
    places = [(passage, passage.span[0] if ours else passage.other_span[0]) for passage in passages]
    return tuple(one for one, place in places if place not in outlook)


def _same_file(other: Document, what: str) -> Finding:
    finding = RULE.finding(
        f"与{name_of(other)}{what}",
        (),
        other=name_of(other),
        other_path=other.source.path,
        other_sha256=other.source.sha256,
        share=1.0,
        same_file=True,
    )
    return replace(finding, severity=Severity.NOTICE)


RULE = Rule(
    id="likeness.copied",
    severity=Severity.WARNING,
    title="与另一份文件雷同",
    explanation=(
        "与一并给出的上年报告、其他单位的报告等文件逐段比较，找出照搬的段落：标点、空格不计，数字先视为相同，九成以上的字相同才算雷同。"
        "每份对照文件合为一条，写明雷同多少字、占本文多少、在对照文件何处，并分清一字不差、只改了数字或日期、只改了个别字词；数字没有改的另行指出。"
        "标题、法规文件名称、政治用语和固定说法不计；除去这些，一处不足四十字的不列，最长一段不足六十字且合计不足八十字的不提出。"
        "换了新数的统计语句，每换一个数扣去六字。本年报告引用本单位本年计划、计划沿用上年报告的打算，不算雷同；谁抄谁不作判断。"
        "同一份文件给了两次，同一单位同一年度的两稿，只作提示。上级纲要、法规和计划由“照搬上级纲要的用语”一条对照。"
    ),
    check=check,
)
