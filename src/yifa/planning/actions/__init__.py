"""All changes of a plan, one class each."""

from yifa.planning.actions.adding import AddTask, LinkOrigin, Origin, TakeOver, UpperItem
from yifa.planning.actions.assigning import AmendTask, AssignTask, LinkTarget, SetDue
from yifa.planning.actions.cancelling import CancelTask, RestoreTask
from yifa.planning.actions.clauses import ImportClauses, LinkClauses, UnlinkClause
from yifa.planning.actions.dividing import Part, SplitTask
from yifa.planning.actions.findings import ImportFindings
from yifa.planning.actions.importing import ImportPlan
from yifa.planning.actions.issuing import IssuePlan, RestorePlan, WithdrawPlan
from yifa.planning.actions.linking import LinkEvidence, UnlinkEvidence
from yifa.planning.actions.merging import GatherParts, MergeTasks, UndoMerge
from yifa.planning.actions.problems import LetGoProblem, TakeUpProblem
from yifa.planning.actions.progress import Paper, RecordProgress, ReturnProgress
from yifa.planning.actions.responsibility import GradePlan, SetBearers

__all__ = [
    "AddTask",
    "AmendTask",
    "AssignTask",
    "CancelTask",
    "GatherParts",
    "GradePlan",
    "ImportClauses",
    "ImportFindings",
    "ImportPlan",
    "IssuePlan",
    "LetGoProblem",
    "LinkClauses",
    "LinkEvidence",
    "LinkOrigin",
    "LinkTarget",
    "MergeTasks",
    "Origin",
    "Paper",
    "Part",
    "RecordProgress",
    "RestorePlan",
    "RestoreTask",
    "ReturnProgress",
    "SetBearers",
    "SetDue",
    "SplitTask",
    "TakeOver",
    "TakeUpProblem",
    "UndoMerge",
    "UnlinkClause",
    "UnlinkEvidence",
    "UpperItem",
    "WithdrawPlan",
]
