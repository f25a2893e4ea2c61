"""What was recorded last, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Max
from django.urls import reverse

from yifa.assessment.models import Assessment
from yifa.documents.models import CaseDocument
from yifa.law.loader import catalogue
from yifa.ledger.models import Case, Entry, Record, Subject, User
from yifa.ledger.models.scoping import among_units
from yifa.planning.models import Plan
from yifa.reporting.models import Report
from yifa.supervision.models import Draw, FileReview

WORDS = {
    "case.opened": "登记",
    "act.recorded": "办理",
    "act.corrected": "更正",
    "act.withdrawn": "撤销环节",
    "act.refused": "试办被拒",
    "facts.changed": "修改情况",
    "entry.published": "登记",
    "entry.revised": "修订",
    "entry.withdrawn": "撤下",
    "plan.imported": "导入计划",
    "plan.issued": "印发计划",
    "plan.withdrawn": "撤回计划",
    "plan.restored": "恢复计划",
    "plan.replaced": "替换计划",
    "task.assigned": "分解任务",
    "task.due_set": "定时限",
    "task.amended": "修改任务",
    "plan.graded": "责任分级",
    "task.split": "拆分任务",
    "task.parts_merged": "合并子任务",
    "tasks.merged": "合并任务",
    "tasks.unmerged": "撤销合并",
    "task.bearers_set": "落实责任",
    "task.added": "新增任务",
    "task.linked": "承接存在问题",
    "task.origin_linked": "注明任务来源",
    "task.clauses_linked": "关联多年规划",
    "task.clause_unlinked": "取消关联规划",
    "task.progress": "更新进展",
    "task.returned": "退回进展",
    "evidence.linked": "关联依据",
    "evidence.unlinked": "取消关联",
    "target.linked": "关联口径",
    "report.built": "生成报告",
    "report.rebuilt": "重算报告",
    "report.recounted": "随之重算报告",
    "section.edited": "修改报告",
    "part.assigned": "分派报告内容",
    "part.written": "编写单位稿",
    "part.handed_in": "提交单位稿",
    "part.returned": "退回单位稿",
    "part.taken": "采用单位稿",
    "part.left_out": "不采用单位稿",
    "comment.made": "提出意见",
    "comment.answered": "答复意见",
    "comment.closed": "办结意见",
    "problems.stated": "填写存在问题",
    "problem.answered": "说明以前年度问题",
    "word.returned": "收回 Word 修改",
    "word.declined": "不采用 Word 修改",
    "report.sent_to_units": "送单位核对",
    "report.confirmed": "核对报告",
    "report.sent_to_review": "报告送审",
    "report.legality": "合法性审查报告",
    "report.secrecy": "保密审查报告",
    "report.signed": "签发报告",
    "report.submitted": "提交报告",
    "report.published": "公开报告",
    "report.compared": "核对公开文本",
    "report.returned": "退回报告",
    "report.taken_back": "撤回报告",
    "document.made": "制作文书",
    "document.filled": "填写文书",
    "document.answered": "填写文书内容",
    "document.returned": "收回文书",
    "document.accepted": "文书定稿",
    "document.refused": "退回文书",
    "document.bound": "文书归入环节",
    "document.filed": "文书归入材料",
    "document.withdrawn": "作废文书",
    "draw.closed": "封存抽取名录",
    "draw.made": "随机抽取",
    "draw.published": "公布抽取",
    "review.opened": "开展案卷评查",
    "review.sheet_changed": "更换评查表",
    "review.third": "指定第三名评查人员",
    "review.scored": "提交评查表",
    "review.settled": "评查定分",
    "assessment.issued": "印发考核指标",
    "assessment.entered": "日常记分",
    "assessment.entry_withdrawn": "撤回日常记分",
    "assessment.scorers": "指定考核评分人",
    "assessment.judged": "考核评分",
    "assessment.third": "指定第三名评分人",
    "assessment.meeting": "合议定分",
    "assessment.set_aside": "核定不纳入计分的指标",
    "assessment.published": "公布考核初步结果",
    "assessment.scored": "封存考核得分",
    "assessment.accepted": "确认考核结果无异议",
    "assessment.objected": "对考核结果提出异议",
    "assessment.answered": "答复考核异议",
    "assessment.frozen": "签发考核结果",
    "assessment.handed": "移交考核结果",
}
ABOUT: dict[str, tuple[Any, str]] = {
    Subject.CASE: (Case, "case"),
    Subject.ATTEMPT: (Case, "case"),
    Subject.ENTRY: (Entry, "entry"),
    Subject.PLAN: (Plan, "plan"),
    Subject.REPORT: (Report, "report"),
    Subject.DOCUMENT: (CaseDocument, "document"),
    Subject.DRAW: (Draw, "draw"),
    Subject.REVIEW: (FileReview, "file_review"),
    Subject.ASSESSMENT: (Assessment, "assessment_year"),
}
LATEST = 10_000  # records of all units among which those of a few units are looked for
LOOKED_AT = 25  # records read for each line shown


@dataclass(frozen=True, slots=True)
class Activity:
    """One recent record."""

    record: Record
    word: str
    title: str
    url: str
    times: int = 1  # the same work on the same thing, one after the other


def recent(user: User, most: int) -> list[Activity]:
    """The last records about what the user may see; a run of the same work on the same thing is one line."""
    # "all but" keeps the database on the newest rows, where "one of" made it sort the whole ledger
    last = Record.objects.order_by().aggregate(last=Max("id"))["last"] or 0
    records = (
        among_units(Record.objects.exclude(subject=Subject.ORGANIZATION), user)
        .filter(id__gt=last - LATEST)
        .exclude(kind="case.opened")
        .order_by("-id")
    )
    runs: list[list[_Row]] = []
    for row in records.values_list(*_Row._fields)[: most * LOOKED_AT]:
        one = _Row(*row)
        if runs and _same(runs[-1][0], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    del runs[most:]
    shown = Record.objects.select_related("recorded_by", "organization").in_bulk([run[0].pk for run in runs])
    found: dict[Any, Any] = {}
    for subject, (model, _) in ABOUT.items():
        found |= model.objects.in_bulk([run[0].subject_id for run in runs if run[0].subject == subject])
    return [
        _activity(shown[run[0].pk], len(run), found[run[0].subject_id])
        for run in runs
        if run[0].subject_id in found
    ]


class _Row(NamedTuple):
    """What tells runs of records apart."""

    pk: int
    subject: str
    subject_id: UUID
    kind: str
    recorded_by_id: int | None


def _same(one: _Row, other: _Row) -> bool:
    """Whether two records are one piece of work; acts of a case are told apart by their own names."""
    alike = (one.subject_id, one.kind, one.recorded_by_id) == (
        other.subject_id,
        other.kind,
        other.recorded_by_id,
    )
    return alike and one.kind != "act.recorded"


def _activity(record: Record, times: int, about: Any) -> Activity:
    word = WORDS.get(record.kind, "记录")
    if record.kind == "act.recorded" and isinstance(about, Case):
        kind = catalogue().case_types.get(about.case_type)
        act = kind.acts.get(json.loads(record.payload)["act"]) if kind else None
        word = act.title if act else word
    return Activity(record, word, str(about), reverse(ABOUT[record.subject][1], args=[about.pk]), times)
