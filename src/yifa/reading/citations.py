"""Citations: titles in 《》 and laws cited by article, resolved to the list of laws and judged on the day of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yifa.law.laws import Citation as Cited
from yifa.law.laws import LawList
from yifa.law.schema import Law
from yifa.reading.document import Citation, Span

TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]{1,80}》){1,120})》")
YEAR = r"[〔\[（(【［﹝]\s?(?:19|20)\d{2}\s?年?[〕\])）】］﹞]"
NUMERAL = r"[\d一二三四五六七八九十百〇零]{1,5}"
NUMBER = re.compile(
    rf"[\u4e00-\u9fff]{{1,12}}{YEAR}\s?第?\s?\d{{1,5}}\s?号|[\u4e00-\u9fff]{{1,14}}令\s?第?\s?{NUMERAL}\s?号"
    rf"|(?<=[、，,；;和及与])\s?(?:{YEAR})?\s?第?\s?\d{{1,5}}\s?号"  # the rest of a list, under the word before it
)
BRACKET = re.compile(r"\s?[（(]((?:[^\n（()）]|[（(](?:19|20)\d{2}[)）]){2,80}?号[^\n（()）]{0,40})[)）]")
BARE_NUMBER = re.compile(rf"\s?(?=[\u4e00-\u9fff]{{1,14}}?(?:{YEAR}|令))")
VERSION = re.compile(
    r"\s?([（(](?:19|20)\d{2}\s?年?(?:版|(?:第[一二三四五六]次)?(?:新?修[订正改]|修正案|公布|施行)版?)?[)）])"
)
SHORT = re.compile(
    r"[^，。；\n]{0,40}?[，,（(；;]\s?(?:以)?下?简?称[为：:]?\s?[“”\"「『《〈‘]{1,2}([^，。；、\n“”\"」』》〉’）)]{2,20})[”“\"」』》〉’]"
)
NEXT = re.compile(r"(?:[、，,]|和|及|以及|与)?\s?")
GENERIC = re.compile(
    r"\A(?:实施|暂行|管理|工作|若干)?(?:条例|办法|规定|意见|纲要|方案|通知|细则|决定|规划|规则|要点|计划|指南|解释|行动计划)\Z"
)
NEW = re.compile(r"新?修[订正改]后?的?\Z|新《?\Z")
LOCAL = re.compile(
    r"(?P<place>(?:(?![在对和及与将按据照彻落实行])[\u4e00-\u9fff]){2,5}(?:省|市|自治区|州|县|区))(?:人民政府|政府|人大常委会)?(?:办公厅|办公室)?(?:的|关于)?\Z"
    r"|(?:我|本|(?<![全各外该跨])(?=[省市县区](?:《|\Z)))[省市县区]\Z|(?<![全各])[省市县区](?:政府|委|人大)\Z"
)
ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,8}条")
LOOK_BACK = 24
MOST_TOGETHER = 12  # titles that one bracket of numbers belongs to


@dataclass(slots=True)
class _Judge:
    """Resolves the titles of one text in order, and remembers the laws it has named so far."""

    text: str
    on: date | None
    laws: LawList
    short: dict[str, Cited] = field(default_factory=dict)  # by the short title the text gave them
    full: dict[str, Cited | None] = field(default_factory=dict)

    def titled(self, match: re.Match[str], number: str | None) -> Citation:
        """The citation of a title in 《》."""
        title = match[1].strip()
        cited = self._short_for(title) or self._resolve(match, title, number)
        if cited is not None and (short := SHORT.match(self.text, match.end(), match.end() + 90)):
            self.short[short[1].strip()] = cited
        if not GENERIC.match(title):
            self.full[re.sub(r"[（(][^（()）]*[)）]\Z", "", title)] = cited
        return self.judged(title, number, match.span(), cited)

    def judged(self, title: str, number: str | None, span: Span, cited: Cited | None) -> Citation:
        """The citation with its state on the day."""
        if cited is None:
            return Citation(title, number, span, None, "unknown", self.on)
        status = self.laws.status(cited, self.on) if self.on else "unknown"
        return Citation(title, number, span, cited.law.id, status, self.on)

    def _short_for(self, title: str) -> Cited | None:
        """The law meant by a short title: the one it was given to, else the only full title that ends with it."""
        if title in self.short:
            return self.short[title]
        if not GENERIC.match(title):
            return None
        ending = {key: cited for key, cited in self.full.items() if key.endswith(title)}
        laws = {cited.law.id if cited else key: cited for key, cited in ending.items()}
        return next(iter(laws.values())) if len(laws) == 1 else None

    def _resolve(self, match: re.Match[str], title: str, number: str | None) -> Cited | None:
        """The law of a title: with the year behind it, or with the place before it."""
        version = VERSION.match(self.text, match.end())
        cited = self.laws.cite(title + version[1], number, self.on) if version else None
        cited = cited or self.laws.cite(title, number, self.on)
        before = self.text[max(match.start() - LOOK_BACK, 0) : match.start()]
        local = LOCAL.search(before) if not title.startswith("中华人民共和国") else None
        if local and (cited is None or cited.law.level != "法律"):
            return self.laws.cite(f"{local['place']}{title}", number, self.on) if local["place"] else None
        if cited and self.on and cited.text is None and (NEW.search(before) or title.startswith("新修")):
            return self.laws.newest(cited.law, self.on)
        return cited


def citations(text: str, on: date | None, laws: LawList | None) -> tuple[Citation, ...]:
    """All titles cited, in order; `on` is the day on which their state is judged."""
    judge = _Judge(text, on, laws or LawList(()))
    found: list[Citation] = []
    if "《" in text:
        matches = list(TITLE.finditer(text))
        numbers = _numbers(text, matches)
        found += [judge.titled(match, number) for match, number in zip(matches, numbers, strict=True)]
    if judge.laws.names and "条" in text:
        found += _by_article(judge, {item.span[1] for item in found})
    return tuple(sorted(found, key=lambda item: item.span))


def _numbers(text: str, matches: Sequence[re.Match[str]]) -> list[str | None]:
    """The document number behind each title; a bracket of several belongs to as many titles in a row before it."""
    found: list[str | None] = [None] * len(matches)
    row: list[int] = []
    for place, match in enumerate(matches):
        row = (
            [*row[-MOST_TOGETHER:], place]
            if row and NEXT.fullmatch(text, matches[place - 1].end(), match.start())
            else [place]
        )
        begin = match.end()
        if version := VERSION.match(text, begin):
            begin = version.end()
        bracket = BRACKET.match(text, begin, begin + 130)
        if bracket is None and BARE_NUMBER.match(text, begin) is None:
            continue
        window = bracket[1] if bracket else text[begin : begin + 40]
        given = _spelled(window, anywhere=bracket is not None)
        mine = row[-len(given) :] if len(given) <= len(row) else [place]
        for at, number in zip(mine, given, strict=False):
            found[at] = number
        row = []
    return found


def _spelled(window: str, *, anywhere: bool) -> list[str]:
    """The numbers of a list, each in full: 「国办发〔2018〕115号、118号」."""
    numbers: list[str] = []
    head = ""
    for match in NUMBER.finditer(window):
        if not anywhere and match.start() > 1:
            break
        number = re.sub(r"\s+", "", match[0])
        year = re.search(YEAR, number)
        if not re.match(r"[\u4e00-\u9fff]", number) and head:
            number = (re.sub(rf"{YEAR}\Z", "", head) if year else head) + number.removeprefix("第")
        head = re.sub(r"第?\d+号\Z", "", number)
        numbers.append(number)
        if not anywhere:
            break
    return numbers


def _by_article(judge: _Judge, titled: set[int]) -> list[Citation]:
    """Laws named in running text before an article: 「行政处罚法第四十四条」."""
    text, names = judge.text, judge.laws.names
    longest = max(map(len, names))
    found = []
    for match in ARTICLE.finditer(text):
        start = match.start()
        if start not in titled and (named := _name_before(text, start, longest, names)):
            begin, law = named
            found.append(judge.judged(text[begin:start], None, (begin, start), Cited(law)))
    return found


def _name_before(text: str, end: int, longest: int, names: Mapping[str, Law]) -> tuple[int, Law] | None:
    """The longest name of a law that ends at a place, with 中华人民共和国 before it where that stands there."""
    for length in range(min(longest, end), 2, -1):
        law = names.get(text[end - length : end])
        if law is not None:
            start = end - length
            state = "中华人民共和国"
            return (start - len(state) if text.endswith(state, 0, start) else start), law
    return None
