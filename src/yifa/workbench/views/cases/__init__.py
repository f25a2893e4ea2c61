"""Cases: the list, a new case, the page of one case, acts and their corrections."""

from yifa.workbench.views.cases.acting import correct, record
from yifa.workbench.views.cases.batches import (
    batch,
    batch_step,
    batches,
    choose_cases,
    drop_refused,
    undo_batch,
)
from yifa.workbench.views.cases.listing import cases
from yifa.workbench.views.cases.opening import new_case, open_case, similar_cases
from yifa.workbench.views.cases.relating import case_related, case_similar, unlink_case
from yifa.workbench.views.cases.showing import attachment, case, change_facts

__all__ = [
    "attachment",
    "batch",
    "batch_step",
    "batches",
    "case",
    "case_related",
    "case_similar",
    "cases",
    "change_facts",
    "choose_cases",
    "correct",
    "drop_refused",
    "new_case",
    "open_case",
    "record",
    "similar_cases",
    "undo_batch",
    "unlink_case",
]
