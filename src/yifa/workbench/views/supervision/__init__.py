"""Pages of supervision: draws, reviews of files, what must be put right."""

from yifa.workbench.views.supervision.drawing import close_draw, draw_again
from yifa.workbench.views.supervision.draws import (
    draw,
    draw_file,
    draws,
    published_draw,
    published_draw_file,
)

__all__ = [
    "close_draw",
    "draw",
    "draw_again",
    "draw_file",
    "draws",
    "published_draw",
    "published_draw_file",
]
