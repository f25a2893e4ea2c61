"""The yearly plan: import, tasks and their units, due dates, progress, issue."""

from yifa.workbench.views.plans.adding import add_task
from yifa.workbench.views.plans.assigning import assign_tasks
from yifa.workbench.views.plans.bearers import plan_bearers
from yifa.workbench.views.plans.cancelling import cancel_task
from yifa.workbench.views.plans.clauses import import_clauses, outline, outlines, plan_clauses
from yifa.workbench.views.plans.evidence import task_evidence
from yifa.workbench.views.plans.findings import (
    download_findings,
    finding_batch,
    finding_batches,
    import_findings,
)
from yifa.workbench.views.plans.following import plan_open, progress_excel, progress_sheet
from yifa.workbench.views.plans.hinting import quarter_hint
from yifa.workbench.views.plans.history import plan_history
from yifa.workbench.views.plans.importing import import_plan
from yifa.workbench.views.plans.issuing import issue, restore, set_due, withdraw
from yifa.workbench.views.plans.linking import link_evidence, note_file, return_note, unlink_evidence
from yifa.workbench.views.plans.matrix import matrix
from yifa.workbench.views.plans.papers import download, source
from yifa.workbench.views.plans.problems import plan_problems
from yifa.workbench.views.plans.quarter import quarter_notes
from yifa.workbench.views.plans.showing import plan, plans
from yifa.workbench.views.plans.structure import task_structure
from yifa.workbench.views.plans.tasks import amend_task, edit_task, record_progress
from yifa.workbench.views.plans.upper import take_over

__all__ = [
    "add_task",
    "amend_task",
    "assign_tasks",
    "cancel_task",
    "download",
    "download_findings",
    "edit_task",
    "finding_batch",
    "finding_batches",
    "import_clauses",
    "import_findings",
    "import_plan",
    "issue",
    "link_evidence",
    "matrix",
    "note_file",
    "outline",
    "outlines",
    "plan",
    "plan_bearers",
    "plan_clauses",
    "plan_history",
    "plan_open",
    "plan_problems",
    "plans",
    "progress_excel",
    "progress_sheet",
    "quarter_hint",
    "quarter_notes",
    "record_progress",
    "restore",
    "return_note",
    "set_due",
    "source",
    "take_over",
    "task_evidence",
    "task_structure",
    "unlink_evidence",
    "withdraw",
]
