"""Units in a plan's text: who leads, who supports, who is only named."""

from __future__ import annotations

import re
from functools import cache

from yifa.reading.lexicon import alternatives, words

Names = tuple[str, ...]
OPEN, CLOSE = "（(〔[【", "）)〕]】"
SEPARATOR = re.compile(r"[、，,；;]|(?<=[局委办院所处科室会])(?:和|及|以及|与)")
DAYS = re.compile(r"[（(]\s*\d+\s*(?:个工作)?日\s*[)）]")
DUE_FIELD = re.compile(
    r"[；;，,、\s]*(?:完成|办结|办理|整改)?(?:时限|时间|期限|日期)(?:要求|节点)?[ \t]*[:：]"
)  # no unit from here on

WHEN = re.compile(
    r"\d月|\d日|年(?:底|末)前|季度(?:末|底)?(?:前|完成)|长期坚持|持续推进|全年|(?:前|内)完成\Z"
)  # no unit


@cache
def _label() -> re.Pattern[str]:
    lexicon = words("plans")
    named = "|".join(f"(?P<{key}>{alternatives(lexicon[key])})" for key in ("lead", "responsible", "support"))
    return re.compile(rf"(?:{named})[ \t]*(?:[:：]|(?<=单位)(?=[ \t]))")


@cache
def _unit_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('plans')['unit_ends'])})\Z")


def responsible_units(text: str) -> tuple[Names, Names]:
    """Lead and supporting units of a task, in every style of patterns: labels, brackets, 「由甲局牵头，乙局配合」."""
    labelled: dict[str, list[str]] = {"lead": [], "responsible": [], "support": []}
    matches = list(_label().finditer(text))
    for place, match in enumerate(matches):
        limit = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        names = split_units(DUE_FIELD.split(_content(text, match.end(), limit))[0])
        labelled[match.lastgroup or "lead"] += names
    lead, responsible, support = (_unique(labelled[key]) for key in ("lead", "responsible", "support"))
    if lead or responsible or support:
        return (lead, _unique([*responsible, *support])) if lead else (responsible, support)
    return _from_sentence(text)


def _content(text: str, start: int, limit: int) -> str:
    """The names behind a label: up to the bracket that closes it, a full stop or the line's end."""
    depth = 0
    for place in range(start, limit):
        char = text[place]
        if char in OPEN:
            depth += 1
        elif char in CLOSE:
            if depth == 0:
                return text[start:place]
            depth -= 1
        elif char in "。\n":
            return text[start:place]
    return text[start:limit]


def split_units(phrase: str) -> list[str]:
    """「危化处（60日），基础处（104日）」 → names; a comma inside brackets does not separate."""
    phrase = DAYS.sub("、", phrase)
    names: list[str] = []
    depth, piece = 0, ""
    for char in phrase + "、":
        depth += (char in OPEN) - (char in CLOSE)
        if depth <= 0 and char in "、，,；; \t\u3000":
            names.append(piece)
            piece, depth = "", 0
        else:
            piece += char
    return [
        name
        for piece in names
        for name in _split_and(_clean(piece))
        if 1 < len(name) <= 30 and not WHEN.search(name)
    ]


def _split_and(name: str) -> list[str]:
    pieces = [piece for piece in SEPARATOR.split(name) if piece]
    return pieces if len(pieces) > 1 and all(_unit_end().search(piece) for piece in pieces) else [name]


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('plans')['tail'])})+\Z")


def _clean(name: str) -> str:
    name = name.strip(" \t\u3000：:。；;")
    return _tail().sub("", name).strip()


BY = re.compile(
    r"(?:由|[（(〔【])(?P<lead>[^，。；（）()〔〕\n]{2,60}?)(?:牵头|负责)(?:[，,；;、]?(?:会同)?(?P<support>[^，。；（）()〔〕\n]{2,80}?)(?:配合|参与|协助|参加|落实))?"
)
BARE = re.compile(r"[（(〔【]([^（）()〔〕【】。\n]{3,120})[)）〕】][。；]?\s*\Z")


def _from_sentence(text: str) -> tuple[Names, Names]:
    for match in BY.finditer(text):
        lead = [name for name in split_units(match["lead"]) if _unit_end().search(name)]
        if lead and len(lead) == len(split_units(match["lead"])):
            return _unique(lead), _unique(split_units(match["support"] or ""))
    bare = BARE.search(text)
    if bare:
        names = split_units(bare[1])
        if names and all(_unit_end().search(name) for name in names):
            return _unique(names), ()
    return (), ()


def _unique(names: list[str]) -> Names:
    return tuple(dict.fromkeys(names))


SUBJECT = re.compile(
    r"(?:\A|(?<=[。；，：,;:\n]))(?:\d{4}年|今年|强化|加强对|由)?(?P<name>(?:[^，。；：,;:\n]|、){2,60}?)"
    r"(?=(?:要|应当?|须|必须|需|可|全年|每年|每季度?|每月|每半年|至少|不少于|年内|负责|在[^，。；\n]{2,20}中的|对|以市级|将|组织|开展)(?!求|点|素|件|用|急|对|事))"
)


def named_units(text: str) -> Names:
    """Units that are subjects of the text's sentences."""
    return _unique([name for match in SUBJECT.finditer(text) if (name := _as_unit(match["name"]))])


def unit_before(sentence: str) -> Names:
    """The unit that must do what the sentence demands: the last subject before its end."""
    found = [name for match in SUBJECT.finditer(sentence + "要") if (name := _as_unit(match["name"]))]
    return (found[-1],) if found else ()


NOT_UNIT = re.compile(
    r"(?:[《》“”的了]|(?:举|开|查|督|承|主|经|申|协)办\Z|^(?:每|在|对|把|将|为|按|与|和|向|以|从|通过|根据|结合|做好|做到|推进|推动|落实|完善|健全|建立|加大|组织|开展|强化|维护|提升|提高|优化))"
)


def _as_unit(phrase: str) -> str | None:
    phrase = phrase.strip(" \t\u3000（(〔[")
    if NOT_UNIT.search(phrase) or not _unit_end().search(phrase):
        return None
    return phrase
