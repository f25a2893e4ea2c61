"""Every change of an assessment, one class each."""

from yifa.assessment.actions.entering import EnterPoints, WithdrawPoints
from yifa.assessment.actions.issuing import IssueSet, weighed
from yifa.assessment.actions.judging import Judge, LeaveOut, Meet, NameScorers, NameThird
from yifa.assessment.actions.publishing import (
    Accept,
    AnswerObjection,
    FreezeResult,
    HandResult,
    Object,
    PublishResult,
    had_a_hand,
)

__all__ = [
    "Accept",
    "AnswerObjection",
    "EnterPoints",
    "FreezeResult",
    "HandResult",
    "IssueSet",
    "Judge",
    "LeaveOut",
    "Meet",
    "NameScorers",
    "NameThird",
    "Object",
    "PublishResult",
    "WithdrawPoints",
    "had_a_hand",
    "weighed",
]
