"""`rate.base`, `claim.absolute`, `substance.thin`: claims without the numbers that would carry them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import permutations

from yifa.checking import interval
from yifa.checking.finding import Finding, Severity
from yifa.checking.landmarks import Landmarks
from yifa.checking.rule import Rule
from yifa.checking.view import Sentence, View
from yifa.checking.words import words
from yifa.reading.document import Approx, Figure, Heading, Span

_RATE_NAMES = "|".join(name for rate in words().rates for name in rate.names)
_VERB = re.compile(r"(?:均|也|都|就|已|稳定在|保持在|保持|达到了|达到|达|为|是|约|近|超过|超|：|:|\s)*$")
_RATE = re.compile(rf"[^，,。；;：:、（）()\s]{{0,12}}(?:{_RATE_NAMES}){_VERB.pattern}")
_DEMAND = re.compile(r"不低于|不少于|要求|目标|力争|努力|确保(?:[^。；]{0,12})达|应当|必须|以上的标准")
_LOOSE = frozenset({Approx.AT_LEAST, Approx.AT_MOST})

_HANDLED = r"(?:回复|答复|办结|办理|受理|化解|整改|处理|反馈|办复|审结|调解成功|回应|结案|查处|解决)"
_ABSOLUTE = re.compile(
    rf"(?:全部|全都|(?<![平人户村年月日])均|一律|百分之百|100%)(?:已|是|都|得到|得以|予以|进行|了|及时|依法|依规|按期|按时|认真|妥善|圆满|有效|的|做到|实现)*{_HANDLED}"
    rf"(?:和{_HANDLED})?(?:完毕|到位|完成)?"
    rf"|全部[^，,。；;\n]{{1,8}}(?:均|都)(?:已|是|得到|得以|予以|进行|了|及时|依法|依规|按期|按时|认真|妥善|有效|做到|实现)*{_HANDLED}"
    r"|(?:无一|没有一[件宗起例])[^，。；\n]{0,30}"
)
_ALL_OF_THEM = Landmarks(
    ("全部", "全都", "均", "一律", "百分之百", "100%", "无一", "没有一")
)  # how these begin
_MATTERS = re.compile(r"案件|信访|来信|来访|投诉|举报|诉求|工单|申请|建议|提案|纠纷|留言|咨询")
_COUNT_UNITS = frozenset("件宗起例份条项封批人户")

_SHOWN = 8  # rates and claims named in the message
_NEAR = 12  # counts before a rate that may be its base
_THIN_LENGTH = 150  # characters of a section that has not a single figure
_THIN_LEAST = 3
_THIN_SHARE = 0.5


def check_base(view: View) -> Iterator[Finding]:
    """Rates of the body's own work without any count beside them: one finding, by way of example."""
    if not view.is_report:
        return
    bare: list[tuple[str, Span]] = []
    for sentence in view.short_sentences:
        if "率" not in sentence.text and "满意度" not in sentence.text:
            continue
        if sentence.start in view.parts.ahead or _DEMAND.search(sentence.text):
            continue
        for index, figure in enumerate(sentence.figures):
            if _is_rate(sentence, index) and not _has_count(view, sentence, index):
                bare.append((_name(sentence, index) + figure.text, figure.span))
    if not bare:
        return
    names = list(dict.fromkeys(name for name, _ in bare))
    more = f"等{len(names)}个" if len(names) > _SHOWN else ""
    yield BASE.finding(
        f"只有比率，没有算出它的数：{'、'.join(names[:_SHOWN])}{more}。请写明分子、分母和统计来源。",
        [span for _, span in bare],
        rate=names,
    )


def _is_rate(sentence: Sentence, index: int) -> bool:
    figure = sentence.figures[index]
    return figure.unit == "%" and figure.approx not in _LOOSE and bool(_RATE.search(sentence.before(index)))


def _name(sentence: Sentence, index: int) -> str:
    found = _RATE.search(sentence.before(index))
    return re.sub(r"^(?:确保|实现|做到|使)", "", _VERB.sub("", found.group())) if found else ""


def _has_count(view: View, sentence: Sentence, index: int) -> bool:
    """Whether a count stands in the same part (between semicolons) of the sentence, or the rate follows from two before."""
    figure = sentence.figures[index]
    place = figure.span[0] - sentence.start
    start = max(sentence.text.rfind(stop, 0, place) for stop in "；;") + 1
    ends = [end for stop in "；;" if (end := sentence.text.find(stop, place)) >= 0]
    part = (sentence.start + start, sentence.start + min(ends, default=len(sentence.text)))
    if any(part[0] <= f.span[0] < part[1] and _counts(f) for f in sentence.figures):
        return True
    wide = view.with_previous(sentence)
    known = [f for f in (wide or sentence).figures if _counts(f) and f.span[0] < figure.span[0]][-_NEAR:]
    stated = interval.of(figure).or_cut()
    return any(
        share.meets(stated)
        for part_of, whole in permutations(known, 2)
        if part_of.unit == whole.unit
        and part_of.value < whole.value
        and (share := interval.percent(interval.of(part_of), interval.of(whole)))
    )


def _counts(figure: Figure) -> bool:
    return (
        bool(figure.unit)
        and "%" not in figure.unit
        and "元" not in figure.unit
        and "百分点" not in figure.unit
    )


def check_absolute(view: View) -> Iterator[Finding]:
    """「全部回复」 in a sentence without two equal counts, outside plans and shortcomings; one finding a sentence."""
    if not view.is_report:
        return
    claims: dict[Sentence, list[re.Match[str]]] = defaultdict(list)
    end = 0
    for place, _ in view.places(_ALL_OF_THEM):
        found = _ABSOLUTE.match(view.text, place) if place >= end else None
        if found:
            claims[view.sentence_of(place)].append(found)
            end = found.end()
    for sentence, matches in claims.items():
        if matches[0].start() not in view.parts.away:
            yield from _unproved(sentence, matches)


def _unproved(sentence: Sentence, matches: list[re.Match[str]]) -> Iterator[Finding]:
    if _DEMAND.search(sentence.text) or _shown_equal(sentence):
        return
    counts = [figure for figure in sentence.figures if figure.unit[:1] in _COUNT_UNITS]
    if not counts and not _bare_claim(sentence, matches[0].group()):
        return
    phrases = list(dict.fromkeys(match.group() for match in matches))
    shown = (
        f"同一句的数（{'、'.join(figure.text for figure in counts)}）不能证明" if counts else "同一句没有数字"
    )
    yield ABSOLUTE.finding(
        f"{'、'.join(f'“{phrase}”' for phrase in phrases)}是绝对的说法，{shown}。请写明应办多少、已办多少。",
        [*(match.span() for match in matches), *(figure.span for figure in counts)],
        phrase=phrases[0],
        phrases=phrases,
        numbers=[figure.text for figure in counts],
    )


def _bare_claim(sentence: Sentence, phrase: str) -> bool:
    """Whether a claim without any count is on matters that are counted; 「均」 alone may mean each body."""
    return not phrase.startswith("均") and _MATTERS.search(sentence.text) is not None


def _shown_equal(sentence: Sentence) -> bool:
    """Whether the sentence gives the same exact count twice: so many to do, so many done."""
    counts = Counter(
        (f.value, f.unit) for f in sentence.figures if f.approx is Approx.EXACT and f.unit != "%"
    )
    return any(times > 1 for times in counts.values())


def check_thin(view: View) -> Iterator[Finding]:
    """One finding when at least half of the sections about what was done have no figure at all."""
    if not view.is_report:
        return
    away = view.parts.away
    leaves = [h for h in view.headings if _leaf_section(h) and h.span[0] not in away]
    thin = [heading for heading in leaves if _long(heading) and not view.figures_in(heading.body)]
    if len(thin) < _THIN_LEAST or len(thin) < _THIN_SHARE * len(leaves):
        return
    shown = "、".join(f"{heading.number}{heading.title}" for heading in thin)
    yield THIN.finding(
        f"写成效的{len(leaves)}节中，有{len(thin)}节没有一个数字：{shown}。请补上做了多少、办了多少、结果如何。",
        [heading.span for heading in thin],
        sections=[heading.number for heading in thin],
        count=len(thin),
        of=len(leaves),
    )


def _leaf_section(heading: Heading) -> bool:
    """A section of the second rank, or one of the first that has none below it."""
    return heading.level == 2 or (heading.level == 1 and not heading.children)


def _long(heading: Heading) -> bool:
    return heading.body[1] - heading.body[0] >= _THIN_LENGTH


BASE = Rule(
    id="rate.base",
    severity=Severity.WARNING,
    title="有比率而无基数",
    explanation=(
        "年度报告写了办结率、出庭应诉率、满意率等由本单位自己的数算出的比率，同一句（分号之间）却没有任何件数、人数可以核对，"
        "前面也没有两个数能得出它。要求、目标、下一年安排中的比率，以及城镇化率、失业率等统计指标不提出。全文合为一条。\n\n"
        "例：“行政机关负责人出庭应诉率100%”，没有应出庭、实际出庭的件数——依据：rate 出庭应诉率100%。"
    ),
    check=check_base,
)
ABSOLUTE = Rule(
    id="claim.absolute",
    severity=Severity.NOTICE,
    title="绝对说法没有数字支持",
    explanation=(
        "年度报告对案件、来信、投诉一类可以计数的事说“全部回复”“均已办结”“没有一宗”，同一句却没有两个相等的确数（应办多少、已办多少），也没有“办结率100%”所依据的两个数。写计划、写不足的部分不看。\n\n"
        "例：“登记信访事项486件，全部办结”——依据：phrase 全部办结，numbers 486件。"
    ),
    check=check_absolute,
)
THIN = Rule(
    id="substance.thin",
    severity=Severity.NOTICE,
    title="成效各节少有数字",
    explanation=(
        "年度报告写成效的各节中，至少三节、且不少于一半，写了一百五十字以上却没有一个数字。\n\n"
        "例：四节成效中有三节没有数字——依据：count 3，of 4，sections（一）（二）（三）。"
    ),
    check=check_thin,
)
