"""Laws: what rests on each of them, and what a new text would change."""

from yifa.workbench.views.laws.following import follow_law, law_file, preview_law
from yifa.workbench.views.laws.listing import law, laws

__all__ = ["follow_law", "law", "law_file", "laws", "preview_law"]
