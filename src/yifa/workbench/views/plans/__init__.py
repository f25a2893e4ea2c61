"""The yearly plan: import, tasks and their units, due dates, progress, issue."""

from yifa.workbench.views.plans.importing import import_plan
from yifa.workbench.views.plans.issuing import issue, set_due
from yifa.workbench.views.plans.showing import plan, plans
from yifa.workbench.views.plans.tasks import edit_task, record_progress

__all__ = ["edit_task", "import_plan", "issue", "plan", "plans", "record_progress", "set_due"]
