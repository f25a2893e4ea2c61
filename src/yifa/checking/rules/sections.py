"""`section.missing`: a required part of the annual report is absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Rule
from yifa.checking.view import View
from yifa.law.schema import Basis
from yifa.reading.document import Span

_IN_FORCE = date(2019, 4, 15)
_BASIS = Basis(law="法治政府建设与责任落实督察工作规定", article="年度报告章")
_NOT_BOUND = re.compile(r"(?:社区|村民委员会|村委会|大学|学院|学校|医院|公司|集团|协会|商会)$")
_SUBJECT = re.compile(r"法治|依法行政|依法治|依法执政")
_OTHER_SUBJECT = re.compile(
    r"行政执法|行政复议|行政应诉|行政审批|政务公开|信息公开|普法|述法|法律援助|规范性文件|信访|营商环境|放管服"
)
_REPORTED = re.compile(r"现(?:提)?[将就](?P<what>[^。\n]{0,80}?)(?:报告|汇报|总结|公布|通报)")
PARTS = {
    "results": ("主要举措和成效", "写明上一年度推进法治政府建设做了什么、做成了什么"),
    "shortcomings": ("存在的不足", "写明上一年度存在的不足和原因"),
    "causes": ("不足的原因", "写了不足，没有写原因；请对每项不足写明为什么"),
    "first_responsible": (
        "党政主要负责人履行推进法治建设第一责任人职责的情况",
        "写明主要负责人本人部署、过问、协调、督办了哪些事，不能只写“加强领导”",
    ),
    "next_year": ("下一年度的主要安排", "写明下一年度推进法治政府建设准备做什么"),
}

_NEXT = re.compile(r"(?:下一步|下一年|明年|下一阶段|来年)[^。\n]{0,40}(?:将|要|重点|继续|工作)")
_CAUSES = re.compile(
    r"原因|由于|源于|导致|致使|造成|受[^，。；]{1,16}(?:影响|制约|限制|所限)|受制于|受限于|因为|归因|究其|根源|(?<![起基])因(?!此|素|地|病|公)[^，。；]{2,20}[，,]"
    r"|与[^，。；]{2,30}(?:(?:直接|很大|密切)(?:的)?(?:关系|相关)|有关|分不开)|归根[结到]底"
)
_RESPONSIBLE = re.compile(
    r"第一责任人"
    r"|(?:党政|党委|政府|单位|部门)?(?:主要负责(?:人|同志)|主要领导|一把手)[^。；\n]{0,30}(?:法治建设|法治政府|依法行政)[^。；\n]{0,20}(?:职责|责任|亲自)"
    r"|(?:主要负责(?:人|同志)|主要领导|一把手)[^。；\n]{0,20}(?:履职|履责|履行[^。；\n]{0,16}职责)"
)
_OPENING = 1500  # characters in which a report without a title says what it is on
_RESULTS_LENGTH = 200  # characters of text about what was done


def check(view: View) -> Iterator[Finding]:
    """One finding for each part that the rules of 2019 require and the report lacks.

    None for a text that breaks off: the part may stand in what did not arrive.
    """
    if not view.is_report or view.breaks_off or not _applies(view):
        return
    parts = view.parts
    if len(parts.done) < _RESULTS_LENGTH:
        yield _missing("results")
    if not parts.shortcomings:
        yield _missing("shortcomings")
    elif not parts.causes and not any(_CAUSES.search(parts.words(span)) for span in parts.shortcomings):
        yield _missing("causes", parts.shortcomings[:1])
    if not _RESPONSIBLE.search(parts.done):
        yield _missing("first_responsible")
    if not parts.plans and not _NEXT.search(view.text) and not _names_next_year(view):
        yield _missing("next_year")


def _names_next_year(view: View) -> bool:
    """Whether a sentence says what the year after will bring: 「2022年，我县将……」."""
    year = view.document.year
    return (
        year is not None
        and re.search(rf"{year + 1}年[，,][^。\n]{{0,40}}(?:将|要|重点)", view.text) is not None
    )


def _applies(view: View) -> bool:
    """The contents are required of reports made since 15 April 2019; an undated one counts by its year."""
    document = view.document
    if _NOT_BOUND.search(document.issuer or ""):
        return False  # the duty lies on governments and their departments
    said = _REPORTED.search(view.text[:_OPENING])
    subject = document.title or (said["what"] if said else "")
    if _OTHER_SUBJECT.search(subject) and not _SUBJECT.search(subject):
        return False  # a report on enforcement alone, on reconsideration alone
    if document.dated is not None:
        return document.dated >= _IN_FORCE
    return document.year is not None and document.year >= _IN_FORCE.year


def _missing(what: str, spans: tuple[Span, ...] = ()) -> Finding:
    name, expected = PARTS[what]
    return RULE.finding(
        f"年度报告缺少必备内容“{name}”。应当{expected}。"
        if what != "causes"
        else f"年度报告缺少必备内容“{name}”：{expected}。",
        spans,
        basis=_BASIS,
        what=what,
        name=name,
    )


RULE = Rule(
    id="section.missing",
    severity=Severity.WARNING,
    title="缺少必备内容",
    explanation=(
        "2019年4月15日起，地方各级政府和县级以上政府部门的法治政府建设年度报告应当写明："
        f"{'；'.join(f'{name}（{what}）' for what, (name, _) in PARTS.items())}。"
        "依据《法治政府建设与责任落实督察工作规定》关于年度报告的一章；此前的报告、社区、学校、医院、企业的报告不适用。"
        "只看年度报告，按标题和内容判断：没有单设一节、但在正文里写到的，不算缺少。不足整节没有时，原因不再另提。\n\n"
        "例：“存在的问题”只列了三条表现，没有一处说明原因——依据：what causes。"
    ),
    check=check,
)
