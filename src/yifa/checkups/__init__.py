"""Check-ups of files: one or ten thousand, their results, and the papers that state them. Needs no database."""

from yifa.checkups.order import Item, Order
from yifa.checkups.result import Checked, Reported, Result, Unread, checked
from yifa.checkups.running import check_files

__all__ = ["Checked", "Item", "Order", "Reported", "Result", "Unread", "check_files", "checked"]
