"""Every change of the ledger, one class each. Web pages, commands and imports call these and nothing else."""

from yifa.ledger.actions.acts import ChangeFacts, CorrectAct, RecordAct
from yifa.ledger.actions.attachments import StoreAttachment
from yifa.ledger.actions.backups import NoteBackup
from yifa.ledger.actions.base import Action
from yifa.ledger.actions.calendar import KeepNotice
from yifa.ledger.actions.delegating import Delegate, EndDelegation
from yifa.ledger.actions.entries import PublishEntry, ReviseEntry, WithdrawEntry
from yifa.ledger.actions.granting import EndExemption, ExemptSeparation, GrantRole, RevokeRole
from yifa.ledger.actions.law import FollowNewText
from yifa.ledger.actions.local import GiveLocalLength
from yifa.ledger.actions.opening import OpenCase
from yifa.ledger.actions.organizations import (
    CreateOrganization,
    CreatePost,
    DeclareNotCollected,
    HoldPost,
    RenameOrganization,
)
from yifa.ledger.actions.sealing import SealDays
from yifa.ledger.actions.users import (
    CreateUser,
    DeactivateUser,
    ReactivateUser,
    SetPassword,
)
from yifa.ledger.refusal import ActionRefused

__all__ = [
    "Action",
    "ActionRefused",
    "ChangeFacts",
    "CorrectAct",
    "CreateOrganization",
    "CreatePost",
    "CreateUser",
    "DeactivateUser",
    "DeclareNotCollected",
    "Delegate",
    "EndDelegation",
    "EndExemption",
    "ExemptSeparation",
    "FollowNewText",
    "GiveLocalLength",
    "GrantRole",
    "HoldPost",
    "KeepNotice",
    "NoteBackup",
    "OpenCase",
    "PublishEntry",
    "ReactivateUser",
    "RecordAct",
    "RenameOrganization",
    "ReviseEntry",
    "RevokeRole",
    "SealDays",
    "SetPassword",
    "StoreAttachment",
    "WithdrawEntry",
]
