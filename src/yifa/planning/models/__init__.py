"""The yearly plan as it stands: chapters, tasks, who is responsible, what numbers it demands, how far it is.

Every change comes from `yifa.planning.actions` and stands as a line of the plan's chain in the ledger.
"""

from yifa.planning.models.plans import SHOWN, Bearer, Chapter, Plan, Task, TaskUnit
from yifa.planning.models.progress import ProgressPaper, TaskEvidence, TaskProgress
from yifa.planning.models.sources import PlanTarget, TaskClause, TaskOrigin

__all__ = [
    "SHOWN",
    "Bearer",
    "Chapter",
    "Plan",
    "PlanTarget",
    "ProgressPaper",
    "Task",
    "TaskClause",
    "TaskEvidence",
    "TaskOrigin",
    "TaskProgress",
    "TaskUnit",
]
