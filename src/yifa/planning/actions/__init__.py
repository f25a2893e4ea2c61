"""All changes of a plan, one class each."""

from yifa.planning.actions.assigning import AmendTask, AssignTask, LinkTarget, SetDue
from yifa.planning.actions.dividing import GatherParts, MergeTasks, Part, SplitTask, UndoMerge
from yifa.planning.actions.importing import ImportPlan
from yifa.planning.actions.issuing import IssuePlan, WithdrawPlan
from yifa.planning.actions.progress import RecordProgress

__all__ = [
    "AmendTask",
    "AssignTask",
    "GatherParts",
    "ImportPlan",
    "IssuePlan",
    "LinkTarget",
    "MergeTasks",
    "Part",
    "RecordProgress",
    "SetDue",
    "SplitTask",
    "UndoMerge",
    "WithdrawPlan",
]
