"""Units in a plan's text: who leads, who supports, who is only named."""

from __future__ import annotations

import re
from functools import cache

from yifa.reading.lexicon import alternatives, words

Names = tuple[str, ...]
LONGEST_EACH = 12  # 「各县（市、区）」
OPEN, CLOSE = "（(〔[【", "）)〕]】"
SEPARATOR = re.compile(r"(?<=[局委办院所处科室会门位部府镇道队心])(?:和|及|以及|与|[/／])")
INCLUDING = re.compile(r"[（(]含[^（()）]*[)）]")  # 「各县（含高新区，下同）」
DAYS = re.compile(r"[（(]\s*\d+\s*(?:个工作)?日\s*[)）]")
DUE_FIELD = re.compile(
    r"[；;，,、\s]*(?:完成|办结|办理|整改)?(?:时限|时间|期限|日期)(?:要求|节点)?[ \t]*[:：]"
)  # no unit from here on

WHEN = re.compile(
    r"\d月|\d日|\A20\d\d[./-]\d|年(?:底|末)前|季度(?:末|底)?(?:前|完成)|长期坚持|持续推进|全年|(?:前|内)完成\Z"
)  # no unit


@cache
def _label() -> re.Pattern[str]:
    lexicon = words("plans")
    kinds = ("no_units", "lead", "responsible", "support")
    named = "|".join(f"(?P<{key}>{alternatives(lexicon[key])})" for key in kinds)
    return re.compile(rf"(?:{named})(?:[（(][^（()）\n]{{1,10}}[)）])?[ \t]*(?:[:：]|(?<=单位)(?=[ \t]))")


@cache
def _unit_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('plans')['unit_ends'])})\Z")


def responsible_units(text: str) -> tuple[Names, Names]:
    """Lead and supporting units of a task, in every style of patterns: labels, brackets, 「由甲局牵头，乙局配合」."""
    lead, support = responsible_in_label(text)
    return (lead, support) if lead or support else _from_sentence(text)


def responsible_in_label(text: str) -> tuple[Names, Names]:
    """Lead and supporting units behind a label; without a lead the responsible ones stand for it."""
    lead, responsible, support = labelled_units(text)
    return (lead, _unique([*responsible, *support])) if lead else (responsible, support)


def labelled_units(text: str) -> tuple[Names, Names, Names]:
    """Who leads, who is responsible, who supports, where a label says so."""
    labelled: dict[str, list[str]] = {"lead": [], "responsible": [], "support": [], "no_units": []}
    matches = list(_label().finditer(text)) if "：" in text or ":" in text or "单位" in text else []
    for place, match in enumerate(matches):
        limit = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        names = split_units(DUE_FIELD.split(_content(text, match.end(), limit))[0])
        labelled[match.lastgroup or "lead"] += names
    return _unique(labelled["lead"]), _unique(labelled["responsible"]), _unique(labelled["support"])


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
    return pieces if len(pieces) > 1 and all(map(_is_unit, pieces)) else [name]


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('plans')['tail'])})+\Z")


def _clean(name: str) -> str:
    name = INCLUDING.sub("", name).strip(" \t\u3000：:。；;")
    return _tail().sub("", name).strip()


VERB = re.compile(
    r"(?:按(?:照)?(?:各自)?职(?:责|能)(?:分工)?(?:分别)?)?(?:(?P<lead>牵头(?:负责|抓总|落实|组织)?|主办|(?<=具体)承办)"
    r"|(?P<support>配合(?:落实)?|协办|协助|参与|参加)|(?P<responsible>(?:分别|共同|具体|分工)?(?:负责|落实|实施|承担|办理)(?:落实|推进|实施)?))\Z"
)
JOINING = re.compile(r"\A(?:由|会同|会商|联合|请|并由|其他)")
SAYS_WHO = re.compile(r"牵头|负责|配合|会同|主办|按职责")
BRACKETED = re.compile(
    r"[（(〔【]((?:[^（）()〔〕【】。\n]|[（(][^（）()〔〕【】。\n]{1,30}[)）]){2,160})[)）〕】]"
)
SENTENCE = re.compile(r"[^。；\n]{3,160}")
CLAUSE_SIGN = re.compile(r"[，,；;](?![^（(]{0,30}[)）])")


def _from_sentence(text: str) -> tuple[Names, Names]:
    """「由甲局牵头，乙局、丙局配合」 in a bracket or a sentence of its own; else only names in the last bracket."""
    brackets = [match[1] for match in BRACKETED.finditer(text)] if SAYS_WHO.search(text) else []
    sentences = SENTENCE.findall(text) if brackets or SAYS_WHO.search(text) else []
    for phrase, strict in (*((item, True) for item in brackets), *((item, False) for item in sentences)):
        if SAYS_WHO.search(phrase):
            lead, support = _from_clauses(phrase, strict=strict)
            if lead or (strict and support):
                return lead, support
    last = max(BRACKETED.finditer(text[-170:]), key=lambda match: match.end(), default=None)
    if last is not None and not text[-170:][last.end() :].strip(" \t\n。；;"):
        names = split_units(last[1])
        if names and all(_is_unit(name) for name in names):
            return _unique(names), ()
    return (), ()


def _from_clauses(phrase: str, *, strict: bool) -> tuple[Names, Names]:
    """Who leads and who supports, by the verb that ends each clause; a clause without one belongs to the next.

    In a sentence (not `strict`) clauses that name no units are passed over.
    """
    found: dict[str, list[str]] = {"lead": [], "support": [], "responsible": []}
    waiting: list[str] = []
    for clause in (piece.strip(" \t\u3000") for piece in CLAUSE_SIGN.split(phrase)):
        verb = VERB.search(clause)
        bare = clause[: verb.start()] if verb else clause
        if not strict and "由" in bare:  # 「会议由甲局牵头」
            bare = bare[bare.rindex("由") + 1 :]
        bare, _, joined = JOINING.sub("", JOINING.sub("", bare)).partition("会同")
        names, others = split_units(bare), split_units(joined)
        if not names or not all(_is_unit(name) for name in (*names, *others)):
            if strict and verb is None and not DUE_FIELD.match(clause) and not WHEN.search(clause):
                return (), ()
            waiting = []
            continue
        if verb is None:
            waiting += [*names, *others]
            continue
        found["support"] += others
        key = verb.lastgroup or "lead"
        if not strict and not found["lead"] and "牵头" not in verb[0] and "负责" not in verb[0]:
            continue  # 「各单位抓好落实」 tells what to do, not whose task it is
        if key == "responsible" and found["lead"]:
            key = "support"
        if key == "support" and not found["lead"] and not found["responsible"]:
            found["lead"] += waiting
            waiting = []
        found[key] += [*waiting, *names]
        waiting = []
    lead = found["lead"] or found["responsible"]
    rest = [*(found["responsible"] if found["lead"] else []), *found["support"]]
    return _unique(lead), _unique([name for name in rest if name not in lead])


EACH = re.compile(r"\A各[省市州县区旗镇乡地]")


def _is_unit(name: str) -> bool:
    if EACH.match(name) and len(name) <= LONGEST_EACH:
        return True
    return _unit_end().search(
        re.sub(r"[（(][^（()）]*[)）]\Z", "", name) or name
    ) is not None and not NOT_UNIT.search(name)


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
    r"(?:[《》“”的了]|(?:举|开|查|督|承|主|经|申|协)办\Z|^(?:每|在|对|把|将|为|按|与|和|向|以|从|通过|根据|结合|督促|指导|监督|引导|确保|促进|压实|明确|要求|支持|鼓励|统筹|依托|充分|切实|认真|严格|做好|做到|推进|推动|落实|完善|健全|建立|加大|组织|开展|强化|维护|提升|提高|优化))"
)


def _as_unit(phrase: str) -> str | None:
    phrase = phrase.strip(" \t\u3000（(〔[")
    if NOT_UNIT.search(phrase) or not _unit_end().search(phrase):
        return None
    return phrase
