"""`name.inconsistent`: one thing under two names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.landmarks import Landmarks
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.checking.words import words
from yifa.reading.document import Citation, Span

_HOTLINES, _COMMITTEES = Landmarks(("热线",)), Landmarks(("依法治",))
_HOTLINE = re.compile(r"(?<!\d)(1\d{4})(?!\d)[”\"]?([\u4e00-\u9fff]{0,8}热线)")
_HOTLINE_ROOM = 16  # characters from the number to the end of 热线
_COMMITTEE = re.compile(r"依法治(?P<level>[省市州县区镇])(?P<kind>委员会|领导小组)(?P<office>办公室)?")
_HEAD = re.compile(r"(?P<head>[省市州县区镇]委|[市县区镇](?=全面$))?(?P<full>全面)?$")
_QUOTING = re.compile(r"《[^》]*$|原$|简称|更名|调整为|改为")
_OPTIONAL = re.compile(r"便民|服务|市长|电话|群众|公共|[^\u4e00-\u9fff]")
_EMPTY_WORDS = re.compile(r"政务|政府|工作|有关|相关|[\s（）()《》〈〉]")
_SHORT = Landmarks(("简称",))
_SHORT_ROOM = 60
_GOVERNMENT = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{2,16}?)(?P<kind>人民政府|管理委员会)(?=关于|20\d\d年|[一二]〇)"
)
_PLACE_NAME = 3  # characters, as 澜亭县; longer and shorter ones have too many like them
_OFTEN = 3  # a name that stands so often is meant
_OFFICE = r"(?:人民政府|人民法院|人民检察院|委员会|[\u4e00-\u9fff]{1,12}?(?:局|委员会|办公室|中心|大队))"
_SHORTEST = 4  # characters a title must have behind the body's name to be compared
_PLACE = 4  # characters of a higher place's name that may be left out


def check(view: View) -> Iterator[Finding]:
    """Hotlines, the committee that leads the work, and the body's own documents."""
    if view.places(_HOTLINES):
        yield from _hotlines(view)
    if view.places(_COMMITTEES):
        yield from _committees(view)
    yield from _own_documents(view)
    yield from _place_slips(view)


def _hotlines(view: View) -> Iterator[Finding]:
    """Two numbers with one description, and a number with the description of another."""
    told: set[str] = set()
    by_name: dict[str, dict[str, tuple[str, Span]]] = defaultdict(dict)
    found_all = tuple(_named_hotlines(view))
    for found in found_all:
        name = _OPTIONAL.sub("", found.group(2))
        by_name[name].setdefault(
            found.group(1), (found.group().replace("”", "").replace('"', ""), found.span())
        )
    for name, numbers in by_name.items():
        if len(numbers) < 2 or name == "热线":
            continue
        told.update(numbers)
        shown = [text for text, _ in numbers.values()]
        known = "；".join(f"{n}是{words().hotlines[n]}" for n in numbers if n in words().hotlines)
        yield RULE.finding(
            f"同一条热线写成了{'、'.join(f'“{text}”' for text in shown)}。{known + '。' if known else ''}请核对并统一。",
            [span for _, span in numbers.values()],
            names=shown,
        )

    for found in found_all:
        hotline, name = found.group(1), found.group(2)
        whose = {n for n, marks in words().hotline_words.items() if any(mark in name for mark in marks)}
        if hotline in words().hotlines and hotline not in told and whose and hotline not in whose:
            told.add(hotline)
            right = min(whose)
            yield RULE.finding(
                f"“{found.group()}”号码与名称不符：{hotline}是{words().hotlines[hotline]}，"
                f"{words().hotlines[right]}是{right}。请核对。",
                [found.span()],
                names=[found.group(), f"{right}{words().hotlines[right]}"],
            )


def _named_hotlines(view: View) -> Iterator[re.Match[str]]:
    """Every number with its name, found from the word 热线 backwards: numbers are many, hotlines few."""
    last = -1
    for place, end in view.places(_HOTLINES):
        found = _HOTLINE.search(view.text, max(place - _HOTLINE_ROOM, 0), end)
        if found and found.start() != last:
            last = found.start()
            yield found


def _committees(view: View) -> Iterator[Finding]:
    """One committee with and without 委, or still called a leading group."""
    by_level: dict[tuple[str, str], dict[str, tuple[tuple[str, ...], Span]]] = defaultdict(dict)
    for place, _ in view.places(_COMMITTEES):
        found = _COMMITTEE.match(view.text, place)
        if not found:
            continue
        before = view.text[max(found.start() - 16, 0) : found.start()]
        ahead = _HEAD.search(before)
        if not ahead or not ahead.group("full") or _QUOTING.search(before[: ahead.start()]):
            continue  # without 全面 it is a handy form, not a name
        if _is_introduced(view, ahead.group() + found.group()):
            continue
        form = (ahead.group("head") or "", found.group("kind"))
        span = (found.start() - len(ahead.group()), found.end())
        by_level[found.group("level"), found.group("office") or ""].setdefault(
            ahead.group() + found.group(), (form, span)
        )
    for writings in by_level.values():
        heads = {form[0] for form, _ in writings.values()} - {""}
        if len(heads) > 1 or len({form[1] for form, _ in writings.values()}) > 1:
            names = list(writings)
            yield RULE.finding(
                f"同一个机构写成了{'、'.join(f'“{name}”' for name in names)}。请核对并统一。",
                [span for _, span in writings.values()],
                names=names,
            )


def _own_documents(view: View) -> Iterator[Finding]:
    """Two titles of the body's own documents which differ only by a higher place's name or an empty word."""
    own = _own_name(view.document.issuer)
    if not own:
        return
    by_core: dict[str, dict[str, Citation]] = defaultdict(dict)
    for citation in view.document.citations:
        if _is_introduced(view, citation.title):
            continue
        bare = _EMPTY_WORDS.sub("", citation.title)
        place = bare.find(own)
        if 0 <= place <= _PLACE and len(bare) - place >= len(own) + _SHORTEST:
            by_core[bare[place:]].setdefault(bare, citation)
    for writings in by_core.values():
        if len(writings) > 1:
            titles = [citation.title for citation in writings.values()]
            yield RULE.finding(
                f"{'与'.join(f'《{title}》' for title in titles)}疑为同一文件的不同写法，请核对并统一。",
                [citation.span for citation in writings.values()],
                names=titles,
            )


def _is_introduced(view: View, name: str) -> bool:
    """Whether 以下简称 makes it the short form of another name."""
    told = (view.text[end : end + _SHORT_ROOM].lstrip('为：:“《"「 ') for _, end in view.places(_SHORT))
    return any(text.startswith(name) for text in told)


def _own_name(issuer: str | None) -> str:
    """The part of the issuer's name that its documents carry: 「某某区」 of 「某某区政务服务管理局」."""
    if not issuer:
        return ""
    found = re.search(
        r"[\u4e00-\u9fff]{2,6}?(?:新区|开发区|区|县|镇|乡|街道|市)(?!.*(?:新区|区|县|镇|乡|街道))", issuer
    )
    return found.group() if found else ""


def _place_slips(view: View) -> Iterator[Finding]:
    """「兰亭县司法局」 in a report of 澜亭县: one character of the place's name is another, once or twice."""
    own = _own_name(view.document.issuer)
    if len(own) != _PLACE_NAME or view.text.count(own) < _OFTEN:
        return
    slips: dict[str, list[Span]] = defaultdict(list)
    for found in re.finditer(rf"[\u4e00-\u9fff]{{2}}{own[-1]}(?={_OFFICE})", view.text):
        if sum(one != other for one, other in zip(found.group(), own, strict=True)) == 1:
            slips[found.group()].append(found.span())
    for name, spans in slips.items():
        if view.text.count(name) < _OFTEN:
            yield RULE.finding(
                f"本地名称“{own}”有{len(spans)}处写成了“{name}”，疑为笔误。请核对。", spans, names=[own, name]
            )


def check_signature(view: View) -> Iterator[Finding]:
    """The government named in the title and another one in the signature."""
    titled = _GOVERNMENT.match(view.document.title or "")
    signed = view.document.issuer or ""
    if titled is None or not signed.endswith(titled["kind"]):
        return
    one, other = titled["place"], signed.removesuffix(titled["kind"])
    if (
        not other
        or one.endswith(other)
        or other.endswith(one)
        or _shortened(one, other)
        or _shortened(other, one)
    ):
        return
    place = view.text.rfind(signed)
    if place < len(view.text) // 2:
        return  # named elsewhere than in a signature
    yield SIGNATURE.finding(
        f"标题写的是“{titled.group()}”，落款却是“{signed}”。请核对是哪个机关的报告。",
        [(place, place + len(signed))],
        names=[titled.group(), signed],
    )


def _shortened(short: str, full: str) -> bool:
    """Whether all characters of the one stand in the other in this order."""
    rest = iter(full)
    return all(character in rest for character in short)


SIGNATURE = Rule(
    id="name.signature",
    severity=Severity.WARNING,
    title="标题与落款不是一个机关",
    explanation=(
        "标题写的是一个人民政府（管理委员会），落款却是另一个，多半是套用了别处的文本。两个名称只差上级地名、一个是另一个的简称的，标题里没有写机关全称的，不提出。\n\n"
        "例：标题“甲县人民政府2025年度……报告”，落款“乙县人民政府”——依据：names 两个名称。"
    ),
    check=check_signature,
)
RULE = Rule(
    id="name.inconsistent",
    severity=Severity.NOTICE,
    title="一物两名",
    explanation=(
        "同一样东西在一份文件里用了两个名称：名称相同、号码不同的热线，号码与名称对不上的热线；同一个全面依法治县（市、区）委员会"
        "时有“委”时无，或者又称领导小组；本单位的同一份文件，题名只差上级地名或“政务”“政府”一类的字。"
        "号码相同、名称详略不同的，用“以下简称”交代了的，不提出。\n\n"
        "例：“县委全面依法治县委员会办公室”又写作“县全面依法治县委员会办公室”——依据：names 两个名称。"
    ),
    check=check,
)
