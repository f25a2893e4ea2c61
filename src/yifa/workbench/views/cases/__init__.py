"""Cases: the list, a new case, the page of one case, acts and their corrections."""

from yifa.workbench.views.cases.acting import correct, record
from yifa.workbench.views.cases.listing import cases
from yifa.workbench.views.cases.opening import new_case, open_case
from yifa.workbench.views.cases.showing import attachment, case, change_facts

__all__ = ["attachment", "case", "cases", "change_facts", "correct", "new_case", "open_case", "record"]
