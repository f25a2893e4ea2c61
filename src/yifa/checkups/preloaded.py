"""Imported by the fork server alone: what every worker needs is loaded once and shared by all.

A first document goes through, because lexicons and patterns are made when they are first asked for. Faults are left to
the workers, who can say them.
"""

from contextlib import suppress

from yifa.checkups.examining import Examiner
from yifa.checkups.order import Item, Order
from yifa.law.errors import YifaError

_TEXT = "某地2023年法治政府建设情况报告\n一、主要举措\n（一）执法。办理案件12件，其中甲类8件、乙类4件，办结率100%。\n"

with suppress(YifaError):
    Examiner(Order()).examine(Item("preloaded.txt", _TEXT.encode()))
