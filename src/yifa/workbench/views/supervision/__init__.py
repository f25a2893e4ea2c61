"""Pages of supervision: plans, draws, reviews of files, what must be put right, letters, people's duties."""

from yifa.workbench.views.supervision.drawing import close_draw, draw_again
from yifa.workbench.views.supervision.draws import (
    draw,
    draw_file,
    draws,
    published_draw,
    published_draw_file,
)
from yifa.workbench.views.supervision.duties import duties
from yifa.workbench.views.supervision.findings import findings, findings_file
from yifa.workbench.views.supervision.letters import letters
from yifa.workbench.views.supervision.opening import open_review, open_reviews, review_signals
from yifa.workbench.views.supervision.overview import observers, recusals, supervision
from yifa.workbench.views.supervision.plans import inspection_plans
from yifa.workbench.views.supervision.reviewpath import answer_review
from yifa.workbench.views.supervision.reviews import file_review, file_reviews
from yifa.workbench.views.supervision.scoring import score_file
from yifa.workbench.views.supervision.sheets import change_sheet
from yifa.workbench.views.supervision.taking_up import list_findings

__all__ = [
    "answer_review",
    "change_sheet",
    "close_draw",
    "draw",
    "draw_again",
    "draw_file",
    "draws",
    "duties",
    "file_review",
    "file_reviews",
    "findings",
    "findings_file",
    "inspection_plans",
    "letters",
    "list_findings",
    "observers",
    "open_review",
    "open_reviews",
    "published_draw",
    "published_draw_file",
    "recusals",
    "review_signals",
    "score_file",
    "supervision",
]
