"""Every page of the workbench, with who may open it. A page that is missing here fails the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tests.assessment.trial import trial_set
from tests.supervision.drawing import drawn
from tests.workbench.conftest import World
from tests.workbench.receipts import complaint, template
from yifa.assessment.actions import IssueSet, LeaveOut, PublishResult
from yifa.assessment.models import Assessment
from yifa.documents.actions import MakeDocument
from yifa.documents.models import CaseDocument
from yifa.ledger.models import Case, Entry
from yifa.ledger.people.needs import BUSINESS, Reach
from yifa.reporting.models import Section
from yifa.supervision.actions import OpenReview
from yifa.supervision.models import Draw, FileReview
from yifa.workbench.rights.permits import PERMITS

ALL = (
    "coordinator",
    "officer",
    "stranger",
    "reviewer",
    "auditor",
    "nobody",
    "admin",
    "system",
    "security",
    "audit",
)
ROLES = {
    "coordinator": {"coordinator", "officer"},
    "officer": {"officer"},
    "stranger": {"officer"},
    "reviewer": {"reviewer"},
    "auditor": {"auditor"},
    "nobody": set(),
    "system": {"system_admin"},
    "security": {"security_admin"},
    "audit": {"audit_admin"},
}
# What somebody gets who may not: 404 where they must not even learn that it is there, 403 where they may see but not do.


@dataclass(frozen=True)
class Page:
    """One address. Who is not named in `forbidden` or `hidden` gets the page."""

    name: str
    args: Callable[[World], list[object]] = lambda world: []
    forbidden: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    post_only: bool = False

    def url(self, world: World) -> str:
        return reverse(self.name, args=self.args(world))

    def expected(self, who: str) -> int:
        needs = PERMITS[self.name].opens
        roles = ROLES.get(who)
        if roles is not None:
            if needs.reach in {Reach.HERE, Reach.ANYWHERE} and roles.isdisjoint(needs.roles):
                return 403  # the gate: without any of the roles nothing is looked up
            if needs.reach in {Reach.SEES, Reach.SHARED} and roles.isdisjoint(BUSINESS):
                return 404
        if who in self.hidden:
            return 404
        if who in self.forbidden:
            return 403
        return 405 if self.post_only else 200


ABOVE = ("coordinator", "reviewer", "auditor", "admin")  # roles in the body reach down
NOT_ABOVE = ("officer", "stranger", "nobody")
ONLY_COORDINATORS = ("officer", "stranger", "reviewer", "auditor", "nobody")


def _case(world: World) -> list[object]:
    return [world.case.pk]


def _document(world: World) -> list[object]:
    """The answer to the request of the office, not yet given."""
    made = CaseDocument.objects.filter(case=world.case).first()
    if made is None:
        made = MakeDocument(
            actor=None, case=world.case, template="information_answer", act="answer"
        ).execute()
    return [made.pk]


def _complaint(world: World) -> list[object]:
    """A case whose party has a receipt."""
    held = Case.objects.filter(case_type="business_complaint").first()
    return [(held or complaint(world.office)).pk]


def _self_document(world: World) -> list[object]:
    held = Entry.objects.filter(register="document_templates").first()
    return [(held or template(world.office)).pk]


def _plan(world: World) -> list[object]:
    return [world.plan.pk]


def _task(world: World) -> list[object]:
    return [world.plan.tasks.order_by("order")[0].pk]


def _report(world: World) -> list[object]:
    return [world.report.pk]


def _section(world: World) -> list[object]:
    return [world.report.pk, Section.objects.filter(report=world.report).order_by("order")[1].pk]


def _draw(world: World) -> list[object]:
    """Units of which some were drawn, by the office."""
    made = Draw.objects.filter(organization=world.office).first()
    return [(made or drawn(world.office, world.case)).pk]


def _review(world: World) -> list[object]:
    """A file of the office, reviewed by the body."""
    made = FileReview.objects.first()
    if made is None:
        made = OpenReview(
            actor=None, organization=world.body, unit=world.other, round="评查", file=world.foreign,
            reviewers=[world.users[who] for who in ("officer", "coordinator")],
        ).execute()  # fmt: skip
    return [made.pk]


def _year(world: World) -> list[object]:
    """An assessment of both offices whose first result is out."""
    made = Assessment.objects.first()
    if made is None:
        given = trial_set()
        made = IssueSet(
            actor=None, organization=world.body, given=given, year=2026,
            units=dict.fromkeys((world.office, world.other), "departments"),
        ).execute()  # fmt: skip
        for unit in (world.office, world.other):
            LeaveOut(actor=None, assessment=made, unit=unit, indicator="pilot", reason="新设").execute()
        PublishResult(actor=None, assessment=made).execute()
    return [made.pk]


def _assessed(world: World) -> list[object]:
    return [*_year(world), world.office.code]


PAGES = (
    Page("home"),
    Page("home_figures"),
    Page("home_reminders"),
    Page("waiting"),
    Page("saved_views"),
    Page("search"),
    Page("commands"),
    Page("clocks"),
    Page("account"),
    Page("cases"),
    Page("new_case"),
    Page("open_case", lambda world: ["information_request"], hidden=("reviewer", "auditor", "nobody")),
    Page("case", _case, hidden=("stranger", "nobody")),
    Page("case_used", _case, hidden=("stranger", "nobody")),
    Page(
        "record_act",
        lambda world: [world.case.pk, "answer"],
        forbidden=("reviewer", "auditor"),
        hidden=("stranger", "nobody"),
    ),
    Page(
        "correct_act",
        lambda world: [world.case.pk, 1],
        forbidden=("reviewer", "auditor"),
        hidden=("stranger", "nobody"),
    ),
    Page("case_related", _case, hidden=("stranger", "nobody")),
    Page("case_similar", _case, hidden=("stranger", "nobody")),
    Page("entry_drafts"),
    Page("drop_draft", lambda world: [world.entry.pk], post_only=True),
    Page("compare_days", lambda world: ["powers"]),
    Page("renew_entries", lambda world: ["enforcement_officers"], post_only=True),
    Page("choose_cases", post_only=True),
    Page("batches"),
    Page("change_facts", _case, forbidden=("reviewer", "auditor"), hidden=("stranger", "nobody")),
    Page("case_documents", _case, hidden=("stranger", "nobody")),
    Page("make_document", _case, post_only=True),
    Page("whole_file", _case, hidden=("stranger", "nobody")),
    Page("whole_file_as", lambda world: [world.case.pk, "docx"], hidden=("stranger", "nobody")),
    Page("document_templates"),
    Page("remove_template", lambda world: ["own_1"], post_only=True),
    Page(
        "office_details",
        lambda world: [world.office.code],
        forbidden=("reviewer", "auditor"),
        hidden=("stranger", "nobody"),
    ),
    Page("document", _document, hidden=("stranger", "nobody")),
    Page("print_document", _document, hidden=("stranger", "nobody")),
    Page("document_file", lambda world: [*_document(world), 1, "docx"], hidden=("stranger", "nobody")),
    Page("document_step", lambda world: [*_document(world), "file"], post_only=True),
    Page("registers"),
    Page("register", lambda world: ["powers"]),
    Page("new_entry", lambda world: ["powers"], forbidden=("reviewer", "auditor", "nobody")),
    Page("entry", lambda world: [world.entry.pk], hidden=("stranger", "nobody")),
    Page("entry_used", lambda world: [world.entry.pk], hidden=("stranger", "nobody")),
    Page(
        "revise_entry",
        lambda world: [world.entry.pk],
        forbidden=("reviewer", "auditor"),
        hidden=("stranger", "nobody"),
    ),
    Page(
        "withdraw_entry",
        lambda world: [world.entry.pk],
        forbidden=("reviewer", "auditor"),
        hidden=("stranger", "nobody"),
    ),
    Page("plans"),
    Page("import_plan", forbidden=ONLY_COORDINATORS),
    Page("plan", _plan, hidden=("nobody",)),
    Page("plan_matrix", _plan, hidden=("nobody",)),
    Page("plan_source", _plan, hidden=("nobody",)),
    Page("plan_file", lambda world: [world.plan.pk, "docx"], hidden=("nobody",)),
    Page("plan_open", _plan, forbidden=("reviewer", "auditor"), hidden=("nobody",)),
    Page("progress_sheet", _plan, hidden=("nobody",)),
    Page(
        "quarter_notes",
        lambda world: [world.plan.pk, 1],
        forbidden=("reviewer", "auditor"),
        hidden=("nobody",),
    ),
    Page("task_evidence", _task, hidden=("nobody",)),
    Page("set_due", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("issue_plan", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page(
        "withdraw_plan", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)
    ),
    Page("restore_plan", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("add_task", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("plan_history", _plan, hidden=("nobody",)),
    Page("plan_problems", _plan, hidden=("nobody",)),
    Page("assign_tasks", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("plan_bearers", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("plan_clauses", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("take_over", _plan, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("outlines"),
    Page("import_clauses", forbidden=ONLY_COORDINATORS),
    Page("finding_batches"),
    Page("import_findings", forbidden=("reviewer", "auditor", "nobody")),
    Page("task_structure", _task, hidden=("nobody",)),
    Page("amend_task", _task, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("edit_task", _task, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page("cancel_task", _task, forbidden=("officer", "stranger", "reviewer", "auditor"), hidden=("nobody",)),
    Page(
        "record_progress",
        _task,
        forbidden=("stranger", "reviewer", "auditor"),
        hidden=("nobody",),
    ),
    Page("exchange", forbidden=("reviewer", "auditor", "nobody")),
    Page("kept_mappings", forbidden=("reviewer", "auditor", "nobody")),
    Page("reconciliations", forbidden=("reviewer", "auditor", "nobody")),
    Page("exchange_sample", forbidden=("reviewer", "auditor", "nobody")),
    Page("process", hidden=("nobody",)),
    Page("process_flow", lambda world: ["information_request"], hidden=("nobody",)),
    Page("process_steps", lambda world: ["information_request"], hidden=("nobody",)),
    Page("process_clocks", hidden=("nobody",)),
    Page("broken_clocks", hidden=("nobody",)),
    Page("process_outliers", hidden=("nobody",)),
    Page("idle_units", hidden=("nobody",)),
    Page("amendments", hidden=("nobody",)),
    Page("amendment_records", hidden=("nobody",)),
    Page("gaps", hidden=("nobody",)),
    Page("gap", lambda world: ["officers_left_with_certificate"], hidden=("nobody",)),
    Page("figures", hidden=("nobody",)),
    Page("figure", lambda world: ["information_requests_received"], hidden=("nobody",)),
    Page(
        "figure_proof",
        lambda world: ["information_requests_received"],
        forbidden=("officer", "stranger", "reviewer"),
        hidden=("nobody",),
    ),
    Page("figure_years", lambda world: ["information_requests_received"], hidden=("nobody",)),
    Page("figure_versions", lambda world: ["normative_documents_published"], hidden=("nobody",)),
    Page("dictionary"),
    Page("counting_rule", lambda world: ["normative_documents_published"]),
    Page(
        "decline_figure",
        lambda world: ["information_requests_received"],
        forbidden=("officer", "stranger", "reviewer", "auditor"),
        hidden=("nobody",),
    ),
    Page("reports"),
    Page("build_report", forbidden=ONLY_COORDINATORS),
    Page("incoming"),
    Page("incoming_unit", lambda world: ["sfj", 2025, "annual_report"], hidden=("stranger", "nobody")),
    Page("report", _report, hidden=NOT_ABOVE),
    Page("rebuild_report", _report, hidden=(), post_only=True),
    Page("edit_section", _section, forbidden=("reviewer", "auditor"), hidden=NOT_ABOVE),
    Page("section_history", _section, hidden=NOT_ABOVE),
    Page("assign_section", _section, forbidden=("reviewer", "auditor"), hidden=NOT_ABOVE),
    Page("take_parts", _section, post_only=True),
    Page("report_parts", _report, hidden=NOT_ABOVE),
    Page("report_problems", _report, hidden=NOT_ABOVE),
    Page("report_comments", _report, hidden=NOT_ABOVE),
    Page("report_steps", _report, hidden=NOT_ABOVE),
    Page(
        "report_step",
        lambda world: [world.report.pk, "send_to_review"],
        forbidden=("reviewer", "auditor"),
        hidden=NOT_ABOVE,
    ),
    Page("report_versions", _report, hidden=NOT_ABOVE),
    Page("compare_published", _report, hidden=NOT_ABOVE),
    Page("word_return", _report, hidden=NOT_ABOVE),
    Page("search_figures", _report, hidden=NOT_ABOVE),
    Page(
        "report_figure",
        lambda world: [world.report.pk, "information_requests_received"],
        hidden=NOT_ABOVE,
    ),
    Page("report_since", _report, hidden=NOT_ABOVE),
    Page("download_report", lambda world: [world.report.pk, "docx"], hidden=NOT_ABOVE),
    Page("supervision"),
    Page("inspection_plans"),
    Page("letters"),
    Page("recusals"),
    Page("observers"),
    Page("duties"),
    Page("draws"),
    Page("close_draw", lambda world: ["inspection"], forbidden=("reviewer", "auditor", "nobody")),
    Page("draw", _draw, hidden=("stranger", "nobody")),
    Page("open_reviews", _draw, post_only=True),
    Page("file_reviews"),
    Page("open_review", forbidden=("reviewer", "auditor", "nobody")),
    Page("file_review", _review, hidden=("officer", "stranger", "nobody")),
    Page("answer_review", _review, post_only=True),
    Page("change_sheet", _review, post_only=True),
    Page("findings"),
    Page("list_findings", forbidden=("reviewer", "nobody")),
    Page("review_signals", forbidden=("auditor", "nobody")),
    Page("draw_again", _draw, forbidden=("reviewer", "auditor"), hidden=("stranger", "nobody")),
    Page("check"),
    Page("inquiry"),
    Page("portal_open", forbidden=ONLY_COORDINATORS, post_only=True),
    Page("self_documents"),
    Page("self_document", _self_document),
    Page("case_receipt", _complaint, hidden=("stranger", "nobody")),
    Page("assessments", hidden=("nobody",)),
    Page("running_scores", hidden=("nobody",)),
    Page("running_score", lambda world: ["county_units", world.office.code], hidden=("stranger", "nobody")),
    Page("legal_statements"),
    Page("issue_set", forbidden=ONLY_COORDINATORS),
    Page("assessment_year", _year, hidden=("nobody",)),
    Page("assessed_unit", _assessed, hidden=("stranger", "nobody")),
    Page("unit_letter", _assessed, hidden=("stranger", "nobody")),
    Page("assessment_entries", _year, hidden=("nobody",)),
    Page("assessment_judging", _year, forbidden=ONLY_COORDINATORS),
    Page("leave_out", lambda world: [*_assessed(world), "pilot"], forbidden=ONLY_COORDINATORS),
    Page("list_lost", _assessed, forbidden=("officer", "reviewer", "stranger", "nobody")),
    Page("object_to_result", _assessed, forbidden=("reviewer", "auditor"), hidden=("stranger", "nobody")),
    Page(
        "assessment_step",
        lambda world: [*_year(world), "publish"],
        forbidden=("coordinator", *ONLY_COORDINATORS),
    ),
    Page("laws"),
    Page("local_lengths"),
    Page("local_length", lambda world: ["hotline_ticket", "sign"], forbidden=ONLY_COORDINATORS),
    Page("law", lambda world: ["R07"]),
    Page("preview_law", lambda world: ["R07"], post_only=True),
    Page("law_file", post_only=True),
    Page("follow_law", post_only=True),
    Page("calendar"),
    Page("verification", forbidden=("officer", "stranger", "reviewer", "nobody")),
    Page("people", forbidden=ONLY_COORDINATORS),
    Page("new_unit", forbidden=("coordinator", *ONLY_COORDINATORS)),
    Page("new_user", forbidden=("coordinator", *ONLY_COORDINATORS)),
    Page("person", lambda world: [world.users["officer"].pk], forbidden=ONLY_COORDINATORS),
    Page("backups", forbidden=("coordinator", *ONLY_COORDINATORS)),
    Page("verify_backup", lambda world: ["yifa-20260101-000000.tar"], post_only=True),
    Page("take_backup", lambda world: ["yifa-20260101-000000.tar"], post_only=True),
    Page("journal", forbidden=("coordinator", *ONLY_COORDINATORS)),
    Page("help"),
    Page("help_terms"),
    Page("help_chapter", lambda world: ["first-hour"]),
    Page("help_picture", lambda world: ["home.png"]),
    Page("guide"),
    Page("change_guide", post_only=True),
    Page("powers"),
    Page("year", forbidden=("officer", "stranger", "reviewer", "nobody")),
    Page("delegations"),
)
ELSEWHERE = {
    "home_panels": "test_role_panels",
    "guide_step": "test_help",
    "findings_file": "test_supervision",
    "score_file": "test_supervision",
    "judge_units": "test_assessment",
    "assessment_file": "test_assessment",
    "assessment_paper": "test_assessment",
    "answer_objection": "test_assessment",
    "init": "test_founding",
    "init_step": "test_founding",
    "unlink_case": "test_relating",
    "similar_cases": "test_relating",
    "batch": "test_batches",
    "batch_step": "test_batches",
    "drop_refused": "test_batches",
    "undo_batch": "test_batches",
    "draw_file": "test_supervision",
    "published_draw": "test_supervision",
    "published_draw_file": "test_supervision",
    "import_list": "test_exchange",
    "import_progress": "test_exchange",
    "import_marked": "test_exchange",
    "import_rows": "test_exchange",
    "undo_import": "test_exchange",
    "reconciliation": "test_exchange",
    "reconciliation_file": "test_exchange",
    "settle_rows": "test_exchange",
    "link_evidence": "test_evidence",
    "unlink_evidence": "test_evidence",
    "quarter_hint": "test_evidence",
    "return_note": "test_evidence",
    "note_file": "test_evidence",
    "progress_excel": "test_evidence",
    "outline": "test_structure",
    "finding_batch": "test_structure",
    "download_findings": "test_structure",
    "report_version": "test_report_work",
    "write_part": "test_report_work",
    "return_part": "test_report_work",
    "answer_comment": "test_report_work",
    "login": "test_account",
    "logout": "test_account",
    "drop_kept_form": "test_kept_form",
    "sessions": "test_account",
    "end_delegation": "test_delegations",
    "attachment": "test_acting",
    "entry_file": "test_checks",
    "decide_incoming": "test_incoming",
    "incoming_file": "test_incoming",
    "check_open": "test_checks",
    "check_read": "test_checks",
    "check_results": "test_checks",
    "check_finish": "test_checks",
    "check_forget": "test_checks",
    "check_summary": "test_checks",
    "check_result": "test_checks",
    "check_ledger": "test_checks",
    "check_download": "test_checks",
    "check_part": "test_checks",
    "file_check": "test_checks",
}
