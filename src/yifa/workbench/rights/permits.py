"""What each page declares: who may open it and who may send the form on it. One row for each address, no other place.

The gate refuses an address without a row; views ask `require_here`, which reads the row; 谁可以做什么 prints it; a test
walks every address as every role and compares. A page that starts an action names the action: the action's own
declaration holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yifa.approvals import actions as approvals
from yifa.assessment import actions as assessment
from yifa.documents import actions as documents
from yifa.ledger import actions as ledger
from yifa.ledger.models import ADMINISTRATION, Role
from yifa.ledger.people.needs import BUSINESS, Needs, Reach
from yifa.planning import actions as planning
from yifa.reporting import actions as reporting
from yifa.supervision import actions as supervision
from yifa.workbench.rights.access import IMPORTERS


@dataclass(frozen=True, slots=True)
class Permit:
    """Who may open a page, and who may send the form on it where that is another question."""

    opens: Needs
    sends: Needs | None = None

    def of(self, method: str) -> Needs:
        """What a request needs."""
        return self.sends if self.sends is not None and method == "POST" else self.opens


def _public(what: str) -> Needs:
    return Needs(what, reach=Reach.PUBLIC)


def _self(what: str) -> Needs:
    return Needs(what, reach=Reach.SELF)


def _sees(what: str) -> Needs:
    return Needs(what, reach=Reach.SEES)


def _shared(what: str) -> Needs:
    return Needs(what, reach=Reach.SHARED)


def _anywhere(needs: Needs) -> Needs:
    return Needs(needs.what, needs.roles, needs.also, Reach.ANYWHERE)


FOUND = _public("在空的数据文件夹里建立单位（凭服务器印出的一次性口令；有单位以后没有这一页）")
HELP = _self("看手册、术语和首次使用引导")
OPEN_CHECK = Needs("决定体检页是否对外开放", (Role.COORDINATOR, Role.SYSTEM), reach=Reach.ANYWHERE)
OPEN_PORTAL = Needs(
    "决定办件查询和自助文书是否对外开放", (Role.COORDINATOR, Role.SYSTEM), reach=Reach.ANYWHERE
)
SEE_PEOPLE = Needs("看单位、账号和角色", (*ADMINISTRATION, Role.COORDINATOR), reach=Reach.ANYWHERE)
KEEP_PERSON = Needs(
    "办理一个账号", (Role.SYSTEM, Role.SECURITY), "开停用、重设密码归系统管理员，授予角色归安全管理员"
)
SEE_SIGNALS = Needs(
    "看案卷评查线索",
    (Role.OFFICER, Role.SUPERVISOR, Role.REVIEWER, Role.COORDINATOR, Role.LEADER),
    reach=Reach.ANYWHERE,
)
SEE_JOURNAL = Needs("看管理日志和登录日志", (Role.AUDIT,))
VERIFY = Needs("核验台账", (Role.SUPERVISOR, Role.AUDITOR, Role.COORDINATOR))
SEE_CHECK = _public("体检文稿（是否对外开放由本单位决定）")
SEE_PORTAL = _public("查询自己的办件、自助生成文书（是否对外开放由本单位决定）")
SEE_CASE, SEE_ENTRY, SEE_PLAN = _sees("看事项"), _sees("看清单条目"), _shared("看工作要点及其任务")
SEE_REPORT, SHARE_REPORT = _sees("看年度报告及其依据"), _shared("参与年度报告的编写、核对、提意见")
SEE_DRAW, SEE_PUBLISHED = _sees("看随机抽取"), _public("看公布的随机抽取")
TAKE_STEPS = Needs(
    "公布、签发、移交考核结果",
    (Role.ASSESSOR, Role.COORDINATOR, Role.LEADER),
    "公布归考核员，签发归领导，移交归考核员或者统筹人员",
)
SEE_SCORES = _sees("看本单位和下级的考核计分")
SEE_PROCESS = _sees("看办理过程、时限、用时异常、补录和更正")
SEE_FIGURES, LISTS = _sees("看数字和缺口"), _self("看各类列表")
TAKE_PROOF = Needs(
    "取出一个数字的核算材料（含计入事项的全部记录）", (Role.COORDINATOR, Role.SUPERVISOR, Role.AUDITOR)
)
KEEP_TEMPLATES = Needs("维护本单位的文书模板", (Role.COORDINATOR,), reach=Reach.ANYWHERE)
IMPORT = Needs("导入清单、与台账对账", IMPORTERS, "自己导入的；统筹人员看得到全部", Reach.ANYWHERE)
SEE_YEAR = Needs(
    "看全年一览",
    (Role.LEADER, Role.COORDINATOR, Role.SUPERVISOR, Role.ASSESSOR, Role.AUDITOR),
    reach=Reach.ANYWHERE,
)
BATCH = Needs(
    "批量办理环节", ledger.RecordAct.needs.roles, "限本人的批次；每件仍按该环节的办理人核对", Reach.ANYWHERE
)
DECIDE = Needs("审核下级报告", (Role.COORDINATOR,), reach=Reach.HERE)
STEPS = Needs("办理报告的核对、审查、签发、提交、公开", BUSINESS, "各步由谁办理见“年度报告”各行")

PERMITS: Mapping[str, Permit] = {
    "init": Permit(FOUND),
    "init_step": Permit(FOUND),
    "login": Permit(_public("登录")),
    "logout": Permit(_self("退出")),
    "home": Permit(_self("看首页")),
    "home_figures": Permit(_self("看首页")),
    "home_panels": Permit(_self("看首页")),
    "home_reminders": Permit(_self("看首页")),
    "waiting": Permit(_self("看等自己办的")),
    "search": Permit(_self("搜索看得到的事项、清单、文书、任务、报告和法律")),
    "clocks": Permit(_self("看时限日历")),
    "commands": Permit(_self("看命令和按键")),
    "saved_views": Permit(_self("保存列表的筛选条件")),
    "account": Permit(_self("看自己的账号，改自己的密码")),
    "drop_kept_form": Permit(_self("不要登录中断前填写的内容")),
    "sessions": Permit(_self("看和结束自己的登录")),
    "delegations": Permit(_self("登记由他人代理自己")),
    "end_delegation": Permit(_self("提前结束自己的代理")),
    "powers": Permit(_self("看谁可以做什么")),
    "help": Permit(HELP),
    "help_terms": Permit(HELP),
    "help_chapter": Permit(HELP),
    "help_picture": Permit(HELP),
    "guide": Permit(HELP),
    "guide_step": Permit(HELP),
    "change_guide": Permit(HELP),
    "year": Permit(SEE_YEAR),
    "cases": Permit(LISTS),
    "new_case": Permit(LISTS),
    "open_case": Permit(ledger.OpenCase.needs),
    "choose_cases": Permit(LISTS),
    "batches": Permit(BATCH),
    "batch": Permit(BATCH),
    "batch_step": Permit(BATCH),
    "drop_refused": Permit(BATCH),
    "undo_batch": Permit(BATCH),
    "similar_cases": Permit(ledger.OpenCase.needs),
    "case_similar": Permit(SEE_CASE),
    "case": Permit(SEE_CASE),
    "case_used": Permit(SEE_CASE),
    "case_related": Permit(SEE_CASE, documents.LinkCases.needs),
    "unlink_case": Permit(documents.UnlinkCases.needs),
    "change_facts": Permit(ledger.ChangeFacts.needs),
    "record_act": Permit(ledger.RecordAct.needs),
    "correct_act": Permit(ledger.CorrectAct.needs),
    "attachment": Permit(SEE_CASE),
    "case_documents": Permit(SEE_CASE),
    "make_document": Permit(documents.MakeDocument.needs),
    "whole_file": Permit(SEE_CASE),
    "whole_file_as": Permit(SEE_CASE),
    "document_templates": Permit(LISTS, KEEP_TEMPLATES),
    "remove_template": Permit(KEEP_TEMPLATES),
    "office_details": Permit(documents.ChangeOffice.needs),
    "document": Permit(SEE_CASE, documents.FillDocument.needs),
    "print_document": Permit(SEE_CASE),
    "document_file": Permit(SEE_CASE),
    "document_step": Permit(documents.FileDocument.needs),
    "registers": Permit(LISTS),
    "register": Permit(LISTS),
    "entry_drafts": Permit(LISTS, _anywhere(approvals.DecideDraft.needs)),
    "drop_draft": Permit(approvals.DropDraft.needs),
    "compare_days": Permit(LISTS),
    "renew_entries": Permit(_anywhere(ledger.ReviseEntry.needs)),
    "new_entry": Permit(_anywhere(ledger.PublishEntry.needs)),
    "entry": Permit(SEE_ENTRY),
    "entry_used": Permit(SEE_ENTRY),
    "entry_file": Permit(SEE_ENTRY),
    "revise_entry": Permit(ledger.ReviseEntry.needs),
    "withdraw_entry": Permit(ledger.WithdrawEntry.needs),
    "plans": Permit(LISTS),
    "import_plan": Permit(_anywhere(planning.ImportPlan.needs)),
    "plan": Permit(SEE_PLAN),
    "plan_matrix": Permit(SEE_PLAN, planning.AssignTask.needs),
    "plan_source": Permit(SEE_PLAN),
    "plan_file": Permit(SEE_PLAN),
    "assign_tasks": Permit(planning.AssignTask.needs),
    "set_due": Permit(planning.SetDue.needs),
    "issue_plan": Permit(planning.IssuePlan.needs),
    "withdraw_plan": Permit(planning.WithdrawPlan.needs),
    "restore_plan": Permit(planning.RestorePlan.needs),
    "add_task": Permit(planning.AddTask.needs),
    "plan_history": Permit(SEE_PLAN),
    "plan_bearers": Permit(planning.SetBearers.needs),
    "plan_problems": Permit(SEE_PLAN, planning.TakeUpProblem.needs),
    "take_over": Permit(planning.TakeOver.needs),
    "plan_clauses": Permit(planning.LinkClauses.needs),
    "outlines": Permit(LISTS),
    "outline": Permit(LISTS),
    "import_clauses": Permit(_anywhere(planning.ImportClauses.needs)),
    "finding_batches": Permit(LISTS),
    "finding_batch": Permit(LISTS),
    "download_findings": Permit(LISTS),
    "import_findings": Permit(_anywhere(planning.ImportFindings.needs)),
    "edit_task": Permit(planning.AssignTask.needs),
    "task_structure": Permit(SEE_PLAN, planning.SplitTask.needs),
    "cancel_task": Permit(planning.CancelTask.needs),
    "amend_task": Permit(planning.AmendTask.needs),
    "record_progress": Permit(planning.RecordProgress.needs),
    "task_evidence": Permit(SEE_PLAN),
    "link_evidence": Permit(planning.LinkEvidence.needs),
    "unlink_evidence": Permit(planning.UnlinkEvidence.needs),
    "return_note": Permit(planning.ReturnProgress.needs),
    "note_file": Permit(SEE_PLAN),
    "quarter_hint": Permit(SEE_PLAN),
    "quarter_notes": Permit(planning.RecordProgress.needs),
    "plan_open": Permit(planning.RecordProgress.needs),
    "progress_sheet": Permit(SEE_PLAN),
    "progress_excel": Permit(SEE_PLAN),
    "exchange": Permit(IMPORT),
    "exchange_sample": Permit(IMPORT),
    "import_list": Permit(IMPORT),
    "import_progress": Permit(IMPORT),
    "import_marked": Permit(IMPORT),
    "import_rows": Permit(IMPORT),
    "undo_import": Permit(IMPORT),
    "kept_mappings": Permit(IMPORT),
    "reconciliations": Permit(IMPORT),
    "reconciliation": Permit(IMPORT),
    "reconciliation_file": Permit(IMPORT),
    "settle_rows": Permit(IMPORT),
    "figures": Permit(SEE_FIGURES),
    "dictionary": Permit(LISTS),
    "counting_rule": Permit(LISTS),
    "figure": Permit(SEE_FIGURES),
    "figure_proof": Permit(TAKE_PROOF),
    "figure_years": Permit(SEE_FIGURES),
    "figure_versions": Permit(SEE_FIGURES),
    "decline_figure": Permit(ledger.DeclareNotCollected.needs),
    "process": Permit(SEE_PROCESS),
    "process_flow": Permit(SEE_PROCESS),
    "process_steps": Permit(SEE_PROCESS),
    "process_clocks": Permit(SEE_PROCESS),
    "broken_clocks": Permit(SEE_PROCESS),
    "process_outliers": Permit(SEE_PROCESS),
    "idle_units": Permit(SEE_PROCESS),
    "amendments": Permit(SEE_PROCESS),
    "amendment_records": Permit(SEE_PROCESS),
    "gaps": Permit(SEE_FIGURES),
    "gap": Permit(SEE_FIGURES),
    "reports": Permit(LISTS),
    "incoming": Permit(LISTS),
    "incoming_unit": Permit(_sees("看下级报送的报告"), reporting.ReceiveReport.needs),
    "decide_incoming": Permit(DECIDE),
    "incoming_file": Permit(_sees("看下级报送的报告")),
    "build_report": Permit(_anywhere(reporting.BuildReport.needs)),
    "report": Permit(SHARE_REPORT),
    "rebuild_report": Permit(reporting.BuildReport.needs),
    "edit_section": Permit(reporting.EditSection.needs),
    "section_history": Permit(SEE_REPORT, reporting.EditSection.needs),
    "assign_section": Permit(reporting.AssignSection.needs),
    "take_parts": Permit(reporting.TakeParts.needs),
    "report_parts": Permit(SHARE_REPORT, reporting.AssignByOutline.needs),
    "report_problems": Permit(SEE_REPORT, reporting.StateProblems.needs),
    "report_comments": Permit(SHARE_REPORT),
    "report_steps": Permit(SHARE_REPORT),
    "report_step": Permit(STEPS),
    "report_versions": Permit(SHARE_REPORT),
    "report_version": Permit(SHARE_REPORT),
    "compare_published": Permit(SEE_REPORT, reporting.ComparePublished.needs),
    "word_return": Permit(SEE_REPORT, reporting.ReceiveWord.needs),
    "search_figures": Permit(SEE_REPORT),
    "write_part": Permit(SHARE_REPORT, reporting.WritePart.needs),
    "return_part": Permit(reporting.ReturnPart.needs),
    "answer_comment": Permit(SHARE_REPORT),
    "report_figure": Permit(SEE_REPORT),
    "report_since": Permit(SEE_REPORT),
    "download_report": Permit(SHARE_REPORT),
    "supervision": Permit(LISTS),
    "inspection_plans": Permit(LISTS),
    "letters": Permit(LISTS),
    "recusals": Permit(LISTS),
    "observers": Permit(LISTS),
    "duties": Permit(LISTS),
    "draws": Permit(LISTS),
    "close_draw": Permit(_anywhere(supervision.CloseDraw.needs)),
    "draw": Permit(SEE_DRAW, supervision.MakeDraw.needs),
    "draw_again": Permit(supervision.DrawAgain.needs),
    "draw_file": Permit(SEE_DRAW),
    "open_reviews": Permit(supervision.OpenReviews.needs),
    "file_reviews": Permit(LISTS),
    "open_review": Permit(_anywhere(supervision.OpenReview.needs)),
    "file_review": Permit(_sees("看案卷评查"), supervision.NameThird.needs),
    "change_sheet": Permit(supervision.ChangeSheet.needs),
    "answer_review": Permit(supervision.AnswerReview.needs),
    "score_file": Permit(supervision.SubmitSheet.needs),
    "findings": Permit(LISTS),
    "list_findings": Permit(_anywhere(supervision.ListFindings.needs)),
    "findings_file": Permit(LISTS),
    "review_signals": Permit(SEE_SIGNALS, _anywhere(supervision.OpenReview.needs)),
    "published_draw": Permit(SEE_PUBLISHED),
    "published_draw_file": Permit(SEE_PUBLISHED),
    "check": Permit(SEE_CHECK),
    "check_open": Permit(OPEN_CHECK),
    "check_read": Permit(SEE_CHECK),
    "check_results": Permit(SEE_CHECK),
    "check_finish": Permit(SEE_CHECK),
    "check_forget": Permit(SEE_CHECK),
    "check_summary": Permit(SEE_CHECK),
    "check_result": Permit(SEE_CHECK),
    "check_download": Permit(SEE_CHECK),
    "check_part": Permit(SEE_CHECK),
    "check_ledger": Permit(_self("把文稿与台账核对")),
    "file_check": Permit(_anywhere(ledger.PublishEntry.needs)),
    "inquiry": Permit(SEE_PORTAL),
    "self_documents": Permit(SEE_PORTAL),
    "self_document": Permit(SEE_PORTAL),
    "portal_open": Permit(OPEN_PORTAL),
    "case_receipt": Permit(SEE_CASE),
    "assessments": Permit(SEE_SCORES),
    "running_scores": Permit(SEE_SCORES),
    "running_score": Permit(SEE_SCORES),
    "legal_statements": Permit(_sees("看述法和履职")),
    "issue_set": Permit(_anywhere(assessment.IssueSet.needs)),
    "assessment_year": Permit(SEE_SCORES),
    "assessed_unit": Permit(SEE_SCORES),
    "unit_letter": Permit(SEE_SCORES),
    "assessment_file": Permit(SEE_SCORES),
    "assessment_paper": Permit(SEE_SCORES),
    "assessment_entries": Permit(SEE_SCORES, assessment.EnterPoints.needs),
    "assessment_judging": Permit(assessment.NameScorers.needs),
    "judge_units": Permit(assessment.Judge.needs),
    "leave_out": Permit(assessment.LeaveOut.needs),
    "list_lost": Permit(supervision.ListFindings.needs),
    "object_to_result": Permit(assessment.Object.needs),
    "answer_objection": Permit(assessment.AnswerObjection.needs),
    "assessment_step": Permit(TAKE_STEPS),
    "laws": Permit(LISTS),
    "law": Permit(LISTS),
    "law_file": Permit(ledger.FollowNewText.needs),
    "follow_law": Permit(ledger.FollowNewText.needs),
    "preview_law": Permit(ledger.FollowNewText.needs),
    "local_lengths": Permit(LISTS),
    "local_length": Permit(ledger.GiveLocalLength.needs),
    "calendar": Permit(LISTS, ledger.KeepNotice.needs),
    "verification": Permit(VERIFY),
    "people": Permit(SEE_PEOPLE),
    "new_unit": Permit(_anywhere(ledger.CreateOrganization.needs)),
    "new_user": Permit(_anywhere(ledger.CreateUser.needs)),
    "person": Permit(SEE_PEOPLE, KEEP_PERSON),
    "backups": Permit(_anywhere(ledger.NoteBackup.needs)),
    "verify_backup": Permit(_anywhere(ledger.NoteBackup.needs)),
    "take_backup": Permit(_anywhere(ledger.NoteBackup.needs)),
    "journal": Permit(SEE_JOURNAL, ledger.ExemptSeparation.needs),
}
