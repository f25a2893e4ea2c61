"""A Document prepared for the rules: its sentences with their figures, cut once and shared by all rules."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from yifa.checking.landmarks import Landmarks
from yifa.checking.parts import Parts
from yifa.reading.document import Approx, Document, Figure, Heading, Kind, Span
from yifa.reading.issuers import is_organization

_STOPS = "。！？\n"
_STOP = re.compile(r"[。！？\n](?:(?<=\n)|(?!其中))[。！？\n]*")  # 「。其中」 goes on with the list
_RARE = (re.compile("！"), re.compile("？"))  # one by one: a single character is found fast
_GOES_ON = "其中"
_NEAR, _EARLIER = 300, 6  # how far back, in characters and figures, a sentence may find its whole
TABLE = 60  # more figures than a sentence has: a table that lost its lines, and quadratic time
_EXACT = Approx.EXACT
_PROSE = re.compile(r"[，,。；;]")
_ENDED = re.compile(r"[。！？!?.；;：:…”’\"')）》〉】〕\]〗]\s*\Z")
_NO_PROSE = re.compile(
    r"[。\s](?:责任|牵头|配合|完成)[^。（(]{1,60}\Z|\A\s*(?:附件?|附表|注|备注|联系|电话|地址|邮编|抄送|主题词|报送|来源|作者|责任编辑|编辑|审核|网址)|月[^，。]{1,4}日\s*\Z|https?:"
)  # lines that may end without a full stop
_NUMBERED = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十]{1,3}[章节条])"
)
_LEAST_WORDS = 8  # characters of a line that is no signature and no name
_LEAST_PROSE, _ENDS_MOSTLY = 20, 0.8  # characters of a line of prose; the share of them with a full stop
_WINDOW = 256  # characters looked back over at a time


@dataclass(eq=False)
class Sentence:
    """Text between two full stops or line ends, with the figures in it. A view makes one object for each."""

    view_text: str
    text: str  # the words of the sentence, without its stop
    start: int
    end: int
    figures: tuple[Figure, ...]
    gaps: list[str]  # the words before each figure, and those behind the last
    all_figures: tuple[Figure, ...] = ()  # of the document, and which of them is the first of the sentence
    first: int = 0
    labels: dict[int, str] = field(default_factory=dict)  # of figures, as far as they were asked for

    @property
    def span(self) -> Span:
        """Its place in the document."""
        return (self.start, self.end)

    @cached_property
    def earlier(self) -> tuple[Figure, ...]:
        """The last figures of the same paragraph before it: a whole may stand there."""
        near = max(self.start - _NEAR, 0)
        paragraph = self.view_text.rfind("\n", near, self.start)
        least = paragraph if paragraph >= 0 else near
        last = self.all_figures[max(self.first - _EARLIER, 0) : self.first]
        return tuple(figure for figure in last if figure.span[0] >= least)

    def before(self, index: int) -> str:
        """The text between figure `index` and the figure before it (or the start of the sentence)."""
        return self.gaps[index]

    def after(self, index: int) -> str:
        """The text between figure `index` and the next figure (or the end of the sentence)."""
        return self.gaps[index + 1]

    def text_before(self, figure: Figure) -> str:
        """The text before a figure of this sentence."""
        return self.gaps[self.place_of(figure)]

    def place_of(self, figure: Figure) -> int:
        """Which figure of this sentence it is."""
        return next(place for place, own in enumerate(self.figures) if own is figure)


def _distinct(document: Document, others: Sequence[Document]) -> tuple[Document, ...]:
    """The others without the document itself, and each content once."""
    first: dict[str, Document] = {}
    for other in others:
        if other is not document:
            first.setdefault(other.source.sha256, other)
    return tuple(first.values())


class View:
    """What a rule sees: the document, the other documents given with it, and shared cuts of the text."""

    def __init__(self, document: Document, others: Sequence[Document] = ()) -> None:
        self.document = document
        self.others = _distinct(document, others)
        self.text = document.text
        self._known: dict[int, Sentence] = {}
        self._last: Sentence | None = None

    @property
    def is_report(self) -> bool:
        """Whether the duties of an annual report apply."""
        return self.document.kind is Kind.ANNUAL_REPORT

    @property
    def is_plan(self) -> bool:
        """Whether it says what is to be done and by whom."""
        return self.document.kind is Kind.WORK_PLAN

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in order of the text."""
        return tuple(sorted(self.document.figures, key=attrgetter("span")))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """All headings in order of the text."""
        return tuple(self.document.headings())

    @cached_property
    def parts(self) -> Parts:
        """What was done, the shortcomings, and what comes next."""
        return Parts(self.text, self.headings, self.document.year)

    @cached_property
    def breaks_off(self) -> Span | None:
        """The sentence in which the text ends, where it is left unfinished though the others are not."""
        lines = self.text.rstrip().split("\n")
        last = lines[-1].rstrip()
        number = _NUMBERED.match(last)
        alone = number is not None and number.end() == len(last)
        if "\t" in last or _NO_PROSE.search(last) or (_ENDED.search(last) and not alone):
            return None
        if not _PROSE.search(last) and not self._hangs(last, lines[:-1], numbered=number is not None):
            return None
        prose = [
            line
            for line in lines[:-1]
            if len(line) >= _LEAST_PROSE
            and _PROSE.search(line)
            and ("。" in line or not _NUMBERED.match(line))
        ]
        if sum(map(bool, map(_ENDED.search, prose))) < _ENDS_MOSTLY * len(prose):
            return None
        end = len(self.text.rstrip())
        begin = max(self.text.rfind(stop, 0, end) for stop in "。\n") + 1
        return (begin, end) if end > begin and (prose or "。" in last) else None

    def _hangs(self, last: str, lines: list[str], *, numbered: bool) -> bool:
        """Whether a last line without punctuation is no line of its own: a number that nothing follows, words under one."""
        before = next((line.rstrip() for line in reversed(lines) if line.strip()), "")
        if numbered:
            return before.endswith("。")
        heading = _NUMBERED.match(before) and not _PROSE.search(before)
        return bool(heading) and len(last) >= _LEAST_WORDS and not is_organization(last)

    def places(self, landmarks: Landmarks) -> list[Span]:
        """Where the words stand that a rule has declared to be its landmarks."""
        return self._landmarks[landmarks.id]

    @cached_property
    def _landmarks(self) -> list[list[Span]]:
        return Landmarks.find(self.text)

    @cached_property
    def _figure_starts(self) -> list[int]:
        return [figure.span[0] for figure in self.figures]

    def figures_in(self, span: Span) -> tuple[Figure, ...]:
        """The figures that begin inside a span."""
        return self.figures[self._first_from(span[0]) : self._first_from(span[1])]

    def _first_from(self, place: int) -> int:
        return bisect_left(self._figure_starts, place)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences with a figure, in order."""
        return tuple(self._cut())

    def _cut(self) -> Iterator[Sentence]:
        """From figure to figure: most sentences have none, and are not looked at."""
        text, figures, starts = self.text, self.figures, self._figure_starts
        first = floor = 0
        count = len(starts)
        while first < count:
            stop = _STOP.search(text, starts[first])
            end = stop.start() if stop else len(text)
            last = first
            while last < count and starts[last] < end:
                last += 1
            if last > first:
                start = self._start(starts[first], floor)
                sentence = self._known[start] = self._sentence(start, end, figures[first:last], first)
                yield sentence
            first, floor = max(last, first + 1), end

    def _start(self, place: int, floor: int = 0) -> int:
        """Where the sentence begins in which a place, that is no stop itself, stands; never before `floor`."""
        text, low = self.text, place
        while low > floor:
            high, low = low, max(low - _WINDOW, floor)
            stop = self._last_stop(low, high)
            while stop >= 0:
                if text[stop + 1 : stop + 3] != _GOES_ON or self._ends(stop):
                    return stop + 1
                stop = self._last_stop(low, stop)
        return floor

    def _last_stop(self, low: int, high: int) -> int:
        """The last stop of a stretch, or -1."""
        stop, line = self.text.rfind("。", low, high), self.text.rfind("\n", low, high)
        stop = max(stop, line)
        if self._rare:
            rare = bisect_left(self._rare, high)
            if rare and self._rare[rare - 1] > stop and self._rare[rare - 1] >= low:
                return self._rare[rare - 1]
        return stop

    @cached_property
    def _rare(self) -> list[int]:
        """The places of the stops that few texts have many of."""
        return sorted(stop.start() for mark in _RARE for stop in mark.finditer(self.text))

    def _ends(self, stop: int) -> bool:
        """Whether a stop before 其中 ends a sentence all the same."""
        return self.text[stop] == "\n" or (stop > 0 and self.text[stop - 1] in _STOPS)

    def _keep(self, start: int, end: int, first: int, last: int) -> Sentence:
        sentence = self._known.get(start)
        if sentence is None:
            sentence = self._known[start] = self._sentence(start, end, self.figures[first:last], first)
        return sentence

    def _sentence(self, start: int, end: int, figures: tuple[Figure, ...], first: int) -> Sentence:
        text, place, gaps = self.text, start, []
        for figure in figures:
            begin, behind = figure.span
            gaps.append(text[place:begin])
            place = behind
        gaps.append(text[place:end])
        return Sentence(text, text[start:end], start, end, figures, gaps, self.figures, first)

    def sentence_of(self, place: int) -> Sentence:
        """The sentence a place stands in; for a stop, the one it ends."""
        last = self._last
        if last is None or not last.start <= place < last.end:
            last = self._last = self._find(place)
        return last

    def _find(self, place: int) -> Sentence:
        while place and self.text[place : place + 1] in _STOPS:  # '' behind the end of the text too
            place -= 1
        start = self._start(place)
        if start in self._known:
            return self._known[start]
        stop = _STOP.search(self.text, place)
        end = stop.start() if stop else len(self.text)
        return self._keep(start, end, self._first_from(start), self._first_from(end))

    def following(self, sentence: Sentence) -> Sentence | None:
        """The sentence behind a sentence."""
        stop = _STOP.match(self.text, sentence.end)
        return self.sentence_of(stop.end()) if stop and stop.end() < len(self.text) else None

    def with_previous(self, sentence: Sentence) -> Sentence | None:
        """A sentence and the one before it as one, where both stand in one paragraph."""
        place = sentence.start - 1
        while place >= 0 and self.text[place] in _STOPS:
            if self.text[place] == "\n":
                return None
            place -= 1
        if place < 0:
            return None
        first = self.sentence_of(place)
        figures = (*first.figures, *sentence.figures)
        return self._sentence(first.start, sentence.end, figures, first.first)

    @cached_property
    def counts(self) -> list[tuple[Sentence, int]]:
        """The exact figures with a unit that are no percentages: sentence and index."""
        return [
            (sentence, index)
            for sentence in self.sentences
            for index, figure in enumerate(sentence.figures)
            if figure.approx is _EXACT and figure.unit and figure.unit != "%"
        ]

    @cached_property
    def counted_sentences(self) -> tuple[Sentence, ...]:
        """The sentences in which arithmetic can be checked: with at least two figures, and not a whole table."""
        return tuple(sentence for sentence in self.sentences if 1 < len(sentence.figures) <= TABLE)

    @cached_property
    def short_sentences(self) -> tuple[Sentence, ...]:
        """The sentences with a figure, without tables."""
        return tuple(sentence for sentence in self.sentences if len(sentence.figures) <= TABLE)
