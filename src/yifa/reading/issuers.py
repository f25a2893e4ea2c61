"""Who a document speaks for: from the signature, the title, the opening, the rules it cites, the page it stood on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from yifa.reading.lexicon import alternatives, words

NO_BODY = ("部署", "大局", "全局", "格局", "布局", "县区", "市县", "各区", "市区", "城区")


@cache
def _organization_end() -> re.Pattern[str]:
    lexicon = words("identity")
    return re.compile(
        rf"[\u4e00-\u9fff（）()]{{1,36}}(?:{alternatives(lexicon['organizations'] + lexicon['places'])})\Z"
    )


def is_organization(name: str) -> bool:
    """Whether a phrase ends like the name of a body or a place."""
    bare = re.sub(r"\s+", "", name)
    return 3 <= len(bare) <= 40 and not bare.endswith(NO_BODY) and _organization_end().match(bare) is not None


def without(name: str | None, foreign: Sequence[str]) -> str | None:
    """A name without the foreign phrases put into it."""
    if name is None:
        return None
    for phrase in foreign:
        name = name.replace(phrase, "")
    return name.strip() or None


TITLE_HEAD = re.compile(
    r"\A(.{2,34}?)(?:关于|(?:19|20)\d\d(?:年|[-—])|[二一][〇零○九\d][\d〇零○一二三四五六七八九]{2}年|法治政府|依法行政|全面依法|法治建设|推进|贯彻|落实)"
)
SHORT_NAMED = re.compile(
    r"(?:\A|[，,。\n])(?P<name>[\u4e00-\u9fff]{2,10}[-－—](?P<last>[\u4e00-\u9fff]{2,16}))\s*[（(]以下(?:简称|称)"
)  # a name of two parts: 「甲-乙经济技术开发区（以下简称甲乙经开区）」
SHORT_NAME = re.compile(r"([\u4e00-\u9fff]{2,16})\s*[（(]以下(?:简称|称)")


def find_issuer(
    text: str, title: str | None, signer: str | None, foreign: Sequence[str], furniture: Sequence[str]
) -> str | None:
    """From the signature, the title, the introduction of a short name, the opening, the names in cited titles."""
    candidates = [
        name
        for candidate in (
            signer,
            _from_title(title),
            _from_speaker(text),
            _from_short_name(text),
            _from_opening(text),
            _from_setting(text),
            _from_furniture(furniture),
            _most_named(text),
        )
        if (name := without(candidate, foreign)) and len(name) >= 3
    ]
    if not candidates:
        return without(_own_plan(text, title) or _from_document_number(text), foreign)
    fuller = [name for name in candidates[1:] if candidates[0] in name and not name.endswith("办公室")]
    return max([candidates[0], *fuller], key=len)


ORIGIN = re.compile(
    r"(?:来源|发布机构|发布单位|发布机关|发布部门|制发机关|发文机关|发文单位|公开主体|公开机构|公开单位|公开责任部门|责任部门|制作单位|信息提供)\s*[:：]\s*([\u4e00-\u9fff]{3,30})"
)
ABOUT = re.compile(r"\A(?:关于(?:印发|转发)?|转发)")


def _from_furniture(furniture: Sequence[str]) -> str | None:
    """来源 and the like on a page; a red head or a page header: a bare name, one with 文件, a title."""
    named = [match[1] for line in furniture if (match := ORIGIN.search(line))]
    bare = [re.sub(r"\s+|文件\Z", "", line) for line in furniture]
    titled = [match[1] for line in bare if (match := TITLE_HEAD.match(line))]
    return next((name for name in (*bare, *named, *titled) if is_organization(name)), None)


def _from_title(title: str | None) -> str | None:
    match = TITLE_HEAD.match(ABOUT.sub("", title or ""))
    return match[1] if match and is_organization(match[1]) else None


SPEAKER = re.compile(
    r"我(?:受[^，。\n]{2,16}委托，?)?代表([\u4e00-\u9fff]{2,24}?)(?=[，,]?(?:向|作|就|报告|汇报|将))"
)
CONGRESS = re.compile(
    r"(?:\A|在|[^\u4e00-\u9fff])((?:(?!在)[\u4e00-\u9fff]){1,14}?[省市县区镇乡州])第[一二三四五六七八九十\d]{1,4}届人民代表大会"
)
GENERAL = re.compile(r"\A[省市县区镇乡州](?:人民政府|政府|委)")


def _from_speaker(text: str) -> str | None:
    """「现在，我代表某市人民政府向大会作…」; 「我代表区人民政府」 is of the place whose congress sits."""
    match = SPEAKER.search(text[:600])
    if match is None or not is_organization(match[1]):
        return None
    if not GENERAL.match(match[1]):
        return match[1]
    for place in CONGRESS.findall(text[:600]):
        if place.endswith(match[1][0]) and not place.startswith(_not_own()):
            return f"{place}{match[1][1:]}"
    return None


OWN_PLACE = re.compile(r"[全我本](自治区|自治州|自治县|新区|街道|省|市|州|盟|县|区|旗|镇|乡)")


def _own_plan(text: str, title: str | None) -> str | None:
    """The place of a cited title that is of the rank the text calls its own: 全县, 我镇."""
    own = OWN_PLACE.search((title or "") + text[:3000])
    if own is None:
        return None
    named = (match[1] for match in _cited_place().finditer(text))
    return next((name for name in named if name.endswith(own[1]) and not name.startswith(_not_own())), None)


NUMBERED = re.compile(
    r"^[ \t\u3000]*(?:[^\n]{0,12}[:：][ \t]*)?([\u4e00-\u9fff]{2,5}?)(?:政办|府办|政|府|党|委|字)(?:发|函|报|字|呈|报告)?"
    r"[〔\[（(【［](?:19|20)\d\d",
    re.M,
)
OWN = re.compile(r"我(镇|乡|街道|县|区|市)")


def _from_document_number(text: str) -> str | None:
    """「枫林府〔2022〕18号」 of a text that says 我镇: 枫林镇."""
    number = NUMBERED.search(text[:1000])
    own = OWN.search(text) if number else None
    if number is None or own is None or len(number[1]) > 4:
        return None
    return number[1] if number[1].endswith(own[1]) else number[1] + own[1]


def _from_short_name(text: str) -> str | None:
    """「推进郑东新区（以下简称东区）」 → 「郑东新区」."""
    head = text[:1200]
    named = SHORT_NAMED.search(head) if "以下" in head else None
    if named and is_organization(named["last"]):
        return named["name"]
    match = SHORT_NAME.search(head) if "以下" in head else None
    if match is None:
        return None
    own = re.search(rf"{_name()}\Z", _stripped(match[1]))
    return own[0] if own and not own[0].startswith(_not_own()) else None


def _stripped(phrase: str) -> str:
    """A phrase without the verbs stuck to the front of a name."""
    starts = tuple(words("identity")["verb_starts"])
    stripped = True
    while stripped:
        stripped = False
        for start in starts:
            if phrase.startswith(start) and len(phrase) >= len(start) + 3:
                phrase, stripped = phrase[len(start) :], True
    return phrase


@cache
def _name() -> str:
    """A place (a chain of at most three) with or without a body of it, or a body that needs no place."""
    lexicon = words("identity")
    place = rf"(?:[\u4e00-\u9fff]{{2,4}}?(?:{alternatives(lexicon['places'])})|[\u4e00-\u9fff]县)"
    body = rf"(?:(?:(?![的和及与])[\u4e00-\u9fff]){{0,10}}?(?:{alternatives(lexicon['organizations'])}))"
    return rf"(?:{place}{{1,3}}{body}?|[省市县区州旗]{body})(?<!部署)(?<![大全格布]局)"


@cache
def _acting() -> re.Pattern[str]:
    acts = alternatives(words("identity")["acts"])
    return re.compile(rf"(?:\A|(?<=[，。,；：\n\s年、来]))({_name()})(?=[，,]?(?:{acts}))")


SETTING = r"(?:结合|围绕|立足|根据)({name})(?:工作)?(?:实际|中心工作)"


def _from_setting(text: str) -> str | None:
    """「结合荷城街道实际」."""
    match = re.search(SETTING.format(name=_name()), text[:3000])
    return match[1] if match and not match[1].startswith(_not_own()) else None


@cache
def _not_own() -> tuple[str, ...]:
    lexicon = words("identity")
    return (*lexicon["not_own"], *lexicon["verb_starts"])


def _from_opening(text: str) -> str | None:
    """The name that acts in the first sentences: 「2023年，某县坚持以…」."""
    for match in _acting().finditer(text[:1000]):
        name = match[1]
        if 3 <= len(name) <= 24 and not name.startswith(_not_own()):
            return name
    return None


@cache
def _cited_place() -> re.Pattern[str]:
    return re.compile(rf"《([\u4e00-\u9fff]{{2,4}}?(?:{alternatives(words('identity')['places'])}))")


def _most_named(text: str) -> str | None:
    """The place most often at the head of cited titles: a body cites its own rules most."""
    named = Counter(m[1] for m in _cited_place().finditer(text) if not m[1].startswith(_not_own()))
    named = Counter(
        {name: times for name, times in named.items() if not name.startswith(("关于", "全国", "中共"))}
    )
    best = named.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 and is_organization(best[0][0]) else None
