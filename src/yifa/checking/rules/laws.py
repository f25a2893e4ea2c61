"""`law.*`: citations judged on the date of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.law.phrases import day as in_chinese
from yifa.reading.document import Citation

_GENERIC = re.compile(
    r"^(?:条例|办法|规定|意见|纲要|方案|通知|细则|决定|规划|规则|实施意见|实施办法|实施方案|实施细则|暂行规定|暂行办法|要点|计划|指南)$"
)
_USED = re.compile(
    r"(?:按照|根据|依照|依据|遵照|对照|执行|落实|贯彻|遵守|违反|以及|按|照|[，,。；;：:\n])$"
)  # no issuer before it
_SPOKEN_OF = re.compile(r"废止|失效|修订|修改|替代|取代|原(?=《)|旧|施行|颁布|出台|征求意见|即将")
_PERIOD = re.compile(r"20\d\d\s*年?\s*[-—–－~～至]")
_ROOM = 16
_PARAGRAPH = re.compile(r"^[^\n]*。[^\n]*", re.M)


def check_not_yet(view: View) -> Iterator[Finding]:
    """A law cited as if in force before its day; one finding for each law."""
    yield from _judged(
        view,
        NOT_YET,
        "not_yet",
        "在文件日期时尚未施行，不能作为已生效的依据引用；如系学习宣传，请写明自何日起施行",
    )


def check_not_in_force(view: View) -> Iterator[Finding]:
    """A repealed law cited as if in force."""
    yield from _judged(view, NOT_IN_FORCE, "repealed", "在文件日期时已经废止，请改引现行规定")


def _judged(view: View, rule: Rule, status: str, message: str) -> Iterator[Finding]:
    if not (view.is_report or view.is_plan):
        return  # the dates of another text may be anything
    seen: dict[str, list[Citation]] = {}
    for citation in view.document.citations:
        if citation.status == status and not _PERIOD.search(
            citation.title
        ):  # a plan for some years is not repealed
            seen.setdefault(citation.law or citation.title, []).append(citation)
    for citations in seen.values():
        if any(_SPOKEN_OF.search(_around(view, citation)) for citation in citations):
            continue  # the text itself says that it is to come, or gone
        first = citations[0]
        day = first.as_of
        on = f"（{in_chinese(day)}）" if day else ""
        yield rule.finding(
            f"《{first.title}》{message}{on}。",
            [citation.span for citation in citations],
            title=first.title,
            as_of=day.isoformat() if day else None,
        )


def _around(view: View, citation: Citation) -> str:
    start, end = citation.span
    return view.text[max(start - _ROOM, 0) : start] + view.text[end : end + _ROOM]


def check_unresolved(view: View) -> Iterator[Finding]:
    """The first 「《条例》」 that nothing before it explains; later ones of the same short form are left alone."""
    seen: set[str] = set()
    for citation in view.document.citations:
        short = citation.title.strip()
        if not _GENERIC.match(short) or short in seen or not _USED.search(view.text[: citation.span[0]][-6:]):
            continue
        seen.add(short)
        if not _explained(view, short, citation.span[0]):
            yield UNRESOLVED.finding(
                f"此处的《{short}》没有说明是哪一部：本段前文没有全称，也没有“以下简称”。请写全称。",
                [citation.span],
                title=f"《{short}》",
            )


def _explained(view: View, short: str, place: int) -> bool:
    """By 以下简称 anywhere before, or by a full title in the title, the opening, the paragraph itself or the one above.

    Another title that ends so is no explanation: 《行政机关公务员处分条例》 is not the 《条例》 on disclosure.
    """
    bracket = r"(?:[（(][^（）()《》]*[）)])*"
    full = re.compile(
        rf"《[^《》\n]+{short}{bracket}》|[\u4e00-\u9fff”]{{4,}}{short}[（(](?:草案|试行|送审稿|征求意见稿)[）)]"
    )
    before = view.text[:place]
    first = max(view.headings[0].span[0] if view.headings else 0, _first_paragraph(view.text))
    above = before.rfind("\n", 0, max(before.rfind("\n"), 0))
    return (
        re.search(r"简称[为：:]?[“\"「]?$", before) is not None
        or re.search(rf"简称[为：:]?[“《\"「]{{0,2}}[^，。”》\"」]{{0,10}}{short}", before) is not None
        or full.search(before[:first]) is not None
        or full.search(before[above + 1 :]) is not None
        or f"{short}》" in (view.document.title or "")
    )


def _first_paragraph(text: str) -> int:
    """Where the first paragraph that is no heading ends: what it names, the whole text may call by a short name."""
    found = _PARAGRAPH.search(text)
    return found.end() if found else 0


NOT_YET = Rule(
    id="law.not_yet",
    severity=Severity.WARNING,
    title="引用时尚未施行",
    explanation=(
        "引用的法律、法规、规章在文件日期（没有落款的，按报告期）尚未施行。按法律目录记载的施行日期判断；目录没有的不判断。"
        "前后写明“起施行”“出台”“征求意见”等的不提出。\n\n"
        "例：2024年1月的报告写“按照《行政执法监督条例》要求”，条例2026年2月才施行——"
        "依据：title 行政执法监督条例，as_of 2024-01-19。"
    ),
    check=check_not_yet,
)
NOT_IN_FORCE = Rule(
    id="law.not_in_force",
    severity=Severity.WARNING,
    title="引用时已经废止",
    explanation=(
        "引用的法律、法规、规章在文件日期已经废止。按法律目录记载的废止日期判断；目录没有的、正文正是在说废止或修订的不提出。\n\n"
        "例：2023年2月的报告写“按照《信访条例》规定”，条例2022年5月已经废止——依据：title 信访条例，as_of 2023-02-16。"
    ),
    check=check_not_in_force,
)
UNRESOLVED = Rule(
    id="law.unresolved",
    severity=Severity.NOTICE,
    title="简称没有交代",
    explanation=(
        "只写《条例》《办法》等通称，本段及上一段、标题和开头都没有以它结尾的全称，前文也没有“以下简称”，读者无从知道是哪一部。"
        "每个通称只提第一处；前面写了机关、会议的（如“全会《决定》”）不提出。\n\n"
        "例：“严格按照《办法》规定检查企业86家”，前文没有哪一部《办法》——依据：title《办法》。"
    ),
    check=check_unresolved,
)
