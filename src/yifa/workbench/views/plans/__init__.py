"""The yearly plan: import, tasks and their units, due dates, progress, issue."""

from yifa.workbench.views.plans.importing import import_plan
from yifa.workbench.views.plans.issuing import issue, set_due, withdraw
from yifa.workbench.views.plans.matrix import matrix
from yifa.workbench.views.plans.papers import download, source
from yifa.workbench.views.plans.showing import plan, plans
from yifa.workbench.views.plans.tasks import amend_task, edit_task, record_progress

__all__ = [
    "amend_task",
    "download",
    "edit_task",
    "import_plan",
    "issue",
    "matrix",
    "plan",
    "plans",
    "record_progress",
    "set_due",
    "source",
    "withdraw",
]
