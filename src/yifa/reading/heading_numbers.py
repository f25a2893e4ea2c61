"""The numbers of headings in every style, at the start of a line and in mid-line: where they may stand in a text."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from yifa.reading.numerals import integer

CHINESE = "一二三四五六七八九十百零〇"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# Styles from the highest to the lowest; the rank is the place in this list.
STYLES = ("第一编", "第一章", "第一节", "一、", "（一）", "1.", "（1）", "①")
ARTICLE = "第一条"
TOKEN = (
    rf"(?:第(?P<part>[{CHINESE}\d]{{1,4}})(?P<division>部分(?=[ \u3000\t:：、])|[编篇部章节])(?!分|点|目|气|能|约)"
    rf"[ \u3000\t:：、]*"
    rf"|第(?P<article>[{CHINESE}\d]{{1,4}})条(?=[ \u3000\t])[ \u3000\t]*"
    rf"|(?P<chinese>[{CHINESE}]{{1,4}})[ \t]?(?:、|[．.](?!\d))(?![{CHINESE}]{{1,2}}[、级类])"
    rf"|[（(][ \t]?(?P<bracket>[{CHINESE}]{{1,4}})[ \t]?[)）](?:、|[．.])?"
    r"|(?P<arabic>\d{1,3})[．.、](?:(?!\d)|(?=20\d\d年|\d{1,2}月(?!均|度)))"
    r"|[（(](?P<small>\d{1,2})[)）](?:、|[．.])?|(?P<half>\d{1,2})[)）]"
    rf"|(?P<circled>[{CIRCLED}]))"
)
AT_LINE_START = re.compile(r"^[ \t\u3000#*]*(?P<token>" + TOKEN + ")", re.M)
IN_LINE = re.compile(
    r"(?:(?<=[。；！？：:;!?”）)\s])|(?<=[\u4e00-\u9fff%）)]\.))[ \t\u3000]{0,3}(?P<token>" + TOKEN + ")"
)
# Where IN_LINE can match: looked for first, since a set of characters is found ten times as fast as lookbehinds.
BEHIND_SENTENCE = re.compile(
    rf"[。；！？：:;!?”）)\s.](?=[ \t\u3000]{{0,3}}(?:[第（({CIRCLED}]|[{CHINESE}]{{1,4}}[ \t]?[、．.]|\d{{1,3}}[．.、)）]))"
)
AFTER_HEADING = re.compile(
    rf"(?P<token>[（(](?P<bracket>[{CHINESE}]{{1,3}})[)）]|(?<=[\u4e00-\u9fff”])(?P<arabic>\d{{1,2}})[．.、](?=[\u4e00-\u9fff“])"
    r"|(?<=报告|总结|汇报|要点|计划|方案|安排|清单)(?P<chinese>一)、)"
)
BEHIND_TITLE = re.compile(
    rf"[\u4e00-\u9fff”]{{2,30}}?(?P<token>[（(](?P<bracket>[{CHINESE}]{{1,3}})[)）]|(?P<arabic>\d{{1,2}})[．.、](?!\d))(?=[\u4e00-\u9fff“])"
)  # 「一、主要工作（一）加强…」: the line break between two headings was lost


class Token(NamedTuple):
    """A number that may begin a heading; `rank` is the place of its style in STYLES."""

    start: int
    end: int
    number: str
    ordinal: int
    rank: int
    style: str
    inline: bool
    glued: bool = False  # its line lost its breaks


STYLE_OF = {"article": ARTICLE, "chinese": "一、", "bracket": "（一）", "arabic": "1.", "small": "（1）", "half": "（1）",
            "circled": "①"}  # fmt: skip
STYLE_OF_DIVISION = {"章": "第一章", "节": "第一节"}  # all others: 第一编
RANKS = {style: rank for rank, style in enumerate(STYLES)} | {ARTICLE: STYLES.index("一、")}


def numbered(match: re.Match[str], *, inline: bool) -> Token | None:
    """The number a match of one of the patterns above stands for."""
    for name in _styles_in(match.re):
        if value := match[name]:
            break
    else:
        return None
    ordinal = CIRCLED.index(value) + 1 if name == "circled" else integer(value)
    if ordinal is None:
        return None
    style = STYLE_OF.get(name) or STYLE_OF_DIVISION.get(match["division"], "第一编")
    start, end = match.span("token")
    return Token(start, end, match["token"].strip(), ordinal, RANKS[style], style, inline)


@cache
def _styles_in(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """The groups of a pattern that hold an ordinal."""
    return tuple(name for name in pattern.groupindex if name not in ("token", "division"))


class LineStarts:
    """The numbers that lines begin with, and where each of them stands last."""

    def __init__(self, text: str) -> None:
        self._matches = {match.start(): match for match in AT_LINE_START.finditer(text)}
        self._tokens = {place: numbered(match, inline=False) for place, match in self._matches.items()}
        self._last = {(token.rank, token.ordinal): token.start for token in self._tokens.values() if token}

    def any_chapter(self) -> bool:
        """Whether a line begins with 「一、」."""
        return any(match["chinese"] for match in self._matches.values())

    def at(self, line: int) -> Token | None:
        """The number that the line beginning there begins with."""
        return self._tokens.get(line)

    def follows(self, place: int, rank: int, ordinal: int) -> bool:
        """Whether a line behind a place begins with this number."""
        return self._last.get((rank, ordinal), -1) > place


class MidLine:
    """The numbers in mid-line behind a sentence, asked for line by line from the first to the last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places = [hint.end() for hint in BEHIND_SENTENCE.finditer(text)]
        self._next = 0

    def within(self, start: int, end: int) -> list[re.Match[str]]:
        """The matches between two places."""
        found = []
        done = start
        while self._next < len(self._places) and (place := self._places[self._next]) < end:
            self._next += 1
            if place >= done and (match := IN_LINE.match(self._text, place, end)):
                found.append(match)
                done = match.end()
        return found
