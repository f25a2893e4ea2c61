"""Yifa 依法: the fact ledger of one government body's law-based-administration year."""

__version__ = "0.1.0"
