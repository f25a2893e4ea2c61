"""What sort of document it is, and why."""

from __future__ import annotations

import re
from functools import cache

from yifa.reading.document import Kind
from yifa.reading.errors import ReadingError
from yifa.reading.lexicon import alternatives, words

REPORTING = re.compile(
    r"现(?:提)?[将就][^。\n]{0,120}(?:报告|汇报|总结|公布|通报|(?<!通知)(?<!意见)(?<!决定)(?<!方案)(?<!要求)(?<!安排)(?<!事项)(?<!任务)如下)|特此报告|专此报告|(?:报告|汇报|总结)如下"
)
PLANNING = re.compile(
    r"(?:制定|提出|制订|形成)(?:本|如下|以下)[^。\n]{0,16}(?:要点|计划|安排|方案)|本(?:要点|计划|方案)"
)

BOTH = re.compile(
    r"(?:总结|报告|汇报|情况|回顾)[^，。]{0,4}(?:及|和|暨|与|、)[^，。]{0,24}(?:计划|思路|安排|打算|要点)"
)  # one text, two years

NUMBERED = re.compile(
    r"^[ \t\u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、])",
    re.M,
)
OWNERS = re.compile(
    r"[（(〔【](?:牵头|责任|主办|主责)(?:单位|部门|科室)[:：]|按(?:照)?职责分工(?:分别)?负责[)）〕】]"
)
ADDRESSED = re.compile(
    r"\A[\s\S]{0,400}?各[^\n。，]{0,12}[省市县区州盟旗镇乡][^\n。]{0,60}[:：]"
)  # a circular to those below
HEADED_REPORT = re.compile(
    r"^[ \t\u3000]*[一二][、.．][^\n。]{0,12}法治政府建设[^\n。]{0,10}(?:情况|成效)", re.M
)
PARTS_OF_REPORT = re.compile(r"存在(?:的)?(?:主要)?(?:问题|不足|困难)|下一步|(?:主要|重点)?工作(?:开展)?情况")
FEWEST_ENTRIES, LONGEST_ENTRY = 10, 16  # a menu has at least so many lines, on average not longer


@cache
def _others() -> list[tuple[str, list[re.Pattern[str]]]]:
    return [
        (reason, [re.compile(item) for item in items])
        for reason, items in words("identity")["others"].items()
    ]


@cache
def _subject() -> re.Pattern[str]:
    return re.compile(alternatives(words("identity")["report_words"]))


def kind(text: str, title: str | None) -> tuple[Kind, str]:
    """The kind with its reason in Chinese."""
    lexicon = words("identity")
    head = (title or "") + "\n" + text[:1500]
    on_law = _subject().search(title or "") is not None or len(_subject().findall(text[:6000])) >= 3
    of_subject = title is not None and _subject().search(title) is not None
    for place, (reason, patterns) in enumerate(_others()):
        if place == 0 and of_subject:  # a report on law-based government may be made to the congress too
            continue
        if any(pattern.search(text[:6000]) for pattern in patterns):
            return Kind.OTHER, reason
    if title:
        tail = re.sub(r"[（(][^（）()]*[)）]\Z", "", title)[-12:]
        if (
            any(word in tail for word in lexicon["plan_titles"])
            and not tail.endswith(("报告", "总结", "汇报", "情况"))
            and not BOTH.search(title)
        ):
            return Kind.WORK_PLAN, "标题是工作要点、计划一类"
        if any(word in tail for word in lexicon["report_titles"]) and on_law:
            return Kind.ANNUAL_REPORT, "标题是法治政府建设（依法行政）情况的报告"
    opening = REPORTING.search(head)
    if opening and _subject().search(
        head[: opening.end()][-600:]
    ):  # 「…法治政府建设…。现将有关情况报告如下」
        return Kind.ANNUAL_REPORT, "开头写明报告法治政府建设（依法行政）情况"
    reports, plans = REPORTING.search(head), PLANNING.search(head) or PLANNING.search(text[-400:])
    if reports and (on_law or _subject().search(reports[0])):
        return Kind.ANNUAL_REPORT, "开头写明报告法治政府建设（依法行政）情况"
    if plans:
        return Kind.WORK_PLAN, "文中写明是工作要点或计划"
    return _by_content(text, on_law=on_law, reports=reports is not None)


def _by_content(text: str, *, on_law: bool, reports: bool) -> tuple[Kind, str]:
    """The kind of a text that neither its title nor its opening tells."""
    if not reports and len(OWNERS.findall(text)) > 1:
        return Kind.WORK_PLAN, "各项任务写明了牵头、责任单位"
    if not on_law:
        return Kind.OTHER, "内容不是法治政府建设的报告或工作计划"
    if ADDRESSED.match(text):
        return Kind.OTHER, "是发给下级的通知，不是报告"
    if HEADED_REPORT.search(text) or PARTS_OF_REPORT.search(text):
        return Kind.ANNUAL_REPORT, "内容是法治政府建设的成效、问题和打算"
    return Kind.OTHER, "没有报告或计划的标题、开头和结构"


def refuse_shell(text: str) -> None:
    """Raise where a page holds menus and no text."""
    lines = [line.strip() for line in text.split("\n") if line.strip() and "\t" not in line]
    few = len(lines) < 30
    if few and (len(lines) < FEWEST_ENTRIES or "\t" in text or NUMBERED.search(text)):
        return
    prose = sum(
        len(line) for line in lines if "。" in line or (len(line) > 40 and re.search("[，,；;]", line))
    )
    total = sum(map(len, lines))
    if prose < (1 if few else max(80, total // 20)) and (not few or total < LONGEST_ENTRY * len(lines)):
        raise ReadingError(
            f"这份材料只有网页的栏目和菜单（{len(lines)} 行），没有正文。"
            "请打开原网页，把正文另存或复制后再读。",
            code="no_body",
        )
