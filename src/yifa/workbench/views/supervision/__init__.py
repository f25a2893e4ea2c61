"""Pages of supervision: draws, reviews of files, what must be put right."""

from yifa.workbench.views.supervision.drawing import close_draw, draw_again
from yifa.workbench.views.supervision.draws import (
    draw,
    draw_file,
    draws,
    published_draw,
    published_draw_file,
)
from yifa.workbench.views.supervision.findings import findings, findings_file, list_findings
from yifa.workbench.views.supervision.reviews import (
    file_review,
    file_reviews,
    open_reviews,
    review_signals,
    score_file,
)

__all__ = [
    "close_draw",
    "draw",
    "draw_again",
    "draw_file",
    "draws",
    "file_review",
    "file_reviews",
    "findings",
    "findings_file",
    "list_findings",
    "open_reviews",
    "published_draw",
    "published_draw_file",
    "review_signals",
    "score_file",
]
