"""All changes of a plan, one class each."""

from yifa.planning.actions.assigning import AmendTask, AssignTask, LinkTarget, SetDue
from yifa.planning.actions.dividing import GatherParts, MergeTasks, Part, SplitTask, UndoMerge
from yifa.planning.actions.importing import ImportPlan
from yifa.planning.actions.issuing import IssuePlan, WithdrawPlan
from yifa.planning.actions.linking import LinkEvidence, UnlinkEvidence
from yifa.planning.actions.progress import Paper, RecordProgress, ReturnProgress

__all__ = [
    "AmendTask",
    "AssignTask",
    "GatherParts",
    "ImportPlan",
    "IssuePlan",
    "LinkEvidence",
    "LinkTarget",
    "MergeTasks",
    "Paper",
    "Part",
    "RecordProgress",
    "ReturnProgress",
    "SetDue",
    "SplitTask",
    "UndoMerge",
    "UnlinkEvidence",
    "WithdrawPlan",
]
