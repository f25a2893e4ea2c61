"""The one error of all actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yifa.law.errors import YifaError

if TYPE_CHECKING:
    from yifa.law.schema import Basis


class ActionRefused(YifaError):  # noqa: N818 - the name the other rooms build on
    """A change of the ledger is not allowed; nothing was stored.

    Codes: `role` (no such role here) · `invalid` (a value is wrong) · `refused` (the law forbids the act now; `basis`
    is its article) · `no_power` (this level has no such procedure) · `conflict` (somebody else was faster) ·
    `sealed` (the day is closed) · `missing` (what is referred to is not there) · `duplicate` · `too_large`.
    """

    code = "refused"

    def __init__(
        self, message: str, *, code: str | None = None, basis: Basis | None = None, field: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.basis = basis
        self.field = field
