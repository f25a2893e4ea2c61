"""Figures: all of one kind, one with everything behind it, taken along, its versions, and the dictionary of counting rules."""

from yifa.workbench.views.figures.declining import decline
from yifa.workbench.views.figures.dictionary import counting_rule, dictionary
from yifa.workbench.views.figures.listing import figures
from yifa.workbench.views.figures.proving import figure_proof
from yifa.workbench.views.figures.showing import figure, years
from yifa.workbench.views.figures.versions import versions

__all__ = ["counting_rule", "decline", "dictionary", "figure", "figure_proof", "figures", "versions", "years"]
