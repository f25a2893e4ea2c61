"""The title of a document."""

from __future__ import annotations

import re
from functools import cache

from yifa.reading.issuers import is_organization
from yifa.reading.lexicon import alternatives, words

HEADING = re.compile(
    r"^[ \t\u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章条])",
    re.M,
)
HEAD = 1500  # characters before the body in which a title is looked for
MOST_LINES = 16
LONGEST_LINE = 120  # a title line is shorter
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
        r"(?=\s|(?:19|20)\d\d年|今年|近年|过去|去年|一年来|现[将就]|我[局委县市区镇乡]|一、|[（(]一[)）]|为|自|根据|按照|在|发布|来源|时间|日期|(?!的|汇报|报告|总结)[一-鿿]{2,16}[：:])"
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
    return glued[1] if glued and lines and (len(lines[0]) > LONGEST_LINE or "。" in lines[0]) else None


def _title_at(lines: list[str], place: int) -> str | None:
    line = LABEL_BEHIND.sub("", LABEL.sub("", lines[place]))
    if len(line) > 80 or "。" in line or line.startswith(("《", "现将", "附件", "来源", "[")):
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
    if "关于" in above or above.endswith("的"):
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
