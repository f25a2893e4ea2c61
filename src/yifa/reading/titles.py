"""The title and the signature of a document."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from yifa.reading.dates import DAY, DOTTED, date_in
from yifa.reading.issuers import is_organization
from yifa.reading.lexicon import alternatives, words

HEADING = re.compile(
    r"^[ \t\u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章条])",
    re.M,
)
HEAD = 1500  # characters before the body in which a title is looked for
MOST_LINES = 16
LAST_LINES = 8
MONTH_ALONE = re.compile(r"\A(?:19|20)\d\d年\d{1,2}月\Z")
DATE_LABEL = re.compile(r"(?:日期|时间|成文日期|落款日期|印发日期)[:：]\Z")
LABEL = re.compile(r"\A(?:标\s*题|名\s*称|文件名称)\s*[:：|]\s*")
LABEL_BEHIND = re.compile(r"\s*(?:\||文\s*号\s*[:：]).*\Z")
YEAR = re.compile(r"(?:19|20)\d\d|[二一][〇零○九]")


@cache
def _title_end() -> re.Pattern[str]:
    ends = alternatives(words("identity")["title_ends"])
    return re.compile(rf"(?:{ends})(?:[（(][^（）()\n]{{1,20}}[)）])?\Z")


@cache
def _glued_title() -> re.Pattern[str]:
    ends = alternatives(words("identity")["title_ends"])
    return re.compile(
        rf"\A[\s]{{0,20}}([^。，,；;：:\n]{{4,60}}?(?:{ends}))"
        r"(?=\s|(?:19|20)\d\d年|今年|近年|一、|为|根据|按照|在|发布|来源|时间|日期|(?!的|汇报|报告|总结)[一-鿿]{2,16}[：:])"
    )


@cache
def _subject() -> re.Pattern[str]:
    return re.compile(alternatives(words("identity")["report_words"]))


def find_title(text: str) -> str | None:
    """The line before the body that is most like a title, with the lines above that belong to it."""
    first_heading = HEADING.search(text)
    head = text[: first_heading.start() if first_heading else HEAD][:HEAD]
    lines = [line.strip() for line in head.split("\n") if line.strip()][:MOST_LINES]
    candidates = [title for place in range(len(lines)) if (title := _title_at(lines, place))]
    best = max(candidates, key=lambda title: _likeness(title, candidates), default=None)
    if best is not None and _likeness(best, candidates) > 0:
        return best
    glued = _glued_title().match(text)
    return glued[1] if glued and lines and len(lines[0]) > 200 else None


def _title_at(lines: list[str], place: int) -> str | None:
    line = LABEL_BEHIND.sub("", LABEL.sub("", lines[place]))
    if len(line) > 80 or "。" in line or line.startswith(("《", "现将", "附件", "来源")):
        return None
    title = re.sub(r"\s+", "", line)
    if not _title_end().search(title):
        return None
    for above in reversed(lines[max(place - 2, 0) : place]):
        if not _continues(re.sub(r"\s+", "", above), title):
            break
        title = re.sub(r"\s+", "", above) + title
    return title


def _continues(above: str, title: str) -> bool:
    """Whether a line and the one below it are one title."""
    if (
        not 3 <= len(above) <= 40
        or re.search(r"[，。；：,;:!！？》]|\d日\Z|号\Z", above)
        or _title_end().search(above)
    ):
        return False
    if above.startswith("关于") or above.endswith(("关于", "的")):
        return True
    return is_organization(above) and title.startswith(("关于", "20", "二", "法治", "依法", "全面"))


def _likeness(title: str, candidates: list[str]) -> int:
    """How much a line looks like the title of such a document."""
    return (
        3 * (_subject().search(title) is not None)
        + 2 * (YEAR.search(title) is not None)
        + (len(title) >= 8)
        + (candidates.count(title) > 1)
        - 2 * title.endswith(("通知", "通知)", "函"))
    )


@cache
def _glued_signatures() -> tuple[re.Pattern[str], ...]:
    """「…。某县人民政府2022年3月1日」 at the end of a text that lost its lines."""
    return tuple(
        re.compile(
            rf"[。.]\s*(?P<name>[\u4e00-\u9fff（）()]{{3,30}}?)?\s*{day.pattern}(?P<printed>印发)?\s*\Z"
        )
        for day in (DAY, DOTTED)
    )


def signature(text: str) -> tuple[date | None, str | None]:
    """The date that stands alone at the end, or above an attached text, and the name on the line above it."""
    found = _signature_in(_lines(text[-600:])[-LAST_LINES:])
    if found[0] or found[1]:
        return found
    for pattern in _glued_signatures():
        glued = pattern.search(text[-120:])
        if glued and (not glued["name"] or is_organization(glued["name"])):
            return date_in(glued), None if glued["printed"] else glued["name"]
    heading = HEADING.search(text)
    return _signature_in(_lines(text[: heading.start()][:HEAD])) if heading else (None, None)


def _lines(text: str) -> list[str]:
    return [bare for line in text.split("\n") if (bare := re.sub(r"\s+", "", line))]


def _signature_in(lines: list[str]) -> tuple[date | None, str | None]:
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        match = DAY.search(line) or DOTTED.search(line)
        if match is None and MONTH_ALONE.match(line) and place and is_organization(lines[place - 1]):
            return None, lines[place - 1]
        if match is None or len(line) > 40 or line[match.end() :].strip("）)印发布"):
            continue
        name = DATE_LABEL.sub("", line[: match.start()]).strip("（(")
        found = date_in(match)
        if found is None or (name and not is_organization(name)):
            continue
        if "印发" in line[match.end() :]:  # the office that printed it
            return found, None
        name = name or (lines[place - 1] if place else "")
        return found, name if is_organization(name) else None
    if lines and len(lines[-1]) <= 30 and is_organization(lines[-1]):
        return None, lines[-1]
    return None, None
