"""Every change of this room, one class each."""

from yifa.supervision.actions.draws import CloseDraw, DrawAgain, MakeDraw, PublishDraw
from yifa.supervision.actions.findings import ListFindings
from yifa.supervision.actions.reviews import NameThird, OpenReview, OpenReviews, SubmitSheet

__all__ = [
    "CloseDraw",
    "DrawAgain",
    "ListFindings",
    "MakeDraw",
    "NameThird",
    "OpenReview",
    "OpenReviews",
    "PublishDraw",
    "SubmitSheet",
]
