"""`integrity.repeated_text` and `repeated`: a paragraph twice, one quantity with two values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.partitions import title
from yifa.checking.rule import Rule
from yifa.checking.view import Sentence, View
from yifa.reading.document import Approx, Figure, Span

_PARAGRAPH = re.compile(r"[^\n]+")
_BLANK = re.compile(r"\s+")
_LEAST = 40  # characters of a paragraph that does not stand twice by chance

_YEAR_COUNT = re.compile(
    r"^(?P<year>20\d\d年)?(?:全年|今年以来|今年|本年度|年内)?[，,]?(?:我[区县市镇局]|全[区县市镇局])?(?:共|累计|一共|总计)+"
    r"(?P<what>(?:受理|办理|办结|审查|制定|出台|举办|开展|组织|查处|作出|收到|调解|化解|公开|发布)[^，,。；;\d]{4,24})$"
)


def check_text(view: View) -> Iterator[Finding]:
    """One finding with all paragraphs that stand twice, blanks apart."""
    places: dict[str, list[Span]] = defaultdict(list)
    for found in _PARAGRAPH.finditer(view.text):
        bare = _BLANK.sub("", found.group())
        if len(bare) >= _LEAST:
            places[bare].append(found.span())
    twice = {bare: spans for bare, spans in places.items() if len(spans) > 1}
    if not twice:
        return
    first, times = next(iter(twice)), max(len(spans) for spans in twice.values())
    what = "同一段文字" if len(twice) == 1 else f"有{len(twice)}段文字"
    yield TEXT.finding(
        f"{what}重复出现，最多{times}次：“{first[:24]}……”{'等' if len(twice) > 1 else ''}。请删去重复的。",
        sorted(span for spans in twice.values() for span in spans),
        times=times,
        paragraphs=len(twice),
    )


def check_value(view: View) -> Iterator[Finding]:
    """「全年共受理……案件N件」 said twice, in the same words, with two exact numbers."""
    found: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for sentence in view.sentences:
        for index, figure in enumerate(sentence.figures):
            what = _quantity(sentence, index)
            if what and figure.approx is Approx.EXACT:
                found[what, figure.unit].append(figure)
    for (what, unit), figures in found.items():
        values = list(dict.fromkeys(figure.value for figure in figures))
        if len(values) > 1:
            shown = "、".join(dict.fromkeys(figure.text for figure in figures))
            yield VALUE.finding(
                f"“{what}”在文中有{len(values)}个数：{shown}。请核对并统一。",
                [figure.span for figure in figures],
                values=[number(value) for value in values],
                unit=unit,
            )


def _quantity(sentence: Sentence, index: int) -> str | None:
    """What is counted, where the words say that it is the year's total of this body."""
    if index and _YEAR_COUNT.match(title(sentence.before(index))) is None:
        return None
    clause = re.split(r"[，,；;：:、]", sentence.before(index))
    for words in ("，".join(clause[-2:]), clause[-1]):
        matched = _YEAR_COUNT.match(words.strip())
        if matched:
            return (matched.group("year") or "") + matched.group("what")
    return None


TEXT = Rule(
    id="integrity.repeated_text",
    severity=Severity.WARNING,
    title="段落重复",
    explanation="四十字以上的同一段文字在文件中出现了不止一次（不计空格）。重复的各段合为一条。",
    check=check_text,
)
VALUE = Rule(
    id="repeated",
    severity=Severity.WARNING,
    title="同一数量前后不一",
    explanation=(
        "用同样的话说全年总数（“共受理……”“累计办结……”），两处的确数却不同。说法稍有不同的，口径可能不同，不提出。"
    ),
    check=check_value,
)
