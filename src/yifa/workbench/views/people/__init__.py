"""Accounts and units, the own account, acting for one another, who may do what."""

from yifa.workbench.views.people.account import SignIn, account, drop_kept_form, sessions
from yifa.workbench.views.people.delegations import delegations, end_delegation
from yifa.workbench.views.people.listing import new_unit, new_user, people
from yifa.workbench.views.people.person import person
from yifa.workbench.views.people.powers import powers

__all__ = [
    "SignIn",
    "account",
    "delegations",
    "drop_kept_form",
    "end_delegation",
    "new_unit",
    "new_user",
    "people",
    "person",
    "powers",
    "sessions",
]
