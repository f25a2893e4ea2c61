"""The outline: headings in every numbering style, at the start of a line, glued to their paragraph, or in mid-line.

Restarting, running on and repeated numbers are all accepted as written; judging them is checking's work.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from yifa.reading.document import Heading, Span
from yifa.reading.heading_numbers import (
    AFTER_HEADING,
    BEHIND_TITLE,
    IN_LINE,
    LineStarts,
    MidLine,
    Token,
    numbered,
)

FIRST_IN_LINE = re.compile(r"(?:[。；：:;]|报告|总结|汇报|要点|计划|方案|安排|清单)\s*一[、.．]")
FIRST_NUMBERS = ("一、", "一.", "一．")
SECOND_IN_LINE = re.compile(r"[。；;.）)]\s*[二三][、.．]")  # 三: where 二 is left out
ATTACHMENT = re.compile(r"[^\n]{0,80}\.(?:docx?|pdf|xlsx?|ofd|zip|rar|wps)\s*$", re.I | re.M)
ENDS_TITLE = re.compile(r"一是|一要|过去一年|一年来|近年来|今年以来")
OWNER = re.compile(
    r"[（(〔【](?=[^（）()]{0,3}(?:牵头|责任|主办|承办|配合|完成时))"
)  # who does it: no part of the title
# The usual titles of chapters, where one is glued to the text below it.
USUAL_TITLE = re.compile(
    r"(?:(?:20\d\d年)?(?:度)?(?:法治政府建设|依法行政)?(?:工作)?(?:中)?存在的?(?:主要|突出|一些)?(?:问题|不足|困难|短板)(?:(?:和|及|与|以及|、)(?:主要)?(?:问题|不足|困难|短板|原因)){0,2}(?:分析)?"
    r"|(?:20\d\d年|明年|下一?年度?)?下?一?步?(?:的)?(?:法治政府建设)?(?:主要|重点)?工作(?:的)?(?:重点)?(?:打算|计划|安排|思路|措施|举措|设想|谋划|要点)"
    r"|(?:20\d\d年度?)?(?:法治政府建设|依法行政)?(?:的)?(?:主要|重点)?(?:工作(?:开展)?情况|工作举措|工作成效|做法|举措)(?:(?:和|及|与|、)(?:主要)?(?:成效|做法|亮点|举措))?|基本情况)"
    r"(?![的和及与、（(：:；;，,。]|\Z)"
)
GLUED_LINE = 1200  # a line this long is a text whose line breaks were lost
SHORTEST_LINE = 12  # a shorter one has no headings in mid-line
LONGEST_TITLE = 60
FARTHEST_TITLE = 200  # characters behind a number that are looked at for its title
WIDEST_GAP = 3  # numbers that may be missing between two headings in mid-line, where more follow


def outline(text: str) -> tuple[Heading, ...]:
    """All headings as a tree, with levels counted over the styles that the text uses."""
    tokens = list(_accepted(text))
    ranks = sorted({token.rank for token in tokens})
    level = {rank: place + 1 for place, rank in enumerate(ranks)}
    return _tree(text, tokens, level)


def _accepted(text: str) -> Iterator[Token]:
    """Tokens that are headings: all at the start of a line, in mid-line those that count up from one."""
    heads = LineStarts(text)
    inner = MidLine(text)
    chapters_in_line = not heads.any_chapter() and _chapters_in_line(text)
    shortest = 60 if chapters_in_line else GLUED_LINE
    last: dict[int, int] = {}
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        glued = len(line) > shortest
        tokens = _tokens_of_line(text, (start, end), heads, inner.within(start, end), glued=glued)
        for token in _in_sequence(text, tokens, last, glued=glued) if tokens else ():
            for rank in [rank for rank in last if rank > token.rank]:
                del last[rank]
            last[token.rank] = token.ordinal
            yield token._replace(glued=True) if glued else token
        start = end + 1


def _chapters_in_line(text: str) -> bool:
    """Whether 「一、」 and the next chapter both stand inside one line."""
    for line in text.split("\n"):
        first = FIRST_IN_LINE.search(line) if any(number in line for number in FIRST_NUMBERS) else None
        if first and SECOND_IN_LINE.search(line, first.end() + 4):
            return True
    return False


def _tokens_of_line(
    text: str, line: Span, heads: LineStarts, inner: list[re.Match[str]], *, glued: bool
) -> list[Token]:
    start, end = line
    head = heads.at(start)
    if head is None and not inner and not glued:
        return []
    found: dict[int, Token] = {}
    if head and not _names_attachment(text, head.end, end):
        found[head.start] = head
        lower = None if glued else _behind_title(text, head, end, heads)
        if lower:
            found[lower.start] = lower
    if end - start > SHORTEST_LINE:
        for match in (*inner, *AFTER_HEADING.finditer(text, start, end)) if glued else inner:
            token = numbered(match, inline=True)
            if token and token.start not in found and token.start > start:
                found[token.start] = token
    return [found[place] for place in sorted(found)]


def _names_attachment(text: str, start: int, end: int) -> bool:
    return text.find(".", start, min(end, start + 81)) >= 0 and ATTACHMENT.match(text, start, end) is not None


def _behind_title(text: str, head: Token, end: int, heads: LineStarts) -> Token | None:
    """A heading of lower rank glued to the title of the one that begins the line; its successor follows."""
    match = BEHIND_TITLE.match(text, head.end, end)
    token = numbered(match, inline=False) if match else None
    if token is None or token.rank <= head.rank:
        return None
    if heads.follows(token.start, token.rank, token.ordinal + 1):
        return token
    others = (numbered(match, inline=False) for match in IN_LINE.finditer(text, token.end, end))
    successor = (token.rank, token.ordinal + 1)
    return token if any(other and (other.rank, other.ordinal) == successor for other in others) else None


def _in_sequence(text: str, tokens: list[Token], last: dict[int, int], *, glued: bool) -> Iterator[Token]:
    """Drop mid-line tokens that do not count up, or that rank above the heading whose line they stand in."""
    if not any(token.inline for token in tokens):
        yield from tokens
        return
    seen, running = dict(last), dict(last)  # since the last higher heading, and of the whole line
    opened = -1
    last_place = {(token.rank, token.ordinal): place for place, token in enumerate(tokens)}
    for place, token in enumerate(tokens):
        if token.inline:
            later = last_place.get((token.rank, token.ordinal + 1), -1) > place
            gap = token.ordinal - seen.get(token.rank, 0)
            runs_on = glued and token.ordinal == running.get(token.rank, 0) + 1
            leaves_out = glued and later and token.rank in seen and 1 < gap <= WIDEST_GAP
            slips = glued and token.rank in seen and gap in (0, 2) and _begins_sentence(text, token)
            if not (gap == 1 or runs_on or leaves_out or slips):
                continue
            if token.ordinal == 1 and not later and not (glued and token.style != "1."):
                continue
            if not glued and (opened < 0 or token.rank < opened):
                continue
        else:
            opened = token.rank
        for rank in [rank for rank in seen if rank > token.rank]:
            del seen[rank]
        seen[token.rank] = running[token.rank] = token.ordinal
        yield token


def _begins_sentence(text: str, token: Token) -> bool:
    """Whether 「一、」 or 「（一）」 stands right behind a full stop: a heading, though its number repeats or leaps."""
    return (
        token.style in ("一、", "（一）")
        and text[max(token.start - 6, 0) : token.start].rstrip(" \u3000\t")[-1:] == "。"
    )


def _limit(text: str, tokens: Sequence[Token], place: int) -> int:
    """Where the title must end at the latest: the line's end or the next heading."""
    begin = tokens[place].end
    end = tokens[place + 1].start if place + 1 < len(tokens) else len(text)
    end = min(end, begin + FARTHEST_TITLE)
    line_end = text.find("\n", begin, end)
    return end if line_end < 0 else line_end


def _title(text: str, token: Token, limit: int) -> tuple[str, int]:
    """The title behind a number, and where it ends."""
    rest = text[token.end : limit]
    usual = USUAL_TITLE.match(rest) if token.glued else None
    length = len(usual[0]) if usual else _title_length(rest)
    if owner := OWNER.search(rest, 2, length):
        length = owner.start()
    title = _once(rest[:length].strip(" \t\u3000。：:；;"))
    return title, token.end + len(rest[:length].rstrip())


def _title_length(rest: str) -> int:
    """How much of the text behind a number is its title: up to the sentence end, else a sensible bound."""
    if cut := ENDS_TITLE.search(rest[:LONGEST_TITLE], 4):
        rest = rest[: cut.start()]
    if len(rest.strip()) <= LONGEST_TITLE and "。" not in rest.rstrip().rstrip("。"):
        return len(rest)
    window = rest[: LONGEST_TITLE + 20]
    for signs in ("。", "：:；;！", "，,"):
        places = [place for sign in signs if (place := window.find(sign)) > 1]
        if places:
            return min(places) + (1 if signs == "。" else 0)
    return len(window) if len(window) < LONGEST_TITLE else 40


def _once(title: str) -> str:
    """A title printed twice in a row, once."""
    half = len(title) // 2
    return title[:half] if len(title) > 7 and title[:half] == title[half:] else title


def _body_ends(tokens: Sequence[Token], length: int) -> list[int]:
    """For each heading where the next one of its rank or a higher one begins."""
    ends = [length] * len(tokens)
    following: dict[int, int] = {}
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        ends[place] = min((at for rank, at in following.items() if rank <= token.rank), default=length)
        following = {rank: at for rank, at in following.items() if rank < token.rank}
        following[token.rank] = token.start
    return ends


def _tree(text: str, tokens: Sequence[Token], level: dict[int, int]) -> tuple[Heading, ...]:
    ends = _body_ends(tokens, len(text))

    def below(start: int, rank: int) -> tuple[tuple[Heading, ...], int]:
        nodes: list[Heading] = []
        place = start
        while place < len(tokens) and tokens[place].rank > rank:
            token, end = tokens[place], ends[place]
            title, title_end = _title(text, token, _limit(text, tokens, place))
            children, place = below(place + 1, token.rank)
            nodes.append(
                Heading(
                    level[token.rank], token.number, token.ordinal, token.style, title,
                    (token.start, title_end), (token.start, end), children,
                )
            )  # fmt: skip
        return tuple(nodes), place

    return below(0, -1)[0]


NARROW_BRACKETS = str.maketrans("（）", "()")


def section_label(number: str) -> str:
    """A heading's number as part of a section path: 「一、」 → 「一」, 「（一）」 → 「(一)」, 「1.」 → 「1」."""
    return number.translate(NARROW_BRACKETS).rstrip("、．. ").replace(" ", "")


class Sections:
    """Looks up in which section a place of the text lies."""

    def __init__(self, headings: Sequence[Heading]) -> None:
        self._starts: list[int] = []
        self._paths: list[tuple[Heading, ...]] = []
        self._labels: list[str] = []
        for heading in headings:
            self._add(heading, (), "")

    def _add(self, heading: Heading, above: tuple[Heading, ...], prefix: str) -> None:
        path = (*above, heading)
        label = prefix + section_label(heading.number)
        self._starts.append(heading.span[0])
        self._paths.append(path)
        self._labels.append(label)
        for child in heading.children:
            self._add(child, path, f"{label}/")

    def at(self, position: int) -> tuple[Heading, ...]:
        """The headings above a place, the outermost first."""
        place = bisect_right(self._starts, position) - 1
        return self._paths[place] if place >= 0 else ()

    def label(self, position: int) -> str:
        """The path of a place as 「一/(一)」."""
        place = bisect_right(self._starts, position) - 1
        return self._labels[place] if place >= 0 else ""

    def numbers(self) -> list[Span]:
        """The places of the numbers themselves: not figures."""
        return [(path[-1].span[0], path[-1].span[0] + len(path[-1].number)) for path in self._paths]
