"""`law.superseded` and `law.article`: an older text, a plan that has run out, an article that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.law.laws import LawList
from yifa.law.loader import catalogue
from yifa.law.phrases import day as in_chinese
from yifa.law.schema import Law
from yifa.reading.document import Citation
from yifa.reading.numerals import chinese_number

_PERIOD = re.compile(r"[（(]?(20\d\d)\s*年?\s*[-—–－~～至]+\s*(20\d\d)\s*年?[）)]?")
_BASIS = re.compile(
    r"(?:按照|根据|依照|依据|遵照|对照|执行|落实|贯彻|贯彻落实|围绕|对标|严格按|制定的|确定的)[^。；\n]{0,8}$|[》、和及与]$"
)
_BEGINS = re.compile(r"按照|根据|依照|依据|遵照|对照|执行|落实|贯彻|围绕|对标")
_HISTORY = re.compile(
    r"收官|圆满|期满|终期|评估|总结|回顾|完成|衔接|接续|废止|失效|修订|修改|替代|取代|原(?=《)|旧|同时|期间|以来"
)
_STOPS = re.compile(r"[。；\n]")
_GRACE = 1  # years until the next plan is out, where the list of laws does not know it
_ROOM, _BACK = 24, 80
_ARTICLE = re.compile(r"\s*(?:[（(][^（）()]{1,30}[）)])?\s*第([零〇一二三四五六七八九十百\d]{1,7})条")


def check_superseded(view: View) -> Iterator[Finding]:
    """A citation of an older text by its number or year, or of a plan whose years are over, as if it still held."""
    if not (view.is_report or view.is_plan):
        return
    seen: dict[str, list[Citation]] = {}
    for citation in view.document.citations:
        if citation.status == "revised_since" or _ran_out(view, citation):
            seen.setdefault(citation.law or citation.title, []).append(citation)
    laws = catalogue().laws
    for citations in seen.values():
        if not any(_HISTORY.search(_around(view, citation)) for citation in citations):
            yield _superseded(citations, laws)


def _ran_out(view: View, citation: Citation) -> bool:
    """Whether the title's own years ended before the year of the text, and the text cites it as its basis."""
    year = view.document.year
    if year is None or "20" not in citation.title:
        return False
    years = _PERIOD.search(citation.title)
    grace = 0 if citation.status == "repealed" else _GRACE
    if not years or int(years.group(2)) + grace >= year:
        return False
    before = view.text[max(citation.span[0] - _BACK, 0) : citation.span[0]]
    before = before[max(before.rfind(stop) for stop in "。；\n") + 1 :]
    return _BASIS.search(before) is not None and _BEGINS.search(before) is not None


def _around(view: View, citation: Citation) -> str:
    """The words before and behind a citation in its own clause."""
    start, end = citation.span
    before = _STOPS.split(view.text[max(start - _ROOM, 0) : start])[-1]
    return before + _STOPS.split(view.text[end : end + _ROOM])[0]


def _superseded(citations: list[Citation], laws: LawList) -> Finding:
    first = citations[0]
    law = laws.by_id.get(first.law or "")
    if first.status == "revised_since" and law is not None:
        why, newer = _newer_text(first, law)
    else:
        years = _PERIOD.search(first.title)
        end = years.group(2) if years else ""
        newer = law.replaced_by if law is not None and first.status == "repealed" else None
        why = f"的期限到{end}年为止，不能再作为现在工作的依据" + (f"，现行的是《{newer}》" if newer else "")
    written = f"《{first.title}》" + (f"（{first.number}）" if first.number else "")
    return SUPERSEDED.finding(
        f"{written}{why}。请改引现行文本；如是回顾，请写明“当时”。",
        [citation.span for citation in citations],
        title=first.title,
        number=first.number,
        newer=newer,
        as_of=first.as_of.isoformat() if first.as_of else None,
    )


def _newer_text(citation: Citation, law: Law) -> tuple[str, str | None]:
    day = citation.as_of
    later = [v for v in law.versions if v.effective and day and v.effective <= day]
    if not later:
        return "引的是修订以前的文本", None
    version = later[-1]
    began = version.effective
    number = f"（{version.number}）" if version.number else ""
    on = f"{in_chinese(began)}起施行" if began else ""
    return f"引的是修订以前的文本，{version.kind or '修订'}后的文本{number}{on}", version.number


def check_article(view: View) -> Iterator[Finding]:
    """「《某法》第九十条」 where the text in force on the day has fewer articles."""
    laws: LawList | None = None
    for citation in view.document.citations:
        found = _ARTICLE.match(view.text, citation.span[1], citation.span[1] + 48)
        if not found or citation.law is None or citation.status != "in_force":
            continue
        laws = laws or catalogue().laws
        articles = LawList.articles(laws.by_id[citation.law], citation.as_of)
        cited = _number(found.group(1))
        if articles is not None and cited > articles:
            yield ARTICLE.finding(
                f"《{citation.title}》当时的文本只有{articles}条，没有第{found.group(1)}条。请核对条文号。",
                [(citation.span[0], found.end())],
                title=citation.title,
                article=cited,
                articles=articles,
            )


def _number(text: str) -> int:
    return int(text) if text.isdigit() else int(chinese_number(text) or 0)


SUPERSEDED = Rule(
    id="law.superseded",
    severity=Severity.WARNING,
    title="引的是旧文本或期满的规划",
    explanation=(
        "引用时写的文号或年份是修订以前的文本，而文件日期时修订后的文本已经施行；或者以题名所写年限已经届满的纲要、规划、方案作为现在工作的依据。"
        "按法律目录和题名自身的年限判断；目录没有记载新文本的，期满一年以后才提出。整部废止的另由“引用时已经废止”提出；正文在说收官、评估、修订、衔接的不提出。"
    ),
    check=check_superseded,
)
ARTICLE = Rule(
    id="law.article",
    severity=Severity.WARNING,
    title="没有这一条",
    explanation=(
        "引用的条文号大于文件日期时有效文本的总条数。按法律目录记载的条数判断；目录没有记载那一文本条数的不判断。"
    ),
    check=check_article,
)
