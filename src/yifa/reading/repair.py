"""Mend what the road did to a text: blanks, widths, inserted pinyin, a traditional mirror, page furniture.

What somebody did to the text on purpose (advertising put in) is not mended here but marked, see `marks`.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import pairwise

import opencc

from yifa.reading.bars import bars
from yifa.reading.document import Mark, Repair, Span
from yifa.reading.furniture import remove_furniture
from yifa.reading.lexicon import words
from yifa.reading.tracked import Edit, Tracked

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
PUNCTUATION = "，。；：、！？“”‘’（）《》〈〉【】〔〕…—％"
TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
# Patterns begin with a plain character or a set: `re` finds those ten times as fast as repeats and lookbehinds.
NEWLINE = "\r\u2028\u2029\x0b\x0c\x85"
UNSEEN = r"\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f\ue000-\uf8ff"
BLANK = r"\xa0\u2002-\u200a\u202f\u205f"
WIDE = "０-９％．"
HALF = r"\ud800-\udfff"  # of a character: no text, and no library takes it
HALVES = re.compile(f"[{HALF}]")
NEWLINES = re.compile(f"[{NEWLINE}](?:(?<=\r)\n)?")
INVISIBLE = re.compile(f"[{UNSEEN}][{UNSEEN}]*")
NBSP = re.compile(f"[{BLANK}]")
FULL_WIDTH = re.compile(f"[{WIDE}][{WIDE}]*")
FULL_POINT = re.compile(r"(?<=\d)．(?=\d)")
ANY_TONED = re.compile(f"[{TONED}]")
PINYIN = re.compile(rf"(?<=[{HAN}])[(（]([a-zü{TONED}]{{1,6}})[)）]")
SYLLABLE = re.compile(rf"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouvü{TONED}][a-zü{TONED}]{{0,4}}\Z")
LOST = re.compile(
    rf"(?<![?？])[?？]*+[A-Za-z@\[\]^_`{{|}}~][(（][a-zü]*[{TONED}][a-zü]*[)）]|\?\?[a-zA-Z]?(?=[{HAN}])"
)
INDENT_INSIDE = re.compile("\u3000\u3000(?<!\u3000\u3000\u3000)\u3000*+(?=\\S)")
ENDS_SENTENCE = frozenset("。；：！？”）)")
GAP = re.compile(
    rf"[ \t](?:(?<=[{HAN}{PUNCTUATION}%][ \t])[ \t]*+(?=[{HAN}{PUNCTUATION}\d])"
    rf"|(?<=\d[ \t])[ \t]*+(?=[{HAN}{PUNCTUATION}%]))"
)
SPACED = re.compile(
    rf"(?<![{HAN}])(?:[{HAN}][ \t\u3000]{{1,2}}){{2,40}}[{HAN}](?![{HAN}])"
)  # 「主 要 工 作」
# 「99. 8%」: the blank behind a decimal point; 「1. 5个部门」 is a heading.
POINT_GAP = re.compile(r"\.(?<=\d\.)[ \t]{1,4}(?=\d{1,4}[ \t]?(?:[%％‰万亿]|个百分点|倍))")
WHOLE_BEFORE = re.compile(rf"[{HAN}]\d{{1,4}}\Z")
QUOTES = re.compile(
    rf"[«‹»›<>](?:(?<=[«‹])(?=[{HAN}“\d])|(?<=[{HAN}”）)\d][»›])"
    rf"|(?<=<)(?<!<<)<(?=[{HAN}])|(?<=[{HAN}）)]>)>(?!>))"
)
QUOTE_SIGNS = {"«": "《", "»": "》", "‹": "〈", "›": "〉", "<<": "《", ">>": "》"}
RINGS = "\u2474-\u249b\u3220-\u3229"  # ⑴ ⒈ ㈠: a number and its signs in one character
RINGED = re.compile(f"[{RINGS}]")
THOUSANDS = re.compile(rf"\d(?<![\d.,]\d)\d{{0,2}}(?:[ \t]\d{{3}})+(?=(?:\.\d+)?[ \t]?[{HAN}])")
# A text set to a width: most lines of one length, give or take `WRAP_PLAY` for signs that may not begin a line.
LONGEST_SPACED = 200  # characters of a title or signature set with blanks between its characters
NARROWEST, WIDEST, WRAP_PLAY, FEWEST_LINES, WRAPPED, LONGER, INDENT = 18, 60, 2, 12, 0.3, 0.03, 2
ENDS_PARAGRAPH = re.compile(r"[。！？；：:;][”）)]?\s*\Z")
ORDINAL = "[一二三四五六七八九十]{1,3}"
BEGINS_PARAGRAPH = re.compile(
    rf"[ \t\u3000]*(?:{ORDINAL}[、.．]|[（(](?:{ORDINAL}|\d{{1,2}})[）)]|\d{{1,2}}[.．、](?!\d)|第{ORDINAL}[章节条])"
)
PROSE = re.compile(r"[，。；,;]")


def repair(source: str) -> tuple[Tracked, list[Mark]]:
    """The mended text with its repairs, and marks for the damage and the page furniture that were removed."""
    tracked = Tracked(source)
    rare = "".join(set(_rare().findall(source)))
    if HALVES.search(rare):
        tracked.edit(_substitute(HALVES, tracked.text, "\ufffd"), "encoding")
    if NEWLINES.search(rare):
        tracked.edit(_substitute(NEWLINES, tracked.text, "\n"), None)
    if INVISIBLE.search(rare):
        tracked.edit(_substitute(INVISIBLE, tracked.text, ""), "spacing")
    if NBSP.search(rare):
        tracked.edit(_substitute(NBSP, tracked.text, " "), None)
    marks = _remove_pinyin(tracked) if ANY_TONED.search(rare) or "??" in tracked.text else []
    if FULL_WIDTH.search(rare):
        tracked.edit(_widths(tracked.text), "spacing")
    tracked.edit(_signs_mended(tracked.text, rare), "encoding")
    marks += remove_furniture(tracked)
    if "|" in tracked.text:
        tracked.edit(sorted(bars(tracked.text)), "spacing")
    tracked.edit(_paragraphs(tracked.text), "spacing")
    tracked.edit(_wraps(tracked.text), "spacing")
    tracked.edit(_blanks(tracked.text), "spacing")
    if _signs().search(rare):
        marks += _simplify(tracked)
    tracked.repairs.sort(key=lambda item: item.at)
    return tracked, marks


@cache
def _rare() -> re.Pattern[str]:
    """The characters that make the rarer repairs necessary: one look at a text tells which of them can be left out."""
    return re.compile(f"[{NEWLINE}{UNSEEN}{BLANK}{WIDE}{HALF}{TONED}{RINGS}{words('traditional')['signs']}]")


def _substitute(pattern: re.Pattern[str], text: str, after: str) -> list[Edit]:
    return [(match.start(), match.end(), after) for match in pattern.finditer(text)]


def _remove_pinyin(tracked: Tracked) -> list[Mark]:
    """Take out the reading that a mirror put behind a character: 現(xiàn)將 → 現將."""
    text = tracked.text
    found = [m for m in PINYIN.finditer(text) if SYLLABLE.match(m[1])]
    toned = sum(any(char in TONED for char in m[1]) for m in found)
    if toned < 3:  # a stray annotation is an author's; a mirror does it everywhere
        found = [m for m in found if any(char in TONED for char in m[1])]
    edits: list[Edit] = [(m.start(), m.end(), "") for m in found]
    lost_marks = []
    known: dict[str, str] = words("traditional")["lost"]
    for match in LOST.finditer(text):
        if match[0] in known:
            edits.append((match.start(), match.end(), known[match[0]]))
        elif toned:
            lost_marks.append(Mark("damaged", match[0], None, {"what": "lost_character"}))
    edits.sort()
    tracked.edit(edits, "inserted_pinyin")
    if not edits:
        return lost_marks
    first = text[max(edits[0][0] - 1, 0) : edits[0][1]]
    return [Mark("damaged", first, None, {"what": "inserted_pinyin", "times": str(len(edits))}), *lost_marks]


def _widths(text: str) -> list[Edit]:
    narrow = {ord("０") + i: str(i) for i in range(10)} | {ord("％"): "%"}
    edits: list[Edit] = []
    for match in FULL_WIDTH.finditer(text):
        start, end = match.span()
        around = text[max(start - 1, 0) : end + 1].translate(narrow)
        before = start - max(start - 1, 0)
        after = FULL_POINT.sub(".", around)[before : before + end - start]
        if after != match[0]:
            edits.append((start, end, after))
    return edits


def _signs_mended(text: str, rare: str) -> list[Edit]:
    """«» that stand for 《》, and numbers in one character with their signs: 「㈠」 for 「（一）」."""
    edits: list[Edit] = []
    if any(sign in text for sign in QUOTE_SIGNS):
        edits += [(m.start(), m.end(), QUOTE_SIGNS[m[0]]) for m in QUOTES.finditer(text)]
    if RINGED.search(rare):
        edits += [(m.start(), m.end(), _ringed(m[0])) for m in RINGED.finditer(text)]
    return sorted(edits)


def _ringed(sign: str) -> str:
    code = ord(sign)
    if code >= 0x3220:
        return f"（{'一二三四五六七八九十'[code - 0x3220]}）"
    return f"{code - 0x2487}." if code >= 0x2488 else f"（{code - 0x2473}）"


def _paragraphs(text: str) -> list[Edit]:
    """The indents of paragraphs that stand in mid-line, right behind a sentence."""
    edits: list[Edit] = []
    for match in INDENT_INSIDE.finditer(text):
        start = match.start()
        while start and text[start - 1] in " \t":
            start -= 1
        if start and text[start - 1] in ENDS_SENTENCE:
            edits.append((start, match.end(), "\n"))
    return edits


def _blanks(text: str) -> list[Edit]:
    """Blanks inside words and around numbers, in lines of prose; a line without punctuation is a table or a title."""
    edits: list[Edit] = []
    position = 0
    for line in text.split("\n"):
        spaced = " " in line or "\t" in line or line.find("\u3000", 2) >= 0
        if spaced and not PROSE.search(line):
            for match in SPACED.finditer(line.rstrip()) if len(line) <= LONGEST_SPACED else ():
                gaps = re.finditer(r"[ \t\u3000]+", match[0])
                base = position + match.start()
                edits += [(base + gap.start(), base + gap.end(), "") for gap in gaps if "\t" not in gap[0]]
        elif spaced:
            row = line.count("\t") > 1  # of a table: tabs divide its cells
            gaps = (m for m in GAP.finditer(line) if not (row and "\t" in m[0]))
            edits += [(position + m.start(), position + m.end(), "") for m in gaps]
            edits += [(position + place, position + place + 1, "") for place in _group_gaps(line)]
            edits += [(position + start, position + end, "") for start, end in _point_gaps(line)]
        position += len(line) + 1
    return sorted(edits)


def _wraps(text: str) -> list[Edit]:
    """The line breaks inside paragraphs of a text that was set to a width, as copies from a printed page are."""
    lines = text.split("\n")
    for measure in (_count, _width):
        lengths = [measure(line) for line in lines]
        if width := _set_to(lengths):
            return _unwrapped(lines, lengths, range(width - WRAP_PLAY, width + WRAP_PLAY + 1))
    return []


def _set_to(lengths: list[int]) -> int:
    """The width that most lines have; 0 where they have none in common."""
    written = [length for length in lengths if length]
    times = Counter(written)
    width = max(times, key=times.__getitem__, default=0)
    if not NARROWEST <= width <= WIDEST or len(written) < FEWEST_LINES:
        return 0
    full = sum(width - WRAP_PLAY <= length <= width + WRAP_PLAY for length in written)
    longer = sum(length > width + WRAP_PLAY for length in written)
    return 0 if full < WRAPPED * len(written) or longer > LONGER * len(written) else width


def _unwrapped(lines: list[str], lengths: list[int], filled: range) -> list[Edit]:
    """The breaks behind filled lines that end no paragraph."""
    edits: list[Edit] = []
    position = 0
    for (line, following), length in zip(pairwise(lines), lengths, strict=False):
        position += len(line) + 1
        begins = not following.strip() or BEGINS_PARAGRAPH.match(following)
        if length in filled and not begins and not ENDS_PARAGRAPH.search(line):
            blank = len(following) - len(following.lstrip(" \t\u3000"))
            if blank < INDENT:
                edits.append((position - 1, position + blank, ""))
    return edits


def _count(line: str) -> int:
    return len(line.strip())


def _width(line: str) -> int:
    """How many Chinese characters a line is as wide as: a digit or a narrow sign is half of one."""
    bare = line.strip()
    return len(bare) if bare.isascii() else (len(bare) + len(bare.encode("utf-8", "surrogatepass"))) // 4


def _group_gaps(line: str) -> list[int]:
    """The blanks that part the thousands of a number: 「26 412件」."""
    return [
        place for match in THOUSANDS.finditer(line) for place in range(*match.span()) if line[place] in " \t"
    ]


def _point_gaps(line: str) -> list[Span]:
    """The blanks behind the decimal points of shares and large numbers: 「率达99. 8%」."""
    return [
        (match.start() + 1, match.end())
        for match in POINT_GAP.finditer(line)
        if WHOLE_BEFORE.search(line, max(match.start() - 5, 0), match.start())
    ]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _signs() -> re.Pattern[str]:
    return re.compile(f"[{words('traditional')['signs']}]")


def _simplify(tracked: Tracked) -> list[Mark]:
    """Turn a text in traditional script into simplified; a quotation of a few characters stays as it is."""
    text = tracked.text
    limits = words("traditional")
    least = max(limits["least"], int(len(text) * limits["rate"]))
    signs = 0
    for _ in _signs().finditer(text):
        signs += 1
        if signs >= least:
            break
    if signs < least:
        return []
    after = _same_length(text)
    times = sum(a != b for a, b in zip(text, after, strict=True))
    for start, end, line in tracked.replace_whole(after):
        at = tracked.origin((start, end))
        tracked.repairs.append(Repair("traditional", at, tracked.source[at[0] : at[1]], line))
    return [Mark("damaged", text[:20], None, {"what": "traditional", "times": str(times)})]


def _same_length(text: str) -> str:
    """The text in simplified script, every character in its place."""
    after: str = _converter().convert(text)
    if len(after) == len(text) and after.count("\n") == text.count("\n"):
        return after
    singles = {ord(char): _converter().convert(char) for char in set(text) if char != "\n"}
    return text.translate({code: char for code, char in singles.items() if len(char) == 1 and char != "\n"})
