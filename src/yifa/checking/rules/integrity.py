"""`integrity.*`: what was done to the text after it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.reading.document import Kind, Mark, Span

_SHOWN = 6  # phrases named in a message
_DAMAGE = {"inserted_pinyin": "字后插入拼音", "traditional": "繁体字", "encoding": "乱码"}


def check_injected(view: View) -> Iterator[Finding]:
    """One finding for each foreign phrase, with all its places."""
    for phrase, marks in _by_phrase(view, "injected").items():
        instead = [mark.detail["instead_of"] for mark in marks if mark.detail.get("instead_of")]
        guess = f"从上下文看，此处原应为{'、'.join(dict.fromkeys(instead))}。" if instead else ""
        yield INJECTED.finding(
            f"正文中有外来文字“{phrase}”，共{len(marks)}处，疑为网页被人植入的违法广告。{guess}"
            "请立即核对原件，更正已公开的文本，并检查网站是否被篡改。",
            _spans(marks),
            times=len(marks),
            phrase=phrase,
            instead_of="、".join(dict.fromkeys(instead)) or None,
        )


def check_damaged(view: View) -> Iterator[Finding]:
    """One finding for the whole text."""
    marks = [mark for mark in view.document.marks if mark.kind == "damaged"]
    if not marks:
        return
    kinds: dict[str, int] = defaultdict(int)
    for mark in marks:
        kinds[mark.detail.get("what", "")] += int(mark.detail.get("times", "1"))
    example = " ".join(marks[0].phrase.split())
    shown = "，".join(f"{_DAMAGE.get(kind, '损坏')}{times}处" for kind, times in kinds.items())
    yield DAMAGED.finding(
        f"文字在转载或转换中损坏：{shown}（如“{example}”）。核对时已按修复后的文字进行，请以原件重新发布。",
        _spans(marks),
        times=next(iter(kinds.values())),
        kinds=dict(kinds),
    )


def check_residue(view: View) -> Iterator[Finding]:
    """Navigation and template lines together, and each placeholder left in the text, as reading marks them."""
    furniture: dict[str, list[Mark]] = {}
    for phrase, marks in _by_phrase(view, "residue").items():
        if marks[0].detail.get("what") != "placeholder":
            furniture[phrase] = marks
        elif view.document.kind is not Kind.OTHER or phrase.strip(
            "（）()【】"
        ):  # questions leave brackets open
            yield RESIDUE.finding(
                f"文中留有没有填写的占位“{phrase}”，共{len(marks)}处，请补上实际内容。",
                _spans(marks),
                phrase=phrase,
                times=len(marks),
            )
    if furniture:
        phrases = [" ".join(phrase.split()) for phrase in furniture]
        shown = [phrase for phrase in phrases if len(phrase) > 1][:_SHOWN] or phrases[:_SHOWN]
        more = f"等{len(phrases)}处" if len(phrases) > len(shown) else ""
        marks = [mark for group in furniture.values() for mark in group]
        yield RESIDUE.finding(
            f"文中留有网页或模板的残余“{'”“'.join(shown)}”{more}，不属于正文，请删去。",
            _spans(marks),
            phrase=phrases[0],
            phrases=phrases,
            times=len(marks),
        )


def _by_phrase(view: View, kind: str) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = defaultdict(list)
    for mark in view.document.marks:
        if mark.kind == kind:
            found[mark.phrase].append(mark)
    return found


def _spans(marks: list[Mark]) -> list[Span]:
    return [mark.span for mark in marks if mark.span is not None]


INJECTED = Rule(
    id="integrity.injected",
    severity=Severity.ERROR,
    title="被植入的外来文字",
    explanation=(
        "正文里出现博彩、色情、药品推销等外来文字，往往顶替了地名或单位名称，是网站被人篡改的迹象，已公开的报告应立即更正。"
        "同一句外来文字合为一条，列出全部位置。\n\n"
        "例：单位名称前多出一个博彩网站的名字，正文和落款各一处——依据：phrase 外来文字，times 2，instead_of 原应写的地名。"
    ),
    check=check_injected,
)
DAMAGED = Rule(
    id="integrity.damaged",
    severity=Severity.WARNING,
    title="文字损坏",
    explanation=(
        "编码错乱、字后插入拼音、繁体镜像等在转载、转换中造成的损坏。阅读时已尽量修复，其余规则都在修复后的文字上核对；"
        "这里说明损坏了多少处，提醒以原件重新发布。\n\n"
        "例：繁体字后面都带着括号里的拼音——依据：times 127，kinds 字后插入拼音127处。"
    ),
    check=check_damaged,
)
RESIDUE = Rule(
    id="integrity.residue",
    severity=Severity.NOTICE,
    title="残余与占位",
    explanation=(
        "网页导航、版权行、模板提示等不属于正文的残余，以及没有填写的占位（××、**、某某、（略）、（待补充）等）。\n\n"
        "例：“全年开展宣传活动XX场次”——依据：phrase XX，times 1。"
    ),
    check=check_residue,
)
