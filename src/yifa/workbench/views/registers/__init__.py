"""Registers: what there are, one with its entries, an entry with its versions, changes of entries."""

from yifa.workbench.views.registers.approving import drop_draft, entry_drafts
from yifa.workbench.views.registers.changing import new_entry, revise, withdraw
from yifa.workbench.views.registers.comparing import compare_days
from yifa.workbench.views.registers.listing import register, registers
from yifa.workbench.views.registers.renewing import renew_entries
from yifa.workbench.views.registers.showing import entry, entry_file

__all__ = [
    "compare_days",
    "drop_draft",
    "entry",
    "entry_drafts",
    "entry_file",
    "new_entry",
    "register",
    "registers",
    "renew_entries",
    "revise",
    "withdraw",
]
