"""Likeness of texts: passages that stand in two documents, and near-copies in a heap of many.

from yifa.checking.likeness import compare, near_copies
"""

from yifa.checking.likeness.comparison import Compared, Comparison, Likeness, Passage, compare

__all__ = ["Compared", "Comparison", "Likeness", "Passage", "compare"]
