"""`state.rest` and `state.equal`: what came in and what was settled are two counts with a day between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yifa.checking import interval
from yifa.checking.excerpt import ending
from yifa.checking.finding import Finding, Severity
from yifa.checking.interval import number
from yifa.checking.labels import label, title
from yifa.checking.rule import Rule
from yifa.checking.rules.past import Past
from yifa.checking.view import Sentence, View
from yifa.reading.document import Figure, Span

_RECEIVED = re.compile(r"受理|接件|收件|接收|收到|接到|接办|承接|登记|排查|交办")
_SETTLED = re.compile(r"办结|审结|结案|调处|调解成功|成功调解|化解|办复|答复|回复|处置|解决")
_ALL = re.compile(
    r"(?<=[，,；;])\s*(?:且|并|并且|已|现已|也|做到|实现)?(?:全部|全都|均已|一律|件件)[^，,。；;\n\d]{0,10}?(?P<done>办结|办理|处理|调处|化解|解决|审结|结案|处置|办复|答复|回复)"
)
_ANSWERED = frozenset({"答复", "回复", "办复"})
_REST = re.compile(
    r"其余|余下|剩余|尚|未办|未结|未审|正在|在办|结转|续办|不予受理|撤回|终止|中止|转[送交办]|另有"
)
_ON_TIME = re.compile(r"按期|按时|及时|限时|时限内|期限内")
_RUNNING = re.compile(
    r"截[至止到](?!(?:20\d\d年)?(?:12月|年底|年末|当年底))|目前|今年以来|年初以来|1\s*[-—–－~～至]\s*\d{1,2}月"
)
_MANY = 1000  # a running service with so many cases has some open on any day


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring exact counts of one unit: so many came in, so many were settled."""

    sentence: Sentence
    received: Figure
    settled: Figure
    index: int  # of the settled one
    state: str  # the word for settled


def check_rest(view: View) -> Iterator[Finding]:
    """「受理50件，成功调处42件，全部办结」: eight cases are said to be settled and are not counted as settled."""
    for pair in _pairs(view):
        gap = pair.received.value - pair.settled.value
        claim = _ALL.search(view.text, pair.settled.span[1], pair.sentence.end)
        if gap <= 0 or not claim or _REST.search(pair.sentence.text):
            continue
        if _ON_TIME.search(view.text, pair.settled.span[1], claim.end()):
            continue  # all that were settled were settled in time
        if claim["done"] in _ANSWERED and pair.state not in _ANSWERED:
            continue  # all may be answered while some are not yet solved
        unit = pair.received.unit
        states = "、".join(dict.fromkeys(("受理", pair.state, claim["done"])))
        yield REST.finding(
            f"收进{pair.received.text}，{pair.state}{pair.settled.text}，相差{number(gap)}{unit}，却说“{claim.group()}”。"
            f"{states}是不同的状态，请分别写明件数，并说明其余{number(gap)}{unit}的去向。",
            [pair.received.span, pair.settled.span, claim.span()],
            received=number(pair.received.value),
            settled=number(pair.settled.value),
            rest=number(gap),
            unit=unit,
            phrase=claim.group(),
        )


def check_equal(view: View) -> Iterator[Finding]:
    """「截至目前接件5万件，办结5万件」: a service that goes on has nothing open on the day of counting."""
    for pair in _pairs(view):
        if pair.received.value != pair.settled.value or pair.received.value < _MANY:
            continue
        if not _RUNNING.search(pair.sentence.text) or _REST.search(pair.sentence.text):
            continue
        part = _unstated_share(pair)
        share = part and round(100 * part.value / pair.settled.value, 2)
        about_part = f"所列{part.text}占{number(share)}%，文中也没有写。" if part and share else ""
        yield EQUAL.finding(
            f"{ending(title(label(pair.sentence, pair.index - 1)), 16)}{pair.received.text}"
            f"与办结{pair.settled.text}完全相等，业务却仍在进行。请写明统计截止日，并分列在办、超期、撤回的件数。{about_part}",
            [pair.received.span, pair.settled.span, *([part.span] if part else [])],
            received=number(pair.received.value),
            settled=number(pair.settled.value),
            unit=pair.received.unit,
            part=number(part.value) if part else None,
            whole=number(pair.settled.value) if part else None,
            computed=share,
        )


def _pairs(view: View) -> Iterator[Pair]:
    if not view.is_report:
        return
    past: Past | None = None
    for sentence in view.counted_sentences:
        for index in range(1, len(sentence.figures)):
            pair = _pair(sentence, index)
            if pair:
                past = past or Past(view)
                if past.holds(sentence.start):
                    yield pair


def _pair(sentence: Sentence, index: int) -> Pair | None:
    received, settled = sentence.figures[index - 1], sentence.figures[index]
    if received.unit != settled.unit or not received.unit or "%" in received.unit:
        return None
    if not (interval.is_exact(received) and interval.is_exact(settled)):
        return None
    came = sentence.gaps[index - 1][-24:]
    if not _RECEIVED.search(came) or _SETTLED.search(came):
        return None
    done = title(label(sentence, index))
    state = _SETTLED.search(done)
    if not state or _RECEIVED.search(done):
        return None
    return Pair(sentence, received, settled, index, state.group())


def _unstated_share(pair: Pair) -> Figure | None:
    """A part of the settled in brackets right behind them, where no percentage stands beside it."""
    following: list[Figure] = list(pair.sentence.figures[pair.index + 1 : pair.index + 3])
    if not following or pair.sentence.before(pair.index + 1)[:1] not in ("（", "("):
        return None
    closes: Span = (following[0].span[1], following[0].span[1] + 1)
    alone = pair.sentence.view_text[slice(*closes)] in ("）", ")")
    return following[0] if alone and following[0].unit == pair.settled.unit else None


REST = Rule(
    id="state.rest",
    severity=Severity.WARNING,
    title="受理与办结有差额，却说全部办结",
    explanation=(
        "同一句先写受理多少、再写办结（成功调处、化解、审结）多少，两个确数不等，后面却说“全部办结”一类的话。受理、办理、办结、成功调处、答复是"
        "不同的状态，应当分别计数，差额应当有交代。写明“其余”“尚在办理”“结转”等去向的不提出；全部答复而部分化解的、说的是“按期”“及时”的，也不提出。"
    ),
    check=check_rest,
)
EQUAL = Rule(
    id="state.equal",
    severity=Severity.NOTICE,
    title="接件与办结完全相等",
    explanation=(
        "一千件以上、“截至目前”仍在进行的业务，接件数与办结数完全相等，等于说统计那一刻没有一件在办。应当写明统计截止日和在办、超期、撤回的件数；"
        "办结数后括注了其中一部分（如网上办理）而没有写占比的，一并算出。年终统计、件数不多或者写明了在办情况的不提出。"
    ),
    check=check_equal,
)
