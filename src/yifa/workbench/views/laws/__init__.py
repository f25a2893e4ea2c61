"""Laws: what rests on each of them, and what a new text would change."""

from yifa.workbench.views.laws.following import follow_law, law_file, preview_law
from yifa.workbench.views.laws.listing import law, laws
from yifa.workbench.views.laws.local import local_length, local_lengths

__all__ = ["follow_law", "law", "law_file", "laws", "local_length", "local_lengths", "preview_law"]
