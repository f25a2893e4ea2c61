"""The list of laws: from a citation to the law it names, and whether that law was in force on a day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from yifa.law.schema import Basis, Law, LawVersion

Status = Literal["in_force", "not_yet", "revised_since", "repealed", "unknown"]

_STATE_PREFIX = "中华人民共和国"
_MARKS = re.compile(r"[\s《》〈〉<>“”\"'‘’「」『』]")
_BRACKETS = str.maketrans(
    {
        "（": "(",
        "）": ")",
        "［": "[",
        "］": "]",
        "—": "-",
        "–": "-",
        "－": "-",
        "～": "-",
        "、": ",",
        "，": ",",
    }
)
_VERSION = re.compile(r"\((\d{4})年?(?:修订|修正|修改|修正案|公布|施行|版|年版)*本?\)$")
_SPAN = re.compile(
    r"\(?(20\d\d)年?[-一至]{0,3}(20\d\d)年?\)?$"
)  # 「(2021-2025年)」, its dash or bracket lost
_UNDATED = re.compile(r"\(20\d\d-20\d\d年\)$")
_ON_TRIAL = re.compile(r"\((?:试行|暂行|修订|修正|修订版|新修订|新版|节选|全文)\)$")
_PASSED_ON = re.compile(r"关于(?:印发|转发|发布|公布|颁布)[《〈<]?(.{6,80}?)[》〉>]?的(?:通知|公告|决定|令)$")
_NEW = re.compile(r"^新修[订改正]的?")
_TRAILING_NUMBER = re.compile(r"[（(]((?:[^（()）]|[（(]\d{4}[）)])*\d\s*号)[）)]》?\s*$")
_NUMBER_BRACKETS = re.compile(r"[\[(（［〔【﹝]\s*(\d{4})\s*年?[\])）］〕】﹞]")


@dataclass(frozen=True, slots=True)
class Citation:
    """A law and, where the citation names one of its texts by year or number, the index of that text.

    `text` counts the texts of a law: 0 the first, 1 the first of `versions`, and so on; None: none was named.
    """

    law: Law
    text: int | None = None


class LawList:
    """All laws known, found by title, short title, alias or document number. Never guesses between two."""

    def __init__(self, laws: Iterable[Law]) -> None:
        self.laws = tuple(laws)
        self.by_id = {law.id: law for law in self.laws}
        self._by_title: dict[str, list[Law]] = defaultdict(list)
        self._by_number: dict[str, list[tuple[Law, int]]] = defaultdict(list)
        for law in self.laws:
            for title in {
                key for name in (law.title, law.short, *law.aliases) if name for key in _keys(law, name)
            }:
                self._by_title[title].append(law)
            for index, number in enumerate([law.number, *(v.number for v in law.versions)]):
                if number:
                    self._by_number[_number_key(number)].append((law, index))

    def __iter__(self) -> Iterator[Law]:
        return iter(self.laws)

    def __len__(self) -> int:
        return len(self.laws)

    def find(self, title: str, number: str | None = None, on: date | None = None) -> Law | None:
        """The law of this title (with or without 《》, 中华人民共和国, the year of a revision) or document number.

        Of laws with one title the one of the number is taken, else the one in force on `on`. None if unknown, if two
        remain, or if title and number name different laws.
        """
        cited = self.cite(title, number, on)
        return cited.law if cited else None

    def cite(self, title: str, number: str | None = None, on: date | None = None) -> Citation | None:
        """Like `find`, with the text of the law the citation names, if it names one."""
        if number is None and (trailing := _TRAILING_NUMBER.search(title)):
            title, number = title[: trailing.start()], trailing.group(1)
        titled, year = self._titled(title)
        if not titled and (passed_on := _PASSED_ON.search(title.strip("《》 "))):
            titled, year = self._titled(passed_on.group(1))
        numbered = self._by_number.get(_number_key(number), []) if number else []
        if not title.strip():
            titled = [law for law, _ in numbered]
        if numbered and titled:
            numbered = [(law, index) for law, index in numbered if law in titled]
            titled = [law for law, _ in numbered]
        if numbered:
            return Citation(*numbered[0]) if len(numbered) == 1 else None
        law = _the_one(titled, on)
        if law is None:
            return None
        return Citation(law, _text_of_year(law, year) if year else None)

    def status(self, law: Law | Citation, on: date) -> Status:
        """Whether a law was in force on a day, usually the date of the document that cites it.

        in_force       a text of the law was in force
        not_yet        promulgated or not, its first text (or the text cited) took effect only later
        revised_since  the citation names a text by year or number, and a later text was in force already
        repealed       it no longer held on that day
        unknown        the dates needed are not known or not verified
        """
        cited = law if isinstance(law, Citation) else Citation(law)
        law = cited.law
        if law.verified == "unverified":
            return "unknown"
        if law.repealed is not None and on >= law.repealed:
            return "repealed"
        began = _began(law, on, cited.text)
        if began != "in_force":
            return began
        if law.repealed is None and law.replaced_by is not None:
            return "unknown"
        later = law.versions[cited.text :] if cited.text is not None else []
        revised = any(version.effective and version.effective <= on for version in later)
        return "revised_since" if revised else "in_force"

    def standing(self, basis: Basis, on: date) -> Basis | None:
        """A basis as it may be cited for a case governed by a day.

        Its article is dropped where the whole law was revised only later, since it is the newer text's; None where the
        law had not begun. A law that is not known here is cited as given.
        """
        law = self.find(basis.law, on=on)
        if law is None:
            return basis
        if law.effective is not None and on < law.effective:
            return None
        return Basis(law=basis.law) if any(on < day for day in _revised_whole(law)) else basis

    def turns(self, basis: Basis) -> set[date]:
        """The days from which `standing` says something else."""
        law = self.find(basis.law)
        begun = {law.effective} if law is not None and law.effective else set()
        return begun | set(_revised_whole(law)) if law is not None else set()

    def _titled(self, title: str) -> tuple[list[Law], int | None]:
        """The laws of a title, and the year of the text if the title ends in one."""
        key = _NEW.sub("", _title_key(title)).removeprefix(_STATE_PREFIX)
        if key in self._by_title:
            return self._by_title[key], None
        if on_trial := _ON_TRIAL.search(key):
            return self._by_title.get(key[: on_trial.start()], []), None
        named = _VERSION.search(key)
        if named is None:
            return [], None
        return self._by_title.get(key[: named.start()], []), int(named.group(1))

    @cached_property
    def names(self) -> Mapping[str, Law]:
        """The names by which a law or regulation of the State is called in running text, without 《》."""
        national = (law for law in self.laws if law.level in ("法律", "行政法规"))
        named = ((name, law) for law in national for name in (law.title, law.short) if name)
        return {name.removeprefix(_STATE_PREFIX): law for name, law in named}

    def newest(self, law: Law, on: date) -> Citation:
        """The law in the last of its texts that had been promulgated by a day: 「新修订的…」."""
        made = [
            place for place, text in enumerate(law.versions, 1) if text.promulgated and text.promulgated <= on
        ]
        return Citation(law, made[-1] if made else None)

    @staticmethod
    def articles(law: Law, on: date | None = None) -> int | None:
        """How many articles the text in force on a day (default: the newest) has; None when that is not known."""
        texts = [LawVersion(effective=law.effective, articles=law.articles), *law.versions]
        if on is not None:
            if any(t.effective is None for t in texts[1:]):
                return None
            texts = [t for t in texts if t.effective and t.effective <= on]
        return texts[-1].articles if texts else None


def _revised_whole(law: Law) -> list[date]:
    """The days on which a text took effect in which the articles were numbered anew."""
    return [text.effective for text in law.versions if text.kind == "修订" and text.effective is not None]


def _began(law: Law, on: date, text: int | None) -> Status:
    """in_force once the law (or the text cited) had taken effect on that day; not_yet; unknown."""
    if text:
        version = law.versions[text - 1]
        promulgated, effective = version.promulgated, version.effective
    else:
        promulgated, effective = law.promulgated, law.effective
    if effective is not None:
        return "in_force" if on >= effective else "not_yet"
    if promulgated is not None and on < promulgated:
        return "not_yet"
    if promulgated is not None and on.year > promulgated.year + 1:
        return "in_force"  # no law waits longer
    later = [v.effective for v in law.versions if v.effective]
    return "in_force" if not text and any(day <= on for day in later) else "unknown"


def _the_one(laws: list[Law], on: date | None) -> Law | None:
    """The only law, or of several the last to have taken effect on or before the day."""
    if len(laws) == 1:
        return laws[0]
    if not laws or on is None:
        return None
    begun = [law for law in laws if law.effective and law.effective <= on]
    return max(begun, key=lambda law: law.effective or on, default=None)


def _text_of_year(law: Law, year: int) -> int | None:
    """The text promulgated in a year; None where none was, or two."""
    days = [law.promulgated, *(v.promulgated for v in law.versions)]
    matching = [i for i, day in enumerate(days) if day and day.year == year]
    if not matching:
        effective = [law.effective, *(v.effective for v in law.versions)]
        matching = [i for i, day in enumerate(effective) if day and day.year == year]
    return matching[0] if len(matching) == 1 else None


def _title_key(title: str) -> str:
    return _SPAN.sub(r"(\1-\2年)", _MARKS.sub("", title).translate(_BRACKETS))


def _keys(law: Law, title: str) -> set[str]:
    """The ways a title is written: without 中华人民共和国; a notice with and without its issuer before 关于."""
    key = _title_key(title).removeprefix(_STATE_PREFIX)
    keys = {key, _UNDATED.sub("", key)}
    issuer = _title_key(law.issuer or "").replace(",", "")
    plain = key.replace(",", "")
    if issuer and plain.startswith(f"{issuer}关于"):
        keys.add(key[key.index("关于") :])
    elif issuer and key.startswith("关于"):
        keys |= {f"{issuer}{key}", f"{_title_key(law.issuer or '')}{key}"}
    return keys


def _number_key(number: str) -> str:
    """A document number without its spelling: 国办发[2018]37号 = 国办发〔2018〕37号."""
    key = _NUMBER_BRACKETS.sub(r"〔\1〕", re.sub(r"\s", "", number))
    key = re.sub(r"\A国令", "国务院令", key.removeprefix(_STATE_PREFIX))
    return re.sub(r"令第?(\d+)号?$", r"令第\1号", re.sub(r"〕第?0*(\d+)号?$", r"〕\1号", key))
