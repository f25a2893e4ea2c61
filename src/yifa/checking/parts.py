"""Where a report speaks of what was done, of its shortcomings and of what comes next."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from yifa.reading.document import Heading, Span

_PROBLEMS = re.compile(r"问题|不足|困难|短板|差距|薄弱")
_NOT_PROBLEMS = re.compile(
    r"整改|解决|化解|突出问题|反馈问题|办理|治理|导向|补短板|补齐|攻坚|聚焦|破解|着力|帮扶|救助|群体"
)
_PLANS = re.compile(
    r"下一步|下步|下一阶段|下阶段|下一年|下年度|明年|来年|20\d\d年(?:度)?[^，。]{0,16}(?:计划|打算|安排|思路|重点|设想|要点|任务|工作)|工作(?:计划|打算|思路|安排|设想)|今后|努力方向"
)
_OWN_PROBLEMS = re.compile(
    r"(?:也|还|仍然|仍|依然|同时|尚|但|虽)[^。；\n]{0,14}(?:存在|面临|有)[^。；\n]{0,24}(?:问题|不足|差距|短板|薄弱环节|困难)"
    r"|存在(?:的)?(?:主要)?(?:问题|不足|差距|短板|困难)(?:和不足|及不足|与不足|和原因|及原因|和困难|及困难)?(?:主要)?(?:是|有|表现|如下|：|:)"
    r"|(?:问题|不足|短板|差距)(?:主要)?(?:是|有|表现在|表现为|如下)"
    r"|清醒(?:地)?(?:认识|看)到|面临[^。；\n]{0,12}(?:困难|问题|短板)[^。；\n]{0,4}(?:和|与|、|，|：|主要)"
    r"|与[^。；\n]{2,40}相比[^。；\n]{0,14}(?:差距|不足)"
)
_HEADED_CAUSES = re.compile(r"^(?:产生|存在|主要|问题|不足)?[^，。]{0,8}(?:原因|成因|根源)(?:分析|剖析|$)")


_LONGEST_TITLE, _GLUED_TITLE = 40, 24


def _title(heading: Heading) -> str:
    """The title; where the paragraph below is glued to it, only the first words, which are the title's own."""
    return heading.title if len(heading.title) <= _LONGEST_TITLE else heading.title[:_GLUED_TITLE]


class Stretches:
    """Places of a text that lie in any of some spans."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, place: int) -> bool:
        last = bisect_right(self._starts, place) - 1
        return last >= 0 and place < self._ends[last]


@dataclass(frozen=True)
class Parts:
    """Where a report speaks of its shortcomings and of next year; the rest is what was done."""

    text: str
    headings: tuple[Heading, ...]
    year: int | None

    @cached_property
    def shortcomings(self) -> tuple[Span, ...]:
        """Sections headed by problems, else the paragraphs in which the writer owns up to some."""
        found = tuple(
            heading.body
            for heading in self.headings
            if _PROBLEMS.search(_title(heading)) and not _NOT_PROBLEMS.search(_title(heading))
        )
        return found or tuple(self._owned_up())

    def _owned_up(self) -> Iterator[Span]:
        end = 0
        for match in _OWN_PROBLEMS.finditer(self.text):
            if match.start() >= end:
                start, end = self._from(match.start())
                yield start, end

    @cached_property
    def causes(self) -> bool:
        """Whether a section of its own tells the causes: 「三、原因分析」."""
        return any(_HEADED_CAUSES.search(heading.title) for heading in self.headings)

    @cached_property
    def plans(self) -> tuple[Span, ...]:
        """Sections headed by what comes next."""
        return tuple(heading.body for heading in self.headings if self._is_plan(heading))

    @cached_property
    def ahead(self) -> Stretches:
        """The plans."""
        return Stretches(self.plans)

    @cached_property
    def away(self) -> Stretches:
        """The plans and the shortcomings."""
        return Stretches((*self.plans, *self.shortcomings))

    @cached_property
    def done(self) -> str:
        """The text outside shortcomings and plans."""
        kept, place = [], 0
        for start, end in sorted((*self.shortcomings, *self.plans)):
            if start > place:
                kept.append(self.text[place:start])
            place = max(place, end)
        return "".join((*kept, self.text[place:]))

    def _is_plan(self, heading: Heading) -> bool:
        found = _PLANS.search(_title(heading))
        if not found:
            return False
        named = re.search(r"20\d\d", found.group())
        return named is None or self.year is None or int(named.group()) > self.year

    def words(self, span: Span) -> str:
        """A stretch and what follows it up to the next heading: causes may stand in a paragraph of their own.

        A heading that promises causes is believed: telling causes without 因 or 由于 from mere complaint is a guess.
        """
        following = self._heading_from(span[1])
        return self.text[span[0] : span[1] if following is None else following]

    def _from(self, place: int) -> Span:
        """From a place to the end of its paragraph or to the next heading, where paragraphs were lost."""
        following, text = self._heading_from(place + 1), self.text
        end = len(text) if following is None else following
        line = text.find("\n", place, end)
        return (place, line if line >= 0 else end)

    def _heading_from(self, place: int) -> int | None:
        """Where the first heading begins that does not begin before a place."""
        found = bisect_left(self._heading_starts, place)
        return self._heading_starts[found] if found < len(self._heading_starts) else None

    @cached_property
    def _heading_starts(self) -> list[int]:
        return [heading.span[0] for heading in self.headings]
