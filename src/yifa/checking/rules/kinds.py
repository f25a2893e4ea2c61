"""`count.mixed`, `count.class`, `unit.mixed`: kinds and units that are counted apart stand in one number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.lexicon import lexicon
from yifa.checking.rule import Rule
from yifa.checking.rules.past import Past, clause
from yifa.checking.view import Sentence, View
from yifa.reading.document import Figure

_KINDS = tuple("|".join(sorted(kinds, key=len, reverse=True)) for kinds in lexicon().kinds_apart)
_MIXED = re.compile(
    "|".join(
        rf"(?<![后前对与和及]){names}" for names in (f"(?:{k})(?:案件)?[、和与及]?(?:{k})" for k in _KINDS)
    )
)
_NAMES = re.compile("|".join(_KINDS))
_TAIL = re.compile(r"^(?:等|各类|类|的)*(?:案件|纠纷|事项|建议|提案)?(?:共|共计|合计|累计|办结|审结)*$")
_SAME = ({"复议", "行政复议"}, {"诉讼", "行政诉讼", "应诉", "行政应诉"})
_CASES = frozenset("件宗起例份")
_SPLIT = re.compile(r"其中|分别|包括|含|[（(]|各\d|均为")
_NEXT = 12  # characters of the next sentence in which 其中 still belongs to the number
_TIMES = re.compile(r"人[（(]次[）)]|[场批][（(]人[）)]次|人[（(][场批][）)]次")

_PARTY = re.compile(r"党内(?:规范性文件|法规)")
_GOVERNMENT = re.compile(r"(?<!党内)规范性文件")
_PARTY_BODY = re.compile(r"(?:县委|市委|区委|党委|党工委|党组|省委|工委)$")
_PAPERS = frozenset("件份部个")

_CASE_UNITS = frozenset({"件", "宗", "起", "例"})
_PEOPLE = frozenset({"人", "名", "人次"})
_OF_WHICH = re.compile(r"^[，,（(]?其中")
_CASE_NOUN = re.compile(r"案|纠纷|信访|投诉|举报|事件")


def check_mixed(view: View) -> Iterator[Finding]:
    """「行政诉讼复议案件50余件」; and 「200人（次）」, in which persons and times are one number."""
    if not view.is_report:
        return
    past: Past | None = None
    for sentence in view.short_sentences:
        if not _MIXED.search(sentence.text):
            continue
        past = past or Past(view)
        if past.holds(sentence.start):
            for index, figure in enumerate(sentence.figures):
                kinds = _kinds(sentence, index)
                if kinds and not _split(view, sentence, index):
                    yield _mixed(figure, kinds)
    yield from _either(view)


def _kinds(sentence: Sentence, index: int) -> list[str]:
    """The kinds joined right before a count of cases."""
    figure = sentence.figures[index]
    words = clause(sentence, index)
    found = next(iter(reversed(list(_MIXED.finditer(words)))), None)
    if (
        found is None
        or figure.unit not in _CASES
        or not figure.value
        or not _TAIL.match(words[found.end() :])
    ):
        return []
    names = list(dict.fromkeys(_NAMES.findall(found.group())))
    return [] if len(names) < 2 or any(set(names) <= same for same in _SAME) else names


def _split(view: View, sentence: Sentence, index: int) -> bool:
    """Whether the words behind the number, or the next number, take it apart."""
    end = sentence.figures[index].span[1]
    behind = view.text[end : sentence.end]
    following = view.text[sentence.end + 1 : sentence.end + 1 + _NEXT]
    return bool(_SPLIT.search(behind) or _SPLIT.match(following)) or "分别" in sentence.before(index)


def _mixed(figure: Figure, kinds: list[str]) -> Finding:
    shown = "、".join(kinds)
    return MIXED.finding(
        f"{figure.text}是{shown}合在一起的数，看不出各有多少。请分开写件数，并写明本单位的身份（复议机关、被申请人、被告）和结果。"
        if "诉" in shown
        else f"{figure.text}是{shown}合在一起的数，看不出各有多少。请分开写件数和结果。",
        [figure.span],
        value=number(figure.value),
        unit=figure.unit,
        kinds=kinds,
    )


def _either(view: View) -> Iterator[Finding]:
    if (
        "次）" not in view.text
        and "次)" not in view.text
        and "）次" not in view.text
        and ")次" not in view.text
    ):
        return
    for sentence in view.short_sentences:
        for figure in sentence.figures:
            # the reader may take the unit with or without its bracket
            found = _TIMES.search(view.text, max(figure.span[0], figure.span[1] - 4), figure.span[1] + 4)
            if found and found.start() <= figure.span[1]:
                yield MIXED.finding(
                    f"“{view.text[figure.span[0] : found.end()]}”把两种计量单位写成一个数，读者不知道是哪一种。"
                    "人数、人次、场次是三个数，请分开写或只写一种。",
                    [(figure.span[0], max(found.end(), figure.span[1]))],
                    value=number(figure.value),
                    unit=found.group(),
                    kinds=[],
                )


def check_class(view: View) -> Iterator[Finding]:
    """A number of party documents in a paragraph on the government's normative documents, which have none."""
    if not view.is_report or not _PARTY.search(view.text):
        return
    if view.document.issuer and _PARTY_BODY.search(view.document.issuer):
        return
    past = Past(view)
    for found in _PARTY.finditer(view.text):
        sentence = view.sentence_of(found.start())
        figure = _beside(sentence, found)
        if figure is None or not past.holds(found.start()):
            continue
        start, end = _paragraph(view.text, found.start())
        others = list(_GOVERNMENT.finditer(view.text, start, end))
        counted = any(
            _beside(view.sentence_of(place.start()), place) not in (None, figure) for place in others
        )
        if others and not counted:
            yield CLASS.finding(
                f"本段说的是政府的规范性文件，所列{figure.text}却是{found.group()}，两类分别管理、分别统计。"
                "请写明行政规范性文件制定、修改、废止的件数；党内的另列。",
                [figure.span, found.span()],
                value=number(figure.value),
                unit=figure.unit,
                kind=found.group(),
            )
            return


def _beside(sentence: Sentence, found: re.Match[str]) -> Figure | None:
    """The figure of documents that stands right before or right behind a name, in one clause."""
    for figure in sentence.figures:
        gap = (
            sentence.view_text[figure.span[1] : found.start()]
            if figure.span[1] <= found.start()
            else sentence.view_text[found.end() : figure.span[0]]
        )
        if figure.unit in _PAPERS and len(gap) <= 6 and not re.search(r"[，,；;。、]", gap):
            return figure
    return None


def _paragraph(text: str, place: int) -> tuple[int, int]:
    end = text.find("\n", place)
    return text.rfind("\n", 0, place) + 1, len(text) if end < 0 else end


def check_unit(view: View) -> Iterator[Finding]:
    """「查处案件120起，其中移送5件」: the part is counted in another unit than its whole."""
    yield from _told_in_another(view)
    figures = view.document.figures
    for part in figures:
        if part.part_of is None or part.unit not in _CASE_UNITS or part.relation != "其中":
            continue
        whole = figures[part.part_of]
        if whole.unit not in _CASE_UNITS or whole.unit == part.unit or not _CASE_NOUN.search(whole.subject):
            continue
        if part.subject and _another_thing(part.subject, whole.subject):
            continue
        yield UNIT.finding(
            f"总数{whole.text}以“{whole.unit}”计，其中的{part.text}以“{part.unit}”计，无法核对。"
            "一起案件可以含几件，请用同一个计量单位。",
            [whole.span, part.span],
            whole=number(whole.value),
            part=number(part.value),
            units=[whole.unit, part.unit],
        )


def _told_in_another(view: View) -> Iterator[Finding]:
    """「处罚决定32人，其中当场处罚6件、普通程序处罚26件」: people and cases, although the parts give the whole."""
    for sentence in view.counted_sentences:
        for index, whole in enumerate(sentence.figures[:-2]):
            if whole.unit not in _PEOPLE | _CASE_UNITS or not _OF_WHICH.match(sentence.before(index + 1)):
                continue
            parts = _parts_behind(sentence, index + 1)
            units = {part.unit for part in parts}
            apart = len(parts) > 1 and len(units) == 1 and (units | {whole.unit}) & _PEOPLE
            other = _CASE_UNITS if whole.unit in _PEOPLE else _PEOPLE
            if apart and units <= other and sum(part.value for part in parts) == whole.value:
                yield UNIT.finding(
                    f"总数{whole.text}以“{whole.unit}”计，其中各部分以“{parts[0].unit}”计，相加却正好等于总数，"
                    "疑有一处计量单位写错。请核对。",
                    [whole.span, *(part.span for part in parts)],
                    whole=number(whole.value),
                    part=number(parts[0].value),
                    units=[whole.unit, parts[0].unit],
                )


def _parts_behind(sentence: Sentence, first: int) -> list[Figure]:
    """The figures from one on that stand in one list."""
    parts = [sentence.figures[first]]
    for index in range(first + 1, len(sentence.figures)):
        if re.search(r"[；;。]|其中|[，,].*[，,]", sentence.before(index)):
            break
        parts.append(sentence.figures[index])
    return parts


def _another_thing(part: str, whole: str) -> bool:
    """Whether the part's name ends in a noun of cases that the whole's has not."""
    own, other = _CASE_NOUN.findall(part), _CASE_NOUN.findall(whole)
    return bool(own) and own[-1] not in other


MIXED = Rule(
    id="count.mixed",
    severity=Severity.NOTICE,
    title="应当分开计的合成了一个数",
    explanation=(
        "复议与诉讼，处罚、强制与许可，人民调解与行政调解，代表建议与委员提案，是分别统计的；年度报告把两种合写成一个件数，后面又没有分列，"
        "就看不出各有多少。“人（次）”“场（人）次”把两种计量单位写成一个数的，同样提出。后面用“其中”“分别”“包括”或括号分列的不提出。"
    ),
    check=check_mixed,
)
CLASS = Rule(
    id="count.class",
    severity=Severity.NOTICE,
    title="党内规范性文件计入政府规范性文件",
    explanation=(
        "政府年度报告讲规范性文件管理的一段里，唯一的件数是党内规范性文件、党内法规的。规范性文件按政府、部门、党内分类统计，党内的不能说明政府的工作。"
        "同段另有行政规范性文件件数的、党委的报告，不提出。"
    ),
    check=check_class,
)
UNIT = Rule(
    id="unit.mixed",
    severity=Severity.NOTICE,
    title="总数与其中的部分计量单位不同",
    explanation=(
        "同一句里总数用“起”、其中的部分用“件”（或“宗”“例”），数的是同一种案件，两个数无法比较。部分另有名称（如事件中的投诉）的不提出。"
        "总数以人计、其中的各部分以件计（或者相反），相加却正好等于总数的，也提出。"
    ),
    check=check_unit,
)
