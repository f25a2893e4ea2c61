"""All changes of papers, one class each."""

from yifa.documents.actions.linking import LinkCases, UnlinkCases
from yifa.documents.actions.making import (
    BindDocument,
    ChangeOffice,
    FillDocument,
    MakeDocument,
    WithdrawDocument,
)
from yifa.documents.actions.returning import (
    AcceptReturned,
    FileDocument,
    RefuseReturned,
    ReturnDocument,
)

__all__ = [
    "AcceptReturned",
    "BindDocument",
    "ChangeOffice",
    "FileDocument",
    "FillDocument",
    "LinkCases",
    "MakeDocument",
    "RefuseReturned",
    "ReturnDocument",
    "UnlinkCases",
    "WithdrawDocument",
]
