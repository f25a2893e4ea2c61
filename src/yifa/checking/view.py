"""A Document prepared for the rules: its sentences with their figures, cut once and shared by all rules."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from yifa.reading.document import Document, Figure, Heading, Kind, Span

_STOP = re.compile(r"[。！？\n](?:(?<=\n)|(?!其中))[。！？\n]*")  # 「。其中」 goes on with the list
_NEAR, _EARLIER = 300, 6  # how far back, in characters and figures, a sentence may find its whole
_TABLE = 60  # more figures than a sentence has: a table that lost its lines, and quadratic time


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text between two full stops or line ends, with the figures in it.

    `earlier` are the last figures of the same paragraph before it: a whole may stand there.
    """

    view_text: str
    start: int
    end: int
    figures: tuple[Figure, ...]
    earlier: tuple[Figure, ...] = ()

    @property
    def text(self) -> str:
        """The words of the sentence, without its stop."""
        return self.view_text[self.start : self.end]

    @property
    def span(self) -> Span:
        """Its place in the document."""
        return (self.start, self.end)

    def before(self, index: int) -> str:
        """The text between figure `index` and the figure before it (or the start of the sentence)."""
        start = self.figures[index - 1].span[1] if index else self.start
        return self.view_text[start : self.figures[index].span[0]]

    def text_before(self, figure: Figure) -> str:
        """The same for a figure of this sentence."""
        return self.before(self.figures.index(figure))

    def after(self, index: int) -> str:
        """The text between figure `index` and the next figure (or the end of the sentence)."""
        last = index + 1 == len(self.figures)
        end = self.end if last else self.figures[index + 1].span[0]
        return self.view_text[self.figures[index].span[1] : end]


class View:
    """What a rule sees: the document, the other documents given with it, and shared cuts of the text."""

    def __init__(self, document: Document, others: Sequence[Document] = ()) -> None:
        self.document = document
        self.others = tuple(others)
        self.text = document.text

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
        return tuple(sorted(self.document.figures, key=lambda figure: figure.span))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """All headings in order of the text."""
        return tuple(self.document.headings())

    @cached_property
    def _figure_starts(self) -> list[int]:
        return [figure.span[0] for figure in self.figures]

    def figures_in(self, span: Span) -> tuple[Figure, ...]:
        """The figures that begin inside a span."""
        first = bisect_left(self._figure_starts, span[0])
        return self.figures[first : bisect_left(self._figure_starts, span[1])]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the text in order."""
        return tuple(self._cut())

    def _cut(self) -> Iterator[Sentence]:
        start = 0
        for stop in _STOP.finditer(self.text):
            if stop.start() > start:
                yield self._sentence(start, stop.start())
            start = stop.end()
        if start < len(self.text):
            yield self._sentence(start, len(self.text))

    def _sentence(self, start: int, end: int) -> Sentence:
        figures = self.figures_in((start, end))
        if len(figures) < 2:
            return Sentence(self.text, start, end, figures)  # nothing to add up
        paragraph = self.text.rfind("\n", max(start - _NEAR, 0), start)
        earlier = self.figures_in((paragraph if paragraph >= 0 else max(start - _NEAR, 0), start))
        return Sentence(self.text, start, end, figures, earlier[-_EARLIER:])

    def with_previous(self, sentence: Sentence) -> Sentence | None:
        """A sentence and the one before it as one, where both stand in one paragraph."""
        place = bisect_left(self._sentence_starts, sentence.start) - 1
        if place < 0 or "\n" in self.text[self.sentences[place].end : sentence.start]:
            return None
        first = self.sentences[place]
        figures = (*first.figures, *sentence.figures)
        return Sentence(self.text, first.start, sentence.end, figures, first.earlier)

    @cached_property
    def counted_sentences(self) -> tuple[Sentence, ...]:
        """The sentences in which arithmetic can be checked: with at least two figures, and not a whole table."""
        return tuple(sentence for sentence in self.sentences if 1 < len(sentence.figures) <= _TABLE)

    @cached_property
    def short_sentences(self) -> tuple[Sentence, ...]:
        """The sentences with a figure, without tables."""
        return tuple(sentence for sentence in self.sentences if 0 < len(sentence.figures) <= _TABLE)

    def sentence_of(self, place: int) -> Sentence:
        """The sentence a place stands in (the last one for a place behind all)."""
        starts = self._sentence_starts
        return self.sentences[max(bisect_left(starts, place + 1) - 1, 0)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]
