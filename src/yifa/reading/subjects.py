"""What a figure counts, in the words of the text: the noun behind it, else the phrase before it.

「由91.3%提高到97.8%」 and 「同比增长9.9%」 name nothing themselves: they speak of the figure before.
In 「许可、处罚分别为12件、31件」 the names stand first and are dealt out one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from yifa.reading.document import Figure
from yifa.reading.lexicon import alternatives, words

DELIMITER = re.compile(r"[/①-⑳，。；、：！？,;:!?（）()《》〈〉【】\[\]“”\n\t\d%]")
CLAUSE_START = re.compile(r"[①-⑳，。；：！？,;:!?（(【\[\n\t]")
SENTENCE_END = re.compile(r"[。；;！？!?\n\t]")
RATE_UNITS = ("%", "‰", "个百分点", "百分点", "倍", "成")
TIME = re.compile(
    r"^(?:\d{4}年(?:度|来|以来|底)?前?|\d{1,2}月(?:份|底)?(?:之?前)?|\d{1,2}日(?:之?前)?|底前|截[至止][^，,]{0,10}|自[^，,]{0,12}以来|[一二三四上下前]+(?:季度|半年))"
)
TIME_SIGNS = frozenset("0123456789底截自一二三四上下前")  # what TIME can begin with
BRACKETS = re.compile(r"[（(][^（）()\n]{0,8}[）)]")
LONGEST = 24
REACH = 40


@cache
def _leading() -> re.Pattern[str]:
    lexicon = words("subjects")
    return re.compile(rf"(?!{alternatives(lexicon['leading_kept'])})(?:{alternatives(lexicon['leading'])})")


@cache
def _leading_signs() -> frozenset[str]:
    return frozenset(word[0] for word in words("subjects")["leading"])


@cache
def _trailing() -> dict[str, tuple[str, ...]]:
    """The connecting words that end a phrase by their last character, the longest first."""
    by_sign: dict[str, list[str]] = {}
    for word in sorted(words("subjects")["trailing"], key=len, reverse=True):
        by_sign.setdefault(word[-1], []).append(word)
    return {sign: tuple(found) for sign, found in by_sign.items()}


@cache
def _trailing_kept() -> tuple[str, ...]:
    return tuple(words("subjects")["trailing_kept"])


@cache
def _origin() -> re.Pattern[str]:
    return re.compile(rf"{words('subjects')['origin']}\Z")


@cache
def _actor() -> re.Pattern[str]:
    """「区政府全年共受理…」: what stands before 全年、累计、共 says who and when."""
    return re.compile(rf".*(?:{_when().pattern})(?=[\u4e00-\u9fff“《]{{2}})")


@cache
def _when() -> re.Pattern[str]:
    return re.compile(alternatives(words("subjects")["after_actor"]))


@cache
def _change() -> re.Pattern[str]:
    """A clause that only says how the figure before has changed."""
    lexicon = words("subjects")
    compared, changes = lexicon["compared"], alternatives(lexicon["changes"])
    return re.compile(
        rf"\A(?P<compared>{compared})?(?:分别|均|各|又|再)?(?P<change>{changes})(?:幅度)?(?P<level>[到至为]|为原来的)?了?\Z"
    )


@cache
def _change_at_end() -> re.Pattern[str]:
    lexicon = words("subjects")
    return re.compile(rf"(?:{lexicon['compared']})?(?:{alternatives(lexicon['changes'])})\Z")


@dataclass(slots=True)
class Namer:
    """Names the figures of a text one after the other."""

    text: str
    _names: list[str] = field(default_factory=list)  # dealt out to the figures of a 分别 list
    _suffix: str = ""

    def name(self, begin: int, end: int, unit: str, done: Sequence[Figure]) -> str:
        """The phrase that names what is counted, cleaned of connecting words; empty where there is none."""
        text = self.text
        last = done[-1] if done else None
        previous = last.span[1] if last else 0
        window = text[max(begin - REACH, previous) : begin]
        start = _last_end(CLAUSE_START, window)
        if (self._names or "分别" in window) and (dealt := self._dealt(window, start, begin, done)):
            return dealt
        if last and begin - previous < REACH and not (start and SENTENCE_END.search(window)):
            if window.strip() in ("，", ",", ""):
                return _behind(text, end) or last.subject  # 「制度六大类，30余项」
            if (of_last := _of_last(window, start, last)) is not None:
                return of_last
        if unit in _named_before():
            return _before(window, start) or _behind(text, end) or _earlier(window, start, previous)
        return _behind(text, end) or _before(window, start) or _earlier(window, start, previous)

    def _dealt(self, window: str, start: int, begin: int, done: Sequence[Figure]) -> str:
        """The next name of a 分别 list; `start` is where the clause begins in the window."""
        clause = window[start:]
        if "分别" in clause:
            before, _, after = clause.rpartition("分别")
            self._names, self._suffix = _names_for(before, after, self._count(begin), done, window)
        elif self._names and (start or not re.match(r"\s*[、和及与]", window)):
            self._names = []
        elif self._names and len(clause) > 1:  # 「分别增长3.1%、下降12.5%」
            self._suffix = clean(re.sub(r"^\s*[、和及与]", "", clause))
        return (self._names.pop(0) + self._suffix)[:LONGEST] if self._names else ""

    def _count(self, start: int) -> int:
        clause = re.split(r"[，。；;\n（(]|合计|共计", self.text[start : start + 120], maxsplit=1)[0]
        return len(re.findall(r"\d[\d,.]*|[一二三四五六七八九十百]+(?=[件人名个次起])", clause))


def _names_for(
    before: str, after: str, count: int, done: Sequence[Figure], window: str
) -> tuple[list[str], str]:
    """The names in front of 分别, or those of the figures before, if there are as many as figures behind it."""
    names = clean(re.sub(rf"(?:{words('subjects')['compared']})\Z", "", before))
    split = [name for name in re.split(r"[、和及与]", names) if name]
    suffix = clean(after) if _change().match(after.strip()) else ""
    if suffix and "同比" in before:
        suffix = f"同比{suffix}"
    if count > 1 and len(split) in (1, count):
        return split * (count // len(split)), suffix
    if not names and count > 1 and len(done) >= count and not SENTENCE_END.search(window):
        return [_base(figure.subject) for figure in done[-count:]], suffix
    return [], ""


@cache
def _named_before() -> frozenset[str]:
    """Units whose counted thing stands before the number if anything does."""
    return frozenset([*RATE_UNITS, *words("subjects")["before_first"]])


@cache
def _change_ends() -> frozenset[str]:
    """The characters that a clause on a change can end with."""
    return frozenset(
        {"度", "到", "至", "为", "的", "了", *(word[-1] for word in words("subjects")["changes"])}
    )


def _of_last(window: str, start: int, last: Figure) -> str | None:
    """「较上年增长34.8%」「提高到97.8%」「占25%」: the name of the figure before, and what happened to it."""
    clause = window[start:].strip(" \u3000、")
    if not clause or not last.subject:
        return None
    if clause[0] == "占" and not _before(window, start):
        return f"{_base(last.subject)}占比"[-LONGEST:]
    change = _change().match(clause) if clause[-1] in _change_ends() else None
    if change is None:
        return None
    base = _base(last.subject)
    if change["level"]:
        return base
    return f"{base}{'同比' if (change['compared'] or '').startswith('同比') else ''}{change['change']}"[
        -LONGEST:
    ]


def _base(subject: str) -> str:
    """A name without the change it ends in: 「投诉同比增加」 → 「投诉」."""
    return _change_at_end().sub("", subject) or subject


JOINING = ("以及", "及", "和", "与", "等", "中有", "中", "在", "于")
PLACES = ("镇", "村", "县", "区", "乡", "所")
LIMIT = re.compile(r"以内|之内|内|以上|以下|左右|的")
STOPS = frozenset("，。、；：！？,;:!?）)》”\n\t")  # a thing counted does not stand behind these


def _behind(text: str, position: int) -> str:
    if text[position : position + 1] in ("“", "《"):  # the thing counted is quoted
        position += 1
    if text[position : position + 1] in STOPS:
        return ""
    window = text[position : position + LONGEST + 8]
    limit = LIMIT.match(window)
    if limit:
        window = window[limit.end() :]
    if "（" in window[:4]:  # 镇（街）
        window = BRACKETS.sub("", window, count=1)
    cut = DELIMITER.search(window, 0, LONGEST)
    phrase = _unjoined(window[: cut.start() if cut else LONGEST])
    if len(phrase) < 2:
        return phrase if phrase in PLACES else ""
    act = _act().search(phrase, 1)
    phrase = _unjoined(phrase[: act.start()] if act else phrase).strip()
    if phrase in PLACES:
        return phrase
    if len(phrase) < 2 or (not limit and phrase.startswith(_not_subject())):
        return ""
    return phrase


def _unjoined(phrase: str) -> str:
    """A phrase without the word at its end that joins it to what follows."""
    if phrase.endswith(JOINING):
        return phrase.removesuffix(next(word for word in JOINING if phrase.endswith(word)))
    return phrase


@cache
def _not_subject() -> tuple[str, ...]:
    return tuple(words("subjects")["not_subject"])


@cache
def _act() -> re.Pattern[str]:
    """What the thing counted did: 「16个部门|报送的文件」."""
    return re.compile(alternatives(words("subjects")["acts"]))


def _before(window: str, start: int) -> str:
    """The clause the figure ends, cleaned; it begins at `start` in the window."""
    if "）" in window or ")" in window:
        window = BRACKETS.sub("", window)
        start = _last_end(CLAUSE_START, window)
    if start == 0 and (limit := LIMIT.match(window)):
        window = window[limit.end() :]
    return clean(window[start:])[-LONGEST:]


def _earlier(window: str, start: int, previous: int) -> str:
    """「行政处罚案件，共655件」: what is counted stands one clause earlier, unless that is another figure's."""
    if clean(window[start:]) or window[start:].strip(" 、") in ("对", "为", "向", "在", "将"):
        return ""
    earlier = window[:start].rstrip("，,：:（( ")
    if previous and not _last_end(CLAUSE_START, earlier):
        return ""
    return clean(earlier[_last_end(CLAUSE_START, earlier) :])[-LONGEST:]


def _last_end(pattern: re.Pattern[str], window: str) -> int:
    """Where the last match of a single character ends; searched from the end, where it most often stands."""
    match = pattern.search(window[::-1])
    return len(window) - match.start() if match else 0


def clean(phrase: str) -> str:
    """A phrase without the words that only connect: 「其中环保行政处罚案件共」 → 「环保行政处罚案件」."""
    phrase = phrase.strip(" \t\u3000、￥¥")
    if not phrase:
        return phrase
    if "”" in phrase and "“" not in phrase[: phrase.index("”")]:  # the quotation began outside
        phrase = phrase[phrase.index("”") + 1 :]
    before = None
    while before != phrase:
        before = phrase
        if phrase[:1] in TIME_SIGNS and (time := TIME.match(phrase)):
            phrase = phrase[time.end() :]
        if phrase[:1] in _leading_signs() and (leading := _leading().match(phrase)):
            phrase = phrase[leading.end() :]
        phrase = _without_trailing(phrase).strip(" 、\t￥¥")
        if _when().search(phrase) and (actor := _actor().match(phrase)):
            phrase = phrase[actor.end() :]
    return phrase


LONGEST_ORIGIN = 10  # 「由2023年同期的」
ORIGIN_ENDS = frozenset("由从较比来先原年去往初期的")


def _without_trailing(phrase: str) -> str:
    """A phrase without the longest connecting word or origin (「由去年的」) at its end."""
    sign = phrase[-1:]
    length = 0
    for word in _trailing().get(sign, ()):
        if phrase.endswith(word):
            length = len(word)
            break
    if sign in ORIGIN_ENDS and (origin := _origin().search(phrase, max(len(phrase) - LONGEST_ORIGIN, 0))):
        length = max(length, len(phrase) - origin.start())
    return phrase[: len(phrase) - length] if length and not phrase.endswith(_trailing_kept()) else phrase
