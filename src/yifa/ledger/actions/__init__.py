"""Every change of the ledger, one class each. Web pages, commands and imports call these and nothing else."""

from yifa.ledger.actions.base import Action
from yifa.ledger.actions.organizations import (
    CreateOrganization,
    CreatePost,
    DeclareNotCollected,
    HoldPost,
    RenameOrganization,
)
from yifa.ledger.actions.users import CreateUser, GrantRole, RevokeRole
from yifa.ledger.refusal import ActionRefused

__all__ = [
    "Action",
    "ActionRefused",
    "CreateOrganization",
    "CreatePost",
    "CreateUser",
    "DeclareNotCollected",
    "GrantRole",
    "HoldPost",
    "RenameOrganization",
    "RevokeRole",
]
