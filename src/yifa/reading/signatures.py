"""The signature of a document: who signed, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from yifa.reading.dates import DAY, DIGIT, DOTTED, SMALL, date_in, month_end
from yifa.reading.issuers import is_organization
from yifa.reading.numerals import integer
from yifa.reading.titles import HEAD, HEADING

LAST_LINES = 10
MONTH_ALONE = re.compile(
    rf"\A(?P<name>[\u4e00-\u9fff（）()]{{3,40}}?)?(?P<year>{DIGIT}{{4}})年(?P<month>{SMALL})月\Z"
)
DATE_LABEL = re.compile(r"(?:(?:落款|成文|印发|发文|报告|制表)?(?:日期|时间)|落款)[:：]\Z")
NAME_LABEL = re.compile(
    r"\A(?:落款|报告单位|报送单位|填报单位|发文机关|单位|署名|报告人|报送机关)[（(盖章)）]*[:：]"
)
SEAL = re.compile(r"[（(](?:盖章|公章|印章|章|代章)[)）]")
REMARK = re.compile(r"\A[（(].*[)）]\Z|\A(?:附件|附表|抄送|主送|联系人|联系电话|电话|公开方式|公开属性|此件)")


@dataclass(frozen=True, slots=True)
class Signature:
    """`month_end` where only the month is given."""

    on: date | None = None
    name: str | None = None
    month_end: date | None = None


@cache
def _glued_signatures() -> tuple[re.Pattern[str], ...]:
    """「…。某县人民政府2022年3月1日」 at the end of a text that lost its lines."""
    return tuple(
        re.compile(
            rf"[。.！]\s*(?:特此报告[。.]?\s*)?(?P<name>[\u4e00-\u9fff（）()]{{3,30}}?)?\s*{day.pattern}(?P<printed>印发)?\s*\Z"
        )
        for day in (DAY, DOTTED)
    )


def signature(text: str, foreign: Sequence[str] = ()) -> Signature:
    """The date that stands alone at the end, or above an attached text, and the name on the line above it.

    `foreign` phrases are taken out of the lines first.
    """
    found = _signature_in(_lines(text[-800:], foreign), LAST_LINES)
    if found != Signature():
        return found
    for pattern in _glued_signatures():
        glued = pattern.search(text[-120:])
        if glued and (not glued["name"] or is_organization(glued["name"])):
            return Signature(date_in(glued), None if glued["printed"] else glued["name"])
    heading = HEADING.search(text)
    return _signature_in(_lines(text[: heading.start()][:HEAD], foreign), HEAD) if heading else Signature()


def _lines(text: str, foreign: Sequence[str]) -> list[str]:
    for phrase in foreign:
        text = text.replace(phrase, "")
    return [bare for line in text.split("\n") if (bare := re.sub(r"\s+", "", line))]


def _signature_in(lines: list[str], most: int) -> Signature:
    """The signature in the last `most` lines; its name may stand above them."""
    printed = Signature()  # by the office that printed it: only where nobody signed
    for place in range(len(lines) - 1, max(len(lines) - most, 0) - 1, -1):
        line = SEAL.sub("", lines[place])
        above = _bare_name(lines[place - 1]) if place else ""
        month = MONTH_ALONE.match(line)
        if month and is_organization(month["name"] or above):
            year, number = integer(month["year"]), integer(month["month"])
            ends = month_end(year, number) if year and number else None
            return Signature(None, month["name"] or above, ends)
        match = DAY.search(line) or DOTTED.search(line)
        if match is None or len(line) > 60 or line[match.end() :].strip("）)印发布。"):
            continue
        name = _bare_name(DATE_LABEL.sub("", line[: match.start()]).strip("（("))
        found = date_in(match)
        if found is None or (name and not is_organization(name)):
            continue
        if "印发" in line[match.end() :]:
            printed = Signature(found)
            continue
        name = name or above
        return Signature(found, name if is_organization(name) else None)
    if printed.on:
        return printed
    while lines and REMARK.match(lines[-1]):
        lines = lines[:-1]
    last = _bare_name(lines[-1]) if lines else ""
    return Signature(None, last) if len(last) <= 30 and is_organization(last) else Signature()


def _bare_name(line: str) -> str:
    return SEAL.sub("", NAME_LABEL.sub("", line))
