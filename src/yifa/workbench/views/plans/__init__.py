"""The yearly plan: import, tasks and their units, due dates, progress, issue."""

from yifa.workbench.views.plans.evidence import task_evidence
from yifa.workbench.views.plans.following import plan_open, progress_excel, progress_sheet
from yifa.workbench.views.plans.importing import import_plan
from yifa.workbench.views.plans.issuing import issue, set_due, withdraw
from yifa.workbench.views.plans.linking import link_evidence, note_file, return_note, unlink_evidence
from yifa.workbench.views.plans.matrix import matrix
from yifa.workbench.views.plans.papers import download, source
from yifa.workbench.views.plans.quarter import quarter_notes
from yifa.workbench.views.plans.showing import plan, plans
from yifa.workbench.views.plans.tasks import amend_task, edit_task, record_progress

__all__ = [
    "amend_task",
    "download",
    "edit_task",
    "import_plan",
    "issue",
    "link_evidence",
    "matrix",
    "note_file",
    "plan",
    "plan_open",
    "plans",
    "progress_excel",
    "progress_sheet",
    "quarter_notes",
    "record_progress",
    "return_note",
    "set_due",
    "source",
    "task_evidence",
    "unlink_evidence",
    "withdraw",
]
