"""Likeness of texts: passages that stand in two documents, and near-copies in a heap of many.

from yifa.checking.likeness import compare, near_copies
"""

from yifa.checking.likeness.comparison import Compared, Comparison, Likeness, Passage, compare
from yifa.checking.likeness.near_copies import NearCopies, Pair, near_copies

__all__ = ["Compared", "Comparison", "Likeness", "NearCopies", "Pair", "Passage", "compare", "near_copies"]
