"""All changes of a report, one class each."""

from yifa.reporting.actions.building import BuildReport
from yifa.reporting.actions.commenting import AnswerComment, CloseComment, MakeComment
from yifa.reporting.actions.cutting import ExplainCuts
from yifa.reporting.actions.editing import EditSection
from yifa.reporting.actions.parts import (
    AssignByOutline,
    AssignSection,
    LeaveOutPart,
    ReturnPart,
    TakeParts,
    WritePart,
)
from yifa.reporting.actions.problems import AnswerProblem, Problem, StateProblems
from yifa.reporting.actions.publishing import ComparePublished, PublishReport
from yifa.reporting.actions.receiving import AcceptReport, ReceiveReport, ReturnReport
from yifa.reporting.actions.returning import SendBack, TakeBackReport
from yifa.reporting.actions.reviewing import ReviewLegality, ReviewSecrecy
from yifa.reporting.actions.signing import ConfirmParts, SendToReview, SendToUnits, SignReport
from yifa.reporting.actions.submitting import Sending, SubmitReport
from yifa.reporting.actions.wordback import DecideOffer, ReceiveWord

__all__ = [
    "AcceptReport",
    "AnswerComment",
    "AnswerProblem",
    "AssignByOutline",
    "AssignSection",
    "BuildReport",
    "CloseComment",
    "ComparePublished",
    "ConfirmParts",
    "DecideOffer",
    "EditSection",
    "ExplainCuts",
    "LeaveOutPart",
    "MakeComment",
    "Problem",
    "PublishReport",
    "ReceiveReport",
    "ReceiveWord",
    "ReturnPart",
    "ReturnReport",
    "ReviewLegality",
    "ReviewSecrecy",
    "SendBack",
    "SendToReview",
    "SendToUnits",
    "Sending",
    "SignReport",
    "StateProblems",
    "SubmitReport",
    "TakeBackReport",
    "TakeParts",
    "WritePart",
]
