"""Registers: what there are, one with its entries, an entry with its versions, changes of entries."""

from yifa.workbench.views.registers.changing import new_entry, revise, withdraw
from yifa.workbench.views.registers.listing import register, registers
from yifa.workbench.views.registers.showing import entry, entry_file

__all__ = ["entry", "entry_file", "new_entry", "register", "registers", "revise", "withdraw"]
