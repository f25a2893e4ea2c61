"""One checked text as its page shows it: findings with their places, excerpts and evidence; figures; tasks; citations."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from yifa.checking import RULES, Finding, evidence_lines, excerpt
from yifa.checkups.words import advice, rule_title
from yifa.reading import Document
from yifa.reading.document import Approx, Figure, Heading, Span
from yifa.workbench.checkups.kept import Checked
from yifa.workbench.figures.charts import Chart, Series

KINDS = {"annual_report": "年度报告", "work_plan": "工作要点", "other": "其他文稿"}
APPROX = {
    Approx.EXACT: "",
    Approx.ABOUT: "约",
    Approx.NEARLY: "近",
    Approx.OVER: "多于",
    Approx.AT_LEAST: "不少于",
    Approx.AT_MOST: "不超过",
}
STATUS = {
    "in_force": "有效",
    "not_yet": "尚未施行",
    "revised_since": "后来修订过",
    "repealed": "已废止",
    "unknown": "未收录，没有判断",
}
REPAIRS = {
    "encoding": "编码",
    "traditional": "繁体转简体",
    "inserted_pinyin": "去掉插入的拼音",
    "residue": "去掉网页残余",
    "spacing": "去掉多余空白",
}
COMPARE = {">=": "不少于", "<=": "不超过", "=": ""}
PER = {"year": "每年", "quarter": "每季度", "month": "每月", "week": "每周"}
CODES = re.compile(r"（[a-z_]+）|——依据：[^\n]*(?=。)")  # names of the JSON output, in a rule's explanation
LONG = 80  # characters of a place shown in the list
MOST_SHOWN = 200  # findings in the list; the downloads have all
MOST_PLACES = 30  # of one finding
SEVERITIES = (("error", "错误"), ("warning", "提醒"), ("notice", "提示"))
BEGINNING = "标题和开头"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands: the id in the text and the words around it."""

    id: str
    before: str
    words: str
    after: str
    section: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The sentence of the first place, cut where places begin and end: (words, id of the place or nothing)."""

    pieces: tuple[tuple[str, str], ...]
    section: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that stands in another text too, with the other's words."""

    here: str
    there: str
    kind: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as it is listed; the first of each rule says how the rule judges and how to mend."""

    number: int
    finding: Finding
    title: str
    lines: tuple[str, ...]
    quote: Quote | None
    places: tuple[Place, ...]
    more_places: int
    why: str
    advice: str
    passages: tuple[Passage, ...] = ()

    @property
    def elsewhere(self) -> bool:
        """Whether it stands outside the sentence that is quoted, too."""
        quoted = {id for _, id in self.quote.pieces} if self.quote else set()
        return self.more_places > 0 or any(place.id not in quoted for place in self.places)

    @property
    def severity(self) -> SafeString:
        """The severity as it is shown."""
        return severity_html(str(self.finding.severity))


class Sections:
    """Under which main part a place stands."""

    def __init__(self, document: Document) -> None:
        self.tops = [heading for heading in document.headings() if heading.level == 1]
        self._starts = [heading.span[0] for heading in self.tops]
        self.names = [BEGINNING, *(heading_name(heading) for heading in self.tops)]

    def index(self, place: int) -> int:
        """0 for what stands before the first part."""
        return bisect_right(self._starts, place)

    def name(self, place: int) -> str:
        """The name of the part."""
        return self.names[self.index(place)]


def heading_name(heading: Heading, most: int = 18) -> str:
    """A heading in a line: number and title, cut where long."""
    title = heading.title if len(heading.title) <= most else heading.title[:most] + "…"
    return f"{heading.number}{title}"


def shown_findings(one: Checked, others: Sequence[Checked] = ()) -> list[Shown]:
    """The findings of a checked text, numbered as the marks in the text are."""
    document = one.document
    if document is None:
        return []
    sections = Sections(document)
    texts = {other.document.source.sha256: other.document.text for other in others if other.document}
    rows: list[Shown] = []
    explained: set[str] = set()
    for number, finding in enumerate(one.findings[:MOST_SHOWN], 1):
        places = tuple(
            _place(document, sections, number, place, span)
            for place, span in enumerate(finding.spans[:MOST_PLACES])
        )
        rows.append(
            Shown(
                number=number,
                finding=finding,
                title=rule_title(finding.rule),
                lines=evidence_lines(finding),
                quote=_quote(document, sections, number, finding),
                places=places,
                more_places=max(0, len(finding.spans) - MOST_PLACES),
                why="" if finding.rule in explained else explanation(finding.rule),
                advice="" if finding.rule in explained else advice(finding.rule),
                passages=_passages(document, finding, texts),
            )
        )
        explained.add(finding.rule)
    return rows


@cache
def severity_html(severity: str) -> SafeString:
    """The icon and the word of a severity; drawn once, a page shows it by the hundred."""
    return mark_safe(render_to_string("workbench/check/severity.html", {"severity": severity}).strip())  # noqa: S308


def explanation(rule: str) -> str:
    """How the rule judges, without the names of the JSON output."""
    return CODES.sub("", RULES[rule].explanation) if rule in RULES else ""


def _quote(document: Document, sections: Sections, number: int, finding: Finding) -> Quote | None:
    """The first sentence in which the finding stands, all its places in it marked."""
    if not finding.spans:
        return None
    first = min(finding.spans)
    before, words, after = excerpt(document.text, first, room=60)
    if len(words) > LONG:
        return Quote(
            ((before, ""), (f"{words[:LONG]}……", f"p{number}-{finding.spans.index(first)}")),
            sections.name(first[0]),
        )
    begin, end = first[0] - len(before), first[1] + len(after)
    pieces: list[tuple[str, str]] = []
    done = begin
    for place, (left, right) in sorted(enumerate(finding.spans), key=lambda one: one[1]):
        if left < done or right > end:
            continue
        pieces += [(document.text[done:left], ""), (document.text[left:right], f"p{number}-{place}")]
        done = right
    pieces.append((document.text[done:end], ""))
    return Quote(tuple(piece for piece in pieces if piece[0]), sections.name(first[0]))


def _place(document: Document, sections: Sections, number: int, place: int, span: Span) -> Place:
    before, words, after = excerpt(document.text, span, room=40)
    return Place(
        id=f"p{number}-{place}",
        before=before,
        words=words if len(words) <= 60 else f"{words[:40]}……{words[-12:]}",
        after=after,
        section=sections.name(span[0]),
    )


_SAME = {"same": "一字不差", "numbers": "只改了数字", "near": "个别字词不同"}


def _passages(document: Document, finding: Finding, texts: dict[str, str]) -> tuple[Passage, ...]:
    """The pairs of a likeness finding side by side, where the other text is at hand."""
    other = texts.get(str(finding.evidence.get("other_sha256", "")))
    pairs = finding.evidence.get("passages")
    if other is None or not isinstance(pairs, list | tuple):
        return ()
    return tuple(
        Passage(
            here=document.text[slice(*pair["at"])][:400],
            there=other[slice(*pair["other_at"])][:400],
            kind=_SAME.get(pair.get("kind", ""), ""),
        )
        for pair in pairs[:20]
    )


def severity_by_section(one: Checked) -> Chart | None:
    """Findings by main part of the text, stacked by severity; nothing to draw for fewer than two parts with findings."""
    if one.document is None or len(one.findings) < 3:
        return None
    sections = Sections(one.document)
    counts: dict[str, Counter[int]] = {name: Counter() for name, _ in SEVERITIES}
    for finding in one.findings:
        counts[finding.severity][sections.index(finding.spans[0][0] if finding.spans else 0)] += 1
    used = sorted({place for counter in counts.values() for place in counter})
    if len(used) < 2:
        return None
    return Chart(
        id="chart-sections",
        kind="bar",
        labels=[sections.names[place] for place in used],
        series=[
            Series(word, [counts[name][place] for place in used], colour)
            for (name, word), colour in zip(SEVERITIES, ("danger", "warning", "primary"), strict=True)
        ],
        stacked=True,
        flat=True,
    )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure as its table shows it."""

    index: int
    figure: Figure
    approx: str
    whole: Figure | None

    @property
    def value(self) -> float | int:
        """The value, whole where it is whole."""
        return int(self.figure.value) if self.figure.value == int(self.figure.value) else self.figure.value


def figure_rows(document: Document, search: str = "", unit: str = "") -> list[FigureRow]:
    """The figures of a text, those that match."""
    words = search.split()
    return [
        FigureRow(
            index,
            figure,
            APPROX[figure.approx],
            document.figures[figure.part_of] if figure.part_of is not None else None,
        )
        for index, figure in enumerate(document.figures)
        if (not unit or figure.unit == unit)
        and all(word in f"{figure.text} {figure.subject} {figure.section}" for word in words)
    ]


def units(document: Document) -> list[tuple[str, int]]:
    """The units of the figures, commonest first."""
    return Counter(figure.unit for figure in document.figures if figure.unit).most_common()
