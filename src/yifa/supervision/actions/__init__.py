"""Every change of this room, one class each."""

from yifa.supervision.actions.draws import CloseDraw, DrawAgain, MakeDraw, PublishDraw
from yifa.supervision.actions.findings import ListFindings, SetItemDays
from yifa.supervision.actions.reviews import AnswerReview, OpenReview, OpenReviews
from yifa.supervision.actions.scoring import NameThird, SubmitSheet
from yifa.supervision.actions.sheets import ChangeSheet

__all__ = [
    "AnswerReview",
    "ChangeSheet",
    "CloseDraw",
    "DrawAgain",
    "ListFindings",
    "MakeDraw",
    "NameThird",
    "OpenReview",
    "OpenReviews",
    "PublishDraw",
    "SetItemDays",
    "SubmitSheet",
]
